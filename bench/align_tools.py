"""One existing alignment tool on one pair of files: prints its answer and the seconds that a second run took,
so that imports and compiling are left out.

Runs in the environment of the tools (see align_bench.py), so it knows nothing of Braid.
lag_s: what the tool says is added to a time of the second file to get that of the first.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
import tempfile
import time
import wave
from collections.abc import Callable
from pathlib import Path


def have_ffmpeg(folder: Path) -> None:
    """Put the ffmpeg of imageio-ffmpeg on the path when there is no other."""
    import os

    if shutil.which("ffmpeg"):
        return
    import imageio_ffmpeg

    (folder / "ffmpeg").symlink_to(imageio_ffmpeg.get_ffmpeg_exe())
    os.environ["PATH"] = f"{folder}{os.pathsep}{os.environ['PATH']}"


def offset_finder(a: str, b: str) -> Callable[[], float]:
    """Steps of 16 ms by its own account."""
    from audio_offset_finder.audio_offset_finder import find_offset_between_files

    return lambda: float(find_offset_between_files(a, b)["time_offset"])


def syncstart(a: str, b: str) -> Callable[[], float]:
    """Compares all of both files; the rate that it would ask ffprobe for is handed in."""
    import syncstart as tool

    def longest() -> tuple[int, float]:
        rates, seconds = [], []
        for path in (a, b):
            with wave.open(path) as opened:
                rates.append(opened.getframerate())
                seconds.append(opened.getnframes() / opened.getframerate())
        return max(rates), max(seconds)

    rate_hz, seconds = longest()
    tool.get_max_rate = lambda *_: rate_hz

    def run() -> float:
        cut, by_s = tool.file_offset(in1=a, in2=b, take=int(seconds) + 1, show=False, quiet=True, loglevel=16)
        return float(by_s) if Path(cut) == Path(a) else -float(by_s)

    return run


def audalign(a: str, b: str) -> Callable[[], float]:
    """Correlation of the waveforms."""
    import audalign as tool

    recognizer = tool.CorrelationRecognizer()
    recognizer.config.multiprocessing = False

    def run() -> float:
        shifts = tool.align_files(a, b, recognizer=recognizer)
        return float(shifts[Path(b).name]) - float(shifts[Path(a).name])

    return run


def ffsubsync(audio: str, source: str, target: str) -> Callable[[], float]:
    """Writes the moved subtitles to the target."""
    from ffsubsync.ffsubsync import make_parser, run

    arguments = make_parser().parse_args([audio, "-i", source, "-o", target])

    def once() -> float:
        if not run(arguments)["sync_was_successful"]:
            raise SystemExit("it found no offset")
        return 0.0

    return once


TOOLS = {
    "audio-offset-finder": offset_finder,
    "syncstart": syncstart,
    "audalign correlation": audalign,
    "ffsubsync": ffsubsync,
}


def main() -> None:
    """`align_tools.py TOOL FILE ...`."""
    name, *files = sys.argv[1:]
    with tempfile.TemporaryDirectory() as scratch, contextlib.redirect_stdout(sys.stderr):
        have_ffmpeg(Path(scratch))
        run = TOOLS[name](*files)
        sys.argv = [name]
        run()
        began = time.perf_counter()
        lag_s = run()
        seconds = time.perf_counter() - began
    print(json.dumps({"lag_s": lag_s, "seconds": seconds}))


if __name__ == "__main__":
    main()
