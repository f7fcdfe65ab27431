"""Every error that Muybridge raises on purpose, and the one shape they share.

    MuybridgeError
    ├── NotFound        no such thing, or not yours to know of            404
    ├── Forbidden       you are known, but this is not yours to do        403
    │   └── Unauthenticated   nobody knows who you are                    401
    ├── Conflict        the thing is in a state that refuses this         409
    ├── Invalid         what was given cannot be right                    422
    ├── LimitExceeded   right, but more than is allowed                   429
    └── Unavailable     right, but a part that is needed is away          503

A room subclasses one of the six and gives it a stable `code`. HTTP is spoken in `api.errors` only.
"""

from typing import Any, ClassVar


class MuybridgeError(Exception):
    """What happened, to which thing; `remedy` says what would help.

    `code` is stable and made for machines (`"labeling.lease_lost"`); `facts` are JSON values that a client may show.
    """

    code: ClassVar[str] = "muybridge.error"

    def __init__(self, detail: str, *, remedy: str = "", **facts: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.remedy = remedy
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.detail} {self.remedy}".strip()

    def __reduce__(self) -> tuple[Any, ...]:
        # Errors cross process borders; Exception's own pickling would lose the keywords.
        return _rebuild, (type(self), self.detail, self.remedy, self.facts)


def _rebuild(kind: type[MuybridgeError], detail: str, remedy: str, facts: dict[str, Any]) -> MuybridgeError:
    return kind(detail, remedy=remedy, **facts)


class NotFound(MuybridgeError):
    code = "muybridge.not_found"


class Forbidden(MuybridgeError):
    code = "muybridge.forbidden"


class Unauthenticated(Forbidden):
    code = "muybridge.unauthenticated"


class Conflict(MuybridgeError):
    code = "muybridge.conflict"


class Invalid(MuybridgeError):
    code = "muybridge.invalid"


class LimitExceeded(MuybridgeError):
    code = "muybridge.limit_exceeded"


class Unavailable(MuybridgeError):
    code = "muybridge.unavailable"
