"""Fixtures for the whole suite: real test data, browsers, Hypothesis profiles."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from tools.find_browser import BrowserNotFoundError, find_browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("CI", "").lower() == "true"

ALL_FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Software WebGL; an accelerated 2D canvas on it would be far slower than the processor's own.
WEBGL_FLAGS = [
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-accelerated-2d-canvas",
]

settings.register_profile(
    "ci", derandomize=True, deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("dev", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci" if IN_CI else "dev")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: their event loop must not meet other asyncio tests."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


def find_shared_data() -> Path | None:
    """Real recordings: BRAID_TEST_DATA, or `shared/data` beside the repository (or beside its main work tree)."""
    named = os.environ.get("BRAID_TEST_DATA")
    if named:
        return Path(named) if Path(named).is_dir() else None
    places = [ROOT.parent / "shared" / "data"]
    common = subprocess.run(
        ["git", "rev-parse", "--path-format=absolute", "--git-common-dir"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    if common:
        places.append(Path(common).parent.parent / "shared" / "data")
    return next((place for place in places if place.is_dir()), None)


if (_found := find_shared_data()) is not None:
    # Helpers that are no fixtures find the data by the same name.
    os.environ["BRAID_TEST_DATA"] = str(_found)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real test data; the test is skipped where it is absent."""
    found = find_shared_data()
    if found is None:
        pytest.skip("real test data is absent: set BRAID_TEST_DATA, or put it at ../shared/data")
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium with software WebGL; skipped where there is none, an error under CI."""
    from playwright.sync_api import sync_playwright

    try:
        program = find_browser(install=IN_CI)
    except BrowserNotFoundError as problem:
        if IN_CI:
            raise
        pytest.skip(f"no browser: {problem}")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=str(program), headless=True, args=[*ALL_FLAGS, *WEBGL_FLAGS]
        )
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page of 1440 x 900; an uncaught error in it fails the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    yield opened
    context.close()
    assert problems == [], f"the page threw: {problems}"
