/** The frames of reference of the open sample, built once for each state of its calibrations and trajectories. */
import { FrameTree } from "../../model/frames";
import type { SampleData } from "../../store/sample";

const trees = new WeakMap<object, { readonly trajectories: object; readonly tree: FrameTree }>();

export function framesOf(sample: SampleData): FrameTree {
  const known = trees.get(sample.calibrations);
  if (known !== undefined && known.trajectories === sample.trajectories) return known.tree;
  const calibrations = [...sample.calibrations.values()].map(({ record }) => record);
  const trajectories = [...sample.trajectories.values()].map(({ record }) => record);
  const tree = new FrameTree(calibrations, trajectories);
  trees.set(sample.calibrations, { trajectories: sample.trajectories, tree });
  return tree;
}
