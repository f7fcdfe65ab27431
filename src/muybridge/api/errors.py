"""Errors at the door: a MuybridgeError becomes RFC 9457 problem+json, and HTTP status codes are spoken here only."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from muybridge import errors

log = logging.getLogger("muybridge.api")

STATUS: tuple[tuple[type[errors.MuybridgeError], int], ...] = (
    (errors.NotFound, 404),
    (errors.Unauthenticated, 401),
    (errors.Forbidden, 403),
    (errors.Conflict, 409),
    (errors.Invalid, 422),
    (errors.LimitExceeded, 429),
    (errors.Unavailable, 503),
)
"""First match wins, so a kind stands before its parent."""


class ProblemField(BaseModel):
    """One thing that is wrong with what was sent."""

    field: str = Field(description="Where, as a path: body.rights.licence")
    reason: str


class Problem(BaseModel):
    """RFC 9457, with a stable `code` for machines and a `remedy` for people."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    remedy: str = ""
    errors: list[ProblemField] = []
    facts: dict[str, Any] = {}


def _response(status: int) -> dict[str, Any]:
    return {
        "description": HTTPStatus(status).phrase,
        "model": Problem,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


RESPONSES: dict[int | str, dict[str, Any]] = {
    status: _response(status) for status in (400, 401, 403, 404, 409, 422, 429, 503)
}
"""What any route may answer besides its result; routers pass it as `responses=`."""


def problem(
    status: int,
    detail: str,
    code: str,
    *,
    remedy: str = "",
    fields: list[ProblemField] | None = None,
    facts: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    body = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        code=code,
        remedy=remedy,
        errors=fields or [],
        facts=dict(facts or {}),
    )
    return JSONResponse(
        body.model_dump(mode="json"), status, media_type="application/problem+json", headers=dict(headers or {})
    )


def status_of(error: errors.MuybridgeError) -> int:
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


async def _on_muybridge_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, errors.MuybridgeError)
    return answer(error)


def answer(error: errors.MuybridgeError) -> JSONResponse:
    """The error as an answer."""
    status = status_of(error)
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    if status in (429, 503):
        headers["Retry-After"] = str(error.facts.get("retry_after_s", 5))
    return problem(status, error.detail, error.code, remedy=error.remedy, facts=error.facts, headers=headers)


async def _on_invalid_request(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    fields = [
        ProblemField(field=".".join(str(part) for part in entry["loc"]), reason=str(entry["msg"]))
        for entry in error.errors()
    ]
    named = ", ".join(field.field for field in fields[:3])
    return problem(422, f"The request does not fit: {named}.", "api.invalid_request", fields=fields)


async def _on_http_exception(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return problem(error.status_code, str(error.detail), f"api.http_{error.status_code}", headers=error.headers)


async def _on_defect(request: Request, error: Exception) -> Response:
    log.exception("%s %s failed", request.method, request.url.path, exc_info=error)
    return problem(500, "Something broke on our side.", "api.defect", remedy="The server's log has the details.")


def install(app: FastAPI) -> None:
    """Make `app` answer every error as a Problem."""
    handlers: dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]] = {
        errors.MuybridgeError: _on_muybridge_error,
        RequestValidationError: _on_invalid_request,
        HTTPException: _on_http_exception,
        Exception: _on_defect,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)
