"""comma2k19 segments as samples: logs, raw CAN, poses of the camera, its video, on one boot clock tied to UTC."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import numpy as np

from braid.base.errors import InvalidInput
from braid.clock.ns import seconds_text
from braid.formats.can.databases import DBC_OPTION, Databases, load_databases
from braid.formats.can.streams import Target
from braid.formats.comma2k19.buses import bus_streams, raw_frames
from braid.formats.comma2k19.camera import camera_records
from braid.formats.comma2k19.logs import frame_stream, log_stream, place_log
from braid.formats.comma2k19.poses import AGREES, UPRIGHT, local_poses, order_of, rotations
from braid.formats.comma2k19.segment import Poses, read_logs, read_poses, segment_folders, tie_of
from braid.formats.options import FormatOption
from braid.formats.read_only import ReadOnly
from braid.formats.recording.streams import fitted_clock
from braid.formats.seam import Problem, ReadContext, SampleBundle, Sources
from braid.formats.troubles import Troubles
from braid.model.records import AnyRecord, Sample, Stream, TimedPose, Trajectory
from braid.model.timing import Stamp, Timescale, Timing

WORLD = "world"
EGO = "ego"


class Comma2k19(ReadOnly):
    """Segments of the comma2k19 data set."""

    id: ClassVar[str] = "comma2k19"
    title: ClassVar[str] = "comma2k19 segments"
    purpose: ClassVar[str] = "One minute of driving: CAN, IMU, GNSS, radar, camera poses and video."
    example: ClassVar[str] = "segment/processed_log with segment/global_pose"
    options: ClassVar[tuple[FormatOption, ...]] = (
        DBC_OPTION,
        FormatOption(
            name="stamp",
            meaning="place receivers by their own time or by the recorder's (default: their own when it can be right)",
            values=("device", "log", "auto"),
        ),
    )

    def read(self, files: Sources, context: ReadContext) -> Iterator[SampleBundle | Problem]:
        """One sample per segment. Raises InvalidInput when there is none."""
        folders = list(segment_folders(files))
        if not folders:
            raise InvalidInput(
                "no comma2k19 segment",
                where=files.root.name,
                wanted="a folder with processed_log and global_pose",
            )
        databases = load_databases(files, context)
        yield from databases.problems
        for folder in folders:
            yield from _read_segment(files, context, folder, databases)


def _read_segment(
    files: Sources, context: ReadContext, folder: Path, databases: Databases
) -> Iterator[SampleBundle | Problem]:
    key = files.name(folder) if folder != files.base else folder.name
    troubles = Troubles(key)
    logs = list(read_logs(files, folder, troubles))
    poses = read_poses(files, folder, troubles)
    groups = raw_frames(files, folder, troubles)
    tie = tie_of(poses)
    placed = [place_log(log, tie, context.options, troubles) for log in logs]
    firsts = [
        *(int(one.boot_ns.min()) for one in placed),
        *(int(records["at_ns"].min()) for records in groups.values()),
        *([int(poses.boot_ns.min())] if poses is not None else []),
    ]
    if not firsts:
        yield from troubles.told()
        yield Problem(where=key, code="empty", message="no array of the segment can be read", rejected=True)
        return
    zero_ns = min(firsts)
    epoch_ns = None if tie is None else zero_ns + tie.unix_minus_boot_ns
    sample = Sample(
        id=context.new_id(),
        key=key,
        epoch_ns=None if epoch_ns is None else str(epoch_ns),
        source={
            "format": "comma2k19",
            "clock": "seconds since the device booted"
            + (f"; UTC by the GPS time of frames, +-{tie.spread_ns} ns" if tie is not None else ""),
        },
    )
    target = Target(
        files=files,
        context=context,
        sample=sample.id,
        zero_ns=zero_ns,
        timing=Timing(timescale=Timescale.MONOTONIC, stamp=Stamp.LOG, zero_ns=str(zero_ns)),
        troubles=troubles,
        source={"format": "comma2k19"},
    )
    streams: list[Stream] = [log_stream(target, one, tie) for one in placed]
    if poses is not None:
        streams.append(frame_stream(target, poses))
    streams += bus_streams(target, groups, databases)
    records: list[AnyRecord] = list(streams)
    records += camera_records(target, folder, poses)
    if tie is not None and not tie.steady and poses is not None and poses.unix_ns is not None:
        troubles.add(
            "clock_drifts",
            f"GPS time of frames and boot clock drift by {seconds_text(tie.spread_ns)} s; every stream got a clock map",
            rejected=False,
        )
        records += [
            fitted_clock(
                context,
                stream,
                media_ns=poses.boot_ns - zero_ns,
                timeline_ns=poses.unix_ns - int(epoch_ns or 0),
                method="boot clock on the GPS time of video frames",
            )
            for stream in records
            if isinstance(stream, Stream) and stream.timing.timescale is Timescale.MONOTONIC
        ]
    elif tie is None:
        troubles.add("no_gps_time", "no GPS time of frames ties the boot clock to UTC", rejected=False)
    trajectory = _trajectory(target, poses)
    if trajectory is not None:
        records.append(trajectory)
    yield from troubles.told()
    yield SampleBundle(sample=sample, records=tuple(records))


def _trajectory(target: Target, poses: Poses | None) -> Trajectory | None:
    """The camera's way; refused when no reading of the quaternions lets it look where it drives."""
    if poses is None or poses.positions_ecef_m is None or poses.quaternions is None:
        return None
    velocities = poses.velocities_ecef_m_s
    velocities = np.zeros_like(poses.positions_ecef_m) if velocities is None else velocities
    whole = (
        np.isfinite(poses.positions_ecef_m).all(axis=1)
        & np.isfinite(velocities).all(axis=1)
        & np.isfinite(poses.quaternions).all(axis=1)
        & (np.abs(np.linalg.norm(poses.quaternions, axis=1) - 1) < 1e-3)
        & (np.linalg.norm(poses.positions_ecef_m, axis=1) > 1e6)
    )
    if not whole.all():
        text = f"{int((~whole).sum())} of {len(whole)} poses have no finite position or unit quaternion"
        target.troubles.add("bad_pose", text, spot="global_pose")
    if not whole.any():
        return None
    positions, quaternions = poses.positions_ecef_m[whole], poses.quaternions[whole]
    order = order_of(quaternions, velocities[whole], positions)
    if order.forward < AGREES or order.upright < UPRIGHT:
        target.troubles.add(
            "pose_order",
            "in no order of their numbers do the quaternions look where the car drives:"
            f" at best {order.name}, cosine {order.forward:.3f}",
            spot="global_pose/frame_orientations",
        )
        return None
    if order.name != "wxyz":
        text = f"the quaternions are {order.name}, not wxyz (by the velocities)"
        target.troubles.add("pose_order", text, spot="global_pose/frame_orientations", rejected=False)
    times = poses.boot_ns[whole] - target.zero_ns
    placed = local_poses(positions, rotations(quaternions, order.name))
    ascending = dict(sorted(zip((int(one) for one in times), placed, strict=True)))
    return Trajectory(
        id=target.context.new_id(),
        sample=target.sample,
        frame=EGO,
        parent_frame=WORLD,
        poses=tuple(TimedPose(at_ns=at_ns, pose=pose) for at_ns, pose in ascending.items()),
    )
