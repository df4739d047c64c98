"""Run by test_crash.py and killed by it: commits, and names each commit on standard output once it is acknowledged."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from braid.history.codec import record_from
from braid.model.changes import ChangeSet, OutcomeState, Update
from braid.model.regions import Box
from braid.store import open_store
from braid.store.ids import new_id


def main() -> None:
    path, project, record = sys.argv[1:]
    store = open_store(Path(path))
    head = store.heads(project, [record])[record]
    annotation, rev = record_from(head.record), head.rev
    x0_px = int(rev, 16) % 1000
    while True:
        x0_px += 1
        annotation = msgspec.structs.replace(
            annotation, region=Box(x0_px=x0_px, y0_px=0, x1_px=x0_px + 10, y1_px=10)
        )
        one = ChangeSet(id=new_id(), ops=(Update(record=annotation, base=rev),))
        outcome = store.commit(project, [one], actor="writer").outcomes[0]
        if outcome.state is not OutcomeState.COMMITTED:
            raise SystemExit(f"not committed: {outcome}")
        rev = next(one.rev for one in outcome.heads if one.id == record)
        sys.stdout.write(f"{outcome.seq} {rev}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
