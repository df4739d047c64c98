"""The system's source of ids: UUIDv7 that ascend within a process even when the clock does not."""

from __future__ import annotations

import secrets
import threading
import time

from braid.base.ids import NewId, uuid7

_STEP_BITS = 74


def system_ids() -> NewId:
    """A thread-safe source of fresh UUIDv7; each one sorts after the one before."""
    lock = threading.Lock()
    last_ms, last_tail = 0, 0

    def new_id() -> str:
        nonlocal last_ms, last_tail
        with lock:
            now_ms = time.time_ns() // 1_000_000
            if now_ms > last_ms:
                last_ms, last_tail = now_ms, secrets.randbits(_STEP_BITS - 1)
            else:
                last_tail += 1 + secrets.randbits(32)
                if last_tail >> _STEP_BITS:
                    last_ms, last_tail = last_ms + 1, secrets.randbits(_STEP_BITS - 1)
            return uuid7(unix_ms=last_ms, entropy=_spread(last_tail))

    return new_id


new_id: NewId = system_ids()
"""The ids of this process."""


def _spread(tail: int) -> bytes:
    """74 bits laid around the version and variant bits of a UUID, so that their order is the id's order."""
    high, low = tail >> 62, tail & ((1 << 62) - 1)
    return (high << 64 | low).to_bytes(10, "big")
