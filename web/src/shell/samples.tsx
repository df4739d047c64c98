/** The samples of a project: picture, state, counts; search by key and by state. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import type { SampleSummary } from "../model/changes";
import type { Modality } from "../model/records";
import { Api } from "../store/api";
import { Count, PageBar } from "./home";
import { Icon } from "./icons";
import { Anchor, Empty, Problem } from "./parts";
import { pathOf } from "./route";
import { counted, SAMPLE_STATES } from "./words";

const STATES = [["", "All states"], ...SAMPLE_STATES] as const;

export function Samples({ project }: { readonly project: string }) {
  const api = new Api(project);
  const [search, setSearch] = useState("");
  const [state, setState] = useState("");
  const wanted = useDeferredValue(search);
  const summary = useQuery({ queryKey: ["project", project], queryFn: () => api.projectSummary() });
  const list = useInfiniteQuery({
    queryKey: ["samples", project, wanted, state],
    queryFn: ({ pageParam }) =>
      api.samples({ limit: 60, after: pageParam, search: wanted || undefined, state: state || undefined }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  document.title = `${summary.data?.name ?? project} · Braid`;
  return (
    <div className="page">
      <PageBar>
        <span aria-hidden="true">/</span>
        <span>{summary.data?.name ?? project}</span>
      </PageBar>
      <main>
        <div className="page-head">
          <h1>{summary.data?.name ?? project}</h1>
          {summary.data !== undefined && (
            <dl className="counts">
              <Count name="samples" value={summary.data.samples} />
              <Count name="annotations" value={summary.data.annotations} />
              <Count name="links" value={summary.data.links} />
              <Count name="suspect" value={summary.data.suspects} tone="suspect" />
              <Count name="findings" value={summary.data.findings} tone="error" />
            </dl>
          )}
        </div>
        <search className="filters">
          <input
            type="search"
            aria-label="Search samples"
            placeholder="Search samples"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
          <select aria-label="State" value={state} onChange={(event) => setState(event.target.value)}>
            {STATES.map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </search>
        {list.error !== null && <Problem error={list.error} onRetry={() => void list.refetch()} />}
        {list.isSuccess && items.length === 0 && (
          <Empty title={search === "" && state === "" ? "No samples yet" : "No sample fits"}>
            {search === "" && state === "" && (
              <p>
                Bring some in with <code>braid import coco FOLDER --project {project}</code>
              </p>
            )}
          </Empty>
        )}
        <ul className="samples">
          {items.map((sample) => (
            <SampleCard key={sample.id} sample={sample} project={project} />
          ))}
        </ul>
        {list.hasNextPage && (
          <button type="button" onClick={() => void list.fetchNextPage()} disabled={list.isFetchingNextPage}>
            Show more
          </button>
        )}
      </main>
    </div>
  );
}

const MODALITY_ICONS: Record<Modality, "image" | "video" | "audio" | "text" | "point_cloud" | "series"> = {
  image: "image",
  video: "video",
  audio: "audio",
  text: "text",
  point_cloud: "point_cloud",
  series: "series",
};

function SampleCard({ sample, project }: { readonly sample: SampleSummary; readonly project: string }) {
  const state = STATES.find(([value]) => value === sample.state)?.[1] ?? sample.state;
  return (
    <li className="sample">
      <Anchor href={pathOf({ page: "sample", project, sample: sample.key })}>
        <Thumbnail sample={sample} project={project} />
        <h2>{sample.key}</h2>
      </Anchor>
      <p className="sample-facts">
        <span className="state" data-state={sample.state}>
          {state}
        </span>
        <span>{counted(sample.annotations, "annotation")}</span>
        <span>{counted(sample.links, "link")}</span>
        {sample.suspects > 0 && <span data-tone="suspect">{sample.suspects} suspect</span>}
        {sample.findings > 0 && <span data-tone="error">{counted(sample.findings, "finding")}</span>}
      </p>
    </li>
  );
}

function Thumbnail({ sample, project }: { readonly sample: SampleSummary; readonly project: string }) {
  const [isBroken, setBroken] = useState(false);
  const modality = sample.modalities.find((entry): entry is Modality => entry in MODALITY_ICONS) ?? "text";
  if (sample.thumbnail === null || isBroken) {
    return (
      <span className="thumbnail thumbnail-none">
        <Icon name={MODALITY_ICONS[modality]} size={32} />
      </span>
    );
  }
  const url = new Api(project).streamUrl(sample.thumbnail, "thumbnail");
  return <img className="thumbnail" src={url} alt="" loading="lazy" onError={() => setBroken(true)} />;
}
