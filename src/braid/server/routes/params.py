"""Parameters that several routes share."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header, Path, Query

from braid.server.wire import MAX_SEQ

Name = Annotated[str, Path(min_length=1, max_length=200, description="Slug or id of a project.")]
RecordId = Annotated[str, Path(min_length=1, max_length=200, description="Id of a record.")]
StreamId = Annotated[str, Path(min_length=1, max_length=200, description="Id of a stream.")]
SampleName = Annotated[str, Path(min_length=1, max_length=500, description="Id or key of a sample.")]
SeqPath = Annotated[int, Path(ge=1, le=MAX_SEQ, description="Number of a commit.")]
AtSeq = Annotated[
    int | None, Query(ge=1, le=MAX_SEQ, description="As it was at this commit; now when left out.")
]
Cursor = Annotated[str | None, Query(max_length=500, description="`next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=1000, description="Items per page.")]
OfSample = Annotated[str | None, Query(max_length=500, description="Only of this sample (id).")]
OfRecord = Annotated[str | None, Query(max_length=200, description="Only of this record (id).")]
ReadingIndex = Annotated[
    int, Query(ge=0, le=10_000_000, description="Which reading of a stream of single files.")
]
IdempotencyKey = Annotated[
    str | None,
    Header(min_length=1, max_length=200, description="The same key with the same body answers as before."),
]
BraidActor = Annotated[str | None, Header(max_length=200, description="Who writes, in local mode.")]
