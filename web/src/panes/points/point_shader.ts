/** How a point gets its colour: by height, intensity, the age of its sweep, or the class of the cuboid around it. */
import type { Tokens } from "../../base/tokens";

export interface ScenePalette {
  readonly low: string;
  readonly middle: string;
  readonly high: string;
  /** Points of no class. */
  readonly plain: string;
  readonly line: string;
  readonly classes: readonly string[];
}

/** From dark to bright on a dark ground, the other way round on a light one. */
export function paletteOf(tokens: Tokens): ScenePalette {
  const [red = 0, green = 0, blue = 0] = (tokens.background[0].match(/[0-9a-f]{2}/gi) ?? []).map((part) =>
    Number.parseInt(part, 16),
  );
  const isLight = red + green + blue > 384;
  const rest = { plain: tokens.foreground[2], line: tokens.line, classes: tokens.classes };
  return isLight
    ? { low: "#6f8fb5", middle: "#0f7f74", high: "#7a3d06", ...rest }
    : { low: "#2f5f9e", middle: "#2ab89e", high: "#f5de6b", ...rest };
}

export const VERTEX = `
attribute float intensity;
attribute float mark;
attribute float away;
uniform float size;
uniform float shift;
uniform float reach;
uniform int mode;
uniform vec2 heights;
uniform vec3 low;
uniform vec3 middle;
uniform vec3 high;
uniform vec3 plain;
uniform vec3 classes[8];
varying vec3 tone;
void main() {
  vec4 world = modelMatrix * vec4(position, 1.0);
  float share = clamp((world.z - heights.x) / max(0.01, heights.y - heights.x), 0.0, 1.0);
  if (mode == 1) share = sqrt(intensity);
  if (mode == 2) share = clamp(0.5 + 0.5 * (shift + away) / reach, 0.0, 1.0);
  tone = share < 0.5 ? mix(low, middle, share * 2.0) : mix(middle, high, share * 2.0 - 1.0);
  int kind = int(mark + 0.5);
  if (mode == 3) {
    tone = plain;
    for (int each = 0; each < 8; each++) if (kind == each + 1) tone = classes[each];
  }
  gl_Position = projectionMatrix * viewMatrix * world;
  gl_PointSize = size;
  // Drawn elsewhere: out of the picture.
  if (kind == 255) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
}`;

export const FRAGMENT = `
varying vec3 tone;
void main() {
  gl_FragColor = vec4(tone, 1.0);
}`;
