"""What all routes share: the workspace, who writes, live events, background checks, remembered answers."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from braid.base.errors import InvalidInput
from braid.model.changes import BatchResult, ChangeSet
from braid.model.records import Ontology
from braid.server.background import BackgroundChecks
from braid.server.events import Hub
from braid.server.idempotency import IdempotencyCache
from braid.server.verbs import Verbs
from braid.store.port import Store
from braid.work.as_record import as_record
from braid.work.media_access import MediaAccess
from braid.work.served import ServedWorkspace


@dataclass(kw_only=True, eq=False)
class Service:
    """One served workspace. local: paths on this computer's disk may be imported."""

    workspace: ServedWorkspace
    verbs: Verbs
    actor: str
    local: bool
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    def __post_init__(self) -> None:
        self.hub = Hub(self.store)
        self.checks = BackgroundChecks(
            self.workspace, run=self.verbs.run_checks, changed=self.hub.findings_changed
        )
        self.idempotency = IdempotencyCache()
        self.media = MediaAccess(
            self.store,
            asset_path=self.workspace.asset_path,
            folder=self.workspace.root / "derived",
        )

    @property
    def store(self) -> Store:
        """The workspace's database."""
        return self.workspace.store

    def project(self, name: str) -> str:
        """The id of a project named by slug or id. Raises NotFound."""
        return self.store.project_by_slug(name).id

    def actor_of(self, named: str | None) -> str:
        """Who writes: the header Braid-Actor in local mode, else the actor this server was started for."""
        if not named or not self.local:
            return self.actor
        if not named.isprintable() or named != named.strip():
            raise InvalidInput("an actor's name does not fit", where="header Braid-Actor", got=named)
        return named

    def commit(self, project: str, change_sets: Sequence[ChangeSet], *, actor: str) -> BatchResult:
        """Apply change sets, then have the touched samples checked."""
        admit = None
        if self.verbs.admission is not None:
            ontology: Ontology = as_record(self.store.ontology(project).record, Ontology)
            admit = self.verbs.admission(ontology)
        result = self.store.commit(project, change_sets, actor=actor, admit=admit)
        self.checks.committed(project, [one.seq for one in result.outcomes if one.seq is not None])
        return result

    def close(self) -> None:
        """End streams and threads; the workspace stays open."""
        self.hub.close()
        self.checks.close()
