"""What the relay of a session waits with: a message that comes in parts is taken whole, on either event loop."""

import asyncio
import threading
from collections.abc import Callable
from multiprocessing import Pipe

import pytest
import uvloop

from muybridge.api.v1.play import _readable
from muybridge.jobs.channels import Line

LARGE = bytes(8 * 2**20)
"""More than a socket holds, so it cannot have come whole when the line is found readable."""


@pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_a_message_that_comes_in_parts_is_taken_whole(new_loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
    here, there = (Line(end) for end in Pipe())

    async def take() -> bytes | None:
        sender = threading.Thread(target=there.send, args=(LARGE,))
        sender.start()
        await _readable(here)
        taken = await asyncio.to_thread(here.receive, 0.0)
        sender.join()
        return taken

    with asyncio.Runner(loop_factory=new_loop) as runner:
        assert [runner.run(take()) == LARGE for _ in range(3)] == [True] * 3
    here.close()
    there.close()
