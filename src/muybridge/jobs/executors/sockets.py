"""The executor socket: one Protocol, one Registry."""

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from muybridge.plugins import Registry

Check = Callable[[], None]
"""Called a few times a second; raises when the work shall stop (JobCancelled, LeaseLost)."""


class Executor(Protocol):
    """Runs pure functions and generators somewhere else and streams back what they yield."""

    def run(self, function: Callable[..., Any], args: tuple[Any, ...], *, check: Check) -> Iterator[Any]:
        """Yield each update of a generator, or the one result of a plain function, as it comes.

        function: importable by name; args and updates: picklable. A MuybridgeError comes back as the same error,
        anything else as ChildFailed with its traceback. Whatever `check` raises ends the work by force and is raised
        here. Closing the iterator closes the generator over there.
        """
        ...

    def close(self) -> None:
        """End everything that still runs."""
        ...


EXECUTORS: Registry[Callable[[], Executor]] = Registry("executor", "muybridge.executors")
