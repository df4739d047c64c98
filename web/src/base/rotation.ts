/** Rotations and rigid transforms on plain numbers. Quaternions are unit and in the order w, x, y, z (rule S2). */

export type Vec3 = readonly [number, number, number];
export type QuatWxyz = readonly [number, number, number, number];

/** A rigid transform `dst_from_src`: rotate, then translate. */
export interface RigidTransform {
  readonly rotation_wxyz: QuatWxyz;
  readonly translation_m: Vec3;
}

export const IDENTITY: RigidTransform = { rotation_wxyz: [1, 0, 0, 0], translation_m: [0, 0, 0] };

export function rotate([w, x, y, z]: QuatWxyz, [a, b, c]: Vec3): Vec3 {
  // v + 2 q x (q x v + w v)
  const tx = 2 * (y * c - z * b);
  const ty = 2 * (z * a - x * c);
  const tz = 2 * (x * b - y * a);
  return [a + w * tx + y * tz - z * ty, b + w * ty + z * tx - x * tz, c + w * tz + x * ty - y * tx];
}

export function conjugate([w, x, y, z]: QuatWxyz): QuatWxyz {
  return [w, -x, -y, -z];
}

/** The rotation that does `second` after `first`. */
export function multiply(second: QuatWxyz, first: QuatWxyz): QuatWxyz {
  const [a, b, c, d] = second;
  const [e, f, g, h] = first;
  return [
    a * e - b * f - c * g - d * h,
    a * f + b * e + c * h - d * g,
    a * g - b * h + c * e + d * f,
    a * h + b * g - c * f + d * e,
  ];
}

export function normalise(q: QuatWxyz): QuatWxyz {
  const norm = Math.hypot(...q);
  return norm === 0 ? [1, 0, 0, 0] : [q[0] / norm, q[1] / norm, q[2] / norm, q[3] / norm];
}

/** A turn about z by `yaw_rad`, counter-clockwise seen from above. */
export function fromYaw(yaw_rad: number): QuatWxyz {
  return [Math.cos(yaw_rad / 2), 0, 0, Math.sin(yaw_rad / 2)];
}

/** The heading of the local x axis in the xy plane, in (-pi, pi]. */
export function yawOf(q: QuatWxyz): number {
  const [x, y] = rotate(q, [1, 0, 0]);
  return Math.atan2(y, x);
}

/** The shortest way from `from` to `to`; `share` 0 gives the first, 1 the second. */
export function slerp(from: QuatWxyz, to: QuatWxyz, share: number): QuatWxyz {
  let dot = from[0] * to[0] + from[1] * to[1] + from[2] * to[2] + from[3] * to[3];
  const sign = dot < 0 ? -1 : 1;
  dot = Math.min(1, dot * sign);
  const angle = Math.acos(dot);
  const sine = Math.sin(angle);
  const a = sine < 1e-9 ? 1 - share : Math.sin((1 - share) * angle) / sine;
  const b = (sine < 1e-9 ? share : Math.sin(share * angle) / sine) * sign;
  return normalise([
    a * from[0] + b * to[0],
    a * from[1] + b * to[1],
    a * from[2] + b * to[2],
    a * from[3] + b * to[3],
  ]);
}

export function apply(dst_from_src: RigidTransform, point_m: Vec3): Vec3 {
  const [x, y, z] = rotate(dst_from_src.rotation_wxyz, point_m);
  const [a, b, c] = dst_from_src.translation_m;
  return [x + a, y + b, z + c];
}

/** `c_from_a` out of `c_from_b` and `b_from_a`. */
export function compose(c_from_b: RigidTransform, b_from_a: RigidTransform): RigidTransform {
  return {
    rotation_wxyz: normalise(multiply(c_from_b.rotation_wxyz, b_from_a.rotation_wxyz)),
    translation_m: apply(c_from_b, b_from_a.translation_m),
  };
}

export function invert(dst_from_src: RigidTransform): RigidTransform {
  const rotation_wxyz = conjugate(dst_from_src.rotation_wxyz);
  const [x, y, z] = rotate(rotation_wxyz, dst_from_src.translation_m);
  return { rotation_wxyz, translation_m: [-x, -y, -z] };
}
