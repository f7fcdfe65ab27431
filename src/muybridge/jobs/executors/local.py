"""Heavy work in child processes on this machine, kept warm between runs.

A child is a fresh interpreter, never a fork: forking a process with threads and torch in it deadlocks. It knows no
database and no secret: `MUYBRIDGE_*` is taken out of its environment.
"""

import contextlib
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from muybridge.jobs.errors import ChildDied, ChildFailed
from muybridge.jobs.executors.sockets import Check

_POLL_S = 0.1
_STOP_S = 5.0
"""How long a generator may take to close before its process is killed."""
_SCRIPT = Path(__file__).with_name("child.py")


class Child:
    """One child process and the pipe to it. Used by one thread at a time."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        lifeline, self._lifeline = os.pipe()
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-P", str(_SCRIPT), str(theirs.fileno()), str(lifeline)],
                pass_fds=(theirs.fileno(), lifeline),
                stdin=subprocess.DEVNULL,
                env={name: value for name, value in os.environ.items() if not name.startswith("MUYBRIDGE_")},
                start_new_session=True,
            )
        finally:
            theirs.close()
            os.close(lifeline)
        self.pipe: Connection[Any, Any] = Connection(ours.detach())
        self.idle_since = time.monotonic()
        # An importable module of the parent must be importable over there.
        self.pipe.send_bytes(pickle.dumps([path or os.getcwd() for path in sys.path]))

    def kill(self) -> None:
        """End the child and everything it started, now."""
        self.signal(signal.SIGKILL)
        self.process.wait()
        self.pipe.close()
        if self._lifeline >= 0:
            os.close(self._lifeline)
            self._lifeline = -1

    def signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):  # gone already, which is what was wanted
            os.killpg(self.process.pid, number)


class LocalExecutor:
    """A pool of children that grows with the number of runs at once; idle ones end after `idle_s` seconds."""

    def __init__(self, *, idle_s: float = 300.0) -> None:
        self._idle_s = idle_s
        self._idle: list[Child] = []
        self._busy: set[Child] = set()
        self._lock = threading.Lock()

    def run(self, function: Callable[..., Any], args: tuple[Any, ...], *, check: Check) -> Iterator[Any]:
        check()
        call = pickle.dumps(("run", function, args), protocol=5)
        child = self._take()
        is_reusable = False
        try:
            child.pipe.send_bytes(call)
            yield from _updates(child, check)
            is_reusable = True
        except GeneratorExit:
            is_reusable = _stop(child)
            raise
        except _Answered as answer:
            is_reusable = True
            raise answer.error from None
        except (OSError, EOFError) as broken:
            check()  # a child that was killed because the work shall stop has not failed
            raise _died(child) from broken
        finally:
            self._give_back(child, is_reusable)

    def close(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
            busy = list(self._busy)
        for child in idle:
            child.kill()
        for child in busy:
            child.signal(signal.SIGKILL)  # its own thread sees it end, and tidies up

    def _take(self) -> Child:
        with self._lock:
            stale = [child for child in self._idle if time.monotonic() - child.idle_since > self._idle_s]
            self._idle = [child for child in self._idle if child not in stale and child.process.poll() is None]
            child = self._idle.pop() if self._idle else None
        for old in stale:
            old.kill()
        child = child or Child()
        with self._lock:
            self._busy.add(child)
        return child

    def _give_back(self, child: Child, is_reusable: bool) -> None:
        with self._lock:
            self._busy.discard(child)
            if is_reusable:
                child.idle_since = time.monotonic()
                self._idle.append(child)
                return
        child.kill()


class _Answered(Exception):
    """The child raised; it is well and can go on."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


def _updates(child: Child, check: Check) -> Iterator[Any]:
    while True:
        while not child.pipe.poll(_POLL_S):
            check()
        kind, *value = pickle.loads(child.pipe.recv_bytes())
        if kind == "done":
            return
        if kind == "error":
            raise _Answered(value[0])
        if kind == "failed":
            raise _Answered(ChildFailed(value[0], remedy="Its traceback is in the job's failure.", traceback=value[1]))
        check()
        yield value[0]


def _stop(child: Child) -> bool:
    """Ask the generator to close; whether it did, so that its process may be used again."""
    deadline = time.monotonic() + _STOP_S
    try:
        child.pipe.send_bytes(pickle.dumps(("stop",)))
        while child.pipe.poll(max(0.0, deadline - time.monotonic())):
            if pickle.loads(child.pipe.recv_bytes())[0] in ("done", "error", "failed"):
                return True
    except (OSError, EOFError):
        return False
    return False


def _died(child: Child) -> ChildDied:
    code = child.process.wait()
    how = f"by signal {signal.Signals(-code).name}" if code < 0 else f"with exit status {code}"
    remedy = "SIGKILL mostly means that memory ran out: use a smaller size or batch." if code == -9 else ""
    return ChildDied(f"The process doing the work ended {how}.", remedy=remedy, exit_status=code)
