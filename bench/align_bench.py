"""Aligning sound and transcripts beside existing tools, on the same files in one run: worst error and speed.

The tools live in an environment of their own, never in Braid's:

    python -m venv tools-venv
    tools-venv/bin/pip install audio-offset-finder syncstart audalign ffsubsync imageio-ffmpeg
    python bench/align_bench.py --tools tools-venv/bin/python

They decode with ffmpeg: the one on the path, else the one in imageio-ffmpeg. A tool that is absent or fails is named
with the reason and left out. Every pair is made here, its truth exact by construction; `--data` adds real recordings.
`--quick` runs two short pairs; `--hour` adds a pair of one hour (only Braid reads it) and needs 6 GiB of memory.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from tests.align.speech import SOURCE_HZ, Pair, noisy, pair, speech

from braid.align.audio import align_audio
from braid.align.estimate import Estimate
from braid.align.transcript import align_transcript
from braid.clock.clock_map import to_timeline
from braid.clock.ns import Ns

ROOT = Path(__file__).parent.parent
PAL = 25 * 1001 / 24000
LONGEST_FOR_TOOLS_S = 150
AUDIO_TOOLS = ("audio-offset-finder", "syncstart", "audalign correlation")
DRIVER = Path(__file__).parent / "align_tools.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One pair to make: SNR of B in dB (A has 5 dB more, at least 10), hard rooms reverberate more than they speak."""

    name: str
    seconds: float
    offset_s: float
    drift_ppm: float
    snr_db: float = 10.0
    rate_b_hz: int = 44_100
    hard: bool = False

    def make(self, seed: int) -> Pair:
        """The two recordings."""
        return pair(
            seconds=self.seconds,
            offset_s=self.offset_s,
            drift_ppm=self.drift_ppm,
            seed=seed,
            rate_b_hz=self.rate_b_hz,
            snr_a_db=max(10.0, self.snr_db + 5),
            snr_b_db=self.snr_db,
            rt60_s=(0.7, 0.9) if self.hard else (0.4, 0.6),
            direct_db=(-2.0, -2.0) if self.hard else (6.0, 3.0),
        )


QUICK = (
    Scene(name="s1", seconds=40, offset_s=3.1415926, drift_ppm=35),
    Scene(name="s5", seconds=40, offset_s=11.70001, drift_ppm=120, rate_b_hz=16_000),
)
SCENES = (
    *QUICK,
    Scene(name="s2", seconds=40, offset_s=5.6789123, drift_ppm=-45, rate_b_hz=16_000),
    Scene(name="s3", seconds=40, offset_s=9.0123457, drift_ppm=80),
    Scene(name="clean", seconds=60, offset_s=7.3129457, drift_ppm=35, snr_db=30),
    Scene(name="mid", seconds=120, offset_s=7.3129457, drift_ppm=35, snr_db=5),
    Scene(name="hard", seconds=120, offset_s=-7.3129457, drift_ppm=35, snr_db=-5, hard=True),
    Scene(name="hard", seconds=600, offset_s=41.70031, drift_ppm=-62, snr_db=-5, hard=True),
)
HOUR = Scene(name="hard", seconds=3600, offset_s=213.4567891, drift_ppm=35, snr_db=-5, hard=True)
TRANSCRIPTS = ((3.7, 0.0, 1.0), (-2.345, 0.15, 1.0), (12.34, 0.3, 1.0), (5.0, 0.15, PAL))


@dataclass(slots=True)
class Tools:
    """The other environment, and why a tool of it is left out."""

    python: str
    absent: dict[str, str] = field(default_factory=dict)

    def run(self, tool: str, *arguments: str) -> dict[str, float] | None:
        """What the driver printed for one tool; None, with a word said once, when it cannot run."""
        if not self.python:
            self.absent.setdefault(tool, "no environment of tools: see --tools")
        if tool in self.absent:
            return None
        path = f"{Path(self.python).absolute().parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            [self.python, str(DRIVER), tool, *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=900,
            env={**os.environ, "PATH": path, "MPLBACKEND": "agg"},
        )
        if done.returncode != 0:
            self.absent[tool] = (done.stderr.strip().splitlines() or ["it said nothing"])[-1][:100]
            print(f"  {tool}: left out ({self.absent[tool]})")
            return None
        answer: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
        return answer


def worst_us(a_of_b: Callable[[float], float], truth: Pair) -> float:
    """The largest error over the part that both recorded, microseconds."""
    start_s, end_s = truth.overlap_b_s()
    return max(abs(a_of_b(at_s) - truth.a_of(at_s)) for at_s in np.linspace(start_s, end_s, 100)) * 1e6


def of_estimate(found: Estimate) -> Callable[[float], float]:
    """Seconds of A for seconds of B."""
    return lambda at_s: to_timeline(found.segments, Ns(round(at_s * 1e9))) / 1e9


