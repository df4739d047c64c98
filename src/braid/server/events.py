"""Live events: one watching thread per project while somebody listens, any number of listeners on the event loop.

Commits are read from the log after the listener's last number, so nothing is lost between connections.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import msgspec

from braid.base.errors import BraidError
from braid.model.changes import Commit
from braid.model.views import Event
from braid.store.port import Store

HEARTBEAT_S = 15.0
WATCH_S = 0.5
PAGE = 200


def event_of(commit: Commit) -> Event:
    """What listeners are told about a commit."""
    return Event(
        seq=commit.seq,
        commit=commit.id,
        actor=commit.actor,
        samples=tuple(sorted({change.sample for change in commit.changes if change.sample is not None})),
        kinds=tuple(sorted({change.kind for change in commit.changes})),
    )


def encode_event(name: str, data: bytes, *, seq: int | None = None) -> bytes:
    r"""One server-sent event.

    >>> encode_event("commit", b"{}", seq=3)
    b'id: 3\nevent: commit\ndata: {}\n\n'
    """
    head = b"" if seq is None else b"id: %d\n" % seq
    return head + b"event: " + name.encode() + b"\ndata: " + data + b"\n\n"


@dataclass(eq=False, slots=True)
class Listener:
    """One open connection: woken by commits, handed the samples whose findings changed."""

    loop: asyncio.AbstractEventLoop
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    samples: list[str] = field(default_factory=list)

    def notify(self, sample: str | None) -> None:
        """From any thread."""
        try:
            self.loop.call_soon_threadsafe(self._wake, sample)
        except RuntimeError:
            return  # the loop is closed, and the connection with it

    def _wake(self, sample: str | None) -> None:
        if sample is not None and sample not in self.samples:
            self.samples.append(sample)
        self.wake.set()


class Hub:
    """Who listens to which project."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._listeners: dict[str, set[Listener]] = {}
        self._watchers: dict[str, threading.Thread] = {}
        self._closed = False

    def close(self) -> None:
        """End all streams and wait for the watching threads."""
        with self._lock:
            self._closed = True
            threads = list(self._watchers.values())
            listeners = [one for group in self._listeners.values() for one in group]
        for listener in listeners:
            listener.notify(None)
        for thread in threads:
            thread.join()

    def findings_changed(self, project: str, sample: str) -> None:
        """Tell listeners that a sample has other findings now. From any thread."""
        for listener in self._of(project):
            listener.notify(sample)

    async def stream(
        self, project: str, *, after: int, heartbeat_s: float = HEARTBEAT_S
    ) -> AsyncIterator[bytes]:
        """Server-sent events of commits after number `after`, without end."""
        listener = Listener(asyncio.get_running_loop())
        self._join(project, listener)
        try:
            yield b": listening\n\n"
            while not self._closed:
                listener.wake.clear()
                commits = await asyncio.to_thread(self._store.commits_after, project, after, limit=PAGE)
                for commit in commits:
                    after = commit.seq
                    yield encode_event("commit", msgspec.json.encode(event_of(commit)), seq=after)
                while listener.samples:
                    data = msgspec.json.encode({"sample": listener.samples.pop(0)})
                    yield encode_event("findings", data)
                if commits:
                    continue
                try:
                    await asyncio.wait_for(listener.wake.wait(), heartbeat_s)
                except TimeoutError:
                    yield b": still here\n\n"
        finally:
            self._leave(project, listener)

    def _join(self, project: str, listener: Listener) -> None:
        with self._lock:
            self._listeners.setdefault(project, set()).add(listener)
            if project not in self._watchers and not self._closed:
                thread = threading.Thread(
                    target=self._watch, args=(project,), name="braid-events", daemon=True
                )
                self._watchers[project] = thread
                thread.start()

    def _leave(self, project: str, listener: Listener) -> None:
        with self._lock:
            self._listeners.get(project, set()).discard(listener)

    def _of(self, project: str) -> list[Listener]:
        with self._lock:
            return list(self._listeners.get(project, ()))

    def _watch(self, project: str) -> None:
        try:
            seq = self._store.seq(project)
            for listener in self._of(project):
                listener.notify(None)
            while True:
                with self._lock:
                    if self._closed or not self._listeners.get(project):
                        self._watchers.pop(project, None)
                        return
                newest = self._store.wait_for(project, seq, timeout_s=WATCH_S)
                if newest > seq:
                    seq = newest
                    for listener in self._of(project):
                        listener.notify(None)
        except BraidError:  # the project was deleted: its listeners find out on their next read
            with self._lock:
                self._watchers.pop(project, None)
            for listener in self._of(project):
                listener.notify(None)
