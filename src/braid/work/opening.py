"""Which database a workspace folder has: the environment's, that of config.yaml, else SQLite in the folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from braid.base.errors import InvalidInput, NotFound

VARIABLE = "BRAID_DATABASE_URL"
CONFIG = "config.yaml"
DATABASE = "braid.db"


def database_of(root: Path, *, environment: Mapping[str, str], create: bool) -> str:
    """The path or address of the workspace's database.

    Raises NotFound when there is no workspace and none may be created.
    """
    named = environment.get(VARIABLE, "") or _configured(root / CONFIG)
    if named:
        return named
    path = root / DATABASE
    if not path.exists() and not create:
        raise NotFound(
            "no workspace here",
            where=str(root),
            wanted=DATABASE,
            hint="`braid init NAME` makes one, or name it with --workspace",
        )
    return str(path)


def _configured(path: Path) -> str:
    if not path.is_file():
        return ""
    import yaml

    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidInput(
            "the workspace's configuration is not YAML", where=CONFIG, got=str(error)
        ) from None
    url = loaded.get("database_url", "") if isinstance(loaded, dict) else ""
    if not isinstance(url, str):
        raise InvalidInput("database_url is a text", where=CONFIG, got=url)
    return url
