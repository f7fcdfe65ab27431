import threading
import time
from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from muybridge import db, trust
from muybridge.errors import Invalid, Unavailable
from muybridge.jobs import Handler, Job, JobContext, JobEvent, Worker, cancel, enqueue, handler
from muybridge.jobs.executors.inline import InlineExecutor
from muybridge.plugins import Registry

Make = Callable[..., Worker]
Load = Callable[[str], Job]


@pytest.fixture
def put(any_database: db.Database, actor: trust.Actor) -> Callable[..., str]:
    def enqueue_one(name: str = "test.work", **options: object) -> str:
        with any_database.write() as session:
            return enqueue(session, actor, name, None, **options).id  # type: ignore[arg-type]

    return enqueue_one


def handle(
    handlers: Registry[Handler], work: Callable[[JobContext], None], stages: tuple[str, ...] = ("one", "two")
) -> None:
    @handler("test.work", stages=stages)
    def run(job: JobContext, subject_id: str | None) -> None:
        work(job)

    handlers.put("test.work", run)


def test_a_job_succeeds_and_its_story_is_told(
    handlers: Registry[Handler], make_worker: Make, put: Callable[..., str], job_of: Load, any_database: db.Database
) -> None:
    def work(job: JobContext) -> None:
        for stage in ("one", "two"):
            with job.transaction(stage):
                job.steps[stage] = {"made": stage}

    handle(handlers, work)
    job_id = put()
    make_worker(executor=InlineExecutor()).run_until_idle(120)
    job = job_of(job_id)
    assert (job.state, job.progress, job.failure, job.lease_until) == ("succeeded", 1.0, None, None)
    with any_database.read() as session:
        story = session.execute(select(JobEvent.kind, JobEvent.facts).order_by(JobEvent.id)).all()
    assert [row.kind for row in story] == ["enqueued", "claimed", "stage_done", "stage_done", "succeeded"]
    assert [row.facts for row in story[2:4]] == [{"stage": "one"}, {"stage": "two"}]


def test_a_retry_finds_the_results_of_finished_stages(
    handlers: Registry[Handler], make_worker: Make, put: Callable[..., str], job_of: Load
) -> None:
    done: list[str] = []

    def work(job: JobContext) -> None:
        if "one" not in job.steps:
            done.append("one")
            with job.transaction("one"):
                job.steps["one"] = {"number": 7}
            raise Unavailable("The store is away.")
        done.append(f"found {job.steps['one']}")

    handle(handlers, work)
    job_id = put()
    make_worker(executor=InlineExecutor()).run_until_idle(120)
    assert done == ["one", "found {'number': 7}"]
    assert (job_of(job_id).state, job_of(job_id).attempts) == ("succeeded", 2)


def test_a_failing_job_is_tried_max_attempts_times(
    handlers: Registry[Handler], make_worker: Make, put: Callable[..., str], job_of: Load
) -> None:
    tries: list[float] = []

    def work(job: JobContext) -> None:
        tries.append(time.monotonic())
        raise ZeroDivisionError("one over none")

    handle(handlers, work)
    job_id = put(max_attempts=3)
    make_worker(executor=InlineExecutor()).run_until_idle(120)
    job = job_of(job_id)
    assert len(tries) == 3
    assert job.state == "failed"
    assert job.failure is not None
    assert (job.failure["code"], job.failure["detail"]) == ("jobs.defect", "ZeroDivisionError: one over none")


def test_an_error_that_would_come_again_is_not_tried_again(
    handlers: Registry[Handler], make_worker: Make, put: Callable[..., str], job_of: Load, any_database: db.Database
) -> None:
    ended: list[tuple[str, str]] = []

    def on_end(session: object, actor: trust.Actor, job: Job) -> None:
        ended.append((job.state, actor.via))

    @handler("test.work", stages=("one",), on_end=on_end)
    def run(job: JobContext, subject_id: str | None) -> None:
        raise Invalid("cat.mp4 is a text file.", remedy="Send a video.")

    handlers.put("test.work", run)
    from muybridge.jobs import HANDLERS

    HANDLERS.put("test.work", run)
    try:
        job_id = put()
        make_worker(executor=InlineExecutor()).run_until_idle(120)
    finally:
        HANDLERS._loaded.pop("test.work")
        HANDLERS._paths.pop("test.work")
    assert job_of(job_id).failure == {
        "code": "muybridge.invalid",
        "detail": "cat.mp4 is a text file.",
        "remedy": "Send a video.",
    }
    assert job_of(job_id).attempts == 1
    assert ended == [("failed", f"job:{job_id}")]


def test_a_stage_that_raises_keeps_nothing(
    handlers: Registry[Handler], make_worker: Make, put: Callable[..., str], any_database: db.Database
) -> None:
    def work(job: JobContext) -> None:
        with job.transaction("one") as session:
            job.steps["one"] = {"number": 1}
            session.flush()
            raise Invalid("no")

    handle(handlers, work)
    put()
    make_worker(executor=InlineExecutor()).run_until_idle(120)
    with any_database.read() as session:
        assert "stage_done" not in session.scalars(select(JobEvent.kind)).all()


def test_steps_are_set_within_their_own_stage_only(
    handlers: Registry[Handler], make_worker: Make, put: Callable[..., str], job_of: Load
) -> None:
    def work(job: JobContext) -> None:
        with pytest.raises(ValueError, match="inside job"):
            job.steps["one"] = {}
        with job.transaction("one"), pytest.raises(ValueError, match="inside job"):
            job.steps["two"] = {}
        with pytest.raises(ValueError, match="has no stage"), job.transaction("three"):
            pass

    handle(handlers, work)
    job_id = put()
    make_worker(executor=InlineExecutor()).run_until_idle(120)
    assert job_of(job_id).state == "succeeded"


