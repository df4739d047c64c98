/** Addresses of the workspace: `/`, `/p/{project}`, `/p/{project}/s/{sample}`. */
import { useSyncExternalStore } from "react";

export type Route =
  | { readonly page: "home" }
  | { readonly page: "project"; readonly project: string }
  | { readonly page: "sample"; readonly project: string; readonly sample: string }
  | { readonly page: "unknown"; readonly path: string };

export function parsePath(path: string): Route {
  const parts = path.split("/").filter((part) => part !== "");
  try {
    const [first, project, third, sample] = parts.map(decodeURIComponent);
    if (parts.length === 0) return { page: "home" };
    if (first === "p" && project !== undefined && parts.length === 2) return { page: "project", project };
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
  return route.page === "project" ? project : `${project}/s/${encodeURIComponent(route.sample)}`;
}

const listeners = new Set<() => void>();

export function go(path: string): void {
  history.pushState(null, "", path);
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
