/** Small polynomials, lowest power first: what lenses need to know how far they rise. */

export type Polynomial = readonly number[];

export function valueAt(p: Polynomial, x: number): number {
  return p.reduceRight((sum, coefficient) => sum * x + coefficient, 0);
}

export function slope(p: Polynomial): Polynomial {
  return p.slice(1).map((coefficient, power) => coefficient * (power + 1));
}

export function plus(a: Polynomial, b: Polynomial): Polynomial {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, power) => (a[power] ?? 0) + (b[power] ?? 0));
}

export function times(a: Polynomial, b: Polynomial): Polynomial {
  const product = new Array<number>(Math.max(0, a.length + b.length - 1)).fill(0);
  a.forEach((x, i) => {
    b.forEach((y, j) => {
      product[i + j] = (product[i + j] ?? 0) + x * y;
    });
  });
  return product;
}

/** Multiplied by x. */
export function shifted(p: Polynomial): Polynomial {
  return [0, ...p];
}

/** The least x > 0 where the polynomial changes its sign; infinity when it never does. */
export function smallestPositiveRoot(p: Polynomial): number {
  return positiveRoots(p)[0] ?? Number.POSITIVE_INFINITY;
}

/** Between neighbouring turning points there is at most one change of sign: bisected until the doubles run out. */
function positiveRoots(p: Polynomial): readonly number[] {
  let degree = p.length - 1;
  while (degree > 0 && p[degree] === 0) degree -= 1;
  const lead = p[degree] ?? 0;
  if (degree < 1 || lead === 0) return [];
  const trimmed = p.slice(0, degree + 1);
  const bound = 1 + Math.max(...trimmed.slice(0, degree).map((value) => Math.abs(value / lead)));
  const stops = [0, ...positiveRoots(slope(trimmed)).filter((stop) => stop < bound), bound];
  const roots: number[] = [];
  for (let at = 1; at < stops.length; at++) {
    let [low, high] = [stops[at - 1] ?? 0, stops[at] ?? bound];
    const rising = valueAt(trimmed, high) > 0;
    if (valueAt(trimmed, low) > 0 === rising || valueAt(trimmed, low) === 0) continue;
    for (;;) {
      const middle = (low + high) / 2;
      if (middle <= low || middle >= high) break;
      if (valueAt(trimmed, middle) > 0 === rising) high = middle;
      else low = middle;
    }
    roots.push(high);
  }
  return roots;
}
