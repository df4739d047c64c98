/** Commands of tracks and their key frames. */
import { ghostsOf } from "../panes/shared/ghosts";
import { steppersOf } from "../playhead/steppers";
import type { Command } from "./command";
import {
  addKeyFrame,
  copyToNext,
  goToKeyFrame,
  goToSuggestion,
  hasTimedShape,
  hasTrack,
  joinTracks,
  makeTrack,
  removeKeyFrame,
  splitTrack,
  toggleOccluded,
  toggleOutside,
} from "./track_edits";
import type { Workbench } from "./workbench";

/** Key frames of tracks; in a sample without any, the key pictures of the focused video. */
function jump(bench: Workbench, direction: 1 | -1): void {
  if (goToKeyFrame(bench, direction)) return;
  if (hasTrack(bench.store.getState())) bench.announce("No further key frame");
  else steppersOf(bench.playhead).stepKey(direction);
}

export const TRACK_COMMANDS: readonly Command[] = [
  {
    id: "track.make",
    title: "Make a track of this box",
    group: "Track",
    keys: ["Shift+B"],
    when: hasTimedShape,
    run: makeTrack,
  },
  { id: "track.key", title: "Add a key frame", group: "Track", keys: ["k"], when: hasTrack, run: addKeyFrame },
  {
    id: "track.key.remove",
    title: "Remove the key frame",
    group: "Track",
    keys: ["Shift+K"],
    when: hasTrack,
    run: removeKeyFrame,
  },
  { id: "track.outside", title: "Outside from here", group: "Track", keys: ["o"], when: hasTrack, run: toggleOutside },
  {
    id: "track.occluded",
    title: "Occluded from here",
    group: "Track",
    keys: ["q"],
    when: hasTrack,
    run: toggleOccluded,
  },
  {
    id: "track.copy",
    title: "Copy to the next key frame",
    group: "Track",
    keys: ["d"],
    when: hasTrack,
    run: copyToNext,
  },
  {
    id: "track.split",
    title: "Split the track here",
    group: "Track",
    keys: ["Shift+X"],
    when: hasTrack,
    run: splitTrack,
  },
  { id: "track.join", title: "Join two tracks", group: "Track", keys: ["Shift+J"], when: hasTrack, run: joinTracks },
  {
    id: "go.key",
    title: "Next key frame",
    group: "Track",
    keys: ["Alt+ArrowRight"],
    run: (bench) => jump(bench, 1),
  },
  {
    id: "go.key.back",
    title: "Previous key frame",
    group: "Track",
    keys: ["Alt+ArrowLeft"],
    run: (bench) => jump(bench, -1),
  },
  {
    id: "go.suggestion",
    title: "Next suggested key frame",
    group: "Track",
    keys: ["Shift+G"],
    run: goToSuggestion,
  },
  {
    id: "view.ghosts",
    title: "Show or hide neighbouring key frames",
    group: "Track",
    keys: ["i"],
    run: (bench) => {
      const ghosts = ghostsOf(bench.store);
      ghosts.toggle();
      bench.announce(ghosts.on ? "Neighbouring key frames shown" : "Neighbouring key frames hidden");
    },
  },
];