def audio_rows(scene: Scene, seed: int, tools: Tools, folder: Path) -> None:
    """One scene, every tool."""
    truth = scene.make(seed)
    paths = [folder / "a.wav", folder / "b.wav"]
    for path, sound, rate_hz in ((paths[0], truth.a, truth.rate_a_hz), (paths[1], truth.b, truth.rate_b_hz)):
        soundfile.write(path, sound / (1.1 * np.abs(sound).max()), rate_hz, subtype="PCM_16")
    title = f"{scene.name} {scene.seconds:.0f} s, {scene.drift_ppm:+.0f} ppm, {scene.snr_db:.0f} dB"
    began = time.perf_counter()
    (a, rate_a), (b, rate_b) = (soundfile.read(path, dtype="float32") for path in paths)
    loaded, busy = time.perf_counter(), time.process_time()
    found = align_audio(a, rate_a, b, rate_b)
    ended, busy = time.perf_counter(), time.process_time() - busy
    if isinstance(found, Estimate):
        line(title, "braid", worst_us(of_estimate(found), truth), scene.seconds / (ended - began))
        print(
            f"{'':<32} {'':<22} (without reading the files: {scene.seconds / (ended - loaded):.0f}x, "
            f"by processor time {scene.seconds / busy:.0f}x)"
        )
    else:
        print(f"{title:<32} braid refuses: {found.why}")
    for tool in AUDIO_TOOLS if scene.seconds <= LONGEST_FOR_TOOLS_S else ():
        answer = tools.run(tool, *map(str, paths))
        if answer is not None:
            lag_s = answer["lag_s"]
            line(
                "",
                tool,
                worst_us(lambda at_s, lag_s=lag_s: at_s + lag_s, truth),
                scene.seconds / answer["seconds"],
            )


def line(title: str, tool: str, error_us: float, speed: float) -> None:
    """One row of the table of sounds."""
    print(f"{title:<32} {tool:<22} worst {error_us:>14,.2f} us   {speed:>7.0f}x real time", flush=True)


def unrelated(count: int) -> None:
    """Every two of `count` scenes of the same voices and syllables: each alignment accepted is a false one."""
    sounds = [
        pair(seconds=60, offset_s=3, drift_ppm=35, seed=100 + seed, rate_a_hz=16_000, rate_b_hz=16_000)
        for seed in range(count)
    ]
    outcomes = [
        align_audio(one.a, 16_000, other.b, 16_000) for one in sounds for other in sounds if one is not other
    ]
    wrong = sum(isinstance(outcome, Estimate) for outcome in outcomes)
    missed = sum(not isinstance(align_audio(one.a, 16_000, one.b, 16_000), Estimate) for one in sounds)
    highest = max(outcome.quality or 0.0 for outcome in outcomes)
    print(
        f"\n{len(outcomes)} unrelated pairs: {wrong} accepted, highest z {highest:.1f} (bound 9); "
        f"{count} related ones: {missed} refused"
    )


def second_recorder(data: Path) -> None:
    """Real speech and the same as another recorder stored it: its band-pass shifts all sound by tens of microseconds."""
    print("\nsecond recorder (real speech; its filter alone delays all sound alike)")
    for reference, name in (
        ("dialogue/elan_fable/fables_01_03_aesop_64kb.ogg", "fable"),
        ("dialogue/telephone_2spk/sample.wav", "telephone"),
    ):
        folder = data / "clocks" / "second_recorder"
        truth = json.loads((folder / f"{name}_recorderB_truth.json").read_text(encoding="utf-8"))
        a, rate_a = soundfile.read(data / reference, dtype="float32", always_2d=True)
        b, rate_b = soundfile.read(folder / f"{name}_recorderB.flac", dtype="float32", always_2d=True)
        found = align_audio(a.mean(axis=1), rate_a, b.mean(axis=1), rate_b)
        if not isinstance(found, Estimate):
            print(f"{name:<12} refused: {found.why}")
            continue
        speed = 1 + truth["drift_ppm"] * 1e-6
        drift_ppm = (1e15 / (1e15 + found.segments[0].rate_ppq) - 1) * 1e6
        at_s = found.fit.centre_ns / 1e9
        error_us = (of_estimate(found)(at_s) - (at_s - truth["offset_s"]) / speed) * 1e6
        print(
            f"{name:<12} drift {drift_ppm:+.3f} ppm (truth {truth['drift_ppm']:+.0f}), "
            f"offset error {error_us:+.1f} us, residuals {found.rms_ns / 1e3:.1f} us rms"
        )


