"""A recording of several GiB into a workspace: how fast, and how much memory it takes at its highest.

Writes an MCAP (JPEG and raw pictures, sweeps, IMU) with the writer of the mcap library, imports it in a process of its
own, and prints the peak of that process's memory. Run with --gib N (default 0.25) and --keep to keep the file.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))
sys.path.insert(0, str(Path(__file__).parent.parent))

from mcap.writer import CompressionType
from mcap.writer import Writer as McapWriter
from tests.formats.recording import bag_kit

GIB = 2**30
LIMIT_GIB = 1.0
STEP_NS = 50_000_000


def messages(step: int, jpeg: bytes, rng: np.random.Generator) -> Iterator[tuple[str, str, bytes, int]]:
    """What one twentieth of a second records: four JPEG cameras, a raw one, a lidar, ten readings of an IMU."""
    types = bag_kit.store()
    at_ns = bag_kit.EPOCH + step * STEP_NS
    for camera in range(4):
        data = np.frombuffer(jpeg + rng.bytes(300_000) + b"\xff\xd9", dtype=np.uint8)
        kind = "sensor_msgs/msg/CompressedImage"
        message = bag_kit.make(kind, header=bag_kit.header(at_ns, f"cam{camera}"), format="jpeg", data=data)
        yield f"/cam{camera}/compressed", kind, bytes(types.serialize_cdr(message, kind)), at_ns
    pixels = rng.integers(0, 255, (480, 640, 3), dtype=np.uint8)
    kind = "sensor_msgs/msg/Image"
    message = bag_kit.picture(at_ns, pixels, "rgb8", frame="raw")
    yield "/raw/image", kind, bytes(types.serialize_cdr(message, kind)), at_ns
    if step % 2 == 0:
        kind = "sensor_msgs/msg/PointCloud2"
        points = rng.uniform(-40, 40, (60_000, 3)).astype(np.float32)
        yield "/lidar", kind, bytes(types.serialize_cdr(bag_kit.sweep(at_ns, points), kind)), at_ns
    kind = "sensor_msgs/msg/Imu"
    for part in range(10):
        stamp_ns = at_ns + part * STEP_NS // 10
        yield "/imu", kind, bytes(types.serialize_cdr(bag_kit.imu(stamp_ns, float(part)), kind)), stamp_ns


def write(path: Path, size: int) -> int:
    """A recording of at least that many bytes; how many messages it has."""
    jpeg = bag_kit.jpeg(0, (90, 120, 30)).data.tobytes()
    rng = np.random.default_rng(5)
    channels: dict[str, int] = {}
    count = step = 0
    with path.open("wb") as out:
        writer = McapWriter(out, chunk_size=4 << 20, compression=CompressionType.LZ4)
        writer.start(profile="ros2", library="bench")
        while out.tell() < size:
            for topic, kind, data, at_ns in messages(step, jpeg, rng):
                if topic not in channels:
                    text, _ = bag_kit.store().generate_msgdef(kind, ros_version=2)
                    schema = writer.register_schema(kind, "ros2msg", text.encode())
                    channels[topic] = writer.register_channel(topic, "cdr", schema)
                writer.add_message(channels[topic], log_time=at_ns + 3_000_000, data=data, publish_time=at_ns)
                count += 1
            step += 1
        writer.finish()  # type: ignore[no-untyped-call]
    return count


def take(path: str, folder: str, answer: multiprocessing.SimpleQueue[tuple[float, int, int, int]]) -> None:
    """Import into a fresh workspace, in a process of its own."""
    from braid.work.importing import import_files
    from braid.work.workspace import Workspace

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    with Workspace.open(Path(folder), create=True) as workspace:
        workspace.init_project("Bench", slug="bench")
        report = import_files(workspace, project="bench", format_id="mcap", path=Path(path))
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer.put((seconds, before * 1024, peak * 1024, report.accepted.streams))
    if report.rejected:
        print(*report.rejected[:5], sep="\n")


def main() -> None:
    """Write, import, print; exits with 1 when the import took more than 1 GiB."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gib", type=float, default=0.25)
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = arguments.keep or Path(folder, "drive.mcap")
        if not path.exists():
            start = time.perf_counter()
            count = write(path, round(arguments.gib * GIB))
            print(
                f"written: {path.stat().st_size / GIB:.2f} GiB, {count} messages, {time.perf_counter() - start:.0f} s"
            )
        context = multiprocessing.get_context("spawn")
        answer = context.SimpleQueue()
        process = context.Process(target=take, args=(str(path), str(Path(folder, "workspace")), answer))
        process.start()
        process.join()
        seconds, before, peak, streams = answer.get()
        size = path.stat().st_size
    print(f"imported: {streams} streams, {seconds:.0f} s, {size / seconds / 2**20:.0f} MiB/s")
    print(f"memory: {before / 2**20:.0f} MiB before, {peak / 2**20:.0f} MiB at its highest")
    if peak > LIMIT_GIB * GIB:
        sys.exit(1)


if __name__ == "__main__":
    main()
