"""The studio at `/`: built files with long caching, and the one page for every other path that is not an API's."""

from pathlib import Path, PurePosixPath

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

STUDIO = Path(__file__).resolve().parents[1] / "studio"
MISSING = """<!doctype html><meta charset=utf-8><title>Muybridge</title>
<body style="font:16px/1.5 system-ui;max-width:36rem;margin:15vh auto;padding:0 1rem">
<h1>The studio is not built</h1><p>The server runs, and its API is described at
<a href="/v1/openapi.json">/v1/openapi.json</a>.
To build the studio from a checkout, run <code>make web</code>; installed packages carry it.</p>"""


async def page(request: Request) -> Response:
    """The studio's page; the place within it is the browser's matter."""
    path = request.path_params["path"]
    if path.split("/", 1)[0] in ("v1", "media"):
        raise HTTPException(404, f"There is nothing at /{path}.")
    if built := _built_file(path):
        # The build names files under assets/ by their content, so browsers may keep them.
        is_hashed = path.startswith("assets/")
        caching = "public, max-age=31536000, immutable" if is_hashed else "no-cache"
        return FileResponse(built, headers={"Cache-Control": caching})
    # A place in the studio is /assets/ast_…, a built file has an ending: one that is gone must not answer with a page,
    # which a browser would take for a script.
    if path.startswith("assets/") and PurePosixPath(path).suffix:
        raise HTTPException(404, f"There is nothing at /{path}.")
    index = STUDIO / "index.html"
    if not index.is_file():
        return HTMLResponse(MISSING, 503)
    return FileResponse(index, headers={"Cache-Control": "no-cache"})


def _built_file(path: str) -> Path | None:
    try:
        candidate = (STUDIO / path).resolve()
        return candidate if path and candidate.is_relative_to(STUDIO) and candidate.is_file() else None
    except (OSError, ValueError):  # a name that no file can have: of 300 letters, with a NUL
        return None


def routes() -> list[Route]:
    return [Route("/{path:path}", page, methods=["GET", "HEAD"], include_in_schema=False)]
