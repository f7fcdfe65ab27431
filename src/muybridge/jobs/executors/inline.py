"""Runs the work in the worker's own thread: for tests and debuggers. Arguments and updates are pickled all the same."""

import inspect
import pickle
from collections.abc import Callable, Iterator
from typing import Any

from muybridge.jobs.executors.sockets import Check


class InlineExecutor:
    """Keeps to the socket without another process."""

    def run(self, function: Callable[..., Any], args: tuple[Any, ...], *, check: Check) -> Iterator[Any]:
        check()
        function, args = _through_pickle((function, args))
        result = function(*args)
        if not inspect.isgenerator(result):
            yield _through_pickle(result)
            return
        try:
            for update in result:
                check()
                yield _through_pickle(update)
        finally:
            result.close()

    def close(self) -> None:
        """Nothing runs elsewhere."""


def _through_pickle(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value, protocol=5))
