"""What becomes of an attempt that raised: hopeless, or tried again, and after how long."""

import random
import traceback
from dataclasses import dataclass
from typing import Any

from muybridge.errors import Conflict, Forbidden, Invalid, MuybridgeError, NotFound

HOPELESS = (Invalid, NotFound, Forbidden, Conflict)
"""Kinds of errors that a second attempt would meet again."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long a failed job waits: doubling from `base_s` up to `cap_s`, of which a random half is taken off."""

    base_s: float = 2.0
    cap_s: float = 300.0

    def seconds(self, attempts: int) -> float:
        """Seconds to wait after this many attempts."""
        longest = min(self.base_s * 2.0 ** min(attempts - 1, 30), self.cap_s)
        return random.uniform(longest / 2, longest)  # jitter: what failed together must not come back together


def failure_of(error: BaseException) -> dict[str, Any]:
    """An error as a job's row keeps it: {code, detail, remedy} and those of its facts that are JSON."""
    if isinstance(error, MuybridgeError):
        facts = {name: value for name, value in error.facts.items() if isinstance(value, str | int | float | list)}
        return {**facts, "code": error.code, "detail": error.detail, "remedy": error.remedy}
    return {
        "code": "jobs.defect",
        "detail": f"{type(error).__name__}: {error}",
        "remedy": "This is a fault of Muybridge's; the traceback is kept with the job.",
        "traceback": "".join(traceback.format_exception(error))[-8000:],
    }
