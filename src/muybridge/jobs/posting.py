"""One signed POST to somebody else's server, and to nowhere else.

Addresses of private networks are refused unless allowed, and the address that was checked is the one connected to (a
second look-up could give another: DNS rebinding). Redirects are not followed.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from muybridge.jobs.errors import WebhookRefused

TIMEOUT_S = 10.0


class Payload(NamedTuple):
    """What one POST says."""

    body: bytes
    headers: Mapping[str, str]


def post(url: str, payload: Payload, *, allows_private: bool) -> None:
    """POST once. Raises WebhookRefused unless the answer is 2xx within TIMEOUT_S; its body is not read."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    connection = _Pinned(host, port, address=_resolve(host, port, allows_private), is_tls=parts.scheme == "https")
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    try:
        connection.request("POST", path, payload.body, {**payload.headers, "User-Agent": "Muybridge"})
        status = connection.getresponse().status
        if connection.is_late:  # headers that were cut off look like headers that end
            raise TimeoutError
    except (OSError, http.client.HTTPException) as error:
        reason = f"no answer within {TIMEOUT_S:g} seconds" if connection.is_late else error
        raise WebhookRefused(f"{host} could not be told: {reason}.", remedy="Is it running and reachable?") from error
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise WebhookRefused(f"{host} answered {status}.", remedy="It must answer 2xx to take an event.")


class _Pinned(http.client.HTTPConnection):
    """Connects to the address that was checked, while naming the host; hangs up when it is late."""

    def __init__(self, host: str, port: int, *, address: str, is_tls: bool) -> None:
        super().__init__(host, port, timeout=TIMEOUT_S)
        self._address = address
        self._tls = ssl.create_default_context() if is_tls else None
        self._deadline = time.monotonic() + TIMEOUT_S
        self._clock: threading.Timer | None = None

    @property
    def is_late(self) -> bool:
        return time.monotonic() >= self._deadline

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), TIMEOUT_S)
        if self._tls:
            self.sock = self._tls.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
        # A socket's timeout is for each read: a receiver that drips would keep the worker for as long as it likes.
        self._clock = threading.Timer(self._deadline - time.monotonic(), _hang_up, [self.sock])
        self._clock.daemon = True
        self._clock.start()
        if isinstance(self.sock, ssl.SSLSocket):
            self.sock.do_handshake()

    def close(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
        super().close()


def _hang_up(connected: socket.socket) -> None:
    # The plain shutdown: TLS's own forgets the encryption under the hands of the thread that reads.
    with contextlib.suppress(OSError):  # already closed
        socket.socket.shutdown(connected, socket.SHUT_RDWR)


def _resolve(host: str, port: int, allows_private: bool) -> str:
    """The address to connect to. Raises WebhookRefused when any address of the host is not of the public Internet."""
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:  # UnicodeError: no such name can be asked for
        raise WebhookRefused(f"{host} has no address: {error}.") from error
    private = [address for address in found if is_private(address)]
    if private and not allows_private:
        raise WebhookRefused(
            f"{host} is {private[0]}, which is not of the public Internet.",
            remedy="Make the webhook again with allows_private if that is meant.",
        )
    return found[0]


def is_private(host: str) -> bool:
    """Whether a host is spelled as an address, and one that is not of the public Internet."""
    try:
        return not ipaddress.ip_address(host.partition("%")[0]).is_global
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
