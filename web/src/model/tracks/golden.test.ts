/** The browser's tracks answer what the server's do: the values are made by `tools/tracks_golden.py`. */
import { describe, expect, it } from "vitest";
import type { RigidTransform } from "../../base/rotation";
import type { KeyFrame, Track, Vec3 } from "../records";
import golden from "../tracks.golden.json";
import * as tracks from ".";

/** Equal, numbers within 1e-9; members that stand at their default may be absent. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a === "number" && typeof b === "number") return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b));
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, at) => same(one, b[at]));
  if (a !== null && b !== null && typeof a === "object" && typeof b === "object") {
    const [one, other] = [a as Record<string, unknown>, b as Record<string, unknown>];
    return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((key) => same(one[key], other[key]));
  }
  return a === b;
}

type Known = readonly (readonly [string, number, RigidTransform | null])[];

function worldOf(known: Known | undefined): tracks.World | undefined {
  if (known === undefined) return undefined;
  return (frame, media_ns) => {
    const row = known.find(([name, at_ns]) => name === frame && at_ns === media_ns);
    if (row === undefined) throw new Error(`asked for ${frame} at ${media_ns}, which the server did not`);
    const pose = row[2] as Partial<RigidTransform> | null;
    return pose && { rotation_wxyz: [1, 0, 0, 0], translation_m: [0, 0, 0], ...pose };
  };
}

interface MomentRow {
  readonly name: string;
  readonly track: Track;
  readonly at_ns: number;
  readonly motion: "linear" | "cubic";
  readonly hold: boolean;
  readonly world?: Known;
  readonly want: unknown;
}

interface Arguments {
  readonly track: Track;
  readonly first: Track;
  readonly second: Track;
  readonly key: KeyFrame;
  readonly at_ns: number;
  readonly from_ns: number;
  readonly to_ns: number;
  readonly start_ns: number;
  readonly before_ns?: number;
  readonly bridge_ns?: number;
  readonly index?: number;
  readonly size_m: Vec3;
}

const EDITS: Readonly<Record<string, (given: Arguments) => readonly Track[]>> = {
  with_key: ({ track, key }) => [tracks.withKeyFrame(track, key)],
  without_key: ({ track, at_ns }) => [tracks.withoutKeyFrame(track, at_ns)],
  move_key: ({ track, from_ns, to_ns }) => [tracks.moveKeyFrame(track, from_ns, to_ns)],
  pinned: ({ track, at_ns, index }) => [tracks.pinned(track, at_ns, { index })],
  copy_key: ({ track, from_ns, to_ns }) => [tracks.copyKeyFrame(track, from_ns, to_ns)],
  moved_to: ({ track, start_ns }) => [tracks.movedTo(track, start_ns)],
  split: ({ track, at_ns, before_ns }) => tracks.split(track, at_ns, { before_ns }),
  join: ({ first, second, bridge_ns }) => [tracks.join(first, second, bridge_ns)],
  with_size: ({ track, size_m }) => [tracks.withSize(track, size_m)],
  with_locked_size: ({ track }) => [tracks.withLockedSize(track)],
};

describe("golden values of tracks", () => {
  it.each((golden.moments as unknown as MomentRow[]).map((row) => [`${row.name} at ${row.at_ns}`, row] as const))(
    "%s",
    (_, { track, at_ns, motion, hold, world, want }) => {
      const got = tracks.shapeAt(track, at_ns, { motion, hold, world: worldOf(world) });
      expect(same(got, want), `${JSON.stringify(got)} is not ${JSON.stringify(want)}`).toBe(true);
    },
  );

  it.each(golden.edits.map((row, index) => [`${row.do} ${index}`, row] as const))("K8-K13 %s", (_, row) => {
    const got = EDITS[row.do]?.(row.with as unknown as Arguments);
    expect(same(got, row.want), `${JSON.stringify(got)} is not ${JSON.stringify(row.want)}`).toBe(true);
  });

  it.each(golden.suggestions.map((row, index) => [index, row] as const))("K14 %i", (_, { track, tolerance, want }) => {
    const got = tracks.suggestions(track as unknown as Track, tolerance);
    expect(same(got, want), `${JSON.stringify(got)} is not ${JSON.stringify(want)}`).toBe(true);
  });

  it("compares as strictly as it says", () => {
    expect(same({ a: 1, b: undefined }, { a: 1 })).toBe(true);
    expect(same({ a: 1 }, { a: 1 + 1e-8 })).toBe(false);
    expect(same([1], [1, 2])).toBe(false);
  });
});
