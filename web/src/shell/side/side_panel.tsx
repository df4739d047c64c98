/** The lower part of the side: problems, entities, history or review, one at a time. */
import { type KeyboardEvent, lazy, Suspense, useRef } from "react";
import { Problems } from "../problems";
import "./side.css";
import { SIDE_TABS, type SideTab, showSide, useSideTab } from "./side_tab";

const Entities = lazy(async () => ({ default: (await import("../entities/entity_panel")).EntityPanel }));
const History = lazy(async () => ({ default: (await import("../history/history_panel")).HistoryPanel }));
const Review = lazy(async () => ({ default: (await import("../review/review_panel")).ReviewPanel }));

const BODIES: Readonly<Record<SideTab, () => React.ReactNode>> = {
  problems: () => <Problems />,
  entities: () => <Entities />,
  history: () => <History />,
  review: () => <Review />,
};

export function SidePanel() {
  const tab = useSideTab();
  const list = useRef<HTMLDivElement>(null);
  const walk = (event: KeyboardEvent) => {
    const at = SIDE_TABS.findIndex(([id]) => id === tab);
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -at, End: SIDE_TABS.length - 1 - at }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const next = SIDE_TABS[(at + step + SIDE_TABS.length) % SIDE_TABS.length]?.[0] ?? tab;
    showSide(next);
    list.current?.querySelector<HTMLElement>(`#side-tab-${next}`)?.focus();
  };
  return (
    <div className="side-panel" data-tab={tab}>
      <div className="side-tabs" role="tablist" aria-label="Panels of the sample" ref={list}>
        {SIDE_TABS.map(([id, title]) => (
          <button
            key={id}
            id={`side-tab-${id}`}
            type="button"
            role="tab"
            aria-selected={id === tab}
            aria-controls="side-body"
            tabIndex={id === tab ? 0 : -1}
            onKeyDown={walk}
            onClick={() => showSide(id)}
          >
            {title}
          </button>
        ))}
      </div>
      <div className="side-body" id="side-body" role="tabpanel" aria-labelledby={`side-tab-${tab}`}>
        <Suspense fallback={<p className="quiet side-loading">Opening…</p>}>{BODIES[tab]()}</Suspense>
      </div>
    </div>
  );
}
