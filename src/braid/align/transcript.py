"""Cues of a transcript to the recording they were made from: offset and rate, by where speech begins and ends.

A rough place from cue on/off against loudness, then each cue's edges against those of speech.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from braid.align.audio_flux import HOPS_PER_S
from braid.align.audio_sound import RecordedAudio, sound_of
from braid.align.estimate import Anchor, Curve, Estimate, Refusal
from braid.align.ratios import NAMED
from braid.align.transcript_marks import Marks, MarksLine, fit_marks, paired
from braid.align.transcript_place import Place, place
from braid.align.transcript_speech import Floats, loudness, speech_spans
from braid.base.errors import InvalidInput, LimitExceeded
from braid.clock.clock_map import RATE_UNIT, ClockFit, ClockSegment, to_timeline
from braid.clock.ns import SECOND_NS, Ns
from braid.clock.rates import Rate

METHOD = "transcript"
ACCEPTED_Z = 8.5
FEWEST_CUES = 8
MOST_CUES = 100_000
LONGEST_S = 12 * 3600.0
FULL_SHARE = 0.97
PAIRED_SHARE = 0.5
SNAP_ERRORS = 3.0
FARTHEST_S, NEAREST_S, NEAR_SCATTERS = 0.9, 0.15, 3.5
ROUNDS = 3
SYSTEM_SIGMA_NS = 20_000_000
"""Where people hear a phrase begin and end, and where loudness says so, differ by so much without any clock's fault.

