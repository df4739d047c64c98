/** Commits as a person remembers them: one sitting of one person after another, newest first. */
import type { Commit } from "../../model/changes";

export interface Sitting {
  readonly actor: string;
  /** Unix nanoseconds as digits: the first and the last commit of the sitting. */
  readonly from_ns: string;
  readonly to_ns: string;
  /** Newest first. */
  readonly commits: readonly Commit[];
}

/** A pause longer than this begins another sitting. */
export const PAUSE_NS = 10n * 60n * 1_000_000_000n;

/** `commits` newest first. */
export function sittings(commits: readonly Commit[], pause_ns = PAUSE_NS): readonly Sitting[] {
  const groups: Commit[][] = [];
  for (const commit of commits) {
    const last = groups.at(-1);
    const earliest = last?.at(-1);
    const goesOn =
      earliest !== undefined &&
      earliest.actor === commit.actor &&
      BigInt(earliest.at_ns) - BigInt(commit.at_ns) <= pause_ns;
    if (goesOn) last?.push(commit);
    else groups.push([commit]);
  }
  return groups.flatMap((group) => {
    const [newest, oldest] = [group[0], group.at(-1)];
    if (newest === undefined || oldest === undefined) return [];
    return [{ actor: newest.actor, from_ns: oldest.at_ns, to_ns: newest.at_ns, commits: group }];
  });
}

/** "Today", "Yesterday" or the date; `now_ms` is Unix milliseconds. */
export function dayOf(atNs: string, now_ms: number): string {
  const date = new Date(Number(BigInt(atNs) / 1_000_000n));
  const days = Math.round((startOfDay(new Date(now_ms)) - startOfDay(date)) / 86_400_000);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return date.toLocaleDateString([], { year: "numeric", month: "short", day: "numeric" });
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
