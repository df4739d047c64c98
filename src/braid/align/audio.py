"""Two recordings of one sound to a clock map: loudness changes for the place, windowed delays for the clock.

Coarse multi-band flux, windowed GCC-PHAT, robust affine fit. A refusal where there is no common sound.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from braid.align.audio_coarse import ACCEPTED_Z, REPEATED, SHORTEST_S, Coarse, Match, coarse
from braid.align.audio_evidence import evidence_of_fit, onset_curve
from braid.align.audio_fit import Measured, fit_delays
from braid.align.audio_flux import Flux, flux
from braid.align.audio_sound import RecordedAudio, Sound, sound_of
from braid.align.audio_windows import SHORTEST_WINDOW_S, around, centres_s, overlap_s, window_length_s
from braid.align.estimate import Anchor, Estimate, Refusal
from braid.align.ratios import RATIOS, nearest_ratio
from braid.clock.clock_map import ClockFit
from braid.clock.ns import SECOND_NS
from braid.clock.rates import Rate

METHOD = "audio"
SOUND_NS_PER_M = 2_900_000
UNKNOWN_DISTANCE_SIGMA_NS = 1_000_000
FINEST_SHARE = 16
"""No offset is known better than a sixteenth of an audio sample: residuals do not see what all windows share."""

TRIED_RATIOS = tuple(way for ratio in RATIOS.values() for way in (ratio, 1 / ratio))
NOTHING = (
    "nothing in them can be compared",
    "Choose a channel that heard the scene, or place anchors by hand.",
)


def align_audio(
    a: RecordedAudio,
    rate_a_hz: float | Rate,
    b: RecordedAudio,
    rate_b_hz: float | Rate,
    *,
    a_start_ns: int = 0,
    b_start_ns: int = 0,
    mic_distance_m: float | None = None,
) -> Estimate | Refusal:
    """B's media time to A's, from what both heard. a, b: (N,) one channel each, arrays or memory maps, any two rates.

    a_start_ns, b_start_ns: media time of each first audio sample. mic_distance_m: how far apart the microphones stood;
    sound takes 2.9 ms a metre, which no comparison can tell from a clock's offset. Raises InvalidInput for arrays of
    another shape and implausible rates.
    """
    sound_a = sound_of(a, rate_a_hz, start_ns=a_start_ns)
    sound_b = sound_of(b, rate_b_hz, start_ns=b_start_ns)
    shorter_s = min(sound_a.seconds, sound_b.seconds)
    if shorter_s < SHORTEST_S:
        return _refused(
            f"one recording lasts only {shorter_s:.1f} s",
            f"At least {SHORTEST_S:.0f} s of common sound are needed.",
        )
    whole_a = flux(sound_a)
    found, ratio = _placed(whole_a, sound_b)
    doubt = _doubt(found, whole_a, sound_b)
    if doubt is not None or found is None:
        return doubt or _refused(*NOTHING)
    played_b = sound_b.replayed(ratio)
    expected = around(found.places)
    span_b_s = overlap_s(sound_a, played_b, expected(found.best.centre_s)[0])
    passes: list[Measured] = []
    for length_s in dict.fromkeys((window_length_s(span_b_s[1] - span_b_s[0]), SHORTEST_WINDOW_S)):
        passes = passes or fit_delays(
            sound_a,
            played_b,
            centres_s(*span_b_s, length_s=length_s),
            expected,
            stated=sound_b,
            length_s=length_s,
            system_sigma_ns=_system_sigma_ns(mic_distance_m),
        )
    if not passes:
        return _refused(
            "both grow loud and quiet together, but the sound itself does not agree on one delay",
            "Was one of them spoken again, or changed in pitch or tempo? Place anchors by hand.",
            found.best,
        )
    return _estimate(sound_a, sound_b, passes, found.best, ratio)


def _placed(whole_a: Flux, b: Sound) -> tuple[Coarse | None, Fraction]:
    """Where B lies, and how much faster than stated it must be played for that: first as it is, then by known ratios."""
    plain = coarse(whole_a, b)
    if plain is None or plain.places:
        return plain, Fraction(1)
    for ratio in TRIED_RATIOS:
        other = coarse(whole_a, b.replayed(ratio))
        if other is not None and other.places:
            return other, ratio
    return plain, Fraction(1)


def _doubt(found: Coarse | None, whole_a: Flux, b: Sound) -> Refusal | None:
    """Why the coarse matches carry no alignment, if they do not."""
    if found is None:
        silent = [
            name for name, sound in (("the reference", whole_a), ("this stream", flux(b))) if not sound.any()
        ]
        if not silent:
            return _refused(*NOTHING)
        return _refused(f"{' and '.join(silent)}: the loudness never changes", NOTHING[1])
    if not found.places:
        return _refused(
            "no common sound: the best offset is no better than chance",
            "Were both recorded at the same time and place? Otherwise place anchors by hand.",
            found.best,
        )
    if found.best.rival > REPEATED * found.best.z:
        return _refused(
            "the sound repeats itself, so that several offsets fit equally well",
            "Place one anchor by hand, or choose a stretch that does not repeat.",
            found.best,
        )
    return None


def _system_sigma_ns(mic_distance_m: float | None) -> int:
    return (
        UNKNOWN_DISTANCE_SIGMA_NS if mic_distance_m is None else round(abs(mic_distance_m) * SOUND_NS_PER_M)
    )


def _estimate(
    a: Sound,
    b: Sound,
    passes: Sequence[Measured],
    best: Match,
    ratio: Fraction,
) -> Estimate:
    last = passes[-1]
    line = last.line
    half_ns = round(last.length_s / 2 * SECOND_NS)
    finest_ns = int(np.ceil(SECOND_NS / min(a.rate_hz, b.rate_hz) / FINEST_SHARE))
    warnings = [*line.warnings]
    if last.inverted:
        warnings.append("one recording has the opposite polarity of the other")
    if len(line.used) < last.tried / 2:
        warnings.append(f"only {len(line.used)} of {last.tried} windows have a clear delay")
    return Estimate(
        method=METHOD,
        segments=line.segments,
        fit=ClockFit(
            offset_sigma_ns=max(line.fit.offset_sigma_ns, finest_ns),
            rate_sigma_ppq=line.fit.rate_sigma_ppq,
            system_sigma_ns=line.fit.system_sigma_ns,
            centre_ns=line.fit.centre_ns,
        ),
        anchors=tuple(
            Anchor(
                a_ns=int(a_ns),
                b_ns=int(b_ns),
                sigma_ns=max(finest_ns, line.rms_ns),
                residual_ns=int(residual_ns),
                used=bool(used),
            )
            for a_ns, b_ns, residual_ns, used in zip(
                last.a_ns, last.b_ns, line.residuals_ns, line.used, strict=True
            )
        ),
        rms_ns=line.rms_ns,
        quality=round(best.z, 1),
        quality_bound=ACCEPTED_Z,
        valid_from_ns=int(last.b_ns[line.used].min()) - half_ns,
        valid_to_ns=int(last.b_ns[line.used].max()) + half_ns,
        named=line.named if ratio == 1 else nearest_ratio(line.segments[0].rate_ppq).name,
        warnings=tuple(warnings),
        evidence=(onset_curve(best), *evidence_of_fit(passes[0], last)),
    )


def _refused(why: str, hint: str, best: Match | None = None) -> Refusal:
    return Refusal(
        method=METHOD,
        why=why,
        hint=hint,
        quality=None if best is None else round(best.z, 1),
        quality_bound=None if best is None else ACCEPTED_Z,
        evidence=() if best is None else (onset_curve(best),),
    )
