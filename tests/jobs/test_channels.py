import threading
import time
from collections.abc import Callable

import pytest
from sqlalchemy import select

from muybridge import db, trust
from muybridge.errors import NotFound
from muybridge.jobs import Handler, Job, JobContext, Worker, channels, enqueue, handler
from muybridge.jobs.channels import ChannelClosed, Door, Line, NoChannel
from muybridge.jobs.executors.inline import InlineExecutor
from muybridge.jobs.tables import JobChannel
from muybridge.plugins import Registry


def connect_soon(database: db.Database, actor: trust.Actor, job_id: str) -> Line:
    deadline = time.monotonic() + 60
    while True:
        try:
            with database.read() as session:
                return channels.connect(session, actor, job_id)
        except NoChannel:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


@pytest.fixture
def echoing(
    any_database: db.Database,
    actor: trust.Actor,
    handlers: Registry[Handler],
    make_worker: Callable[..., Worker],
) -> tuple[str, threading.Thread]:
    """A job that sends back what it gets until it gets nothing, and the thread of its worker."""

    @handler("test.echo", stages=("echo",))
    def echo(job: JobContext, subject_id: str | None) -> None:
        with job.channel.open(timeout_s=60) as line:
            while message := line.receive(60):
                line.send(message[::-1])
        with job.transaction("echo"):
            pass

    handlers.put("test.echo", echo)
    with any_database.write() as session:
        job_id = enqueue(session, actor, "test.echo", None).id
    worker = make_worker(executor=InlineExecutor())
    thread = threading.Thread(target=worker.run_until_idle, args=(120,), daemon=True)
    thread.start()
    return job_id, thread


def test_bytes_go_both_ways(
    any_database: db.Database, actor: trust.Actor, echoing: tuple[str, threading.Thread], job_of: Callable[[str], Job]
) -> None:
    job_id, thread = echoing
    line = connect_soon(any_database, actor, job_id)
    line.send(b"left")
    assert line.receive(60) == b"tfel"
    line.send(bytes(range(256)) * 40_000)
    assert line.receive(60) == (bytes(range(256)) * 40_000)[::-1]
    line.send(b"")
    thread.join(60)
    assert job_of(job_id).state == "succeeded"
    with pytest.raises(ChannelClosed):
        line.receive(1)
    with pytest.raises(NoChannel), any_database.read() as session:
        channels.connect(session, actor, job_id)


def test_another_tenant_cannot_find_the_channel(
    any_database: db.Database, actor: trust.Actor, echoing: tuple[str, threading.Thread]
) -> None:
    job_id, thread = echoing
    with any_database.write() as session:
        stranger = trust.system_actor(trust.create_tenant(session, "Other", "owner@example.com").tenant.id)
    with pytest.raises(NotFound), any_database.read() as session:
        channels.connect(session, stranger, job_id)
    line = connect_soon(any_database, actor, job_id)
    line.send(b"")
    thread.join(60)


def test_who_does_not_know_the_secret_is_turned_away_and_the_client_still_gets_in() -> None:
    door = Door()
    accepted: list[Line] = []
    thread = threading.Thread(target=lambda: accepted.append(door.accept(60)))
    thread.start()
    from multiprocessing import AuthenticationError
    from multiprocessing.connection import Client

    with pytest.raises((AuthenticationError, OSError, EOFError)):
        Client((door.address.host, door.address.port), authkey=b"a guess")
    client = Line(Client((door.address.host, door.address.port), authkey=door.address.secret.encode()))
    thread.join(60)
    accepted[0].send(b"frame")
    assert client.receive(60) == b"frame"
    door.close()


def test_a_door_that_nobody_comes_to_closes() -> None:
    door = Door()
    with pytest.raises(ChannelClosed, match="in time"):
        door.accept(0.2)


def test_no_message_in_time_is_none() -> None:
    door = Door()
    accepted: list[Line] = []
    thread = threading.Thread(target=lambda: accepted.append(door.accept(60)))
    thread.start()
    from multiprocessing.connection import Client

    client = Line(Client((door.address.host, door.address.port), authkey=door.address.secret.encode()))
    thread.join(60)
    assert client.receive(0.05) is None
    accepted[0].close()
    with pytest.raises(ChannelClosed):
        client.receive(1)
    door.close()


def test_the_row_of_a_channel_goes_with_its_job(
    any_database: db.Database, actor: trust.Actor, echoing: tuple[str, threading.Thread]
) -> None:
    job_id, thread = echoing
    line = connect_soon(any_database, actor, job_id)
    line.send(b"")
    thread.join(60)
    with any_database.read() as session:
        assert session.scalars(select(JobChannel.job_id)).all() == []
