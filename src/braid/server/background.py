"""Checks after each commit: one thread, one turn per sample however often it changed meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

import structlog

from braid.base.errors import BraidError
from braid.work.checking import BATCH, Runner, all_samples, check_samples
from braid.work.served import ServedWorkspace

_log = structlog.get_logger("braid.server")


class BackgroundChecks:
    """Keeps findings true. `changed(project, sample)` is called for each sample whose findings differ afterwards."""

    def __init__(
        self, workspace: ServedWorkspace, *, run: Runner, changed: Callable[[str, str], None]
    ) -> None:
        self._workspace, self._run, self._changed = workspace, run, changed
        self._store = workspace.store
        self._due: dict[tuple[str, str], None] = {}
        self._news = threading.Condition()
        self._busy = False
        self._closed = False
        self._thread: threading.Thread | None = None

    def committed(self, project: str, seqs: Iterable[int]) -> None:
        """Check what these commits touched; a change of the ontology touches every sample."""
        samples: set[str] = set()
        for seq in seqs:
            changes = self._store.commit_at(project, seq).changes
            samples.update(change.sample for change in changes if change.sample is not None)
            if any(change.kind == "ontology" for change in changes):
                samples.update(all_samples(self._store, project))
        self.due(project, samples)

    def due(self, project: str, samples: Iterable[str]) -> None:
        """Check these samples soon."""
        with self._news:
            self._due.update({(project, sample): None for sample in sorted(samples)})
            if self._thread is None and self._due and not self._closed:
                self._busy = True
                self._thread = threading.Thread(target=self._work, name="braid-checks", daemon=True)
                self._thread.start()
            self._news.notify_all()

    def wait_idle(self, *, timeout_s: float = 30.0) -> bool:
        """Block until nothing is due; whether that happened in time."""
        with self._news:
            return self._news.wait_for(lambda: not self._due and not self._busy, timeout_s)

    def close(self) -> None:
        """Let the turn under way finish and end the thread."""
        with self._news:
            self._closed = True
            self._news.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _work(self) -> None:
        while True:
            with self._news:
                self._busy = False
                self._news.notify_all()
                self._news.wait_for(lambda: self._due or self._closed)
                if self._closed:
                    return
                project = next(iter(self._due))[0]
                samples = [sample for owner, sample in self._due if owner == project][:BATCH]
                for sample in samples:
                    del self._due[project, sample]
                self._busy = True
            self._turn(project, samples)

    def _turn(self, project: str, samples: list[str]) -> None:
        try:
            before = {sample: self._store.findings(project, sample=sample) for sample in samples}
            check_samples(self._workspace, project, samples, run=self._run)
            for sample in samples:
                if self._store.findings(project, sample=sample) != before[sample]:
                    self._changed(project, sample)
        except BraidError as error:
            _log.warning("checks could not run", project=project, error=error.letter())
        except Exception:  # noqa: BLE001 - one broken check must not end the thread for all
            _log.exception("a check failed", project=project, samples=samples)
