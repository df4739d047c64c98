"""Hypothesis strategies for every noun of the model: any value that the model can hold, sound or not for an ontology."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from braid.base.ids import uuid7
from braid.clock.clock_map import ClockFit, ClockSegment
from braid.clock.lookup import Lookup
from braid.clock.rates import Rate
from braid.model import records as m
from braid.model import regions as r
from braid.model import timing as t
from braid.model.changes import ChangeSet, Create, Delete, Origin, Update
from braid.space.pose import Camera, Pose

ids = st.builds(
    lambda unix_ms, entropy: uuid7(unix_ms=unix_ms, entropy=entropy),
    st.integers(0, 2**47),
    st.binary(min_size=10, max_size=10),
)
slugs = st.from_regex(r"[a-z0-9]([a-z0-9._-]{0,10}[a-z0-9])?", fullmatch=True)
words = st.text(max_size=12)
digests = st.binary(min_size=32, max_size=32).map(bytes.hex)
revisions = st.binary(min_size=16, max_size=16).map(bytes.hex)
times_ns = st.integers(-(2**53) + 1, 2**53 - 1)
unix_ns = st.integers(0, 2**63).map(str)
numbers = st.floats(-1e6, 1e6, allow_nan=False)
pixels = st.floats(0, 1e4, allow_nan=False)
vectors = st.tuples(numbers, numbers, numbers)
points = st.tuples(pixels, pixels)
quaternions = st.sampled_from(
    [(1.0, 0.0, 0.0, 0.0), (0.6, 0.8, 0.0, 0.0), (0.5, 0.5, -0.5, 0.5), (0.0, 0.0, 0.0, 1.0)]
)
values = st.one_of(
    words, st.integers(-(2**53), 2**53), numbers, st.booleans(), st.lists(words, max_size=3).map(tuple)
)
attributes = st.dictionaries(slugs, values, max_size=3)
sources = st.dictionaries(words, words, max_size=2)


def several(
    one: st.SearchStrategy[Any], *, least: int = 0, most: int = 3
) -> st.SearchStrategy[tuple[Any, ...]]:
    """A few of them, as a tuple."""
    return st.lists(one, min_size=least, max_size=most).map(tuple)


def maybe(one: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """One of them or None."""
    return st.none() | one


boxes = st.builds(
    lambda x, y, w, h: r.Box(x0_px=x, y0_px=y, x1_px=x + w, y1_px=y + h),
    pixels,
    pixels,
    st.floats(0.5, 100),
    st.floats(0.5, 100),
)
rotated_boxes = st.builds(
    r.RotatedBox, cx_px=pixels, cy_px=pixels, width_px=pixels, height_px=pixels, angle_rad=st.floats(-4, 4)
)
rings = several(points, least=3, most=5)
polygons = st.builds(r.Polygon, rings_px=several(rings, least=1, most=2), holes_px=several(rings, most=1))
polylines = st.builds(r.Polyline, points_px=several(points, least=2))
masks = st.builds(
    r.Mask, width_px=st.integers(1, 99), height_px=st.integers(1, 99), counts=words, crowd=st.booleans()
)
keypoints = st.builds(
    r.Keypoints,
    points=several(
        st.builds(r.Keypoint, name=slugs, x_px=pixels, y_px=pixels, visibility=st.integers(0, 2)), least=1
    ),
)
cuboids = st.builds(r.Cuboid, frame=slugs, centre_m=vectors, size_m=vectors, rotation_wxyz=quaternions)
point_sets = st.builds(r.PointSet, runs=several(st.tuples(st.integers(0, 99), st.integers(100, 200))))
text_spans = st.builds(
    r.TextSpan,
    start=st.integers(0, 99),
    end=st.integers(100, 200),
    quote=words,
    prefix=words,
    suffix=words,
    of=maybe(ids),
)
time_spans = st.builds(r.TimeSpan, start_ns=st.integers(-(10**12), 0), end_ns=st.integers(1, 10**12))
shapes = st.one_of(boxes, rotated_boxes, polygons, polylines, masks, keypoints, cuboids)
key_frames = st.builds(
    r.KeyFrame,
    at_ns=times_ns,
    shape=maybe(shapes),
    index=maybe(st.integers(0, 999)),
    occluded=st.booleans(),
    attributes=attributes,
)
tracks = st.builds(r.Track, key_frames=several(key_frames, least=1), size_locked=st.booleans())
regions = st.one_of(shapes, point_sets, text_spans, time_spans, st.just(r.WholeStream()), tracks)

poses = st.builds(Pose, rotation_wxyz=quaternions, translation_m=vectors)
cameras = st.builds(
    Camera,
    fx_px=pixels,
    fy_px=pixels,
    cx_px=pixels,
    cy_px=pixels,
    width_px=st.integers(1, 4000),
    height_px=st.integers(1, 4000),
    coefficients=several(numbers),
)
facts = st.builds(
    m.MediaFacts,
    width_px=maybe(st.integers(1, 4000)),
    duration_ns=maybe(times_ns),
    rate=maybe(st.builds(Rate, num=st.integers(1, 60000), den=st.integers(1, 1001))),
    codec=words,
    channels=several(words),
)
questions = st.builds(
    m.Attribute,
    id=slugs,
    name=words,
    values=several(slugs),
    minimum=maybe(numbers),
    required=st.booleans(),
    default=maybe(values),
)
classes = st.builds(
    m.OntologyClass,
    id=slugs,
    name=words,
    parent=maybe(slugs),
    regions=several(st.sampled_from(r.REGION_KINDS)),
    attributes=several(questions, most=1),
    colour=maybe(st.integers(0, 7)),
)
link_ends = st.builds(m.LinkEnd, kinds=several(slugs), classes=several(slugs), modalities=several(slugs))
link_types = st.builds(
    m.LinkType, id=slugs, name=words, source=link_ends, target=link_ends, symmetric=st.booleans()
)
ends = st.builds(m.End, id=ids, judged=revisions, kind=st.sampled_from(m.EndKind))
causes = st.builds(
    m.Cause,
    end=st.sampled_from(["source", "target"]),
    changed=several(slugs, least=1),
    by=words,
    at_ns=unix_ns,
    from_rev=revisions,
    to_rev=maybe(revisions),
    amount=words,
)

projects = st.builds(m.Project, id=ids, slug=slugs, name=words, template=slugs, description=words)
ontologies = st.builds(
    m.Ontology,
    id=ids,
    version=st.integers(1, 99),
    classes=several(classes, most=2),
    link_types=several(link_types, most=1),
)
layers = st.builds(
    m.Layer, id=ids, name=words, actor=words, layer_kind=st.sampled_from(m.LayerKind), model_version=words
)
samples = st.builds(
    m.Sample,
    id=ids,
    key=words,
    epoch_ns=maybe(unix_ns),
    state=st.sampled_from(m.SampleState),
    tags=several(words),
    source=sources,
)
timings = st.builds(
    t.Timing,
    lookup=maybe(st.sampled_from(Lookup)),
    timescale=st.sampled_from(t.Timescale),
    stamp=st.sampled_from(t.Stamp),
    sweep_ns=maybe(st.integers(0, 10**9)),
    zero_ns=maybe(unix_ns).map(lambda digits: digits or ""),
    gaps=several(
        st.builds(
            t.StampGap,
            stamp=st.sampled_from(t.Stamp),
            count=st.integers(1, 9),
            median_ns=times_ns,
            p95_ns=times_ns,
        )
    ),
)
streams = st.builds(
    m.Stream,
    id=ids,
    sample=ids,
    name=words,
    modality=st.sampled_from(m.Modality),
    sampling=st.sampled_from(m.Sampling),
    asset=maybe(digests),
    readings=several(
        st.builds(
            m.Reading,
            at_ns=times_ns,
            asset=digests,
            name=words,
            stamps=st.dictionaries(st.sampled_from(t.Stamp).map(str), times_ns, max_size=2),
        )
    ),
    facts=facts,
    tolerance_ns=maybe(st.integers(0, 10**9)),
    timing=timings,
)
clock_maps = st.builds(
    m.ClockMap,
    id=ids,
    sample=ids,
    stream=ids,
    segments=several(
        st.builds(
            ClockSegment, media_ns=times_ns, timeline_ns=times_ns, rate_ppq=st.integers(-(10**12), 10**12)
        ),
        least=1,
    ),
    fit=st.builds(ClockFit, offset_sigma_ns=st.integers(0, 10**9)),
    method=words,
    anchors=several(st.builds(m.ClockAnchor, media_ns=times_ns, timeline_ns=times_ns, used=st.booleans())),
    valid_from_ns=maybe(times_ns),
)
calibrations = st.builds(
    m.Calibration,
    id=ids,
    sample=ids,
    stream=ids,
    frame=slugs,
    parent_frame=slugs,
    parent_from_frame=poses,
    camera=maybe(cameras),
)
trajectories = st.builds(
    m.Trajectory,
    id=ids,
    sample=ids,
    frame=slugs,
    parent_frame=slugs,
    poses=several(st.builds(m.TimedPose, at_ns=times_ns, pose=poses)),
)
entities = st.builds(
    m.Entity,
    id=ids,
    sample=ids,
    layer=ids,
    class_id=slugs,
    name=words,
    attributes=attributes,
    source_id=words,
)
annotated = st.builds(
    m.Annotation,
    id=ids,
    sample=ids,
    stream=ids,
    layer=ids,
    class_id=slugs,
    region=regions,
    at_ns=maybe(times_ns),
    index=maybe(st.integers(0, 999)),
    text=maybe(st.text(max_size=40)),
    words=several(
        st.builds(
            m.Word, start=st.integers(0, 9), end=st.integers(10, 20), start_ns=times_ns, end_ns=times_ns
        )
    ),
    attributes=attributes,
    entity=maybe(ids),
    score=maybe(st.floats(0, 1)),
    comment=words,
)
links = st.builds(
    m.Link,
    id=ids,
    sample=ids,
    layer=ids,
    type_id=slugs,
    source=ends,
    target=ends,
    attributes=attributes,
    status=st.sampled_from(m.LinkStatus),
    causes=several(causes, most=2),
    score=maybe(st.floats(0, 1)),
)
verdicts = st.builds(
    m.Verdict, id=ids, sample=ids, fingerprint=words, decision=st.sampled_from(m.Decision), reason=words
)

BY_KIND: dict[str, st.SearchStrategy[Any]] = {
    "project": projects,
    "ontology": ontologies,
    "layer": layers,
    "sample": samples,
    "stream": streams,
    "clock_map": clock_maps,
    "calibration": calibrations,
    "trajectory": trajectories,
    "entity": entities,
    "annotation": annotated,
    "link": links,
    "verdict": verdicts,
}
records: st.SearchStrategy[Any] = st.one_of(*BY_KIND.values())

ops = st.one_of(
    st.builds(Create, record=records),
    st.builds(Update, record=records, base=revisions),
    st.builds(Delete, kind=st.sampled_from(m.RECORD_KINDS), id=ids, base=revisions),
)
change_sets = st.builds(
    ChangeSet,
    id=ids,
    ops=several(ops),
    reason=words,
    origin=st.sampled_from(Origin),
    undoes=maybe(st.integers(1, 99)),
)
