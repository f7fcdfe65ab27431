"""Typed ids and moments as the API takes them: refused at the door when they cannot be right."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Path
from pydantic import AfterValidator, AwareDatetime, StringConstraints

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
