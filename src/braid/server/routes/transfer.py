"""Files in and out: imports from an uploaded zip or a local folder, exports as a zip."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec
from anyio import to_thread
from fastapi import APIRouter, Query
from pydantic import StringConstraints
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from braid.base.errors import Forbidden, InvalidInput, LimitExceeded
from braid.formats.options import parse_options
from braid.model.findings import ImportReport
from braid.server.bodies import FormatPage, ImportRequest
from braid.server.openapi import REFERENCE, operation
from braid.server.routes.params import BraidActor, Name
from braid.server.service import Service
from braid.server.wire import answer, decode, read_body
from braid.server.zips import zip_folder

UPLOAD_LIMIT = 4 * 2**30
"""Largest uploaded zip in bytes."""

FormatId = Annotated[str, Query(alias="format", min_length=1, max_length=64, description="Id of a format.")]
Options = Annotated[
    Sequence[Annotated[str, StringConstraints(max_length=200)]],
    Query(max_length=20, description="NAME=VALUE of the format's options; may be repeated."),
]
ClassMap = Annotated[
    Sequence[Annotated[str, StringConstraints(max_length=300)]],
    Query(
        alias="map", max_length=500, description="LABEL=CLASS: a label of the source and the class it means."
    ),
]
FileName = Annotated[
    str, Query(alias="name", max_length=200, description="Name of the uploaded file, when it is no zip.")
]
DryRun = Annotated[bool, Query(description="Only say what would happen.")]
WithHistory = Annotated[bool, Query(description="With the whole log, where the format can.")]
LayerName = Annotated[
    str, Query(max_length=200, description="Write into this layer; the person's own if left out.")
]

BODIES: dict[str, dict[str, Any]] = {
    "application/zip": {"schema": {"type": "string", "format": "binary"}},
    "application/json": {"schema": {"$ref": REFERENCE.format(name="ImportRequest")}},
}


def routes(service: Service) -> APIRouter:
    """Routes about formats."""
    router = APIRouter(tags=["transfer"])

    @router.get("/formats", **operation(answer=FormatPage))
    def list_formats() -> Response:
        """All formats, as they describe themselves."""
        return answer(FormatPage(items=tuple(service.verbs.formats())))

    @router.post(
        "/projects/{project}/imports", **operation(answer=ImportReport, bodies=BODIES, errors=(404, 409))
    )
    async def import_files(
        request: Request,
        project: Name,
        format_id: FormatId,
        dry_run: DryRun = False,
        layer: LayerName = "",
        option: Options = (),
        class_map: ClassMap = (),
        file_name: FileName = "",
        braid_actor: BraidActor = None,
    ) -> Response:
        """Take files of a format: everything is either accepted or rejected with its place."""
        owner = await to_thread.run_sync(service.project, project)
        actor = service.actor_of(braid_actor)
        options = parse_options(option)
        mapped = parse_class_map(class_map)
        folder = await to_thread.run_sync(_scratch, service)
        try:
            path = await _received(request, service, folder, name=file_name)

            def work() -> ImportReport:
                before = service.store.seq(owner)
                report = service.verbs.import_files(
                    service.workspace,
                    project=owner,
                    format_id=format_id,
                    path=path,
                    layer=layer,
                    actor=actor,
                    dry_run=dry_run,
                    options=options,
                    class_map=mapped,
                )
                service.checks.committed(owner, range(before + 1, service.store.seq(owner) + 1))
                return report

            return answer(await to_thread.run_sync(work))
        finally:
            await to_thread.run_sync(_remove, folder)

    @router.get(
        "/projects/{project}/export",
        **operation(
            media_type="application/zip",
            says="A zip of the exported files.",
            errors=(404,),
            headers={"Braid-Losses": "What the format could not say, as JSON."},
        ),
    )
    def export_project(project: Name, format_id: FormatId, history: WithHistory = False) -> Response:
        """The project in a format, as one zip."""
        summary = service.store.project_by_slug(project)
        folder = _scratch(service)
        try:
            out = folder / "files"
            out.mkdir()
            losses = service.verbs.export(
                service.workspace, project=summary.id, format_id=format_id, out=out, history=history
            )
            packed = folder / "export.zip"
            zip_folder(out, packed)
        except BaseException:
            _remove(folder)
            raise
        headers = {"Cache-Control": "no-store", "Braid-Losses": _ascii(losses)}
        return FileResponse(
            packed,
            media_type="application/zip",
            filename=f"{summary.slug}-{format_id}.zip",
            headers=headers,
            background=BackgroundTask(_remove, folder),
        )

    return router


async def _received(request: Request, service: Service, folder: Path, *, name: str) -> Path:
    """Where the files of an import are: a folder on this disk, or the uploaded zip or file in `folder`."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        wanted = decode(await read_body(request), ImportRequest)
        if not service.local:
            raise Forbidden(
                "this server does not read paths of its own disk", where="body, path", hint="Upload a zip."
            )
        return Path(wanted.path)
    if kind not in {"application/zip", "application/octet-stream"}:
        raise InvalidInput(
            "an import is a zip or a path", where="header Content-Type", got=kind, wanted="application/zip"
        )
    packed = folder / "upload.zip"
    if kind == "application/octet-stream" and name and not name.lower().endswith(".zip"):
        packed = folder / "files" / _plain_name(name)
        packed.parent.mkdir()
    size = 0
    with packed.open("wb") as file:
        async for part in request.stream():
            size += len(part)
            if size > UPLOAD_LIMIT:
                raise LimitExceeded(
                    "the upload is too large", got=f"{size} bytes", wanted=f"at most {UPLOAD_LIMIT}"
                )
            await to_thread.run_sync(file.write, part)
    return packed


def parse_class_map(words: Iterable[str]) -> dict[str, str]:
    """`LABEL=CLASS` words as a table; the label may hold `=`. Raises InvalidInput for a word that says no class.

    >>> parse_class_map(["a=b=dog"])
    {'a=b': 'dog'}
    """
    found: dict[str, str] = {}
    for word in words:
        label, equals, class_id = word.rpartition("=")
        if not equals or not label.strip() or not class_id:
            raise InvalidInput("not a mapping", where="query map", got=word, wanted="LABEL=CLASS")
        found[label] = class_id
    return found


def _plain_name(name: str) -> str:
    """A name that is one file in the folder it is put in. Raises InvalidInput."""
    if not name.isprintable() or name != name.strip() or name.startswith(".") or set(name) & set("/\\:"):
        raise InvalidInput("not a file name", where="query name", got=name)
    return name


def _scratch(service: Service) -> Path:
    root = service.workspace.root / "tmp"
    root.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(dir=root, prefix="transfer-"))


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def _ascii(losses: Any) -> str:
    text = msgspec.json.encode(losses).decode()
    return text.encode("ascii", "backslashreplace").decode() if len(text) <= 4000 else "[]"
