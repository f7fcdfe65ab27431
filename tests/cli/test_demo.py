"""What a demo calls the things it makes, and that a second one on the same data folder finds its own names."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rich.progress import Progress
from sqlalchemy import select
from tests.fixtures import painted
from tests.fixtures.labelled import Studio

from muybridge import trust
from muybridge.cli.demo import labels, learn, report
from muybridge.cli.demo.ledger import Ledger
from muybridge.cli.demo.plan import Plan, by_digest
from muybridge.cli.local import Local
from muybridge.cli.waiting import JobFailed
from muybridge.datasets.tables import Dataset
from muybridge.generation import generations
from muybridge.generation.spec import GenerationSpec, Kind
from muybridge.generation.tables import Generation
from muybridge.jobs import Job, JobState
from muybridge.labeling import projects
from muybridge.wiring import build_worker

from .conftest import Ran


def a_plan(*names: str, seed: int = 0) -> Plan:
    return Plan({f"digest of {name}": Path("clips") / name for name in names}, 3.0, seed)


def test_titles_name_the_footage_and_the_seed_in_whole_words() -> None:
    assert a_plan().title == "Demo of the Playground"
    assert a_plan(seed=1).title == a_plan(seed=1).run_title == "Demo of the Playground, seed 1"
    assert a_plan("bikes.mp4").title == "Demo of bikes.mp4"
    several = a_plan("hands.mp4", "bikes.mp4", "cars.mp4", seed=7)
    assert several.title == "Demo of bikes.mp4 and 2 more"
    assert several.run_title == "Demo of bikes.mp4 and 2 more, seed 7"
    assert len(a_plan("long " * 60 + ".mp4").title) < 100
    assert a_plan("caf\udce9.mp4").title == "Demo of caf?.mp4"


def test_one_footage_has_one_key_wherever_it_lies_and_whatever_the_seed(tmp_path: Path) -> None:
    for name in ("a.mp4", "b.mp4"):
        (tmp_path / name).write_text(name)
    (tmp_path / "copy of a.mp4").write_text("a.mp4")
    a, b, copy = (tmp_path / name for name in ("a.mp4", "b.mp4", "copy of a.mp4"))
    keys = {Plan(by_digest(paths), 1.0, seed).key for paths, seed in (((a, b), 0), ((b, copy), 1), ((a, b, copy), 2))}
    assert len(keys) == 1
    assert Plan(by_digest([a]), 1.0, 0).key not in keys
    assert a_plan(seed=1).key != a_plan(seed=2).key


def test_demos_on_one_data_folder_make_datasets_of_their_own_names(local: Local, tmp_path: Path) -> None:
    """Rendered footage of two seeds, then two clips of one name: four datasets, and none made twice."""
    studio = Studio(local.installation.database, local.installation.store, local.owner, tmp_path)
    plans = [a_plan(), a_plan(seed=1), a_plan("cat.mp4"), Plan({"other": Path("other/cat.mp4")}, 3.0, 0)]
    names = []
    for number, plan in enumerate(plans):
        asset_id = studio.an_asset(f"cat {number}.mp4", num_frames=200, cuts=(50, 100, 150))
        versions = {freeze(local, plan, asset_id) for _ in range(2)}
        assert len(versions) == 1
        with local.installation.database.read() as session:
            names.append(trust.load(session, local.owner, Dataset, dataset_of(local, plan)).name)
    assert names == [
        "Demo of the Playground",
        "Demo of the Playground, seed 1",
        "Demo of cat.mp4",
        "Demo of cat.mp4 (2)",
    ]


def test_another_seed_on_given_footage_keeps_its_labels_and_has_its_own_notes(local: Local) -> None:
    ledger = open_ledger(local, a_plan("cat.mp4"))
    ledger.note("project", "prj_1")
    turn = ledger.of_seed(a_plan("cat.mp4", seed=1))
    turn.note("run", "run_1")
    assert open_ledger(local, a_plan("cat.mp4", seed=1)).get("project") == "prj_1"
    assert ledger.of_seed(a_plan("cat.mp4", seed=0)).get("run") is None
    assert ledger.of_seed(a_plan("cat.mp4", seed=1)).get("run") == "run_1"
    assert ledger.of_seed(a_plan("cat.mp4", seed=2)).get("run") is None


def test_what_a_job_failed_at_is_made_anew_by_the_next_start_and_nothing_else_is(local: Local) -> None:
    painted.register()
    ledger = open_ledger(local, a_plan())

    def start() -> str:
        spec = GenerationSpec(Kind.TEXT_TO_VIDEO, engine="painted", prompt="a red ball")
        return ledger.once_worked(
            "clip", lambda session: generations.create_generation(session, local.owner, spec).id, Generation
        )

    first = start()
    assert start() == first
    with local.installation.database.write() as session:
        job_id = trust.load(session, local.owner, Generation, first).job_id
        trust.load(session, local.owner, Job, str(job_id)).state = JobState.FAILED
    second = start()
    assert second != first
    assert start() == second


def test_a_tracker_that_failed_on_one_clip_looks_at_that_clip_again_and_at_no_other(
    local: Local, tmp_path: Path
) -> None:
    """The clips' bytes are no video, so that every look fails, until the test says that it did not."""
    studio = Studio(local.installation.database, local.installation.store, local.owner, tmp_path)
    plan = a_plan("cat.mp4", "dog.mp4")
    cat, dog = (studio.an_asset(name, num_frames=60, cuts=()) for name in ("cat.mp4", "dog.mp4"))

    with a_worker(local):
        with pytest.raises(JobFailed):
            labels.label(open_ledger(local, plan), plan, [cat, dog])
        assert succeed(local, cat) == 1
        with pytest.raises(JobFailed):
            labels.label(open_ledger(local, plan), plan, [cat, dog])
        assert succeed(local, dog) == 2
        labels.label(open_ledger(local, plan), plan, [cat, dog])
        assert [succeed(local, asset_id) for asset_id in (cat, dog)] == [1, 2]


