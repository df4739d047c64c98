/** What lies over the panes while a past state or its outlines are shown; its code comes when it is first needed. */
import { lazy, Suspense } from "react";
import { useWorkspace } from "../workbench";

const Banner = lazy(async () => ({ default: (await import("./past_banner")).PastBanner }));

export function PastLayer() {
  const isNeeded = useWorkspace((state) => state.past !== null || state.ghosts.length > 0);
  return isNeeded ? (
    <Suspense fallback={null}>
      <Banner />
    </Suspense>
  ) : null;
}
