/** Addresses of the workspace: `/`, `/p/{project}` with its pages (`/samples`, …), `/p/{project}/s/{sample}`. */
import { useSyncExternalStore } from "react";

export const SECTIONS = ["overview", "samples", "ontology", "import", "settings"] as const;
export type Section = (typeof SECTIONS)[number];

export type Route =
  | { readonly page: "home" }
  | { readonly page: "project"; readonly project: string; readonly section?: Section }
  | { readonly page: "sample"; readonly project: string; readonly sample: string }
  | { readonly page: "unknown"; readonly path: string };

export function parsePath(path: string): Route {
  const parts = path.split("/").filter((part) => part !== "");
  try {
    const [first, project, third, sample] = parts.map(decodeURIComponent);
    if (parts.length === 0) return { page: "home" };
    if (first === "p" && project !== undefined && parts.length === 2) return { page: "project", project };
    const section = SECTIONS.find((name) => name === third && name !== "overview");
    if (first === "p" && project !== undefined && section !== undefined && parts.length === 3) {
      return { page: "project", project, section };
    }
    if (first === "p" && project !== undefined && third === "s" && sample !== undefined && parts.length === 4) {
      return { page: "sample", project, sample };
    }
  } catch {
    // A broken escape names no page.
  }
  return { page: "unknown", path };
}

export function pathOf(route: Exclude<Route, { page: "unknown" }>): string {
  if (route.page === "home") return "/";
  const project = `/p/${encodeURIComponent(route.project)}`;
  if (route.page === "sample") return `${project}/s/${encodeURIComponent(route.sample)}`;
  return (route.section ?? "overview") === "overview" ? project : `${project}/${route.section}`;
}

const listeners = new Set<() => void>();

export function go(path: string): void {
  history.pushState(null, "", path);
  for (const listener of [...listeners]) listener();
}

/** Another address of the page that is shown: typing in a filter makes no history. */
export function replace(path: string): void {
  history.replaceState(null, "", path);
  for (const listener of [...listeners]) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("popstate", listener);
  };
}

export function useRoute(): Route {
  return parsePath(useSyncExternalStore(subscribe, () => location.pathname));
}

/** What stands after the `?` of the address. */
export function useSearch(): string {
  return useSyncExternalStore(subscribe, () => location.search);
}
