"""Between two outlines (rule K4): by vertex where they have as many, else resampled by arc length and turned to fit.

Sums and square roots are written out in a fixed order, so that the browser finds the same corners.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from braid.model.regions import Point, Polygon, Polyline

MIN_POINTS = 64
SAME = 1e-9
"""Shifts that fit equally well, up to rounding, count as one: the smallest is taken."""

Ring = tuple[Point, ...]


def between_polygons(a: Polygon, b: Polygon, weight: float) -> Polygon | None:
    """At `weight` (0: a, 1: b); None when the numbers of rings or holes differ, so that no ring has a partner."""
    if len(a.rings_px) != len(b.rings_px) or len(a.holes_px) != len(b.holes_px):
        return None
    return Polygon(
        rings_px=tuple(_between_rings(*pair, weight) for pair in zip(a.rings_px, b.rings_px, strict=True)),
        holes_px=tuple(_between_rings(*pair, weight) for pair in zip(a.holes_px, b.holes_px, strict=True)),
    )


def between_polylines(a: Polyline, b: Polyline, weight: float) -> Polyline:
    """At `weight`; both keep their direction, start goes to start."""
    one, other = a.points_px, b.points_px
    if len(one) != len(other):
        count = max(len(one), len(other), MIN_POINTS)
        one, other = resampled(one, count, closed=False), resampled(other, count, closed=False)
    return Polyline(points_px=mixed_points(one, other, weight))


def mixed_points(a: Ring, b: Ring, weight: float) -> Ring:
    """Vertex by vertex."""
    return tuple(
        (ax + weight * (bx - ax), ay + weight * (by - ay)) for (ax, ay), (bx, by) in zip(a, b, strict=True)
    )


def resampled(points: Ring, count: int, *, closed: bool) -> Ring:
    """The same line with `count` points: all its corners, and the rest spread over its edges by their length.

    >>> resampled(((0, 0), (4, 0), (4, 2)), 6, closed=False)
    ((0, 0), (1.3333333333333333, 0.0), (2.6666666666666665, 0.0), (4, 0), (4.0, 1.0), (4, 2))
    """
    edges = list(zip(points, (*points[1:], points[0]), strict=True))
    if not closed:
        edges.pop()
    out: list[Point] = []
    for ((ax, ay), (bx, by)), extra in zip(edges, _shares(edges, count - len(points)), strict=True):
        out.append((ax, ay))
        for step in range(1, extra + 1):
            part = step / (extra + 1)
            out.append((ax + part * (bx - ax), ay + part * (by - ay)))
    if not closed:
        out.append(points[-1])
    return tuple(out)


def _shares(edges: list[tuple[Point, Point]], extra: int) -> list[int]:
    """`extra` points over edges in proportion to their length, largest remainders first, then the earlier edge."""
    lengths = [math.sqrt((bx - ax) * (bx - ax) + (by - ay) * (by - ay)) for (ax, ay), (bx, by) in edges]
    total = 0.0
    for length in lengths:
        total += length
    if total <= 0:
        lengths, total = [1.0] * len(edges), float(len(edges))
    quotas = [extra * length / total for length in lengths]
    shares = [math.floor(quota) for quota in quotas]
    by_rest = sorted(range(len(edges)), key=lambda place: (shares[place] - quotas[place], place))
    for place in by_rest[: extra - sum(shares)]:
        shares[place] += 1
    return shares


def _between_rings(a: Ring, b: Ring, weight: float) -> Ring:
    if len(a) == len(b):
        return mixed_points(a, b, weight)
    count = max(len(a), len(b), MIN_POINTS)
    one, other = resampled(a, count, closed=True), resampled(b, count, closed=True)
    if signed_area(one) * signed_area(other) < 0:
        other = other[::-1]
    shift = best_shift(one, other)
    return mixed_points(one, (*other[shift:], *other[:shift]), weight)


def best_shift(a: Ring, b: Ring) -> int:
    """By how many vertices `b` has to be turned to lie on `a` best, once both are centred and of one size."""
    one, other = _centred(a), _centred(b)
    # Squared distances are least where the circular correlation is largest; by FFT that costs m log m.
    fit = np.fft.irfft(np.conj(np.fft.rfft(one, axis=0)) * np.fft.rfft(other, axis=0), n=len(a), axis=0).sum(
        axis=1
    )
    return int(np.flatnonzero(fit >= fit.max() - SAME * len(a))[0])


def signed_area(ring: Ring) -> float:
    """Positive when the ring runs from x towards y; zero for a flat one."""
    total = 0.0
    for (ax, ay), (bx, by) in zip(ring, (*ring[1:], ring[0]), strict=True):
        total += ax * by - bx * ay
    return total / 2


def _centred(ring: Ring) -> NDArray[np.float64]:
    points = np.asarray(ring, dtype=np.float64)
    points = points - points.mean(axis=0)
    size = math.sqrt(float((points * points).sum()) / len(points))
    return np.asarray(points / size, dtype=np.float64) if size > 0 else points
