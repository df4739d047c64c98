"""Samples whose streams ran on clocks of their own: a car's speed twice, a sound twice, with labels and links."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from tests.align.motion import Floats, ns, speed
from tests.strategies.projects import fresh_id

from braid.base.hashing import revision_of_record
from braid.model.changes import ChangeSet, Create
from braid.model.records import (
    Annotation,
    AnyRecord,
    End,
    Link,
    Modality,
    Sample,
    Sampling,
    Stream,
)
from braid.model.regions import TimeSpan
from braid.work.workspace import Workspace

SECOND = 1_000_000_000
SHIFT_NS = 2_345_678_901


@dataclass(frozen=True, kw_only=True)
class Recording:
    """A stored sample: streams by name, spans on the stream "gps", a link from each to the first span on "can"."""

    project: str
    sample: Sample
    streams: dict[str, Stream]
    spans: tuple[Annotation, ...]
    links: tuple[Link, ...]


def csv_of(times_ns: np.typing.NDArray[np.int64], **columns: Floats) -> bytes:
    """A series as CSV with whole nanoseconds."""
    names = ",".join(["time_ns", *columns])
    rows = (
        ",".join([str(at), *(f"{column[row]:.6f}" for column in columns.values())])
        for row, at in enumerate(times_ns.tolist())
    )
    return ("\n".join([names, *rows]) + "\n").encode()


def wav_of(values: Floats, rate_hz: int) -> bytes:
    """A mono sound as 16-bit WAV."""
    import wave

    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate_hz)
        sound.writeframes((np.clip(values, -1, 1) * 32767).astype("<i2").tobytes())
    return out.getvalue()


def drive(workspace: Workspace, *, length_s: float = 90, seed: int = 1) -> Recording:
    """Wheel speed at 50 Hz and GPS speed at 10 Hz; the GPS clock started SHIFT_NS late."""
    rng = np.random.default_rng(seed)
    t, v = speed(length_s + 20, rng)
    t_can, t_gps = np.arange(0, length_s + 10, 0.02), np.arange(4, length_s + 4, 0.1)
    can = np.interp(t_can, t, v) + rng.normal(0, 0.02, len(t_can))
    gps = np.interp(t_gps, t, v) + rng.normal(0, 0.05, len(t_gps))
    return stored(
        workspace,
        {
            "can": csv_of(ns(t_can), speed=can),
            "gps": csv_of(ns(t_gps) - SHIFT_NS, speed=gps),
            "still": csv_of(ns(t_gps), speed=np.full(len(t_gps), 7.0)),
        },
        modality=Modality.SERIES,
    )


def stored(workspace: Workspace, assets: dict[str, bytes], *, modality: Modality) -> Recording:
    """Streams of these assets in one sample; three spans on the second stream, linked to one on the first."""
    project = workspace.init_project("Recordings", slug=f"r-{fresh_id()[-8:]}", template="driving").id
    layer = workspace.local_layer(project)
    sample = Sample(id=fresh_id(), key="drive-7")
    suffix, kind = ("csv", "text/csv") if modality is Modality.SERIES else ("wav", "audio/wav")
    streams = {
        name: Stream(
            id=fresh_id(),
            sample=sample.id,
            name=name,
            modality=modality,
            sampling=Sampling.INSTANT if modality is Modality.SERIES else Sampling.CONTINUOUS,
            asset=workspace.blobs_put([data])[0],
            media_type=kind,
            file_name=f"{name}.{suffix}",
        )
        for name, data in assets.items()
    }
    first, second = list(streams.values())[:2]

    def span(stream: Stream, start_s: int) -> Annotation:
        region = TimeSpan(start_ns=start_s * SECOND, end_ns=(start_s + 1) * SECOND)
        return Annotation(
            id=fresh_id(), sample=sample.id, stream=stream.id, layer=layer, class_id="event", region=region
        )

    anchor = span(first, 10)
    spans = tuple(span(second, start) for start in (5, 20, 40))
    links = tuple(
        Link(
            id=fresh_id(),
            sample=sample.id,
            layer=layer,
            type_id="reacts-to",
            source=End(id=one.id, judged=revision_of_record(one)),
            target=End(id=anchor.id, judged=revision_of_record(anchor)),
        )
        for one in spans
    )
    records: tuple[AnyRecord, ...] = (sample, *streams.values(), anchor, *spans, *links)
    made = ChangeSet(id=fresh_id(), ops=tuple(Create(record=record) for record in records))
    outcome = workspace.store.commit(project, [made], actor="local").outcomes[0]
    assert not outcome.errors, outcome.errors
    return Recording(project=project, sample=sample, streams=streams, spans=spans, links=links)
