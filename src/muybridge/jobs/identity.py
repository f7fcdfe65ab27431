"""Who a worker is, said so that another worker on the same machine can tell whether it still lives.

A name is `host/process id/start tick/nonce`; `host` holds the boot and the process-id namespace, so that equal process
ids in two containers or before and after a reboot are not taken for one another.
"""

import hashlib
import os
import secrets
import socket
from pathlib import Path


def new_worker_name() -> str:
    """The name of a worker in this process; two workers in one process have two names."""
    return f"{_host()}/{os.getpid()}/{_start_tick(os.getpid())}/{secrets.token_hex(4)}"


def is_known_dead(worker: str) -> bool:
    """Whether the worker ran on this machine, in this boot, and its process is gone. False when nobody can tell."""
    parts = worker.split("/")
    if len(parts) != 4 or parts[0] != _host() or not parts[1].isdecimal():
        return False
    return _start_tick(int(parts[1])) != parts[2]


def _host() -> str:
    boot = _read("/proc/sys/kernel/random/boot_id")
    try:
        namespace = os.readlink("/proc/self/ns/pid")
    except OSError:
        # Not Linux: without a boot id the name is never compared with another process's.
        return f"{socket.gethostname()[:40]}-{secrets.token_hex(4)}"
    seen = hashlib.sha256(f"{boot}{namespace}".encode()).hexdigest()[:12]
    return f"{socket.gethostname()[:40].replace('/', '-')}-{seen}"


def _start_tick(process_id: int) -> str:
    """When a process began, in clock ticks since boot (field 22 of stat); empty if there is none."""
    # The second field, the program's name, may hold blanks and brackets; what follows the last bracket does not.
    fields = _read(f"/proc/{process_id}/stat").rpartition(")")[2].split()
    return fields[19] if len(fields) > 19 and fields[0] not in ("Z", "X") else ""


def _read(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""