def test_a_share_of_few_verdicts_is_told_with_its_count_and_as_no_finding() -> None:
    assert report.sides_in_words({"num_decisive": 0, "left_share": None}) == "No verdict chose a side."
    assert report.sides_in_words({"num_decisive": 3, "left_share": 1.0}) == (
        "Of the 3 that chose a side, 3 chose the left: too few to tell anything, for its true share may lie anywhere "
        "from 44% to 100%."
    )
    assert report.sides_in_words({"num_decisive": 100, "left_share": 0.52}) == (
        "Of the 100 that chose a side, 52 chose the left: 52%, with 95 % from 42% to 62%; blind sides win half."
    )


def test_a_clip_that_is_not_there_is_named_with_what_would_help(muybridge: Callable[..., Ran]) -> None:
    ran = muybridge("demo", "nowhere.mp4", "--json")
    assert ran.code == 1
    assert ran.json["error"] == {
        "code": "demo.cannot_read",
        "detail": "Cannot read nowhere.mp4: No such file or directory.",
        "remedy": "Name video files that you may read.",
    }


@contextmanager
def a_worker(local: Local) -> Iterator[None]:
    stop = threading.Event()
    worker = build_worker(local.installation)
    working = threading.Thread(target=worker.run_until, args=(stop,), kwargs={"grace_s": 0.0}, daemon=True)
    working.start()
    yield
    stop.set()
    working.join(20)


def succeed(local: Local, asset_id: str) -> int:
    """Say that the tracker's looks at an asset did what they should; how many there were."""
    with local.installation.database.write() as session:
        asked = select(Job).where(Job.name == "labeling.propose", Job.subject_id == asset_id)
        found = session.scalars(trust.visible(asked, local.owner)).all()
        for job in found:
            job.state = JobState.SUCCEEDED
        return len(found)


def open_ledger(local: Local, plan: Plan) -> Ledger:
    return Ledger(local.installation, local.owner, plan.key, Progress(disable=True), lambda: None)


def freeze(local: Local, plan: Plan, asset_id: str) -> str:
    ledger = open_ledger(local, plan)
    project_id = ledger.once(
        "project",
        lambda session: (
            projects.create_project(
                session,
                local.owner,
                labels.name_project(session, local.owner, plan.title),
                classes=[{"name": "cat", "shapes": ["box"]}],
            ).id
        ),
    )
    return learn.freeze(ledger, plan, project_id, [asset_id]).version_id


def dataset_of(local: Local, plan: Plan) -> str:
    return str(open_ledger(local, plan).get("dataset"))
