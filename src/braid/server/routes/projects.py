"""Projects, their ontology and layers, and the samples in them."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from braid.base.errors import InvalidInput
from braid.base.ids import is_slug
from braid.model.findings import Severity
from braid.model.records import Modality, Ontology, SampleState
from braid.model.views import ProjectPage, ProjectSummary, SampleFilter, SamplePage, SampleView, Versioned
from braid.server.bodies import NewProject, VersionedPage
from braid.server.openapi import operation
from braid.server.routes.params import AtSeq, BraidActor, Cursor, IdempotencyKey, Limit, Name, SampleName
from braid.server.service import Service
from braid.server.wire import answer, decode, read_body
from braid.work.as_record import as_record


def routes(service: Service) -> APIRouter:
    """Routes below /projects."""
    router = APIRouter(tags=["projects"])
    store = service.store

    @router.get("/projects", **operation(answer=ProjectPage))
    def list_projects() -> Response:
        """All projects of the workspace."""
        return answer(ProjectPage(items=store.projects(), next=None))

    @router.post(
        "/projects", **operation(answer=ProjectSummary, status=201, body=NewProject, errors=(404, 409))
    )
    async def create_project(
        request: Request, idempotency_key: IdempotencyKey = None, braid_actor: BraidActor = None
    ) -> Response:
        """Begin a project from a template."""
        raw = await read_body(request)
        wanted = decode(raw, NewProject)
        if not wanted.name.strip() or len(wanted.name) > 200:
            raise InvalidInput("a project needs a name", where="body, name", wanted="1 to 200 letters")
        if wanted.slug and not is_slug(wanted.slug):
            raise InvalidInput(
                "a slug does not fit", where="body, slug", got=wanted.slug, wanted="1-64 of a-z 0-9 . _ -"
            )
        actor = service.actor_of(braid_actor)

        async def run() -> Response:
            def begin() -> ProjectSummary:
                return service.verbs.begin(
                    service.workspace,
                    name=wanted.name,
                    slug=wanted.slug,
                    template=wanted.template,
                    actor=actor,
                )

            made = await to_thread.run_sync(begin)
            return answer(made, status=201, headers={"Location": f"/api/projects/{made.slug}"})

        return await service.idempotency.once(request, raw, key=idempotency_key, actor=actor, run=run)

    @router.get("/projects/{project}", **operation(answer=ProjectSummary, errors=(404,)))
    def read_project(project: Name) -> Response:
        """One project with its counts."""
        return answer(store.project_by_slug(project))

    @router.get("/projects/{project}/ontology", **operation(answer=Versioned, errors=(404,)))
    def read_ontology(project: Name, at: AtSeq = None) -> Response:
        """The project's ontology, now or at a past commit."""
        return answer(store.ontology(service.project(project), at_seq=at))

    @router.get("/projects/{project}/layers", **operation(answer=VersionedPage, errors=(404,)))
    def list_layers(project: Name) -> Response:
        """The layers of the project: one per person, model or import."""
        return answer(VersionedPage(items=tuple(store.records(service.project(project), "layer"))))

    @router.get("/projects/{project}/samples", **operation(answer=SamplePage, errors=(404,)))
    def list_samples(
        project: Name,
        after: Cursor = None,
        limit: Limit = 100,
        search: Annotated[str, Query(max_length=200, description="Part of a key or tag.")] = "",
        state: Annotated[SampleState | None, Query(description="Only in this state.")] = None,
        class_id: Annotated[
            str, Query(alias="class", max_length=64, description="With this class or one below it.")
        ] = "",
        link: Annotated[str, Query(max_length=64, description="With a link of this type.")] = "",
        modality: Annotated[Modality | None, Query(description="With a stream of this modality.")] = None,
        suspect: Annotated[bool, Query(description="With a suspect link.")] = False,
        finding: Annotated[bool, Query(description="With an open finding.")] = False,
        check: Annotated[str, Query(max_length=200, description="With an open finding of this check.")] = "",
        severity: Annotated[
            Severity | None, Query(description="With an open finding of this severity.")
        ] = None,
        newest: Annotated[bool, Query(description="Newest first instead of by key.")] = False,
        count: Annotated[bool, Query(description="Say in `total` how many fit on all pages.")] = False,
    ) -> Response:
        """Samples by key, a page at a time."""
        owner = service.project(project)
        only = SampleFilter(
            classes=_line_below(owner, class_id) if class_id else (),
            link_type=link,
            modality=modality,
            is_suspect=suspect,
            has_findings=finding,
            check=check,
            severity=severity,
        )
        page = store.samples(
            owner,
            after=after,
            limit=limit,
            search=search,
            state="" if state is None else state.value,
            only=only,
            newest=newest,
            counted=count,
        )
        return answer(page)

    def _line_below(owner: str, class_id: str) -> tuple[str, ...]:
        """The class and all that stand below it."""
        ontology: Ontology = as_record(store.ontology(owner).record, Ontology)
        children: dict[str, list[str]] = {}
        for node in ontology.classes:
            children.setdefault(node.parent or "", []).append(node.id)
        found, seen = [class_id], {class_id}
        for one in found:
            fresh = [child for child in children.get(one, ()) if child not in seen]
            seen.update(fresh)
            found += fresh
        return tuple(found)

    @router.get(
        "/projects/{project}/samples/{sample:path}",
        **operation(answer=SampleView, errors=(404,), headers={"ETag": "The commit that this view shows."}),
    )
    def read_sample(project: Name, sample: SampleName, at: AtSeq = None) -> Response:
        """Everything of one sample that a workspace draws, now or at a past commit."""
        view = store.sample(service.project(project), sample, at_seq=at)
        return answer(view, headers={"ETag": f'"{view.seq}"'})

    return router
