/** Tracks: where a thing is between its key frames, and edits of key frames. Rules K1-K14 of docs/spec/tracks.md. */
export * from "./editing";
export {
  keyFrameBefore,
  type MomentOptions,
  shapeAt,
  type TrackMoment,
  type World,
} from "./moment";
export { type Suggestion, suggestions, suggestionTolerance } from "./suggestion";
export { worldOf } from "./world";
