/** Everything the point pane can be asked to do, with its keys: the pane, the palette and the key sheet read this list. */
import type { PaneCommand } from "../pane";

const ON_CUBOID = true;

function command(id: string, title: string, keys: readonly string[], needsCuboid = false): PaneCommand {
  return { id: `points.${id}`, title, keys, needsSelection: needsCuboid };
}

export const POINT_COMMANDS: readonly PaneCommand[] = [
  command("forward", "Cuboid forward", ["w"], ON_CUBOID),
  command("back", "Cuboid back", ["s"], ON_CUBOID),
  command("left", "Cuboid to its left", ["a"], ON_CUBOID),
  command("right", "Cuboid to its right", ["d"], ON_CUBOID),
  command("up", "Cuboid up", ["PageUp"], ON_CUBOID),
  command("down", "Cuboid down", ["PageDown"], ON_CUBOID),
  command("longer", "Cuboid longer", ["Shift+W"], ON_CUBOID),
  command("shorter", "Cuboid shorter", ["Shift+S"], ON_CUBOID),
  command("wider", "Cuboid wider", ["Shift+A"], ON_CUBOID),
  command("narrower", "Cuboid narrower", ["Shift+D"], ON_CUBOID),
  command("higher", "Cuboid higher", ["Shift+PageUp"], ON_CUBOID),
  command("lower", "Cuboid lower", ["Shift+PageDown"], ON_CUBOID),
  command("turn_left", "Turn the cuboid left by 1°", ["q"], ON_CUBOID),
  command("turn_right", "Turn the cuboid right by 1°", ["e"], ON_CUBOID),
  command("turn_left_far", "Turn the cuboid left by 10°", ["Shift+Q"], ON_CUBOID),
  command("turn_right_far", "Turn the cuboid right by 10°", ["Shift+E"], ON_CUBOID),
  command("flip", "Flip the heading", ["g"], ON_CUBOID),
  command("quarter", "Turn the heading by 90°, keep the outline", ["r"], ON_CUBOID),
  command("fit", "Fit the cuboid to its points", ["f"], ON_CUBOID),
  command("lock", "Lock or unlock the size of the track", ["z"], ON_CUBOID),
  command("key", "Set or remove a key frame at this sweep", ["k"], ON_CUBOID),
  command("pass_on", "Copy the cuboid to the next sweep", ["p"], ON_CUBOID),
  command("pass_back", "Copy the cuboid to the previous sweep", ["Shift+P"], ON_CUBOID),
  command("absent", "Absent from this sweep on", ["u"], ON_CUBOID),
  command("place", "Place a cuboid in the middle of the top view", ["Enter"]),
  command("next", "Next cuboid", ["j"]),
  command("previous", "Previous cuboid", ["Shift+J"]),
  command("layout", "Other arrangement of the views", ["y"]),
  command("colour", "Colour points by something else", ["x"]),
  command("more_sweeps", "Show one more sweep to either side", ["m"]),
  command("fewer_sweeps", "Show one sweep less to either side", ["Shift+M"]),
  command("ride", "Let points ride on their object", ["o"]),
  command("ghosts", "Show or hide interpolated cuboids", ["i"]),
  command("pan_left", "Move the view left", ["ArrowLeft"]),
  command("pan_right", "Move the view right", ["ArrowRight"]),
  command("pan_up", "Move the view up", ["ArrowUp"]),
  command("pan_down", "Move the view down", ["ArrowDown"]),
  command("orbit_left", "Turn the orbit left", ["Shift+ArrowLeft"]),
  command("orbit_right", "Turn the orbit right", ["Shift+ArrowRight"]),
  command("orbit_up", "Raise the orbit", ["Shift+ArrowUp"]),
  command("orbit_down", "Lower the orbit", ["Shift+ArrowDown"]),
  command("nearer", "Zoom in", ["+"]),
  command("farther", "Zoom out", ["_"]),
  command("home", "Views as at the beginning", ["Home"]),
];

const BY_KEY: ReadonlyMap<string, PaneCommand> = new Map(
  POINT_COMMANDS.flatMap((entry) => entry.keys.map((key) => [key, entry] as const)),
);

/** The command of a key press in the pane; letters as they are, capital with Shift. */
export function commandOf(event: {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}): PaneCommand | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const isLetter = /^[a-z]$/i.test(event.key);
  const isNamed = event.key.length > 1;
  const name = isLetter ? (event.shiftKey ? event.key.toUpperCase() : event.key.toLowerCase()) : event.key;
  return BY_KEY.get(event.shiftKey && (isLetter || isNamed) ? `Shift+${name}` : name) ?? null;
}
