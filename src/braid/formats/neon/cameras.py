"""The scene and eye cameras: videos with the stamps of their frames, and the intrinsics of `calibration.bin`.

The MP4 of a part has times of its own; a clock map fitted on the stamps puts them on the recording's clock.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np

from braid.base.errors import InvalidInput
from braid.clock.ns import SECOND_NS, round_half_up
from braid.formats.neon.files import Ints, part_paths, read_stamps
from braid.formats.recording.series_asset import Column, SeriesAsset
from braid.formats.recording.stamps import choose, median_period_ns
from braid.formats.recording.streams import fitted_clock, stream_of
from braid.formats.seam import ReadContext, Sources
from braid.formats.troubles import Troubles
from braid.model.records import AnyRecord, Calibration, Modality, Sampling, Stream
from braid.model.timing import Stamp, Timescale, Timing
from braid.space.pose import Camera

SCENE = "scene_camera"
MODULE = "neon"
CAMERAS = (
    ("Neon Scene Camera v1", "scene camera", SCENE),
    ("Neon Sensor Module v1", "eye cameras", "eye_cameras"),
)
SCENE_SIZE_PX = (1600, 1200)
_CALIBRATION = np.dtype([
    ("version", "u1"), ("serial", "S6"),
    ("scene_matrix", "<f8", (3, 3)), ("scene_distortion", "<f8", (8,)), ("scene_extrinsics", "<f8", (4, 4)),
    ("eyes", "<f8", (66,)), ("crc", "<u4"),
])  # fmt: skip
MAX_FRAMES = 10_000_000


def camera_stamps(files: Sources, folder: Path, troubles: Troubles) -> dict[str, Ints]:
    """Stamps of every camera over its parts, by the name of its files."""
    found: dict[str, Ints] = {}
    for stem, _, _ in CAMERAS:
        parts = [read_stamps(files, path, troubles) for path in part_paths(files, folder, stem, ".time")]
        if parts and sum(len(part) for part in parts):
            found[stem] = np.concatenate(parts)
    return found


def camera_records(
    files: Sources, context: ReadContext, sample: str, folder: Path, troubles: Troubles, *, zero_ns: int
) -> list[AnyRecord]:
    """A video per part with its clock map; without the video, its frame times as a series."""
    records: list[AnyRecord] = []
    for stem, name, frame in CAMERAS:
        paths = part_paths(files, folder, stem, ".time")
        for path in paths:
            unix_ns = read_stamps(files, path, troubles)
            if not len(unix_ns):
                continue
            label = name if len(paths) == 1 else f"{name} {path.stem.removeprefix(stem).strip()}"
            video = path.with_suffix(".mp4")
            if video.is_file() and video.resolve().is_relative_to(files.base):
                records += _video(
                    files, context, sample, video, unix_ns, troubles, name=label, frame=frame, zero_ns=zero_ns
                )
            else:
                records.append(
                    _frame_times(files, context, sample, path, unix_ns, troubles, name=label, zero_ns=zero_ns)
                )
        records += _calibration(files, context, folder, troubles, records, frame)
    return records


def _frame_times(
    files: Sources,
    context: ReadContext,
    sample: str,
    path: Path,
    unix_ns: Ints,
    troubles: Troubles,
    *,
    name: str,
    zero_ns: int,
) -> Stream:
    aux_path = path.with_suffix(".time_aux")
    aux_ns = read_stamps(files, aux_path, troubles) if aux_path.is_file() else None
    if aux_ns is not None and len(aux_ns) != len(unix_ns):
        troubles.add("count_differs", f"{len(aux_ns)} stamps for {len(unix_ns)} frames", spot=aux_path.name)
        aux_ns = None
    stamps = {Stamp.DEVICE: unix_ns} if aux_ns is None else {Stamp.DEVICE: unix_ns, Stamp.LOG: aux_ns}
    chosen = choose(stamps, forced=Stamp.DEVICE)
    series = SeriesAsset(
        context.scratch, [Column(name="frame", kind="int64")], stamps=() if aux_ns is None else ("log",)
    )
    series.add_many(
        unix_ns - zero_ns,
        [np.arange(len(unix_ns), dtype=np.int64)],
        [] if aux_ns is None else [aux_ns - zero_ns],
    )
    troubles.add(
        "no_video",
        f"the video {path.with_suffix('.mp4').name} is not there; its frame times are kept",
        rejected=False,
    )
    return stream_of(
        context,
        sample=sample,
        name=f"{name} frames",
        modality=Modality.SERIES,
        sampling=Sampling.INSTANT,
        asset=series.finish(files),
        timing=Timing(
            period_ns=median_period_ns(unix_ns),
            timescale=Timescale.UTC,
            stamp=Stamp.DEVICE,
            zero_ns=str(zero_ns),
            gaps=chosen.gaps,
        ),
        source={
            "format": "neon",
            "file": path.name,
            **({} if aux_ns is None else {"log_stamps": aux_path.name}),
        },
    )


def _video(
    files: Sources,
    context: ReadContext,
    sample: str,
    path: Path,
    unix_ns: Ints,
    troubles: Troubles,
    *,
    name: str,
    frame: str,
    zero_ns: int,
) -> list[AnyRecord]:
    try:
        shown_ns, audio = presentation_ns(path)
    except InvalidInput as error:
        troubles.add("bad_video", error.what, spot=path.name)
        return []
    whole = min(len(shown_ns), len(unix_ns))
    if len(shown_ns) != len(unix_ns):
        text = f"{len(shown_ns)} frames and {len(unix_ns)} stamps; the first {whole} were paired"
        troubles.add("count_differs", text, spot=path.name, rejected=False)
    if not whole:
        return []
    asset = files.asset(path)
    records: list[AnyRecord] = []
    for there, modality, sampling in (
        (True, Modality.VIDEO, Sampling.INTERVAL),
        (audio, Modality.AUDIO, Sampling.CONTINUOUS),
    ):
        if not there:
            continue
        stream = stream_of(
            context,
            sample=sample,
            name=name if modality is Modality.VIDEO else f"{name} audio",
            modality=modality,
            sampling=sampling,
            asset=asset,
            timing=Timing(period_ns=median_period_ns(unix_ns), timescale=Timescale.MEDIA),
            media_type="video/mp4",
            frame=frame if modality is Modality.VIDEO else "",
            source={"format": "neon", "file": path.name},
        )
        records.append(stream)
        records.append(
            fitted_clock(
                context,
                stream,
                media_ns=shown_ns[:whole],
                timeline_ns=unix_ns[:whole] - zero_ns,
                method=f"stamps of the frames in {path.with_suffix('.time').name}",
            )
        )
    return records


def presentation_ns(path: Path) -> tuple[Ints, bool]:
    """When the container shows each video frame (N,), ascending, and whether it has audio. Raises InvalidInput."""
    import av

    found: list[Fraction] = []
    try:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            for packet in container.demux(stream):
                if packet.size and packet.pts is not None and len(found) < MAX_FRAMES:
                    found.append(packet.pts * (packet.time_base or Fraction(1, SECOND_NS)))
            audio = bool(container.streams.audio)
    except (av.FFmpegError, IndexError, ValueError) as error:
        raise InvalidInput(f"the video cannot be read: {str(error)[:100]}", where=path.name) from error
    return np.array([round_half_up(one * SECOND_NS) for one in sorted(found)], dtype=np.int64), audio


def _calibration(
    files: Sources,
    context: ReadContext,
    folder: Path,
    troubles: Troubles,
    records: list[AnyRecord],
    frame: str,
) -> list[Calibration]:
    """Intrinsics of the scene camera for its video streams."""
    streams = [one for one in records if isinstance(one, Stream) and one.frame == SCENE]
    path = folder / "calibration.bin"
    if frame != SCENE or not streams or not path.is_file():
        return []
    camera = read_camera(files.read(path, limit=2**16), troubles)
    if camera is None:
        return []
    return [
        Calibration(
            id=context.new_id(),
            sample=stream.sample,
            stream=stream.id,
            frame=SCENE,
            parent_frame=MODULE,
            camera=camera,
        )
        for stream in streams
    ]


def read_camera(raw: bytes, troubles: Troubles) -> Camera | None:
    """The scene camera of `calibration.bin`; None, with a trouble, when it has another layout."""
    if len(raw) != _CALIBRATION.itemsize:
        text = f"{len(raw)} bytes, wanted {_CALIBRATION.itemsize}"
        troubles.add("bad_calibration", text, spot="calibration.bin", rejected=False)
        return None
    record = np.frombuffer(raw, dtype=_CALIBRATION)[0]
    k, distortion = record["scene_matrix"], record["scene_distortion"]
    if not (np.isfinite(k).all() and np.isfinite(distortion).all() and k[0, 0] > 0 and k[1, 1] > 0):
        troubles.add("bad_calibration", "its numbers are no camera", spot="calibration.bin", rejected=False)
        return None
    return Camera(
        fx_px=float(k[0, 0]),
        fy_px=float(k[1, 1]),
        cx_px=float(k[0, 2]),
        cy_px=float(k[1, 2]),
        width_px=SCENE_SIZE_PX[0],
        height_px=SCENE_SIZE_PX[1],
        distortion="brown_conrady",
        coefficients=tuple(float(value) for value in distortion),
    )
