/** Commands of time: play, speed, steps by one reading of the focused pane, and the ends. */
import { FASTEST, SLOWEST } from "../playhead/playhead";
import { steppersOf } from "../playhead/steppers";
import type { Command } from "./command";
import type { Workbench } from "./workbench";

/** The speeds that the keys walk through. */
export const SPEEDS: readonly number[] = [SLOWEST, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, FASTEST];

/** A step where nothing has single readings: sound alone. */
const SOUND_STEP_NS = 10_000_000;

export function speedText(rate: number): string {
  return `${Number(rate.toFixed(2))}×`;
}

function step({ playhead, announce }: Workbench, count: number): void {
  const steppers = steppersOf(playhead);
  playhead.pause();
  if (steppers.step(count)) announce(steppers.say());
  else playhead.seek(playhead.state.timelineNs + count * SOUND_STEP_NS);
}

function changeSpeed({ playhead, announce }: Workbench, direction: 1 | -1): void {
  const { rate } = playhead.state;
  const next = direction > 0 ? SPEEDS.find((speed) => speed > rate) : SPEEDS.findLast((speed) => speed < rate);
  playhead.setRate(next ?? rate);
  announce(`Speed ${speedText(playhead.state.rate)}`);
}

export const PLAY_COMMANDS: readonly Command[] = [
  {
    id: "play.toggle",
    title: "Play or pause",
    group: "Play",
    keys: ["Space"],
    run: ({ playhead }) => playhead.toggle(),
  },
  { id: "play.back", title: "One reading back", group: "Play", keys: [","], run: (bench) => step(bench, -1) },
  { id: "play.on", title: "One reading on", group: "Play", keys: ["."], run: (bench) => step(bench, 1) },
  {
    id: "play.back.ten",
    title: "Ten readings back",
    group: "Play",
    keys: ["Shift+Comma"],
    run: (bench) => step(bench, -10),
  },
  {
    id: "play.on.ten",
    title: "Ten readings on",
    group: "Play",
    keys: ["Shift+Period"],
    run: (bench) => step(bench, 10),
  },
  {
    id: "play.start",
    title: "To the start",
    group: "Play",
    keys: ["Home"],
    run: ({ playhead }) => playhead.seek(playhead.state.startNs),
  },
  {
    id: "play.end",
    title: "To the end",
    group: "Play",
    keys: ["End"],
    run: ({ playhead }) => playhead.seek(playhead.state.endNs),
  },
  { id: "play.slower", title: "Slower", group: "Play", keys: ["-"], run: (bench) => changeSpeed(bench, -1) },
  { id: "play.faster", title: "Faster", group: "Play", keys: ["="], run: (bench) => changeSpeed(bench, 1) },
];
