/** The sample browser: search and filters in the address, a grid or a table, arrow keys through it. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useRef } from "react";
import { Api } from "../../../store/api";
import { Anchor, Empty, Problem } from "../../parts";
import { go, pathOf, replace, useSearch } from "../../route";
import { counted } from "../../words";
import { FilterBar, ViewBar } from "./filter_bar";
import { apiQuery, type Filters, isNarrowed, NO_FILTERS, parseFilters, queryOf } from "./filters";
import { SampleGrid } from "./sample_grid";
import { SampleTable } from "./sample_table";

const PAGE_SIZE = 60;

export function Samples({ project }: { readonly project: string }) {
  const { filters, strange } = parseFilters(useSearch());
  const wanted = useDeferredValue(JSON.stringify(apiQuery(filters)));
  const list = useInfiniteQuery({
    queryKey: ["samples", project, wanted],
    queryFn: ({ pageParam }) =>
      new Api(project).samples({
        ...(JSON.parse(wanted) as Record<string, string>),
        limit: PAGE_SIZE,
        after: pageParam,
        count: pageParam === undefined ? "true" : undefined,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: (before) => before,
  });
  const all = useQuery({ queryKey: ["project", project], queryFn: () => new Api(project).projectSummary() });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const total = list.data?.pages[0]?.total ?? items.length;
  const home = pathOf({ page: "project", project, section: "samples" });
  const show = (change: Partial<Filters>) => {
    const path = home + queryOf({ ...filters, ...change });
    if ("q" in change) replace(path);
    else go(path);
  };
  const search = useSlashKey();
  const everything = all.data?.samples ?? total;
  return (
    <>
      <div className="page-head">
        <h1>Samples</h1>
        <p role="status" className="quiet">
          {list.isSuccess &&
            (isNarrowed(filters)
              ? `${total.toLocaleString()} of ${counted(everything, "sample")}`
              : counted(total, "sample"))}
        </p>
        <ViewBar filters={filters} show={show} />
      </div>
      <FilterBar project={project} filters={filters} show={show} search={search} />
      {strange.length > 0 && (
        <p role="alert" className="note" data-tone="suspect">
          The address asks for what is not known here: <code>{strange.join(", ")}</code>
        </p>
      )}
      {list.error !== null && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeletons />}
      {list.isSuccess && items.length === 0 && (
        <Nothing
          project={project}
          isNarrowed={isNarrowed(filters)}
          onClear={() => go(home + queryOf({ ...NO_FILTERS, view: filters.view }))}
        />
      )}
      {items.length > 0 &&
        (filters.view === "table" ? (
          <SampleTable items={items} project={project} />
        ) : (
          <SampleGrid items={items} project={project} />
        ))}
      {list.hasNextPage && (
        <div className="more">
          <button type="button" onClick={() => void list.fetchNextPage()} disabled={list.isFetchingNextPage}>
            Show more
          </button>
          <span className="quiet">
            {items.length.toLocaleString()} of {total.toLocaleString()} shown
          </span>
        </div>
      )}
    </>
  );
}

/** `/` goes to the search field, as long as nobody types elsewhere. */
function useSlashKey() {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof Element && event.target.closest("input, select, textarea") !== null) return;
      event.preventDefault();
      field.current?.focus();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  return field;
}

function Skeletons() {
  return (
    <ul className="samples" aria-label="Loading">
      {[1, 2, 3, 4, 5].map((number) => (
        <li key={number} className="sample skeleton" />
      ))}
    </ul>
  );
}

function Nothing(props: { readonly project: string; readonly isNarrowed: boolean; readonly onClear: () => void }) {
  if (props.isNarrowed) {
    return (
      <Empty title="No sample fits">
        <button type="button" onClick={props.onClear}>
          Clear the filters
        </button>
      </Empty>
    );
  }
  return (
    <Empty title="No samples yet">
      <p>
        <Anchor href={pathOf({ page: "project", project: props.project, section: "import" })}>Import some</Anchor>, or
        run <code>braid import coco FOLDER --project {props.project}</code>
      </p>
    </Empty>
  );
}
