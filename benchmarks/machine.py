"""What every benchmark says of the machine it ran on, and a server to measure against."""

import os
import platform
import resource
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple


def machine() -> str:
    """Processor, cores, Python and how busy the machine was."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    model = next(names, platform.processor())
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}{load}"


def peak_mb(who: int = resource.RUSAGE_SELF) -> float:
    """Peak memory of this process (or with RUSAGE_CHILDREN of its largest child)."""
    return round(resource.getrusage(who).ru_maxrss / 1024, 1)


class Server(NamedTuple):
    address: str
    started_s: float
    """Seconds from the command to the first answer of /v1/health."""
    pid: int


def peak_of(pid: int) -> float | None:
    """Peak memory in MB of a process that still runs; None where there is no /proc."""
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((round(int(line.split()[1]) / 1024, 1) for line in lines if line.startswith("VmHWM")), None)


@contextmanager
def a_server(data_dir: Path, **settings: str) -> Iterator[Server]:
    """`muybridge serve` on that data folder without workers, for as long as the block lasts."""
    port = _free_port()
    environment = {
        **os.environ,
        "MUYBRIDGE_DATA_DIR": str(data_dir),
        "MUYBRIDGE_PORT": str(port),
        "MUYBRIDGE_WORKERS": "0",
        "MUYBRIDGE_LOG_LEVEL": "warning",
        **settings,
    }
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "muybridge.cli", "serve"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        yield Server(f"http://127.0.0.1:{port}", _seconds_until_it_answers(process, port, began), process.pid)
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _seconds_until_it_answers(process: subprocess.Popen[bytes], port: int, began: float) -> float:
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/health", timeout=2).close()
            return time.perf_counter() - began
        except OSError as error:
            if process.poll() is not None or time.perf_counter() - began > 120:
                process.kill()
                told = process.communicate()[1].decode(errors="replace")
                raise RuntimeError(f"the server did not start: {told[-2000:]}") from error
            time.sleep(0.02)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
