"""The segment's camera: its preview picture, and its raw HEVC video put into MP4 with the times of its frames.

A raw HEVC stream has no times at all; the packets are copied, never decoded, and the original's hash is kept.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np

from braid.base.errors import InvalidInput
from braid.clock.clock_map import ClockSegment
from braid.formats.beside import image_size_px
from braid.formats.can.streams import Target
from braid.formats.comma2k19.poses import camera_pose
from braid.formats.comma2k19.segment import Ints, Poses, inside
from braid.formats.recording.stamps import median_period_ns
from braid.formats.recording.streams import stream_of
from braid.formats.rigid import finite_matrix
from braid.model.records import AnyRecord, Calibration, ClockMap, Modality, Reading, Sampling, Stream
from braid.model.timing import Stamp, Timing
from braid.space.pose import Camera

CAMERA = "camera"
EGO = "ego"
EON_PX = ((910.0, 0.0, 582.0), (0.0, 910.0, 437.0), (0.0, 0.0, 1.0))
"""Intrinsics of the phone that recorded the whole data set, for its 1164 x 874 pixels."""
EON_SIZE_PX = (1164, 874)
NANOSECOND = Fraction(1, 10**9)


def camera_records(target: Target, folder: Path, poses: Poses | None) -> list[AnyRecord]:
    """Streams of pictures and video with their calibration; what is missing is said."""
    records: list[AnyRecord] = []
    frames_ns = None if poses is None else poses.boot_ns - target.zero_ns
    preview = inside(target.files, folder, "preview.png")
    if preview is not None:
        records += _preview(target, folder, preview, frames_ns)
    video = next(
        (found for name in ("video.hevc", "video") if (found := inside(target.files, folder, name))), None
    )
    if video is not None and frames_ns is not None:
        records += _video(target, folder, video, frames_ns)
    elif video is not None:
        target.troubles.add(
            "no_frame_times", "the video has no times without global_pose/frame_times", spot="video"
        )
    return records


def _preview(target: Target, folder: Path, path: Path, frames_ns: Ints | None) -> list[AnyRecord]:
    at_ns = 0 if frames_ns is None else int(frames_ns[0])
    asset = target.files.asset(path)
    stream = stream_of(
        target.context,
        sample=target.sample,
        name="preview",
        modality=Modality.IMAGE,
        sampling=Sampling.INSTANT,
        timing=Timing(
            timescale=target.timing.timescale,
            stamp=Stamp.DEVICE,
            zero_ns=target.timing.zero_ns,
        ),
        readings=[Reading(at_ns=at_ns, asset=asset, name=path.name)],
        media_type="image/png",
        frame=CAMERA,
        source={**target.source, "shows": "the first video frame"},
    )
    return [stream, *_calibration(target, folder, stream, image_size_px(path))]


def _calibration(
    target: Target, folder: Path, stream: Stream, size_px: tuple[int, int] | None
) -> list[Calibration]:
    """Intrinsics of the file beside the segment, else the data set's own when the size is theirs."""
    if size_px is None:
        return []
    matrix = np.array(EON_PX)
    path = inside(target.files, folder, "camera_intrinsics.txt") or target.files.find("camera_intrinsics.txt")
    if path is not None:
        where = target.files.name(path)
        try:
            values = json.loads(target.files.read(path, limit=2**16).decode("utf-8", "replace"))
            matrix = finite_matrix(values, rows=3, columns=3, where=where)
        except (json.JSONDecodeError, RecursionError, InvalidInput) as error:
            target.troubles.add("bad_intrinsics", f"no 3 x 3 matrix: {str(error)[:120]}", spot=path.name)
            return []
    elif size_px != EON_SIZE_PX:
        target.troubles.add(
            "no_intrinsics", f"no intrinsics for {size_px[0]} x {size_px[1]} pixels", rejected=False
        )
        return []
    return [
        Calibration(
            id=target.context.new_id(),
            sample=target.sample,
            stream=stream.id,
            frame=CAMERA,
            parent_frame=EGO,
            parent_from_frame=camera_pose(),
            camera=Camera(
                fx_px=float(matrix[0, 0]),
                fy_px=float(matrix[1, 1]),
                cx_px=float(matrix[0, 2]),
                cy_px=float(matrix[1, 2]),
                width_px=size_px[0],
                height_px=size_px[1],
            ),
        )
    ]


