"""A real `braid` server in a process of its own, that can be stopped, killed and started again on the same port."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/")


class Served:
    """`braid serve` on a workspace folder; the address is read from what it prints."""

    def __init__(self, workspace: Path, *, demo: bool = False) -> None:
        self.workspace = workspace
        self.demo = demo
        self.port = 0
        self.process: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        """Where it answers, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start, and return when the address answers."""
        command = [sys.executable, "-m", "braid.cli.app"]
        what = ["demo", str(self.workspace)] if self.demo else ["--workspace", str(self.workspace), "serve"]
        self.process = subprocess.Popen(
            [*command, *what, "--port", str(self.port)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            found = ADDRESS.search(line)
            if found:
                self.port = int(found[1])
                self.get("/api/healthz")
                return
        raise AssertionError("the server ended without printing an address")

    def stop(self, *, kill: bool = False) -> None:
        """End the process that `start` made; with `kill` at once, as a crash would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
        self.process.wait(timeout=30)
        if self.process.stdout is not None:
            self.process.stdout.close()
        self.process = None

    def get(self, path: str) -> Any:
        """The JSON answer of a GET."""
        with urllib.request.urlopen(self.address + path, timeout=30) as answer:  # noqa: S310 - our own server
            return json.load(answer)

    def sample(self, project: str, key: str) -> Any:
        """All of one sample."""
        return self.get(f"/api/projects/{project}/samples/{key}")
