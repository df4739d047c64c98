/** The application as a whole: addresses to pages, and the only place that knows every pane. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { Home, PageBar } from "../shell/home";
import { Anchor, Empty } from "../shell/parts";
import { useRoute } from "../shell/route";
import { Workspace } from "../shell/workspace";
import { PANE_KINDS } from "./kinds";

const ProjectPages = lazy(() => import("../shell/pages/project_pages"));

const queries = new QueryClient({ defaultOptions: { queries: { retry: 1, staleTime: 2_000 } } });

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <Page />
    </QueryClientProvider>
  );
}

function Page() {
  const route = useRoute();
  if (route.page === "home") return <Home />;
  if (route.page === "project") {
    return (
      <Suspense fallback={<PageBar />}>
        <ProjectPages key={route.project} project={route.project} section={route.section ?? "overview"} />
      </Suspense>
    );
  }
  if (route.page === "sample") {
    return (
      <Workspace
        key={`${route.project}/${route.sample}`}
        project={route.project}
        sampleKey={route.sample}
        kinds={PANE_KINDS}
      />
    );
  }
  return (
    <div className="page">
      <PageBar />
      <main>
        <Empty title="There is nothing at this address">
          <p>
            <code>{route.path}</code> names no page. <Anchor href="/">All projects</Anchor>
          </p>
        </Empty>
      </main>
    </div>
  );
}
