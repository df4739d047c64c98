"""Bodies that only the HTTP edge knows: requests, lists without a noun of their own, and the answers about itself."""

from __future__ import annotations

import msgspec

from braid.model.changes import Batch, BatchResult, ChangeSet, Commit, ErrorBody, Outcome, Stale
from braid.model.findings import CheckInfo, ErrorResponse, ImportReport
from braid.model.proposals import Proposal
from braid.model.records import AnyRecord
from braid.model.statistics import ProjectStatistics
from braid.model.views import (
    CommitPage,
    DiffView,
    Event,
    FindingView,
    ProjectPage,
    ProjectSummary,
    RevisionPage,
    SamplePage,
    SampleView,
    Versioned,
)
from braid.work.alignment import AlignmentView, AlignRequest, ClockEffectRequest, Effect
from braid.work.catalogue import FormatInfo


class NewProject(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What it takes to begin a project. slug: its name in addresses, made from `name` when left out."""

    name: str
    template: str = ""
    slug: str = ""


class UndoRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Take commit `seq` back. id: UUIDv7 of the change set that does it, so that asking twice is harmless."""

    seq: int
    id: str


class RestoreRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Bring a record, a sample, or all of the project back to its state at commit `to_seq`."""

    to_seq: int
    id: str
    sample: str | None = None
    record: str | None = None


class CheckRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which samples (ids) to check again; all when left out."""

    samples: tuple[str, ...] | None = None


class ImportRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A folder or file on the server's own disk; only taken in local mode."""

    path: str


class VersionedPage(msgspec.Struct, frozen=True, kw_only=True):
    """Records with their revisions."""

    items: tuple[Versioned, ...]
    next: str | None = None


class ProposalPage(msgspec.Struct, frozen=True, kw_only=True):
    """Proposals of one sample, best first."""

    items: tuple[Proposal, ...]
    next: str | None = None


class FindingPage(msgspec.Struct, frozen=True, kw_only=True):
    """Findings with their standing."""

    items: tuple[FindingView, ...]
    next: str | None = None


class FormatPage(msgspec.Struct, frozen=True, kw_only=True):
    """All formats."""

    items: tuple[FormatInfo, ...]
    next: str | None = None


class CheckPage(msgspec.Struct, frozen=True, kw_only=True):
    """All checks."""

    items: tuple[CheckInfo, ...]
    next: str | None = None


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """Who this browser writes as. csrf: send it as X-Braid-CSRF with everything that changes state.

    local: this server imports from paths of its own disk.
    """

    actor: str
    layer_name: str
    csrf: str
    local: bool


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the server is alive (healthz) or can reach its database (readyz)."""

    status: str


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """What runs here."""

    name: str
    version: str


class StaleError(msgspec.Struct, frozen=True, kw_only=True):
    """The error envelope of a refused write, with both versions of each record in `details`."""

    code: str
    message: str
    where: str
    hint: str
    details: tuple[Stale, ...]


class StaleResponse(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a write whose If-Match names a revision that is no longer the head."""

    error: StaleError


class FramesBody(msgspec.Struct, frozen=True, kw_only=True):
    """The frame table of a video, and how it lines up with what a browser plays.

    zero_s: <video>.currentTime at media time 0. playable_starts_s: presentation time of each video frame there.
    """

    starts_ns: tuple[int, ...]
    end_ns: int
    key_frames: tuple[int, ...]
    zero_s: float
    playable_starts_s: tuple[float, ...]
    width_px: int
    height_px: int
    proxy: bool


class PeakLevel(msgspec.Struct, frozen=True, kw_only=True):
    """One level of the pyramid: `bins` bins of `samples_per_bin` audio samples, from byte `offset` of peaks.bin."""

    samples_per_bin: int
    bins: int
    offset: int


class PeakRate(msgspec.Struct, frozen=True, kw_only=True):
    """Audio samples per second, exactly."""

    num: int
    den: int


class SpectrumLevelBody(msgspec.Struct, frozen=True, kw_only=True):
    """hop: audio samples per column; offset: first byte of the level in spectrogram.bin."""

    hop: int
    columns: int
    offset: int


class SpectrogramBody(msgspec.Struct, frozen=True, kw_only=True):
    """What spectrogram.bin holds: per level its columns of `bands` bytes, low bands first.

    A byte is 0 for `floor_db` of full scale and below, 255 for 0 dB; the bands share 0 Hz to `top_hz` evenly.
    """

    rate: PeakRate
    bands: int
    top_hz: float
    floor_db: float
    start_ns: int
    levels: tuple[SpectrumLevelBody, ...]


class PeaksBody(msgspec.Struct, frozen=True, kw_only=True):
    """What peaks.bin holds: per level, per bin, per channel two int8 (minimum, maximum), full scale 127.

    zero_s: <audio>.currentTime at media time 0.
    """

    rate: PeakRate
    channels: int
    start_ns: int
    duration_ns: int
    levels: tuple[PeakLevel, ...]
    zero_s: float = 0.0


class PointTile(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a sweep: metre = offset_m + value * scale_m."""

    byte_offset: int
    count: int
    scale_m: float
    offset_m: tuple[float, float, float]


class PointsBody(msgspec.Struct, frozen=True, kw_only=True):
    """What points.bin holds, per tile: int16 x, y, z; uint8 intensity; padding to 4; uint32 original index."""

    count: int
    bounds_min_m: tuple[float, float, float]
    bounds_max_m: tuple[float, float, float]
    frame: str
    tiles: tuple[PointTile, ...]
    fields: tuple[str, ...]
    warnings: tuple[str, ...] = ()


class TextBody(msgspec.Struct, frozen=True, kw_only=True):
    """A text stream, decoded. length: in code points."""

    text: str
    length: int
    encoding: str
    warnings: tuple[str, ...]


class SeriesChannel(msgspec.Struct, frozen=True, kw_only=True):
    """One column: bins at t_ns (media time) with their extremes; min == max where a bin is one reading."""

    name: str
    unit: str
    t_ns: tuple[int, ...]
    min: tuple[float | None, ...]
    max: tuple[float | None, ...]


class SeriesBody(msgspec.Struct, frozen=True, kw_only=True):
    """A window of a series in at most `bins` bins per channel. total: readings in the whole stream."""

    channels: tuple[SeriesChannel, ...]
    start_ns: int
    end_ns: int
    total: int


DOCUMENTED = (
    AnyRecord, Batch, BatchResult, ChangeSet, Outcome, Commit, CommitPage, ErrorBody, ErrorResponse, StaleResponse,
    NewProject, UndoRequest, RestoreRequest, CheckRequest, ImportRequest, ImportReport, ProjectPage, ProjectSummary,
    SamplePage, SampleView, Versioned, VersionedPage, RevisionPage, DiffView, FindingPage, ProposalPage, FormatPage, CheckPage,
    Event, Session, ProjectStatistics, Health, Version, FramesBody, PeaksBody, PointsBody, TextBody, SeriesBody, SpectrogramBody,
    AlignRequest, AlignmentView, ClockEffectRequest, Effect,
)  # fmt: skip
"""Every type that has a component in the OpenAPI document."""
