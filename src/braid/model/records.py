"""Records: everything that lives in the history. A tagged union with the field `kind`.

A record's revision is the first 32 hex digits of the SHA-256 of its canonical JSON (rule H2b of docs/spec/history.md),
so the browser can compute it offline and an export carries it without numbering.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from braid.clock.clock_map import ClockFit, ClockSegment
from braid.clock.rates import Rate
from braid.model.regions import AnyRegion, AttributeValue
from braid.model.timing import UNTIMED, Timing
from braid.space.pose import Camera, Pose

CHOICE = "choice"


def settle(value: msgspec.Struct, **defaults: object) -> None:
    """Make members that equal their default be it, so that they are left out however they came (rule H2b).

    msgspec leaves out a member that *is* its default; a decoded one is only equal to it.
    """
    for name, default in defaults.items():
        if getattr(value, name) == default:
            msgspec.structs.force_setattr(value, name, default)


class Record(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", omit_defaults=True):
    """Root of the union; never used itself. `id` is a UUIDv7 made by the creator."""

    id: str


class Project(Record, frozen=True, kw_only=True, tag="project"):
    """What holds samples, one ontology and layers. `slug` is its name in addresses."""

    slug: str
    name: str
    template: str = ""
    description: str = ""


class Attribute(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A typed question about an annotation or link. `type`: text, number, boolean, choice, choices."""

    id: str
    name: str
    type: str = CHOICE
    values: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    required: bool = False
    default: AttributeValue | None = None
    description: str = ""

    def __post_init__(self) -> None:
        settle(self, type=CHOICE)