Where cues begin earlier than speech or end later, a quarter of what both add up to comes on top.
"""
MOST_POINTS = 2000


def align_transcript(
    cues: Sequence[tuple[int, int]], audio: RecordedAudio, rate_hz: float | Rate, *, start_ns: int = 0
) -> Estimate | Refusal:
    """The cues' time to the recording's media time. cues: (start_ns, end_ns) half-open, any order; audio: (N,).

    start_ns: media time of the first audio sample. The rate is the known one (1, 25/24, 25/23.976, 1001/1000 and their
    inverses) when the marks do not speak against it, else what they say. Raises InvalidInput for cues that end before
    they start, LimitExceeded beyond 100,000 cues or 12 hours.
    """
    sound = sound_of(audio, rate_hz, start_ns=start_ns)
    if len(cues) > MOST_CUES:
        raise LimitExceeded("too many cues to align", got=len(cues), wanted=f"at most {MOST_CUES}")
    wrong = next((cue for cue in cues if cue[1] <= cue[0]), None)
    if wrong is not None:
        raise InvalidInput("a cue ends after it starts", got=wrong)
    if len(cues) < FEWEST_CUES:
        return Refusal(
            method=METHOD,
            why=f"only {len(cues)} cues",
            hint=f"At least {FEWEST_CUES} cues are needed; place anchors by hand.",
        )
    zero_ns = min(cue[0] for cue in cues)
    cues_s = (
        np.array(sorted((start - zero_ns, end - zero_ns) for start, end in cues), dtype=np.float64)
        / SECOND_NS
    )
    if float(cues_s.max()) > LONGEST_S:
        raise LimitExceeded(
            "the cues span too much time to align", got=f"{cues_s.max():.0f} s", wanted="at most 12 h"
        )
    if _covered_share(cues_s) > FULL_SHARE:
        return Refusal(
            method=METHOD,
            why="the cues leave no pauses, so that nothing tells where speech begins",
            hint="Use cues that end where speech ends, or place anchors by hand.",
        )
    loud = loudness(sound)
    spans_s = speech_spans(loud) if len(loud) else np.zeros((0, 2))
    if len(spans_s) < 2:
        return Refusal(
            method=METHOD,
            why="the recording has no pauses between sounds",
            hint="Choose a channel with speech, or place anchors by hand.",
        )
    found = place(loud, cues_s)
    shift_ns = start_ns - zero_ns
    if found.z <= ACCEPTED_Z:
        return _refused("no offset fits the cues better than chance", found, shift_ns)
    marks, line, named = _fitted(cues_s, spans_s, found)
    if len(np.unique(marks.cue)) < PAIRED_SHARE * len(cues):
        return _refused("too few cues begin or end where speech does", found, shift_ns)
    return _estimate(marks, line, named, found, cues_s, zero_ns=zero_ns, start_ns=start_ns)


def _covered_share(cues_s: Floats) -> float:
    """How much of the time from the first cue to the last one lies inside cues. cues_s sorted by start."""
    ends = np.maximum.accumulate(cues_s[:, 1])
    gaps = np.maximum(0.0, cues_s[1:, 0] - ends[:-1]).sum()
    return 1.0 - float(gaps / (ends[-1] - cues_s[0, 0]))


def _fitted(cues_s: Floats, spans_s: Floats, found: Place) -> tuple[Marks, MarksLine, str]:
    """Pair and fit with a free rate, each time among nearer edges; then a known rate where the marks do not speak against it.

    The rate 1 goes before the other known ones.
    """
    marks = paired(cues_s, spans_s, offset_s=found.offset_s, rate=found.rate, reach_s=FARTHEST_S)
    line = fit_marks(marks)
    for _ in range(ROUNDS):
        offset_s = line.lag_s - line.slope * line.centre_s
        scatter_s = 1.4826 * float(np.median(np.abs(line.residuals_s)))
        reach_s = min(FARTHEST_S, max(NEAREST_S, NEAR_SCATTERS * scatter_s))
        closer = paired(cues_s, spans_s, offset_s=offset_s, rate=1 + line.slope, reach_s=reach_s)
        if len(closer.cue) < len(cues_s) * PAIRED_SHARE:
            break
        marks, line = closer, fit_marks(closer)
    error = SNAP_ERRORS * max(line.slope_error, 1e-6)
    if abs(line.slope) <= error:
        return marks, _held(marks, line, 0.0), ""
    ratio = min(NAMED, key=lambda one: abs(one.rate_ppq / RATE_UNIT - line.slope))
    if abs(ratio.rate_ppq / RATE_UNIT - line.slope) <= error:
        return marks, _held(marks, line, ratio.rate_ppq / RATE_UNIT), ratio.name
    return marks, line, ""


def _held(marks: Marks, free: MarksLine, slope: float) -> MarksLine:
    """The line of a known rate; how sure the marks are of it stays in the uncertainty."""
    return replace(fit_marks(marks, slope=slope), slope_error=free.slope_error)


def _estimate(
    marks: Marks,
    line: MarksLine,
    named: str,
    found: Place,
    cues_s: Floats,
    *,
    zero_ns: int,
    start_ns: int,
) -> Estimate:
    centre_ns = zero_ns + round(line.centre_s * SECOND_NS)
    segment = ClockSegment(
        media_ns=centre_ns,
        timeline_ns=start_ns + round((line.centre_s + line.lag_s) * SECOND_NS),
        rate_ppq=round(line.slope * RATE_UNIT),
    )
    cue_ns = [zero_ns + round(float(at_s) * SECOND_NS) for at_s in marks.cue_s]
    audio_ns = [start_ns + round(float(at_s) * SECOND_NS) for at_s in marks.audio_s]
    residuals_ns = [
        a_ns - to_timeline((segment,), Ns(b_ns)) for a_ns, b_ns in zip(audio_ns, cue_ns, strict=True)
    ]
    spread_ns = 1.4826 * float(np.median(np.abs(residuals_ns)))
    limit_ns = 5 * max(spread_ns, 2_000_000.0)
    anchors = tuple(
        Anchor(
            a_ns=a_ns,
            b_ns=b_ns,
            sigma_ns=round(spread_ns),
            residual_ns=residual_ns,
            used=abs(residual_ns) <= limit_ns,
            name=f"{'end' if is_end else 'start'} of cue {cue + 1}",
        )
        for a_ns, b_ns, residual_ns, is_end, cue in zip(
            audio_ns, cue_ns, residuals_ns, marks.is_end, marks.cue, strict=True
        )
    )
    used = np.array([anchor.residual_ns for anchor in anchors if anchor.used], dtype=np.float64)
    unpaired = len(cues_s) - len(np.unique(marks.cue))
    return Estimate(
        method=METHOD,
        segments=(segment,),
        fit=ClockFit(
            offset_sigma_ns=int(np.ceil(line.lag_error_s * SECOND_NS)),
            rate_sigma_ppq=int(np.ceil(line.slope_error * RATE_UNIT)),
            system_sigma_ns=round(np.hypot(SYSTEM_SIGMA_NS, abs(line.apart_s) * SECOND_NS / 4)),
            centre_ns=centre_ns,
        ),
        anchors=anchors,
        rms_ns=round(float(np.sqrt(np.mean(used**2)))),
        quality=round(found.z, 1),
        quality_bound=ACCEPTED_Z,
        valid_from_ns=zero_ns,
        valid_to_ns=zero_ns + round(float(cues_s[:, 1].max()) * SECOND_NS),
        named=named,
        warnings=(f"{unpaired} of {len(cues_s)} cues have no speech near them",) if unpaired else (),
        evidence=(_curve(found, start_ns - zero_ns), *_clouds(anchors)),
    )


def _refused(why: str, found: Place, shift_ns: int) -> Refusal:
    return Refusal(
        method=METHOD,
        why=why,
        hint="Is it the transcript of this recording? Otherwise place anchors by hand.",
        quality=round(found.z, 1),
        quality_bound=ACCEPTED_Z,
        evidence=(_curve(found, shift_ns),),
    )


def _curve(found: Place, shift_ns: int) -> Curve:
    """The correlation around its peak, by what is added to a cue's time at the first cue."""
    first_s = found.first_s + shift_ns / SECOND_NS
    peak = int(np.argmax(found.curve))
    low, high = max(0, peak - MOST_POINTS // 2), min(len(found.curve), peak + MOST_POINTS // 2)
    return Curve(
        title="Cues against loudness",
        x_label="offset (s)",
        y_label="correlation",
        x=tuple(first_s + index / HOPS_PER_S for index in range(low, high)),
        y=tuple(float(value) for value in found.curve[low:high]),
    )


def _clouds(anchors: Sequence[Anchor]) -> tuple[Curve, Curve]:
    """Edge of speech minus edge of cue, as they came and as the map leaves them."""
    shown = [anchor for anchor in anchors if anchor.used]
    shown = shown[:: max(1, -(-len(shown) // MOST_POINTS))]
    times = tuple(anchor.b_ns / SECOND_NS for anchor in shown)
    return (
        Curve(
            title="Speech after each cue's edges, before",
            x_label="time of the cue (s)",
            y_label="difference (s)",
            x=times,
            y=tuple((anchor.a_ns - anchor.b_ns) / SECOND_NS for anchor in shown),
            style="points",
        ),
        Curve(
            title="Speech after each cue's edges, after",
            x_label="time of the cue (s)",
            y_label="difference (ms)",
            x=times,
            y=tuple(anchor.residual_ns / 1e6 for anchor in shown),
            style="points",
        ),
    )
