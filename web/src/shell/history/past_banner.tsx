/** Says that the panes show a past state, and leads back. Dashed outlines show where things are in the other state. */
import { useEffect, useRef } from "react";
import { Icon } from "../icons";
import { useWorkbench, useWorkspace, type Workbench } from "../workbench";
import { backToNow, restoreSample } from "./history_session";
import "./past.css";

export function PastBanner() {
  const bench = useWorkbench();
  const past = useWorkspace((state) => state.past);
  const hasGhosts = useWorkspace((state) => state.ghosts.length > 0);
  return (
    <>
      {hasGhosts && <Ghosts />}
      {past !== null && (
        <>
          <div className="past-frame" aria-hidden="true" />
          <div className="past-banner" role="status" data-look={past.look}>
            <Icon name="undo" />
            <b>{past.title}</b>
            {past.look === "visit" ? (
              <>
                <span className="past-note">Read only</span>
                <button type="button" onClick={() => restoreSample(bench, past)}>
                  Restore
                </button>
                <button type="button" className="primary" onClick={() => backToNow(bench)}>
                  Back to now <kbd>Esc</kbd>
                </button>
              </>
            ) : (
              <kbd>B</kbd>
            )}
          </div>
        </>
      )}
    </>
  );
}

/** Panes pan and scroll on their own, so places are asked for in every turn while there is something to outline. */
function Ghosts() {
  const bench = useWorkbench();
  const svg = useRef<SVGSVGElement>(null);
  useEffect(() => {
    let frame = 0;
    let drawn = "";
    const draw = () => {
      frame = requestAnimationFrame(draw);
      const element = svg.current;
      if (element === null) return;
      const origin = element.getBoundingClientRect();
      const rects = placesOf(bench).map((rect) =>
        [rect.x - origin.x, rect.y - origin.y, Math.max(2, rect.width), Math.max(2, rect.height)].map(Math.round),
      );
      const markup = JSON.stringify(rects);
      if (markup === drawn) return;
      drawn = markup;
      element.replaceChildren(...rects.flatMap((rect) => [outline(rect, "outline-back"), outline(rect, "outline")]));
    };
    frame = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(frame);
  }, [bench]);
  return <svg className="ghosts" ref={svg} aria-hidden="true" />;
}

/** More outlines than this say nothing any more. */
const MOST = 400;

function placesOf(bench: Workbench): readonly DOMRect[] {
  const { ghosts } = bench.store.getState();
  return ghosts.slice(0, MOST).flatMap((ghost) =>
    [...bench.panes].flatMap((pane) => {
      const rect = pane.placeOf?.(ghost) ?? null;
      return rect === null ? [] : [rect];
    }),
  );
}

function outline([x = 0, y = 0, width = 0, height = 0]: readonly number[], name: string): SVGElement {
  const node = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [key, value] of Object.entries({ x, y, width, height, rx: 2, class: name })) {
    node.setAttribute(key, String(value));
  }
  return node;
}