class OntologyClass(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A node of the class tree. `regions`: the region kinds it may take, empty for all. colour: 0-7 of the palette."""

    id: str
    name: str
    parent: str | None = None
    regions: tuple[str, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    colour: int | None = None
    deprecated: bool = False
    replaced_by: str | None = None
    synonyms: tuple[str, ...] = ()
    skeleton: tuple[str, ...] = ()
    description: str = ""


class LinkEnd(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What may stand at an end: region kinds (or "entity"), classes (with their descendants), modalities.

    Empty means any.
    """

    kinds: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ()


ANY_END = LinkEnd()


class LinkType(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A typed relation. `temporal`: "" or "overlap" (ends must overlap on the timeline) or "contains".

    `spatial`: "" or "projection" (a cuboid must project onto the box). `same_entity`: both ends speak of one thing.
    """

    id: str
    name: str
    source: LinkEnd = ANY_END
    target: LinkEnd = ANY_END
    attributes: tuple[Attribute, ...] = ()
    symmetric: bool = False
    temporal: str = ""
    spatial: str = ""
    same_entity: bool = False
    inverse_name: str = ""
    deprecated: bool = False
    description: str = ""

    def __post_init__(self) -> None:
        settle(self, source=ANY_END, target=ANY_END)


class Ontology(Record, frozen=True, kw_only=True, tag="ontology"):
    """The one taxonomy of a project (law O1). Each change of it is a new revision."""

    version: int
    classes: tuple[OntologyClass, ...] = ()
    link_types: tuple[LinkType, ...] = ()


class LayerKind(StrEnum):
    """Whose layer it is."""

    PERSON = "person"
    MODEL = "model"
    IMPORT = "import"
    CONSENSUS = "consensus"


class Layer(Record, frozen=True, kw_only=True, tag="layer"):
    """One actor's annotations and links in a project. For a model, name it with its version (law H7)."""

    name: str
    actor: str
    layer_kind: LayerKind = LayerKind.PERSON
    model_version: str = ""


class SampleState(StrEnum):
    """How far the work on a sample is."""

    TODO = "todo"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"


class Sample(Record, frozen=True, kw_only=True, tag="sample"):
    """The unit judged as a whole. `key` is unique in the project; `epoch_ns` is the timeline's zero as Unix ns digits."""

    key: str
    epoch_ns: str | None = None
    state: SampleState = SampleState.TODO
    tags: tuple[str, ...] = ()
    source: dict[str, str] = {}


class Modality(StrEnum):
    """What a stream is made of."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    TEXT = "text"
    POINT_CLOUD = "point_cloud"
    SERIES = "series"


class Sampling(StrEnum):
    """What one reading stands for in time."""

    INSTANT = "instant"
    INTERVAL = "interval"
    SWEEP = "sweep"
    EVENT = "event"
    CONTINUOUS = "continuous"


class Reading(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One picture or sweep of a stream that is stored as separate assets. at_ns: media time.

    stamps: what the other stamps ("device", "publish", "log") said, also in media time.
    """

    at_ns: int
    asset: str
    name: str = ""
    stamps: dict[str, int] = {}


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a container's edit list: `duration_ns` of the track from `from_ns` of its packets; None: nothing."""

    duration_ns: int
    from_ns: int | None


class MediaFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What probing found. Times in media ns; sizes after EXIF orientation; `channels` names of a series' columns.

    media_zero: the container's own seconds at media time 0, an exact fraction ("1001/15000"), "" for 0. priming,
    padding: audio samples that the file tells to drop at the ends (encoder delay, pre-skip); None: it does not say.
    """

    width_px: int | None = None
    height_px: int | None = None
    start_ns: int | None = None
    duration_ns: int | None = None
    frame_count: int | None = None
    rate: Rate | None = None
    channel_count: int | None = None
    point_count: int | None = None
    text_length: int | None = None
    codec: str = ""
    channels: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    media_zero: str = ""
    priming: int | None = None
    padding: int | None = None
    edits: tuple[Edit, ...] = ()


NO_FACTS = MediaFacts()


class Stream(Record, frozen=True, kw_only=True, tag="stream"):
    """One sensor's or channel's readings in a sample.

    `asset` (SHA-256) for files that hold the whole stream, `readings` for one file per reading.
    `track` picks the stream inside a container (0 = first of its kind). `frame`: frame of reference of its readings.
    """

    sample: str
    name: str
    modality: Modality
    sampling: Sampling
    asset: str | None = None
    readings: tuple[Reading, ...] = ()
    track: int = 0
    media_type: str = ""
    file_name: str = ""
    facts: MediaFacts = NO_FACTS
    frame: str = ""
    tolerance_ns: int | None = None
    timing: Timing = UNTIMED
    source: dict[str, str] = {}

    def __post_init__(self) -> None:
        settle(self, facts=NO_FACTS, timing=UNTIMED)


EXACT = ClockFit()


class ClockAnchor(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One place where both clocks were seen. residual_ns: seen timeline time minus the map's; `used`: not an outlier."""

    media_ns: int
    timeline_ns: int
    sigma_ns: int = 0
    residual_ns: int = 0
    used: bool = True
    name: str = ""


class ClockMap(Record, frozen=True, kw_only=True, tag="clock_map"):
    """A stream's media time to the sample timeline. A stream without one uses the identity.

    reference: the stream whose clock it was measured against, "" for the timeline itself. anchors: the evidence.
    valid_from_ns, valid_to_ns: media times between which it was measured; beyond them it is an extrapolation.
    """

    sample: str
    stream: str
    segments: tuple[ClockSegment, ...]
    fit: ClockFit = EXACT
    method: str = ""
    reference: str = ""
    anchors: tuple[ClockAnchor, ...] = ()
    valid_from_ns: int | None = None
    valid_to_ns: int | None = None

    def __post_init__(self) -> None:
        settle(self, fit=EXACT)


AT_PARENT = Pose()


class Calibration(Record, frozen=True, kw_only=True, tag="calibration"):
    """Where a stream's frame of reference stands in its parent frame, and its camera when it is one.

    `parent_from_frame` maps coordinates in the stream's `frame` to `parent_frame`.
    """

    sample: str
    stream: str
    frame: str
    parent_frame: str
    parent_from_frame: Pose = AT_PARENT
    camera: Camera | None = None

    def __post_init__(self) -> None:
        settle(self, parent_from_frame=AT_PARENT)


class TimedPose(msgspec.Struct, frozen=True, kw_only=True):
    """A pose at a timeline instant."""

    at_ns: int
    pose: Pose


class Trajectory(Record, frozen=True, kw_only=True, tag="trajectory"):
    """A moving frame of reference (the ego vehicle in the world): parent_from_frame at timeline instants."""

    sample: str
    frame: str
    parent_frame: str
    poses: tuple[TimedPose, ...]


class Entity(Record, frozen=True, kw_only=True, tag="entity"):
    """The real-world thing that annotations in many streams speak of."""

    sample: str
    layer: str
    class_id: str
    name: str = ""
    attributes: dict[str, AttributeValue] = {}
    source_id: str = ""


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """Code points [start, end) of a text are spoken during media time [start_ns, end_ns) of its stream."""

    start: int
    end: int
    start_ns: int
    end_ns: int


class Annotation(Record, frozen=True, kw_only=True, tag="annotation"):
    """A region with a class in a layer.

    at_ns, index: media time and native anchor (video frame, sweep) of a shape on a stream that moves.
    text, words: what captions and transcripts say, and when. score: of a model. source_id: id in the file it came from.
    """

    sample: str
    stream: str
    layer: str
    class_id: str
    region: AnyRegion
    at_ns: int | None = None
    index: int | None = None
    text: str | None = None
    language: str = ""
    words: tuple[Word, ...] = ()
    attributes: dict[str, AttributeValue] = {}
    entity: str | None = None
    score: float | None = None
    comment: str = ""
    source_id: str = ""


class EndKind(StrEnum):
    """What stands at the end of a link."""

    ANNOTATION = "annotation"
    ENTITY = "entity"


class End(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One end of a link, with the revision it was judged against (law L2)."""

    id: str
    judged: str
    kind: EndKind = EndKind.ANNOTATION


class Cause(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a link is suspect (law L3): which end changed in what, by whom, when, by how much.

    end: "source" or "target". changed: names of material fields, or "missing" or "clock" or "calibration".
    at_ns: Unix ns digits. amount: for people, for example "moved 14.0 px, IoU 0.62".
    """

    end: str
    changed: tuple[str, ...]
    by: str
    at_ns: str
    from_rev: str
    to_rev: str | None
    amount: str = ""


class LinkStatus(StrEnum):
    """A proposal waits for a person; an accepted link counts."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"


class Link(Record, frozen=True, kw_only=True, tag="link"):
    """A typed, directed relation between two annotations or entities. `causes` non-empty means suspect."""

    sample: str
    layer: str
    type_id: str
    source: End
    target: End
    attributes: dict[str, AttributeValue] = {}
    status: LinkStatus = LinkStatus.ACCEPTED
    causes: tuple[Cause, ...] = ()
    score: float | None = None
    comment: str = ""
    source_id: str = ""


class Decision(StrEnum):
    """A person's decision on a finding."""

    FIXED = "fixed"
    WAIVED = "waived"
    NOT_AN_ERROR = "not_an_error"


class Verdict(Record, frozen=True, kw_only=True, tag="verdict"):
    """A decision on one finding, named by its fingerprint. A waiver needs a reason."""

    sample: str
    fingerprint: str
    decision: Decision
    reason: str = ""


AnyRecord = (
    Project
    | Ontology
    | Layer
    | Sample
    | Stream
    | ClockMap
    | Calibration
    | Trajectory
    | Entity
    | Annotation
    | Link
    | Verdict
)

RECORD_KINDS: tuple[str, ...] = (
    "project",
    "ontology",
    "layer",
    "sample",
    "stream",
    "clock_map",
    "calibration",
    "trajectory",
    "entity",
    "annotation",
    "link",
    "verdict",
)
"""In the order in which they may refer to one another."""


def kind_of_record(record: AnyRecord) -> str:
    """The record's tag, for example "annotation"."""
    tag = record.__struct_config__.tag
    assert isinstance(tag, str)
    return tag


def sample_of(record: AnyRecord) -> str | None:
    """The sample a record belongs to; None for project-wide ones. A sample belongs to itself."""
    if isinstance(record, Sample):
        return record.id
    return getattr(record, "sample", None)
