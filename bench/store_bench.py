"""The store beside plain sqlite3: one edit with the suspects it makes, one sample read.

Both databases hold the same records; both write the same rows with synchronous=FULL. Run with --annotations N.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from braid.base.hashing import revision_of
from braid.history.codec import encode_record, record_from
from braid.history.commits import digest_of
from braid.model.changes import Change, ChangeSet, Commit, Create, Origin, OutcomeState, Update
from braid.model.records import (
    Annotation,
    AnyRecord,
    End,
    Layer,
    Link,
    Modality,
    Ontology,
    Project,
    Sample,
    Sampling,
    Stream,
    kind_of_record,
    sample_of,
)
from braid.model.regions import Box
from braid.store.database import Session
from braid.store.ids import new_id
from braid.store.queries import project_row
from braid.store.sql_store import SqlStore
from braid.store.sqlite import SqliteDatabase
from braid.store.writing import write_commit, write_heads

PER_SAMPLE, LINKS_PER_SAMPLE = 50, 30
SAMPLES_PER_COMMIT = 100
SALT = "00" * 16

Encoded = tuple[AnyRecord, bytes, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Times of one thing in milliseconds."""

    name: str
    ours_ms: list[float]
    plain_ms: list[float]

    def line(self) -> str:
        """Medians, 95th percentiles and their ratios."""
        parts = []
        for label, at in (("p50", 0.5), ("p95", 0.95)):
            ours, plain = quantile(self.ours_ms, at), quantile(self.plain_ms, at)
            parts.append(f"{label} {ours:8.3f} ms, plain {plain:8.3f} ms, ratio {ours / plain:5.2f}")
        return f"{self.name:<22} {' | '.join(parts)}"


def quantile(times_ms: list[float], at: float) -> float:
    """The value that a share `at` of the times does not exceed."""
    return statistics.quantiles(times_ms, n=1000, method="inclusive")[round(at * 1000) - 1]


