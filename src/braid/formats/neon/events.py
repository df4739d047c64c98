"""What the glasses found while recording: blinks, fixations and saccades as time spans, events as instants."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from braid.clock.ns import LIMIT_NS
from braid.formats.classes import widen
from braid.formats.neon.files import Ints, Sensor
from braid.formats.seam import ReadContext
from braid.formats.troubles import Troubles
from braid.model.records import Annotation, Attribute, Stream
from braid.model.regions import AttributeValue, TimeSpan

KINDS = {0: "Saccade", 1: "Fixation", 2: "Saccade onset", 3: "Fixation onset", 4: "Blink"}
MEASURES: dict[str, tuple[str, str]] = {
    "start_gaze_x": ("start-x-px", "Gaze x at the start, px"),
    "start_gaze_y": ("start-y-px", "Gaze y at the start, px"),
    "end_gaze_x": ("end-x-px", "Gaze x at the end, px"),
    "end_gaze_y": ("end-y-px", "Gaze y at the end, px"),
    "mean_gaze_x": ("mean-x-px", "Mean gaze x, px"),
    "mean_gaze_y": ("mean-y-px", "Mean gaze y, px"),
    "amplitude_pixels": ("amplitude-px", "Amplitude, px"),
    "amplitude_angle_deg": ("amplitude-deg", "Amplitude, degrees"),
    "mean_velocity": ("mean-velocity-px-s", "Mean velocity, px/s"),
    "max_velocity": ("max-velocity-px-s", "Greatest velocity, px/s"),
}
EVENT_NAME = "event-name"
START, END = "start_timestamp_ns", "end_timestamp_ns"


def span_annotations(
    context: ReadContext, stream: Stream, sensor: Sensor, troubles: Troubles, *, zero_ns: int
) -> list[Annotation]:
    """One annotation per record with a start and an end on the gaze stream; reversed ones are troubles."""
    names = sensor.records.dtype.names or ()
    if START not in names or END not in names or "event_type" not in names:
        troubles.add(
            "bad_dtype", f"no start, end and type: {', '.join(names)[:80]}", spot=f"{sensor.name}.dtype"
        )
        return []
    measures = {field: MEASURES[field] for field in names if field in MEASURES}
    attributes = tuple(Attribute(id=key, name=name, type="number") for key, name in measures.values())
    found: list[Annotation] = []
    for place, record in enumerate(sensor.records):
        start, end = int(record[START]) - zero_ns, int(record[END]) - zero_ns
        spot = f"{sensor.name}, record {place}"
        if not -LIMIT_NS < start < end < LIMIT_NS:
            troubles.add("reversed", "it ends before it starts, or lies outside of the recording", spot=spot)
            continue
        label = KINDS.get(int(record["event_type"]), f"Event {int(record['event_type'])}")
        class_id = context.class_id(label)
        if attributes:
            widen(context, class_id, attributes=attributes)
        found.append(
            Annotation(
                id=context.new_id(),
                sample=stream.sample,
                stream=stream.id,
                layer=context.layer,
                class_id=class_id,
                region=TimeSpan(start_ns=start, end_ns=end),
                attributes=_measured(record, measures),
                source_id=spot,
            )
        )
    return found


def _measured(record: Any, measures: dict[str, tuple[str, str]]) -> dict[str, AttributeValue]:
    return {
        key: float(record[field]) for field, (key, _) in measures.items() if np.isfinite(float(record[field]))
    }


def event_annotations(
    context: ReadContext, stream: Stream, names: list[str], unix_ns: Ints, *, zero_ns: int
) -> list[Annotation]:
    """Named instants; a span is never empty, so each lasts one nanosecond."""
    class_id = context.class_id("Event")
    widen(context, class_id, attributes=(Attribute(id=EVENT_NAME, name="Name", type="text"),))
    return [
        Annotation(
            id=context.new_id(),
            sample=stream.sample,
            stream=stream.id,
            layer=context.layer,
            class_id=class_id,
            region=TimeSpan(start_ns=int(at_ns) - zero_ns, end_ns=int(at_ns) - zero_ns + 1),
            attributes={EVENT_NAME: name[:1000]},
            source_id=f"event {place}",
        )
        for place, (name, at_ns) in enumerate(zip(names, unix_ns, strict=True))
        if abs(int(at_ns) - zero_ns) < LIMIT_NS - 1
    ]


def gaps_of(unix_ns: NDArray[np.int64]) -> tuple[int, int]:
    """(gaps, readings that would have filled them): steps of more than one and a half median periods."""
    steps = np.diff(np.sort(unix_ns))
    steps = steps[steps > 0]
    if not len(steps):
        return 0, 0
    period = float(np.median(steps))
    wide = steps[2 * steps > 3 * int(period)]
    return len(wide), int(np.sum(np.rint(wide / period) - 1))
