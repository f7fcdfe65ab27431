"""The server as one ASGI app: routers, errors, security headers, the studio. Knows no room."""

from collections.abc import Iterable
from importlib import metadata
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from muybridge.api import errors, studio
from muybridge.api.deps import Parts


def build(parts: Parts, routers: Iterable[APIRouter], *, store_origin: str = "") -> FastAPI:
    """The app for one installation. `store_origin`: where signed media URLs point when not here (S3)."""
    app = FastAPI(
        title="Muybridge",
        version=metadata.version("muybridge"),
        description="Footage, labels, frozen datasets, a world model and signed video: one API, on your machines.",
        openapi_url="/v1/openapi.json",
        # The usual documentation pages load scripts from elsewhere; nothing here may.
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_operation_id,
        separate_input_output_schemas=False,
    )
    app.state.parts = parts
    errors.install(app)
    for router in routers:
        app.include_router(router)
    app.router.routes.extend(studio.routes())
    app.add_middleware(SecurityHeaders, policy=_content_security_policy(store_origin))
    return app


def origin_of(url: str) -> str:
    """scheme://host:port of a URL, or empty."""
    split = urlsplit(url)
    return f"{split.scheme}://{split.netloc}" if split.scheme.startswith("http") else ""


def _operation_id(route: APIRoute) -> str:
    return route.name


def _content_security_policy(store_origin: str) -> str:
    # Player and decoder use blobs and workers; styles of charts and overlays are set inline.
    media = f"'self' blob: data: {store_origin}".strip()
    return "; ".join(
        (
            "default-src 'self'",
            f"img-src {media}",
            f"media-src {media}",
            f"connect-src 'self' {store_origin}".strip(),
            "style-src 'self' 'unsafe-inline'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class SecurityHeaders:
    """Headers that every answer carries, unless a route set its own."""

    def __init__(self, app: ASGIApp, policy: str) -> None:
        self.app = app
        self.headers = {
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/v1/"):
                    # Rows, keys and pictures are a tenant's own: no proxy or shared disk keeps them.
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, send_with_headers)
