"""The web app from the package's own folder, with the page itself for every address that is no file."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

WEB_FOLDER = Path(__file__).parent.parent / "_web"

NOT_BUILT = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Braid</title>
<style>body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem }</style>
</head>
<body>
<h1>The web app is not built</h1>
<p>The API answers under <a href="/api/openapi.json">/api</a>, but this installation has no pages to show.</p>
<p>In a checkout of the repository, build them and load this page again:</p>
<pre>make web</pre>
<p>An installed package always carries them: <code>braid doctor</code> says what is missing.</p>
</body>
</html>
"""


def is_built(folder: Path = WEB_FOLDER) -> bool:
    """Whether there are pages to show."""
    return (folder / "index.html").is_file()


def _file(folder: Path, path: str) -> Path | None:
    """The file of that address below the folder; None when there is none."""
    try:
        found = (folder / path).resolve()
        return found if found.is_relative_to(folder.resolve()) and found.is_file() else None
    except (OSError, ValueError):  # a name too long, or one that no file can have
        return None


def install(app: FastAPI, *, folder: Path = WEB_FOLDER) -> None:
    """Serve the files of `folder` for every address outside of /api. Must come after the API's routes."""

    def page(request: Request) -> Response:
        path = request.path_params["path"]
        if path == "api" or path.startswith("api/"):
            raise HTTPException(404, "no such address")
        if not is_built(folder):
            return HTMLResponse(NOT_BUILT, 200 if path == "" else 404)
        found = _file(folder, path)
        if found is not None:
            # Names of built files carry a hash of their content, so they never change.
            cache = "public, max-age=31536000, immutable" if path.startswith("assets/") else "no-cache"
            kind = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
            return FileResponse(found, media_type=kind, headers={"Cache-Control": cache})
        if path.startswith("assets/") or ("/" not in path and "." in path):
            raise HTTPException(404, "no such file")
        return FileResponse(
            folder / "index.html", media_type="text/html", headers={"Cache-Control": "no-cache"}
        )

    app.add_route("/{path:path}", page, methods=["GET", "HEAD"], include_in_schema=False)
