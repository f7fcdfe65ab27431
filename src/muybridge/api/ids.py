"""Typed ids, moments and free JSON as the API takes them: refused at the door when they cannot be right."""

import math
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Path
from pydantic import AfterValidator, AwareDatetime, StringConstraints

MAX_DEPTH = 64
"""Of what stands within what in free JSON; pydantic writes no more than 255 levels, those around it included."""
_BODY = "[0-7][0-9a-hjkmnp-tv-z]{25}"


def pattern_of(*prefixes: str) -> str:
    """The regular expression of ids with one of these prefixes."""
    return f"^({'|'.join(prefixes)})_{_BODY}$" if len(prefixes) > 1 else f"^{prefixes[0]}_{_BODY}$"


AssetId = Annotated[str, Path(pattern=pattern_of("ast"), description="ast_…")]
RunId = Annotated[str, Path(pattern=pattern_of("run"), description="run_…")]
CheckpointId = Annotated[str, Path(pattern=pattern_of("ckp"), description="ckp_…")]
UploadId = Annotated[str, Path(pattern=pattern_of("upl"), description="upl_…")]
AnyId = Annotated[str, Path(pattern=f"^[a-z]{{2,4}}_{_BODY}$", description="Any id")]


def _storable(moment: datetime) -> datetime:
    # Databases and time zones end near year 1 and 9999; nothing we keep is from there.
    if not 1800 <= moment.year <= 9000:
        raise ValueError("a year between 1800 and 9000 is expected")
    return moment.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_storable)]
"""A time with its zone, kept in UTC."""
Text = Annotated[str, StringConstraints(max_length=512, pattern=r"^[^\x00]*$")]
"""A line of text."""


def _writable(value: Any, depth: int = 0) -> Any:
    # What json.loads takes and no answer or PostgreSQL can give back: such a row would break every list it is in.
    match value:
        case str() if "\0" in value:
            raise ValueError("text has no NUL")
        case str():
            value.encode()  # refuses half of a surrogate pair with a ValueError that says so
        case float() if not math.isfinite(value):
            raise ValueError("numbers are finite")
        case dict() | list() if depth == MAX_DEPTH:
            raise ValueError(f"no more than {MAX_DEPTH} levels")
        case dict():
            for name, held in value.items():
                _writable(name, depth + 1)
                _writable(held, depth + 1)
        case list():
            for held in value:
                _writable(held, depth + 1)
    return value


JsonObject = Annotated[dict[str, Any], AfterValidator(_writable)]
"""Free JSON."""