def _video(target: Target, folder: Path, path: Path, frames_ns: Ints) -> list[AnyRecord]:
    made = target.context.scratch / "video.mp4"
    try:
        size_px = remux(path, made, frames_ns - frames_ns[0])
    except InvalidInput as error:
        made.unlink(missing_ok=True)
        target.troubles.add("bad_video", error.what + (f": {error.got}" if error.got else ""), spot=path.name)
        return []
    original = target.files.asset(path)
    del target.files.assets[original]
    digest = target.files.asset(made)
    kept = made.with_name(f"{digest}.mp4")
    made.replace(kept)
    target.files.assets[digest] = kept
    stream = stream_of(
        target.context,
        sample=target.sample,
        name="camera",
        modality=Modality.VIDEO,
        sampling=Sampling.INTERVAL,
        asset=digest,
        timing=Timing(
            period_ns=median_period_ns(frames_ns),
            timescale=target.timing.timescale,
            stamp=Stamp.DEVICE,
            zero_ns=str(int(target.timing.zero_ns) + int(frames_ns[0])),
        ),
        media_type="video/mp4",
        frame=CAMERA,
        source={
            **target.source,
            "original": path.name,
            "original_sha256": original,
            "remuxed": "copied packets",
        },
    )
    clock = ClockMap(
        id=target.context.new_id(),
        sample=target.sample,
        stream=stream.id,
        segments=(ClockSegment(media_ns=0, timeline_ns=int(frames_ns[0])),),
        method="times of the video frames",
    )
    return [stream, clock, *_calibration(target, folder, stream, size_px)]


def remux(path: Path, out: Path, times_ns: Ints) -> tuple[int, int]:
    """The packets of a raw HEVC stream in an MP4, one per time (N,), ascending from 0; the picture's size.

    Raises InvalidInput when the counts differ, frames are stored out of order, or it is no HEVC.
    """
    import av

    if len(times_ns) > 1 and not bool((np.diff(times_ns) > 0).all()):
        raise InvalidInput("the times of the video frames do not ascend")
    try:
        with av.open(str(path), format="hevc") as source:
            stream = source.streams.video[0]
            if stream.codec_context.has_b_frames:
                raise InvalidInput("the video stores its frames out of order, its times cannot be told")
            size_px = (stream.codec_context.width, stream.codec_context.height)
            with av.open(
                str(out), "w", format="mp4", options={"video_track_timescale": "1000000000"}
            ) as sink:
                track = sink.add_stream_from_template(stream)
                track.time_base = NANOSECOND
                count = 0
                for packet in source.demux(stream):
                    if not packet.size:
                        continue
                    if count < len(times_ns):
                        packet.pts = packet.dts = int(times_ns[count])
                        packet.time_base = NANOSECOND
                        packet.duration = _until_next(times_ns, count)
                        packet.stream = track
                        sink.mux(packet)
                    count += 1
    except (av.FFmpegError, IndexError, ValueError) as error:
        if isinstance(error, InvalidInput):
            raise
        raise InvalidInput("the video cannot be read as HEVC", got=str(error)[:120]) from error
    if count != len(times_ns):
        raise InvalidInput("the video has another number of frames", got=count, wanted=str(len(times_ns)))
    return size_px


def _until_next(times_ns: Ints, place: int) -> int:
    if place + 1 < len(times_ns):
        return int(times_ns[place + 1] - times_ns[place])
    return int(times_ns[place] - times_ns[place - 1]) if place else 50_000_000
