/** Which joints a line joins, by their places in the skeleton's list of names. */

/** COCO's person, by name: any class with these joints is drawn as one. */
const PERSON: readonly (readonly [string, string])[] = [
  ["left_ankle", "left_knee"],
  ["left_knee", "left_hip"],
  ["right_ankle", "right_knee"],
  ["right_knee", "right_hip"],
  ["left_hip", "right_hip"],
  ["left_shoulder", "left_hip"],
  ["right_shoulder", "right_hip"],
  ["left_shoulder", "right_shoulder"],
  ["left_shoulder", "left_elbow"],
  ["right_shoulder", "right_elbow"],
  ["left_elbow", "left_wrist"],
  ["right_elbow", "right_wrist"],
  ["left_eye", "right_eye"],
  ["nose", "left_eye"],
  ["nose", "right_eye"],
  ["left_eye", "left_ear"],
  ["right_eye", "right_ear"],
  ["left_ear", "left_shoulder"],
  ["right_ear", "right_shoulder"],
];

const plain = (name: string) => name.toLowerCase().replace(/[\s-]+/g, "_");

/** The bones of a body that is known by its joints' names; of any other skeleton the chain in its order. */
export function bonesOf(names: readonly string[]): readonly (readonly [number, number])[] {
  const places = new Map(names.map((name, place) => [plain(name), place]));
  const bones = PERSON.flatMap(([a, b]): (readonly [number, number])[] => {
    const [from, to] = [places.get(a), places.get(b)];
    return from === undefined || to === undefined ? [] : [[from, to]];
  });
  if (bones.length > 0) return bones;
  return names.slice(1).map((_, place) => [place, place + 1] as const);
}
