/** How this person likes to work, kept in this browser: utterances that play when entered, and their reaction time. */

const PLAY_KEY = "braid-play-on-focus";
const REACTION_KEY = "braid-reaction-ms";
/** The steps that the command walks through; people take 150 to 400 ms from hearing to pressing. */
export const REACTIONS_MS: readonly number[] = [0, 100, 150, 200, 250, 300, 400];

function kept(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // A browser that keeps nothing forgets it with the page.
  }
}

let plays = kept(PLAY_KEY) !== "no";
let reaction_ms = readReaction(kept(REACTION_KEY));

function readReaction(text: string | null): number {
  const value = Number(text ?? 0);
  return Number.isFinite(value) && value >= 0 && value <= 2000 ? value : 0;
}

export function playsOnFocus(): boolean {
  return plays;
}

export function togglePlaysOnFocus(): boolean {
  plays = !plays;
  keep(PLAY_KEY, plays ? "yes" : "no");
  return plays;
}

/** The next of the offered reaction times, in milliseconds. */
export function turnReaction(): number {
  reaction_ms = REACTIONS_MS.find((step) => step > reaction_ms) ?? 0;
  keep(REACTION_KEY, String(reaction_ms));
  return reaction_ms;
}

/** Where a mark set now belongs: while media plays, earlier by the reaction time (media that ran faster ran further). */
export function markedAt(state: {
  readonly timelineNs: number;
  readonly playing: boolean;
  readonly rate: number;
}): number {
  return state.playing ? Math.round(state.timelineNs - reaction_ms * 1e6 * state.rate) : state.timelineNs;
}
