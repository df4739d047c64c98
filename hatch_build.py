"""The build hook: puts the built browser workspace into the package, editable installs included.

It asks for a Node only when a build is needed and the machine has none, so an sdist that carries the built
workspace installs without Node.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def _web_build() -> ModuleType:
    path = Path(__file__).resolve().parent / "tools" / "web_build.py"
    spec = importlib.util.spec_from_file_location("braid_web_build", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"braid: {path} cannot be loaded, wanted beside hatch_build.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class WebHook(BuildHookInterface[Any]):
    """Builds web/ into src/braid/_web before anything is packed."""

    def dependencies(self) -> list[str]:
        """Node as a package, when a build is needed and the machine has no Node."""
        web = _web_build()
        return [web.NODE_WHEEL] if web.needs_build() and web.system_node() is None else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build if an input changed; end with one line when that fails."""
        web = _web_build()
        if not web.needs_build():
            return
        try:
            web.build(web.find_node())
        except web.WebBuildError as error:
            sys.exit(f"braid: the workspace was not built: {error}")