def main(arguments: list[str] | None = None) -> list[Measured]:
    """Build both databases, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--annotations", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument(
        "--folder", type=Path, help="where to put the databases (default: a temporary folder)"
    )
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        return measure(Path(folder), annotations=options.annotations, rounds=options.rounds)


def measure(folder: Path, *, annotations: int, rounds: int) -> list[Measured]:
    """Both databases in a folder; edits, reads, and what they took."""
    samples = max(1, annotations // PER_SAMPLE)
    store = SqlStore(SqliteDatabase(folder / "braid.db"))
    plain = Plain(folder / "plain.db")
    project, layer = found(store)
    started = time.perf_counter()
    pairs: list[tuple[str, str]] = []
    for batch in batches(layer, samples):
        bulk(store, project, batch)
        plain.load(batch)
        linked = {record.source.id for record, _, _ in batch if isinstance(record, Link)}
        pairs.extend(
            (record.sample, record.id)
            for record, _, _ in batch
            if isinstance(record, Annotation) and record.id in linked
        )
    plain.ready()
    print(
        f"{samples * PER_SAMPLE:,} annotations, {samples * LINKS_PER_SAMPLE:,} links in {samples:,} samples; "
        f"both loaded in {time.perf_counter() - started:.0f} s; braid.db {size_mb(folder / 'braid.db'):.0f} MB, "
        f"plain.db {size_mb(folder / 'plain.db'):.0f} MB"
    )
    chance = random.Random(5)
    chosen = [chance.choice(pairs) for _ in range(rounds)]
    edits = timed(
        "edit to suspects",
        chosen,
        ours=lambda pair: edit(store, project, pair[1]),
        plain=lambda pair: plain.edit(pair[1]),
    )
    reads = timed(
        "read of one sample",
        chosen,
        ours=lambda pair: msgspec.json.encode(store.sample(project, pair[0])),
        plain=lambda pair: plain.read(pair[0]),
    )
    suspects = len(store.suspects(project))
    assert suspects > 0
    assert suspects == plain.suspects()
    store.close()
    plain.connection.close()
    for one in (edits, reads):
        print(one.line())
    return [edits, reads]


def timed(
    name: str,
    chosen: list[tuple[str, str]],
    *,
    ours: Callable[[tuple[str, str]], object],
    plain: Callable[[tuple[str, str]], object],
) -> Measured:
    """The two sides take turns, so that both meet the same weather."""
    times: dict[str, list[float]] = {"ours": [], "plain": []}
    for pair in chosen:
        for side, work in (("ours", ours), ("plain", plain)):
            begun = time.perf_counter()
            work(pair)
            times[side].append((time.perf_counter() - begun) * 1e3)
    return Measured(name=name, ours_ms=times["ours"], plain_ms=times["plain"])


def found(store: SqlStore) -> tuple[str, str]:
    """A project and its layer."""
    project = Project(id=new_id(), slug="bench", name="Bench")
    layer = Layer(id=new_id(), name="local", actor="local")
    ops = tuple(Create(record=one) for one in (project, Ontology(id=new_id(), version=1), layer))
    store.create_project(ChangeSet(id=new_id(), ops=ops), actor="bench")
    return project.id, layer.id


def batches(layer: str, samples: int) -> Iterator[list[Encoded]]:
    """Encoded records, some samples at a time."""
    chance = random.Random(3)
    for first in range(0, samples, SAMPLES_PER_COMMIT):
        made: list[Encoded] = []
        for number in range(first, min(samples, first + SAMPLES_PER_COMMIT)):
            made.extend(sample_records(chance, layer, number))
        yield made


def sample_records(chance: random.Random, layer: str, number: int) -> list[Encoded]:
    """One sample with its annotations and links."""
    sample = Sample(id=new_id(), key=f"drive-{number:06}")
    stream = Stream(
        id=new_id(),
        sample=sample.id,
        name="front",
        modality=Modality.IMAGE,
        sampling=Sampling.INSTANT,
        asset="ab" * 32,
    )
    annotations = [
        with_bytes(
            Annotation(
                id=new_id(),
                sample=sample.id,
                stream=stream.id,
                layer=layer,
                class_id=chance.choice(("car", "person", "bicycle")),
                region=Box(x0_px=x, y0_px=y, x1_px=x + 40.5, y1_px=y + 30.25),
                attributes={"occluded": chance.choice(("none", "half", "most")), "moving": True},
                source_id=f"track-{chance.randrange(10**6)}",
            )
        )
        for x, y in (
            (round(chance.uniform(0, 1200), 2), round(chance.uniform(0, 700), 2)) for _ in range(PER_SAMPLE)
        )
    ]
    links = []
    for _ in range(LINKS_PER_SAMPLE):
        (source, _, source_rev), (target, _, target_rev) = chance.sample(annotations, 2)
        links.append(
            with_bytes(
                Link(
                    id=new_id(),
                    sample=sample.id,
                    layer=layer,
                    type_id="same-object",
                    source=End(id=source.id, judged=source_rev),
                    target=End(id=target.id, judged=target_rev),
                )
            )
        )
    return [with_bytes(sample), with_bytes(stream), *annotations, *links]


def with_bytes(record: AnyRecord) -> Encoded:
    """A record with its canonical JSON and revision."""
    return record, *encode_record(record)


def bulk(store: SqlStore, project: str, batch: list[Encoded]) -> None:
    """Records straight into log and heads, as one commit."""

    def job(session: Session) -> None:
        row = project_row(session, project, lock=True)
        commit = Commit(
            project=project,
            seq=row.seq + 1,
            id=new_id(),
            actor="bench",
            at_ns=str(time.time_ns()),
            origin=Origin.IMPORT,
            reason="",
            parent=row.leaf_hash,
            changes=tuple(
                Change(
                    kind=kind_of_record(record),
                    id=record.id,
                    sample=sample_of(record),
                    from_rev=None,
                    to_rev=rev,
                    digest=digest_of(payload, salt=SALT),
                )
                for record, payload, rev in batch
            ),
        )
        write_commit(session, row, commit, [SALT] * len(batch), [payload for _, payload, _ in batch])
        write_heads(
            session, row.no, [(record, rev, commit.seq, payload) for record, payload, rev in batch], []
        )

    store._database.write(job)  # noqa: SLF001 - the bulk path below the seam is what is loaded through


def edit(store: SqlStore, project: str, annotation: str) -> None:
    """What a gesture does: read the head, move the box, commit with suspects."""
    head = store.heads(project, [annotation])[annotation]
    before = record_from(head.record)
    assert isinstance(before, Annotation)
    assert isinstance(before.region, Box)
    region = msgspec.structs.replace(before.region, x1_px=before.region.x1_px + 1.5)
    after = msgspec.structs.replace(before, region=region)
    one = ChangeSet(id=new_id(), ops=(Update(record=after, base=head.rev),))
    outcome = store.commit(project, [one], actor="bench").outcomes[0]
    assert outcome.state is OutcomeState.COMMITTED


def size_mb(path: Path) -> float:
    """The size of a database."""
    return path.stat().st_size / 1e6


class Plain:
    """The same with the standard library alone: heads, history, chained commits, links with a suspect mark."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536; PRAGMA mmap_size=1073741824;"
            "CREATE TABLE head (id TEXT PRIMARY KEY, kind TEXT, sample TEXT, rev TEXT, payload TEXT);"
            "CREATE TABLE link (id TEXT PRIMARY KEY, source TEXT, target TEXT, suspect INTEGER);"
            "CREATE TABLE history (id TEXT, seq INTEGER, rev TEXT, payload TEXT, PRIMARY KEY (id, seq));"
            "CREATE TABLE log (seq INTEGER PRIMARY KEY, hash TEXT, body TEXT);"
        )
        self.seq, self.hash = 0, ""

    def load(self, batch: list[Encoded]) -> None:
        """Rows of many records in one transaction."""
        self.connection.execute("BEGIN")
        self.seq += 1
        self.connection.executemany(
            "INSERT INTO head VALUES (?, ?, ?, ?, ?)",
            [(one.id, kind_of_record(one), sample_of(one), rev, raw.decode()) for one, raw, rev in batch],
        )
        self.connection.executemany(
            "INSERT INTO history VALUES (?, ?, ?, ?)",
            [(one.id, self.seq, rev, raw.decode()) for one, raw, rev in batch],
        )
        self.connection.executemany(
            "INSERT INTO link VALUES (?, ?, ?, 0)",
            [(one.id, one.source.id, one.target.id) for one, _, _ in batch if isinstance(one, Link)],
        )
        self._log([one.id for one, _, _ in batch])
        self.connection.execute("COMMIT")

    def ready(self) -> None:
        """Indexes, and durable from here on."""
        self.connection.executescript(
            "CREATE INDEX by_sample ON head (sample, kind); CREATE INDEX by_source ON link (source);"
            "CREATE INDEX by_target ON link (target); PRAGMA synchronous=FULL;"
        )

    def edit(self, annotation: str) -> None:
        """The rows of one edit: head, history, commit, and the links at the annotation's ends."""
        run = self.connection.execute
        run("BEGIN IMMEDIATE")
        self.seq += 1
        record = json.loads(run("SELECT payload FROM head WHERE id = ?", (annotation,)).fetchone()[0])
        record["region"]["x1_px"] += 1.5
        self._write(annotation, record)
        links = run(
            "SELECT h.id, h.payload, l.source FROM link l JOIN head h ON h.id = l.id WHERE l.source = ? "
            "UNION SELECT h.id, h.payload, l.source FROM link l JOIN head h ON h.id = l.id WHERE l.target = ?",
            (annotation, annotation),
        ).fetchall()
        for name, payload, source in links:
            link = json.loads(payload)
            end = "source" if source == annotation else "target"
            link["causes"] = [
                {"end": end, "changed": ["region"], "by": "bench", "at_ns": str(time.time_ns())}
            ]
            self._write(name, link)
            run("UPDATE link SET suspect = 1 WHERE id = ?", (name,))
        self._log([annotation, *(name for name, _, _ in links)])
        run("COMMIT")

    def read(self, sample: str) -> bytes:
        """All of a sample as JSON."""
        rows = self.connection.execute(
            "SELECT kind, rev, payload FROM head WHERE sample = ?", (sample,)
        ).fetchall()
        parts = (f'{{"rev":"{rev}","record":{payload}}}' for _, rev, payload in rows)
        return ("[" + ",".join(parts) + "]").encode()

    def suspects(self) -> int:
        """How many links are marked."""
        count: int = self.connection.execute("SELECT COUNT(*) FROM link WHERE suspect = 1").fetchone()[0]
        return count

    def _write(self, name: str, record: object) -> None:
        payload = json.dumps(record, sort_keys=True, separators=(",", ":"))
        rev = revision_of(payload.encode())
        self.connection.execute("UPDATE head SET rev = ?, payload = ? WHERE id = ?", (rev, payload, name))
        self.connection.execute("INSERT INTO history VALUES (?, ?, ?, ?)", (name, self.seq, rev, payload))

    def _log(self, ids: list[str]) -> None:
        body = json.dumps({"seq": self.seq, "parent": self.hash, "ids": ids})
        self.hash = hashlib.sha256(body.encode()).hexdigest()
        self.connection.execute("INSERT INTO log VALUES (?, ?, ?)", (self.seq, self.hash, body))


if __name__ == "__main__":
    main()
