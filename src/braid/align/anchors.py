"""Anchors placed by hand or by a clap and a flash: the same event, seen on two clocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from braid.align.estimate import Anchor, Curve, Estimate, Refusal
from braid.align.robust import fit_clock
from braid.base.errors import InvalidInput
from braid.clock.ns import SECOND_NS, Ns

METHOD = "anchors"
DEFAULT_SIGMA_NS = 10_000_000
"""How sure a mark by hand is when nobody says: one video frame at 30 per second has a sigma of 9.6 ms."""
AGREE_SIGMAS = 4
CLAP_BAND_HZ = (2_000.0, 8_000.0)
CLAP_SIGMAS = 6.0
MIN_CLAP_RISE = 8.0
FLASH_SIGMAS = 6.0
MIN_FLASH_LEVELS = 8.0
MIN_APART_S = 0.25


def align_anchors(anchors: Sequence[Anchor], *, system_sigma_ns: int = 0) -> Estimate | Refusal:
    """A's clock from B's by events seen on both: one gives an offset, two or more also the rate, with residuals.

    An anchor without a sigma counts as sure to 10 ms. Anchors that contradict the rest are left out, and said.
    """
    if not anchors:
        return Refusal(method=METHOD, why="there is no anchor", hint="Mark the same event on both streams")
    b_ns = [anchor.b_ns for anchor in anchors]
    if len(anchors) > 1 and len(set(b_ns)) == 1:
        a_ns = [anchor.a_ns for anchor in anchors]
        if max(a_ns) - min(a_ns) > AGREE_SIGMAS * max(
            anchor.sigma_ns or DEFAULT_SIGMA_NS for anchor in anchors
        ):
            return Refusal(
                method=METHOD,
                why="one instant of the stream is said to be several of the reference",
                hint="Remove the anchors that are wrong",
            )
    sigmas = [anchor.sigma_ns or DEFAULT_SIGMA_NS for anchor in anchors]
    line = fit_clock(
        [anchor.a_ns for anchor in anchors],
        b_ns,
        sigma_ns=sigmas,
        support_ns=AGREE_SIGMAS * max(sigmas),
        system_sigma_ns=system_sigma_ns,
    )
    used = int(line.used.sum())
    if len(anchors) > 2 and 2 * used <= len(anchors):
        return Refusal(
            method=METHOD,
            why=f"only {used} of {len(anchors)} anchors agree with each other",
            hint="Look at the residuals and mark the events again",
            quality=used / len(anchors),
            quality_bound=0.5,
            evidence=(_picture(b_ns, line.residuals_ns),),
        )
    return Estimate(
        method=METHOD,
        segments=line.segments,
        fit=line.fit,
        anchors=tuple(
            replace(anchor, sigma_ns=sigma, residual_ns=int(residual), used=bool(kept))
            for anchor, sigma, residual, kept in zip(
                anchors, sigmas, line.residuals_ns, line.used, strict=True
            )
        ),
        rms_ns=line.rms_ns,
        quality=used / len(anchors),
        quality_bound=0.5,
        valid_from_ns=min(b_ns),
        valid_to_ns=max(b_ns),
        named=line.named,
        warnings=line.warnings,
        evidence=(_picture(b_ns, line.residuals_ns),),
    )


def claps(audio: ArrayLike, rate_hz: float, *, start_ns: int = 0, most: int = 20) -> tuple[Ns, ...]:
    """When sharp sounds begin in mono audio (N,): the first audio sample that leaves the noise of 2 to 8 kHz behind.

    The loudest `most`, in order of time, at least 0.25 s apart. Raises InvalidInput for audio of another shape or of
    a rate below 5 kHz, in which no clap can be told.
    """
    from scipy.signal import butter, sosfilt

    sound = np.asarray(audio, dtype=np.float64)
    if sound.ndim != 1 or not np.isfinite(sound).all() or rate_hz < 5_000:
        raise InvalidInput("a clap is looked for in mono audio", got=f"{sound.shape} at {rate_hz} Hz")
    if len(sound) < rate_hz // 10:
        return ()
    high = min(CLAP_BAND_HZ[1], 0.45 * rate_hz)
    band = butter(4, (CLAP_BAND_HZ[0], high), btype="bandpass", fs=rate_hz, output="sos")
    loud = np.abs(np.asarray(sosfilt(band, sound), dtype=np.float64))
    noise = float(np.median(loud))
    bound = max(CLAP_SIGMAS * 1.4826 * noise, 1e-6)
    apart = int(MIN_APART_S * rate_hz)
    starts = _first_crossings(loud > bound, apart)
    peaks = [(float(loud[start : start + apart // 8].max()), start) for start in starts]
    strong = sorted(((size, start) for size, start in peaks if size > MIN_CLAP_RISE * bound), reverse=True)[
        :most
    ]
    return tuple(
        Ns(start_ns + round(start * SECOND_NS / rate_hz))
        for _, start in sorted(strong, key=lambda one: one[1])
    )


def flashes(times_ns: ArrayLike, luminance: ArrayLike, *, most: int = 20) -> tuple[Ns, ...]:
    """When the picture turns bright at once: times (F,) in ns and mean luminance (F,), 0 to 255, of video frames.

    The flash began between the frame before and the one named, so its sigma is frame / sqrt(12).
    """
    times, light = np.asarray(times_ns, dtype=np.int64), np.asarray(luminance, dtype=np.float64)
    if times.shape != light.shape or times.ndim != 1:
        raise InvalidInput("there is one luminance a video frame", got=f"{times.shape}, {light.shape}")
    if len(times) < 4:
        return ()
    steps = np.diff(light)
    usual = 1.4826 * float(np.median(np.abs(steps - np.median(steps))))
    bound = max(FLASH_SIGMAS * usual, MIN_FLASH_LEVELS)
    apart = max(1, int(MIN_APART_S * SECOND_NS / max(1.0, float(np.median(np.diff(times))))))
    starts = _first_crossings(steps > bound, apart)
    strong = sorted(((float(steps[start]), start) for start in starts), reverse=True)[:most]
    return tuple(Ns(int(times[start + 1])) for _, start in sorted(strong, key=lambda one: one[1]))


def paired(a_ns: Sequence[int], b_ns: Sequence[int], *, tolerance_ns: int) -> tuple[tuple[int, int], ...]:
    """Events of two clocks that belong together: the offset under which most of them meet, within the tolerance.

    Empty when fewer than two meet and there was a choice.
    """
    if len(a_ns) == 1 and len(b_ns) == 1:
        return ((a_ns[0], b_ns[0]),)
    best: tuple[tuple[int, int], ...] = ()
    cost = 0
    for offset in sorted({a - b for a in a_ns for b in b_ns}):
        found = []
        for b in b_ns:
            a = min(a_ns, key=lambda one: abs(one - b - offset))
            if abs(a - b - offset) <= tolerance_ns:
                found.append((a, b))
        miss = sum(abs(a - b - offset) for a, b in found)
        if len(found) > len(best) or (len(found) == len(best) and miss < cost):
            best, cost = tuple(found), miss
    return best if len(best) >= 2 else ()


def _first_crossings(over: NDArray[np.bool_], apart: int) -> list[int]:
    """Indexes where a run of flags begins after at least `apart` without one."""
    places = np.flatnonzero(over)
    if not len(places):
        return []
    gaps = np.diff(places) > apart
    return [int(places[0]), *(int(one) for one in places[1:][gaps])]


def _picture(b_ns: Sequence[int], residuals_ns: NDArray[np.int64]) -> Curve:
    return Curve(
        title="Residuals",
        x_label="stream's time, s",
        y_label="ms",
        x=tuple(round(one / SECOND_NS, 6) for one in b_ns[:2000]),
        y=tuple(round(int(one) / 1e6, 6) for one in residuals_ns[:2000]),
        style="points",
    )