def transcripts(tools: Tools, folder: Path, *, seeds: int) -> None:
    """Cues whose edges are off by up to half the jitter to each side: the median error of a cue's edges."""
    print("\ntranscripts (300 s, 72 cues, 10 dB; median error of the cues, over seeds: median and worst)")
    for offset_s, jitter_s, rate in TRANSCRIPTS:
        errors: dict[str, list[float]] = {"braid": [], "ffsubsync": []}
        spent: dict[str, float] = {"braid": 0.0, "ffsubsync": 0.0}
        for seed in range(seeds):
            dry, phrases = speech(300, seed=seed + 1)
            sound = noisy(dry, snr_db=10, seed=seed)
            rng = np.random.default_rng(seed)
            edges = np.array(phrases[:72]) + rng.uniform(-jitter_s / 2, jitter_s / 2, (72, 2))
            edges[:, 1] = np.maximum(edges[:, 1], edges[:, 0] + 0.2)
            cues = [(round(start * 1e9), round(end * 1e9)) for start, end in (edges - offset_s) / rate]
            began = time.perf_counter()
            found = align_transcript(cues, sound, SOURCE_HZ)
            spent["braid"] += time.perf_counter() - began
            if isinstance(found, Estimate):
                mapped = (
                    np.array([[to_timeline(found.segments, Ns(edge)) for edge in cue] for cue in cues]) / 1e9
                )
                errors["braid"].append(float(np.median(np.abs(mapped - edges))) * 1e3)
            if offset_s > 0 or min(start for start, _ in cues) >= 0:
                after = subtitles_after(tools, sound, cues, folder)
                if after is not None:
                    shifted, seconds = after
                    spent["ffsubsync"] += seconds
                    errors["ffsubsync"].append(float(np.median(np.abs(shifted - edges))) * 1e3)
        title = f"{offset_s:+.3f} s, {jitter_s * 1e3:.0f} ms, x{rate:.5f}"
        for tool, found_ms in errors.items():
            if found_ms:
                print(
                    f"{title:<32} {tool:<12} {np.median(found_ms):>8.1f} ms, worst {max(found_ms):>8.1f} ms, "
                    f"{300 * len(found_ms) / spent[tool]:>6.0f}x real time",
                    flush=True,
                )


def subtitles_after(
    tools: Tools, sound: np.ndarray, cues: list[tuple[int, int]], folder: Path
) -> tuple[np.ndarray, float] | None:
    """Where ffsubsync moves the cues, seconds, and how long it took; cues before zero are moved there and back."""
    lift_s = max(0.0, -min(start for start, _ in cues) / 1e9)
    lines = [
        f"{number}\n{clock(start / 1e9 + lift_s)} --> {clock(end / 1e9 + lift_s)}\nword\n"
        for number, (start, end) in enumerate(cues, 1)
    ]
    source, target, audio = (folder / name for name in ("in.srt", "out.srt", "sound.wav"))
    source.write_text("\n".join(lines), encoding="utf-8")
    soundfile.write(audio, sound / (1.1 * np.abs(sound).max()), SOURCE_HZ, subtype="PCM_16")
    answer = tools.run("ffsubsync", str(audio), str(source), str(target))
    if answer is None:
        return None
    rows = [
        text.split(" --> ") for text in target.read_text(encoding="utf-8").splitlines() if " --> " in text
    ]
    return np.array([[seconds_of(start), seconds_of(end)] for start, end in rows]), answer["seconds"]


def clock(at_s: float) -> str:
    """A time as SubRip writes it."""
    milliseconds = round(at_s * 1000)
    return f"{milliseconds // 3_600_000:02}:{milliseconds // 60_000 % 60:02}:{milliseconds // 1000 % 60:02},{milliseconds % 1000:03}"


def seconds_of(text: str) -> float:
    """The time that SubRip wrote."""
    hours, minutes, seconds = text.strip().replace(",", ".").split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def main() -> None:
    """Run what was asked for and print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="two short pairs, few seeds")
    parser.add_argument("--hour", action="store_true", help="add a pair of one hour")
    parser.add_argument(
        "--tools", default=os.environ.get("BRAID_BENCH_PYTHON", ""), help="python of the tools"
    )
    parser.add_argument(
        "--data", type=Path, default=os.environ.get("BRAID_TEST_DATA"), help="real recordings"
    )
    asked = parser.parse_args()
    tools = Tools(python=asked.tools)
    data = Path(asked.data) if asked.data else ROOT.parent / "shared" / "data"
    warm = pair(seconds=8, offset_s=0, drift_ppm=0, seed=99)
    align_audio(warm.a, warm.rate_a_hz, warm.b, warm.rate_b_hz)
    with tempfile.TemporaryDirectory() as scratch:
        for seed, scene in enumerate(
            (*(QUICK if asked.quick else SCENES), *((HOUR,) if asked.hour else ())), 1
        ):
            audio_rows(scene, seed, tools, Path(scratch))
        unrelated(4 if asked.quick else 10)
        if (data / "clocks" / "second_recorder").is_dir():
            second_recorder(data)
        transcripts(tools, Path(scratch), seeds=1 if asked.quick else 5)
    for tool, reason in tools.absent.items():
        print(f"left out: {tool} ({reason})")
    print(f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.1f} GiB")


if __name__ == "__main__":
    main()
