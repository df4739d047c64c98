"""What the repository promises about its own files."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REGISTRY = re.compile(r"files\.python" + r"hosted|registry\.npm" + r"js|//py" + r"pi\.org/simple")
MACHINE = re.compile(r"(?<![\w.])/(?:work|root|farm)/[a-z]")


def tracked() -> list[Path]:
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in names.decode().split("\0") if name and (ROOT / name).is_file()]


def texts() -> list[tuple[Path, str]]:
    found = []
    for path in tracked():
        try:
            found.append((path, path.read_text("utf-8")))
        except UnicodeDecodeError:
            continue
    return found


def test_no_file_names_a_registry_host_or_a_folder_of_one_machine() -> None:
    culprits = [
        f"{path.relative_to(ROOT)}: {hit[0]}"
        for path, text in texts()
        for pattern in (REGISTRY, MACHINE)
        if (hit := pattern.search(text))
    ]
    assert culprits == []


def test_the_lock_file_of_the_web_app_records_no_addresses() -> None:
    assert '"resolved"' not in (ROOT / "web" / "package-lock.json").read_text()
    assert "://" not in (ROOT / "constraints.txt").read_text()


def test_no_tracked_file_is_larger_than_a_megabyte() -> None:
    large = [path.relative_to(ROOT).as_posix() for path in tracked() if path.stat().st_size > 2**20]
    assert large == []


@pytest.mark.parametrize("name", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_links_between_documents_lead_somewhere(name: str) -> None:
    text = (ROOT / name).read_text()
    broken = [link for link in re.findall(r"\]\(([^)#:]+)\)", text) if not (ROOT / link).exists()]
    assert broken == []


def test_the_readme_opens_with_the_two_commands_and_make_knows_them() -> None:
    opening = (ROOT / "README.md").read_text().splitlines()[:5]
    assert any("make demo" in line for line in opening)
    assert any("make test" in line for line in opening)
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = {line.split()[0] for line in listed.splitlines() if line.startswith("  ")}
    assert {"demo", "test", "format", "lint", "types", "floors", "web", "docs", "bench"} <= targets


def test_continuous_integration_runs_what_a_person_runs() -> None:
    commands = [
        line
        for line in (ROOT / ".ci" / "run").read_text().splitlines()
        if line and not line.startswith(("#", "set ", "cd "))
    ]
    assert commands == ["exec make test"]
