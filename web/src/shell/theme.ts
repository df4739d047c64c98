/** Dark, light, or as the system has it. Kept in this browser. */
import { useSyncExternalStore } from "react";

export type Theme = "system" | "dark" | "light";
const KEY = "braid-theme";
const listeners = new Set<() => void>();

function stored(): Theme {
  const value = localStorage.getItem(KEY);
  return value === "dark" || value === "light" ? value : "system";
}

function apply(): void {
  const theme = stored();
  const system = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
  document.documentElement.dataset["theme"] = theme === "system" ? system : theme;
}

export function startTheme(): void {
  apply();
  matchMedia("(prefers-color-scheme: light)").addEventListener("change", apply);
}

export function nextTheme(): Theme {
  const order: readonly Theme[] = ["system", "dark", "light"];
  const next = order[(order.indexOf(stored()) + 1) % order.length] ?? "system";
  if (next === "system") localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, next);
  apply();
  for (const listener of [...listeners]) listener();
  return next;
}

export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, stored);
}
