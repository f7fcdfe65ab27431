"""Duplex bytes between a running job and one client: steering keys one way, frames the other.

The job opens a loopback socket and writes its address and a one-time secret in a row; the client (an API WebSocket)
reads the row, connects, and both prove the secret by HMAC (multiprocessing.connection's handshake). Messages are whole
byte strings. Nothing is stored: a channel is for moments, events and artifacts are for facts. Where the listening side
is a child process, it yields its `Address` and the handler publishes it, since children know no database.
"""

import contextlib
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from muybridge import trust
from muybridge.jobs.errors import ChannelClosed, NoChannel
from muybridge.jobs.tables import Job, JobChannel, JobState
from muybridge.trust import Actor

MAX_MESSAGE_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Address:
    """Where a job listens; picklable, so that a child may yield it."""

    host: str
    port: int
    secret: str


class Line:
    """One end of a connected channel. One thread may send while another receives."""

    def __init__(self, connection: "Connection[Any, Any]") -> None:
        self._connection = connection

    def send(self, message: bytes) -> None:
        """Raises ChannelClosed when the other end is gone."""
        try:
            self._connection.send_bytes(message)
        except OSError as error:
            raise _closed() from error

    def receive(self, timeout_s: float | None = None) -> bytes | None:
        """The next message, or None when none came in time. Raises ChannelClosed when the other end is gone."""
        try:
            if not self._connection.poll(timeout_s):
                return None
            return self._connection.recv_bytes(MAX_MESSAGE_BYTES)
        except (OSError, EOFError) as error:
            raise _closed() from error

    def fileno(self) -> int:
        """For an event loop: readable when a message, or the end, has come."""
        return self._connection.fileno()

    def close(self) -> None:
        self._connection.close()


class Door:
    """The listening side; pure sockets, so that it works in a child process too."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        secret = secrets.token_hex(32)
        self._listener = Listener((host, 0), authkey=secret.encode())
        port: int = self._listener.address[1]
        self.address = Address(host, port, secret)

    def accept(self, timeout_s: float = 60.0) -> Line:
        """Wait for the client that knows the secret; others are turned away. Raises ChannelClosed after `timeout_s`."""
        timer = threading.Timer(timeout_s, self.close)
        timer.daemon = True
        timer.start()
        try:
            while True:
                try:
                    return Line(self._listener.accept())
                except (AuthenticationError, EOFError, ConnectionError):
                    continue  # a stranger knocked
        except OSError as error:
            raise ChannelClosed("No client connected in time.", remedy="Open the session again.") from error
        finally:
            timer.cancel()

    def close(self) -> None:
        # shutdown wakes a thread that waits in accept; close alone would leave it there.
        listening = getattr(getattr(self._listener, "_listener", None), "_socket", None)
        if listening is not None:
            with contextlib.suppress(OSError):  # already shut
                listening.shutdown(socket.SHUT_RDWR)
        self._listener.close()


class JobDoor:
    """What `job.channel` offers a handler."""

    def __init__(self, job_id: str, tenant_id: str, transaction: Callable[[], AbstractContextManager[Session]]) -> None:
        self._job_id = job_id
        self._tenant_id = tenant_id
        self._transaction = transaction
        self.is_published = False

    def publish(self, address: Address) -> None:
        """Let the client find the job at `address`."""
        where = {"host": address.host, "port": address.port, "secret": address.secret}
        with self._transaction() as session:
            session.merge(JobChannel(job_id=self._job_id, tenant_id=self._tenant_id, **where))
        self.is_published = True

    def withdraw(self, session: Session) -> None:
        """Let nobody connect any more; the worker's last word on a job says so."""
        if self.is_published:
            # all tenants: of the one job that this door belongs to.
            session.execute(delete(JobChannel).where(JobChannel.job_id == self._job_id))

    @contextmanager
    def open(self, timeout_s: float = 60.0) -> Iterator[Line]:
        """Listen in this process, wait for the client, and hang up at the end."""
        door = Door()
        try:
            self.publish(door.address)
            line = door.accept(timeout_s)
            try:
                yield line
            finally:
                line.close()
        finally:
            door.close()


def connect(session: Session, actor: Actor, job_id: str) -> Line:
    """The client's end of a running job's channel.

    Raises NoChannel while the job has published none, ChannelClosed when it no longer listens.
    """
    trust.require(actor, "jobs.read")
    job = trust.load(session, actor, Job, job_id)
    found = trust.visible(select(JobChannel).where(JobChannel.job_id == job.id), actor)
    row = session.scalars(found).one_or_none()
    if row is None or job.state != JobState.RUNNING:
        raise NoChannel(f"Job {job.id} has no open channel.", remedy="Wait until it runs, then connect.")
    try:
        return Line(Client((row.host, row.port), authkey=row.secret.encode()))
    except (OSError, EOFError, AuthenticationError) as error:
        raise ChannelClosed(f"Job {job.id} no longer listens.", remedy="Open the session again.") from error


def _closed() -> ChannelClosed:
    return ChannelClosed("The other end of the channel has hung up.")
