"""The child's side of the local executor: receives functions, sends updates, dies with its parent.

Run as a script and made of the standard library alone, so that a child starts in the time of a bare interpreter and
holds only what its work imports. Messages are pickles over a socket pair. Parent: ("run", function, args), ("stop",).
Child: ("update", value), ("done",), ("error", MuybridgeError), ("failed", detail, traceback). The child leads a
session of its own, so that killing its group takes along whatever it started.
"""

import inspect
import os
import pickle
import signal
import sys
import threading
import traceback
from multiprocessing.connection import Connection
from typing import Any


def main(pipe_fd: int, lifeline_fd: int) -> None:
    """Serve calls until the parent closes the pipe or dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    threading.Thread(target=_die_with_parent, args=(lifeline_fd,), daemon=True).start()
    # Whatever prints must not end up in the output of a command that prints one JSON object.
    os.dup2(2, 1)
    pipe: Connection[Any, Any] = Connection(pipe_fd)
    sys.path[:] = pickle.loads(pipe.recv_bytes())
    while True:
        try:
            message = pipe.recv_bytes()
        except EOFError:
            return
        _serve(pipe, message)


def _die_with_parent(lifeline_fd: int) -> None:
    # The parent holds the other end and never writes: reading ends only when the parent's process has ended, even
    # by SIGKILL. PR_SET_PDEATHSIG would fire when the *thread* that started us ends.
    os.read(lifeline_fd, 1)
    os.killpg(0, signal.SIGKILL)


def _serve(pipe: "Connection[Any, Any]", message: bytes) -> None:
    try:
        kind, *call = pickle.loads(message)
        if kind == "stop":
            return  # it crossed our last "done" on the way
        function, args = call
        result = function(*args)
        if inspect.isgenerator(result):
            _stream(pipe, result)
        else:
            _send(pipe, ("update", result))
        _send(pipe, ("done",))
    except BaseException as error:  # noqa: BLE001  the parent decides what becomes of it
        _send(pipe, _answer_for(error))


def _stream(pipe: "Connection[Any, Any]", updates: Any) -> None:
    for update in updates:
        _send(pipe, ("update", update))
        if pipe.poll(0):
            pipe.recv_bytes()  # only "stop" is sent while we run
            updates.close()
            return


def _send(pipe: "Connection[Any, Any]", message: tuple[Any, ...]) -> None:
    pipe.send_bytes(pickle.dumps(message, protocol=5))


def _answer_for(error: BaseException) -> tuple[Any, ...]:
    errors = sys.modules.get("muybridge.errors")
    if errors is not None and isinstance(error, errors.MuybridgeError):
        return ("error", error)
    return ("failed", f"{type(error).__name__}: {error}", "".join(traceback.format_exception(error))[-8000:])


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
