"""Where a session is played before its client: a door, one client at a time, and nothing that piles up.

Sockets and threads; it knows neither the network nor what messages mean, but for the last one.
"""

import contextlib
import queue
import threading
import time
from dataclasses import dataclass

from muybridge.generation import messages
from muybridge.jobs.channels import Door, Line
from muybridge.jobs.errors import ChannelClosed

TICK_S = 0.25
MESSAGES_WAITING = 64
_DOOR_S = 7 * 86400.0


class Client:
    """One connected client. What it says goes into the stage's inbox; what it is told waits in its own outbox."""

    def __init__(self, line: Line, inbox: "queue.Queue[Said]") -> None:
        self._line, self._inbox = line, inbox
        self._outbox: queue.Queue[bytes | None] = queue.Queue()
        self.is_there = True
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._read, self._write)]
        for thread in self._threads:
            thread.start()

    @property
    def num_waiting(self) -> int:
        return self._outbox.qsize()

    def tell(self, message: bytes) -> None:
        self._outbox.put(message)

    def hang_up(self, message: bytes | None = None) -> None:
        """Say a last thing, for which the client has two seconds, and close."""
        if message is not None and self.is_there:
            self._outbox.put(message)
        self._outbox.put(None)
        self._threads[1].join(2.0)
        self.is_there = False
        self._line.close()

    def _read(self) -> None:
        try:
            while self.is_there:
                message = self._line.receive(TICK_S)
                if message is not None:
                    self._inbox.put(Said(self, message))
        except ChannelClosed:
            self._inbox.put(Said(self, None))

    def _write(self) -> None:
        # The reader notices a client that is gone, and says so; here it only ends the writing.
        with contextlib.suppress(ChannelClosed):
            while (message := self._outbox.get()) is not None:
                self._line.send(message)


@dataclass(frozen=True, slots=True)
class Said:
    """A message of a client's, None when it left."""

    client: Client
    message: bytes | None


class Stage:
    """The door, and whoever stands in it: one client at a time."""

    def __init__(self) -> None:
        self._door = Door()
        self.address = self._door.address
        self.inbox: queue.Queue[Said] = queue.Queue(MESSAGES_WAITING)
        self._newcomers: queue.Queue[Line] = queue.Queue()
        self.client: Client | None = None
        self.left_at_s = time.monotonic()
        threading.Thread(target=self._welcome, daemon=True).start()

    def look_up(self) -> Client | None:
        """The client that has come since the last look, if one has and nobody else is there."""
        joined = None
        with contextlib.suppress(queue.Empty):
            while True:
                line = self._newcomers.get_nowait()
                if self.client is not None:
                    _turn_away(line)
                    continue
                joined = self.client = Client(line, self.inbox)
        return joined

    def tell(self, message: bytes) -> None:
        if self.client is not None:
            self.client.tell(message)

    def lose(self) -> None:
        """The client is gone."""
        if self.client is not None:
            self.client.hang_up()
        self.client, self.left_at_s = None, time.monotonic()

    def close(self, reason: str) -> None:
        """Tell whoever is there, those who have just come included, and close the door."""
        self.look_up()
        if self.client is not None:
            self.client.hang_up(messages.closed_message(reason))
        self._door.close()

    def _welcome(self) -> None:
        # The door closes at the end of the session, and that is what ends this.
        with contextlib.suppress(ChannelClosed):
            while True:
                self._newcomers.put(self._door.accept(_DOOR_S))


def _turn_away(line: Line) -> None:
    with contextlib.suppress(ChannelClosed):  # it has left by itself
        line.send(messages.closed_message("taken"))
    line.close()
