"""Finds a Chromium for the browser tests; make and the pytest fixture both ask here.

Order: the variable BRAID_CHROMIUM, the PATH, Playwright's own download, and, as root on a Debian-like system,
Debian's package. Prints the path, or says loudly that there is none.

    python tools/find_browser.py             find
    python tools/find_browser.py --install   find, or install Debian's package when root
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

VARIABLE = "BRAID_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class BrowserNotFoundError(Exception):
    """No browser; the message says where was looked and what to do."""


def from_variable() -> Path | None:
    """What BRAID_CHROMIUM names; naming something that is not there is an error, not a reason to look elsewhere."""
    named = os.environ.get(VARIABLE)
    if not named:
        return None
    path = Path(named)
    if not path.is_file():
        raise BrowserNotFoundError(f"{VARIABLE} is {named!r}, wanted the path of a Chromium program")
    return path


def from_path() -> Path | None:
    """The first known name on the PATH."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return Path(found) if found else None


def from_playwright() -> Path | None:
    """The newest Chromium that `playwright install chromium` has put into its cache."""
    home = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    caches = (
        [Path(home)]
        if home
        else [Path.home() / ".cache" / "ms-playwright", Path.home() / "Library" / "Caches" / "ms-playwright"]
    )
    patterns = (
        "chromium-*/chrome-linux*/chrome",
        "chromium-*/chrome-mac*/Chromium.app/Contents/MacOS/Chromium",
    )
    found = [path for cache in caches for pattern in patterns for path in cache.glob(pattern)]
    return max(found, key=lambda p: p.stat().st_mtime, default=None)


def from_debian() -> Path | None:
    """Debian's package, installed now; only root may, and only where apt-get is."""
    if os.name != "posix" or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return None
    print("browser: none found; installing Debian's chromium package", file=sys.stderr, flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", "chromium"]):
        done = subprocess.run(
            ["apt-get", *arguments], env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            print(f"browser: apt-get {arguments[0]} failed: {done.stderr.strip()[-300:]}", file=sys.stderr)
    return from_path()


def find_browser(*, install: bool = False) -> Path:
    """The path of a Chromium; with `install`, Debian's package is tried last.

    Raises BrowserNotFoundError with what to do.
    """
    found = from_variable() or from_path() or from_playwright() or (from_debian() if install else None)
    if found is None:
        raise BrowserNotFoundError(
            f"no Chromium: {VARIABLE} is not set, none of {', '.join(NAMES)} is on the PATH, and Playwright has downloaded none. "
            f"Try: apt-get install chromium, or playwright install chromium, or {VARIABLE}=/path/to/chromium"
        )
    return found


def main(arguments: list[str]) -> int:
    """The command line. Without a browser: 0 with a warning, so that the other tests run; 3 under CI=true."""
    try:
        print(find_browser(install="--install" in arguments))
    except BrowserNotFoundError as error:
        bar = "!" * 100
        print(f"{bar}\n!! BROWSER TESTS CANNOT RUN: {error}\n{bar}", file=sys.stderr)
        return 3 if os.environ.get("CI") == "true" else 0
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
