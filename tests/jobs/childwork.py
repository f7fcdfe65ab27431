"""What child processes do in tests."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from muybridge.errors import Invalid


def count_to(number: int) -> Iterator[int]:
    yield from range(1, number + 1)


def arrays(shape: tuple[int, ...], count: int) -> Iterator[Any]:
    for index in range(count):
        yield np.full(shape, index, np.uint8)


def add(left: int, right: int) -> int:
    return left + right


def process_id() -> int:
    return os.getpid()


def refuse(name: str) -> None:
    raise Invalid(f"{name} is not a video.", remedy="Give another.", name=name)


def break_down() -> None:
    raise ZeroDivisionError("one over none")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def tick_forever(path: str) -> Iterator[int]:
    """Yields its process id again and again; writes `closed` into `path` when it is closed politely."""
    try:
        while True:
            yield os.getpid()
            time.sleep(0.02)
    finally:
        Path(path).write_text("closed")


def sleep_with_grandchild() -> Iterator[tuple[int, int]]:
    grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(120)"])
    yield os.getpid(), grandchild.pid
    time.sleep(120)


def print_loudly() -> str:
    print("this must not reach standard output")
    return "quiet"


def environment() -> dict[str, str]:
    return dict(os.environ)


def unpicklable() -> Iterator[Any]:
    yield lambda: None