def test_a_worker_whose_lease_was_taken_cannot_write(
    handlers: Registry[Handler], make_worker: Make, put: Callable[..., str], job_of: Load, any_database: db.Database
) -> None:
    def work(job: JobContext) -> None:
        if job.held.lease > 1:
            return
        with any_database.write() as session:
            taken = update(Job).where(Job.id == job.id).values(state="queued", lease=Job.lease + 1, worker=None)
            session.execute(taken)
        with job.transaction("one"):
            pytest.fail("a transaction was opened under a stale lease")

    handle(handlers, work)
    job_id = put()
    make_worker(executor=InlineExecutor()).run_until_idle(120)
    assert (job_of(job_id).state, job_of(job_id).lease) == ("succeeded", 3)


def test_a_queued_job_is_cancelled_at_once(
    put: Callable[..., str], any_database: db.Database, actor: trust.Actor, job_of: Load
) -> None:
    job_id = put()
    with any_database.write() as session:
        cancel(session, actor, job_id)
    assert job_of(job_id).state == "cancelled"
    from muybridge.jobs.errors import AlreadyFinished

    with pytest.raises(AlreadyFinished), any_database.write() as session:
        cancel(session, actor, job_id)


def test_a_running_job_stops_soon_after_it_is_cancelled(
    handlers: Registry[Handler],
    make_worker: Make,
    put: Callable[..., str],
    any_database: db.Database,
    actor: trust.Actor,
    job_of: Load,
    tmp_path: object,
) -> None:
    import childwork

    started = threading.Event()

    def work(job: JobContext) -> None:
        for _ in job.run(childwork.tick_forever, f"{tmp_path}/end"):
            started.set()

    handle(handlers, work)
    job_id = put()
    stop = threading.Event()
    worker = make_worker()
    thread = threading.Thread(target=worker.run_until, args=(stop,))
    thread.start()
    try:
        assert started.wait(60)
        with any_database.write() as session:
            cancel(session, actor, job_id)
        deadline = time.monotonic() + 60
        while job_of(job_id).state == "running" and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        stop.set()
        thread.join()
    assert job_of(job_id).state == "cancelled"


def test_a_worker_that_is_told_to_stop_gives_its_jobs_back(
    handlers: Registry[Handler], make_worker: Make, put: Callable[..., str], job_of: Load, tmp_path: object
) -> None:
    import childwork

    started = threading.Event()

    def work(job: JobContext) -> None:
        for _ in job.run(childwork.tick_forever, f"{tmp_path}/end"):
            started.set()

    handle(handlers, work)
    job_id = put()
    stop = threading.Event()
    worker = make_worker()
    thread = threading.Thread(target=worker.run_until, args=(stop,), kwargs={"grace_s": 0.1})
    thread.start()
    assert started.wait(60)
    stop.set()
    thread.join(60)
    assert not thread.is_alive()
    assert (job_of(job_id).state, job_of(job_id).attempts) == ("queued", 0)


def test_progress_is_seen_while_the_job_runs(
    handlers: Registry[Handler], make_worker: Make, put: Callable[..., str], job_of: Load
) -> None:
    seen: list[tuple[float, str]] = []

    def work(job: JobContext) -> None:
        job.progress(0.25, "frame 25 of 100")
        deadline = time.monotonic() + 60
        while job_of(job.id).progress == 0 and time.monotonic() < deadline:
            time.sleep(0.05)
        seen.append((job_of(job.id).progress, job_of(job.id).note))

    handle(handlers, work)
    put()
    make_worker(executor=InlineExecutor()).run_until_idle(120)
    assert seen == [(0.25, "frame 25 of 100")]


def test_the_folder_of_a_job_is_kept_for_its_retry_and_removed_at_its_end(
    handlers: Registry[Handler], make_worker: Make, put: Callable[..., str]
) -> None:
    found: list[bool] = []
    folders = []

    def work(job: JobContext) -> None:
        found.append((job.workdir / "half.mp4").exists())
        folders.append(job.workdir)
        (job.workdir / "half.mp4").write_bytes(b"half")
        if len(found) == 1:
            raise Unavailable("The store is away.")

    handle(handlers, work)
    put()
    make_worker(executor=InlineExecutor()).run_until_idle(120)
    assert found == [False, True]
    assert not folders[0].exists()


def test_slots_do_jobs_side_by_side(
    handlers: Registry[Handler], make_worker: Make, put: Callable[..., str], job_of: Load
) -> None:
    together = threading.Barrier(3, timeout=60)
    handle(handlers, lambda job: together.wait() and None)
    ids = [put() for _ in range(3)]
    make_worker(executor=InlineExecutor(), slots=3).run_until_idle(120)
    assert [job_of(job_id).state for job_id in ids] == ["succeeded"] * 3


def test_events_are_sealed_by_the_worker(
    handlers: Registry[Handler], make_worker: Make, put: Callable[..., str], any_database: db.Database
) -> None:
    def work(job: JobContext) -> None:
        deadline = time.monotonic() + 60
        unsealed = select(trust.Event.id).where(trust.Event.seq.is_(None))
        while time.monotonic() < deadline:
            with any_database.read() as session:
                if session.scalars(unsealed).first() is None:
                    return
            time.sleep(0.05)
        pytest.fail("no sealer came by")

    handle(handlers, work)
    job_id = put()
    make_worker(executor=InlineExecutor()).run_until_idle(120)
    assert job_id
