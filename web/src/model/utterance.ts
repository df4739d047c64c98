/** A text with timed words: edited, cut in two, joined. Offsets are code points; spans of time are half-open. */
import type { Word } from "./records";

export interface Said {
  readonly text: string;
  readonly words: readonly Word[];
  readonly start_ns: number;
  readonly end_ns: number;
}

interface Token {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Runs of anything but space, in code points. */
function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let unit = 0;
  for (const { 0: found, index } of text.matchAll(/\S+/gu)) {
    at += [...text.slice(unit, index)].length;
    const end = at + [...found].length;
    tokens.push({ start: at, end, text: found });
    at = end;
    unit = index + found.length;
  }
  return tokens;
}

/**
 * Words for an edited text: those before and after the change keep their times, the changed ones share the time between
 * their neighbours in proportion to their length. A text without timed words gets none.
 */
export function retimed(words: readonly Word[], before: string, after: string): readonly Word[] {
  if (words.length === 0) return [];
  const points = [...before];
  const said = words.map((word) => points.slice(word.start, word.end).join(""));
  const tokens = tokensOf(after);
  const bare = (text: string) => text.replace(/[\p{P}\p{S}]/gu, "") || text;
  const same = (word: string | undefined, token: Token | undefined) =>
    word !== undefined && token !== undefined && bare(word) === bare(token.text);
  const least = Math.min(said.length, tokens.length);
  let head = 0;
  while (head < least && same(said[head], tokens[head])) head += 1;
  let tail = 0;
  while (tail < least - head && same(said.at(-1 - tail), tokens.at(-1 - tail))) tail += 1;
  const timed = (token: Token, { start_ns, end_ns }: { start_ns: number; end_ns: number }): Word => ({
    start: token.start,
    end: token.end,
    start_ns,
    end_ns,
  });
  const kept = (token: Token, word: Word | undefined) => timed(token, word ?? { start_ns: 0, end_ns: 0 });
  const middle = tokens.slice(head, tokens.length - tail);
  const replaced = words.slice(head, words.length - tail);
  const from_ns = replaced[0]?.start_ns ?? words[head - 1]?.end_ns ?? words[0]?.start_ns ?? 0;
  const to_ns = replaced.at(-1)?.end_ns ?? words[head]?.start_ns ?? words.at(-1)?.end_ns ?? from_ns;
  return [
    ...tokens.slice(0, head).map((token, index) => kept(token, words[index])),
    ...shared(middle, from_ns, Math.max(from_ns, to_ns)).map(([token, span]) => timed(token, span)),
    ...tokens.slice(tokens.length - tail).map((token, index) => kept(token, words[words.length - tail + index])),
  ];
}

function shared(tokens: readonly Token[], from_ns: number, to_ns: number) {
  const whole = tokens.reduce((sum, token) => sum + token.end - token.start, 0);
  let passed = 0;
  return tokens.map((token) => {
    const start_ns = Math.round(from_ns + ((to_ns - from_ns) * passed) / whole);
    passed += token.end - token.start;
    return [token, { start_ns, end_ns: Math.round(from_ns + ((to_ns - from_ns) * passed) / whole) }] as const;
  });
}

export interface Cut {
  readonly left: Said;
  readonly right: Said;
  /** Code points [end of the left text, start of the right text): the space between them is dropped. */
  readonly gap: readonly [number, number];
}

/**
 * Cut before a code point, at the time of the first word on the right; without words in proportion to the text. `at_ns`
 * overrides that time. null where one side would have no text or no time.
 */
export function cutAt(said: Said, point: number, at_ns: number | null = null): Cut | null {
  const points = [...said.text];
  const left = points.slice(0, point).join("").trimEnd();
  const rest = points.slice(point).join("");
  const right = rest.trimStart();
  if (left.trim() === "" || right.trim() === "") return null;
  const end = [...left].length;
  const start = point + [...rest].length - [...right].length;
  const before = said.words.filter((word) => word.start < end);
  const after = said.words.filter((word) => word.start >= end);
  const length = said.end_ns - said.start_ns;
  const between = after[0]?.start_ns ?? Math.round(said.start_ns + (length * end) / points.length);
  const boundary = at_ns ?? between;
  if (boundary <= said.start_ns || boundary >= said.end_ns) return null;
  return {
    left: {
      text: left,
      words: before.map((word) => ({
        ...word,
        end: Math.min(word.end, end),
        ...within(word, said.start_ns, boundary),
      })),
      start_ns: said.start_ns,
      end_ns: boundary,
    },
    right: {
      text: right,
      words: after.map((word) => ({
        start: word.start - start,
        end: word.end - start,
        ...within(word, boundary, said.end_ns),
      })),
      start_ns: boundary,
      end_ns: said.end_ns,
    },
    gap: [end, start],
  };
}

function within(word: Word, from_ns: number, to_ns: number): { start_ns: number; end_ns: number } {
  const clip = (at_ns: number) => Math.min(to_ns, Math.max(from_ns, at_ns));
  return { start_ns: clip(word.start_ns), end_ns: clip(word.end_ns) };
}

/** The code point at which an instant divides the text: before the word that begins nearest to it; null at the ends. */
export function pointAt(said: Said, at_ns: number): number | null {
  const { text, start_ns, end_ns } = said;
  const length = [...text].length;
  const starts: readonly (readonly [number, number])[] =
    said.words.length > 0
      ? said.words.map((word) => [word.start, word.start_ns])
      : tokensOf(text).map(({ start }) => [start, start_ns + ((end_ns - start_ns) * start) / length]);
  let best: readonly [number, number] | null = null;
  for (const entry of starts.slice(1)) {
    if (best === null || Math.abs(entry[1] - at_ns) < Math.abs(best[1] - at_ns)) best = entry;
  }
  return best?.[0] ?? null;
}

/** Both in one, with one space between; `shift` is where the second text begins. */
export function joined(first: Said, second: Said): { readonly said: Said; readonly shift: number } {
  const lead = first.text === "" ? "" : `${first.text} `;
  const shift = [...lead].length;
  return {
    said: {
      text: `${lead}${second.text}`,
      words: [
        ...first.words,
        ...second.words.map((word) => ({ ...word, start: word.start + shift, end: word.end + shift })),
      ],
      start_ns: Math.min(first.start_ns, second.start_ns),
      end_ns: Math.max(first.end_ns, second.end_ns),
    },
    shift,
  };
}
