"""Each command: what it prints, as text and as one JSON document, and how it exits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Braid

COMMANDS = (
    "demo", "serve", "init", "import", "export", "check", "validate", "rebuild", "verify", "formats", "checks",
    "doctor", "openapi", "align", "probe",
)  # fmt: skip


def test_help_names_every_command(braid: Braid) -> None:
    said = braid("--help")
    assert said.code == 0
    for name in COMMANDS:
        assert f"\n  {name}" in said.out
    assert braid().code == 2


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_an_example(braid: Braid, name: str) -> None:
    said = braid(name, "--help")
    assert said.code == 0
    assert f"Example: braid {name}" in said.out or f" {name} " in said.out.partition("Example: braid")[2]


def test_version(braid: Braid) -> None:
    assert braid("--version").out.startswith("braid ")


def test_init(braid: Braid, tmp_path: Path) -> None:
    made = braid("init", "Night drives", "--template", "driving", "--json")
    assert (made.code, made.document["slug"], made.document["template"]) == (0, "night-drives", "driving")
    assert (tmp_path / ".braid" / "braid.db").is_file()
    again = braid("init", "Night drives")
    assert again.code == 3
    assert again.out == ""
    assert "night-drives" in again.err


def test_global_options_stand_anywhere(braid: Braid, tmp_path: Path) -> None:
    assert braid("--json", "--workspace", "w", "init", "A").document["slug"] == "a"
    assert braid("init", "B", "--workspace=w", "--json").document["slug"] == "b"
    assert braid("init", "C", "--json", "--workspace", "w").document["slug"] == "c"
    assert braid("init", "--workspace", "w", "--", "--json").out.startswith("Began project json")
    assert (tmp_path / "w").is_dir()


def test_the_environment_names_the_workspace(
    braid: Braid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRAID_WORKSPACE", str(tmp_path / "elsewhere"))
    assert braid("init", "A").code == 0
    assert (tmp_path / "elsewhere" / "braid.db").is_file()


def test_failures_are_letters_and_with_json_one_document_too(braid: Braid) -> None:
    said = braid("check", "--project", "p")
    assert said.code == 3
    assert said.err.startswith("braid: ")
    assert "Traceback" not in said.err
    failed = braid("check", "--project", "p", "--json")
    assert failed.code == 3
    assert failed.document["error"]["code"] == "not_found"


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",),
        ("check",),
        ("init",),
        ("check", "-p", "x", "--fail-on", "never"),
        ("serve", "--port", "99999"),
    ],
)
def test_wrong_usage(braid: Braid, words: tuple[str, ...]) -> None:
    said = braid(*words)
    assert (said.code, said.out) == (2, "")


def test_import_check_export(braid: Braid, coco: Path, tmp_path: Path) -> None:
    braid("init", "Pics", "--template", "vision-language")
    rehearsed = braid("import", "coco", str(coco), "--project", "pics", "--dry-run", "--json")
    assert rehearsed.code == 1
    assert set(rehearsed.document) == {"accepted", "classes", "rejected", "warnings"}
    taken = braid("import", "coco", str(coco), "--project", "pics", "--json")
    assert taken.document == rehearsed.document
    assert taken.document["accepted"]["annotations"] == 2
    assert taken.document["rejected"][0]["where"].startswith("instances.json")

    checked = braid("check", "--project", "pics", "--json")
    assert checked.code == 1
    assert [view["finding"]["check"] for view in checked.document["items"]] == ["region-bounds"]
    text = braid("check", "--project", "pics")
    assert text.out.startswith("warning: a: ")
    assert braid("check", "--project", "pics", "--fail-on", "error").code == 0
    assert braid("check", "--project", "pics", "--sample", "nobody").code == 3

    out = tmp_path / "out"
    written = braid("export", "braid", "--project", "pics", "--out", str(out), "--history", "--json")
    assert (written.code, written.document["out"]) == (0, str(out))
    assert (out / "history.ndjson").is_file()
    full = braid("export", "braid", "--project", "pics", "--out", str(out))
    assert full.code == 3


def test_import_says_what_it_did(braid: Braid, coco: Path) -> None:
    braid("init", "Pics")
    said = braid("import", "coco", str(coco), "--project", "pics")
    assert said.code == 1
    assert said.out.startswith("Accepted 1 samples")
    assert "rejected: instances.json" in said.err


def test_validate_keeps_nothing(braid: Braid, coco: Path, tmp_path: Path) -> None:
    said = braid("validate", str(coco), "--format", "coco", "--json")
    assert said.code == 1
    assert said.document["report"]["rejected"]
    assert said.document["findings"][0]["finding"]["check"] == "region-bounds"
    assert not (tmp_path / ".braid").exists()
    assert braid("validate", str(coco), "--format", "nope").code == 3
    assert braid("validate", str(tmp_path / "nothing"), "--format", "coco").code == 3


def test_validate_of_good_files(braid: Braid, coco: Path) -> None:
    document = json.loads((coco / "instances.json").read_text())
    document["annotations"] = document["annotations"][:1]
    (coco / "instances.json").write_text(json.dumps(document))
    assert braid("validate", str(coco), "--format", "coco").code == 0


def test_rebuild_and_verify(braid: Braid, coco: Path) -> None:
    braid("init", "Pics")
    braid("import", "coco", str(coco), "--project", "pics")
    before = braid("verify", "--json").document["items"]
    assert len(before[0]["root"]) == 64
    assert braid("rebuild", "--json").document == {"rebuilt": ["pics"]}
    assert braid("verify", "--project", "pics", "--json").document["items"] == before


def test_lists(braid: Braid) -> None:
    assert "coco" in [one["id"] for one in braid("formats", "--json").document["items"]]
    assert braid("checks").out.count("\n") == len(braid("checks", "--json").document["items"])


def test_doctor(braid: Braid, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("braid.server.web.is_built", lambda: True)
    braid("init", "Pics")
    said = braid("doctor", "--json")
    found = {one["name"]: one for one in said.document["items"]}
    assert (said.code, all(one["ok"] for one in found.values())) == (0, True)
    assert {"python", "sqlite", "codec H.264", "codec VP9", "web app", "disk", "database"} <= set(found)
    assert found["database"]["detail"].startswith("1 projects")


def test_doctor_says_what_is_missing(braid: Braid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("braid.server.web.is_built", lambda: False)
    (tmp_path / ".braid").mkdir()
    (tmp_path / ".braid" / "braid.db").write_bytes(b"this is no database" * 100)
    said = braid("doctor")
    assert said.code == 1
    assert "missing  web app: not built. Run `make web`" in said.out
    assert "missing  database" in said.out


def test_openapi(braid: Braid) -> None:
    assert braid("openapi").document["openapi"] == "3.1.0"


def test_serve_keeps_to_this_computer(braid: Braid) -> None:
    said = braid("serve", "--host", "192.0.2.1")
    assert said.code == 2
    assert "--allow-remote" in said.err


def test_serve_without_a_workspace(braid: Braid) -> None:
    said = braid("serve", "--port", "0")
    assert said.code == 3
    assert "braid init" in said.err


def test_a_failure_nobody_foresaw_is_no_finding(braid: Braid, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("braid.work.catalogue.check_infos", broken)
    said = braid("checks", "--json")
    assert said.code == 3
    assert "ZeroDivisionError" in said.document["error"]["message"]
    assert "Traceback" in said.err
