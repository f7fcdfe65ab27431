"""Asking for an evaluation: what is refused, and what it will be scored on. The scoring itself is a kill scenario."""

from dataclasses import replace
from typing import NamedTuple

import pytest
from labelled import Studio
from sqlalchemy import select

from muybridge import artifacts, trust
from muybridge.artifacts import Artifact
from muybridge.catalog import rights
from muybridge.datasets import datasets, versions
from muybridge.evaluation import evaluations
from muybridge.evaluation.evaluations import BadEvaluation
from muybridge.evaluation.jobs import unseen
from muybridge.evaluation.tables import Evaluation
from muybridge.jobs import Job
from muybridge.training.tables import Checkpoint, Run
from muybridge.trust import Role
from muybridge.units import new_id


@pytest.fixture
def checkpoint(studio: Studio) -> Checkpoint:
    """Rows of a checkpoint that learned from the simulator alone; nothing here opens its bytes."""
    stored = studio.store.put_bytes(b"weights")
    with studio.database.write() as session:
        tenant_id = studio.actor.tenant_id
        run = Run(tenant_id=tenant_id, name="mini", recipe={}, seed=0, code_version="0.1.0")
        session.add(run)
        session.flush()
        kept = artifacts.put(
            session, studio.actor, stored, kind="checkpoint", media_type="application/octet-stream", filename="w"
        )
        made = Checkpoint(
            tenant_id=tenant_id, run_id=run.id, step=5, artifact_id=kept.id, digest=stored.digest, is_final=True,
            card={}, config={"name": "mini"},
        )  # fmt: skip
        session.add(made)
        session.flush()
        return made


def start(studio: Studio, checkpoint: Checkpoint, **options: object) -> Evaluation:
    with studio.database.write() as session:
        return evaluations.start_evaluation(session, studio.actor, checkpoint, **options)  # type: ignore[arg-type]


def test_an_evaluation_is_a_job_and_derived_from_its_checkpoint(studio: Studio, checkpoint: Checkpoint) -> None:
    asked = start(studio, checkpoint, n=8, seed=2)
    assert asked.settings == {"rooms": "trained", "split": "test", "n": 8, "seed": 2, "extent": "usual"}
    assert evaluations.kind_of(asked) == "simulator"
    (job,) = studio.rows(Job)
    assert (job.id, job.name, job.subject_id) == (asked.job_id, "evaluation.score", asked.id)
    with studio.database.read() as session:
        forebears = artifacts.ancestors(session, studio.actor, asked.id)
    assert checkpoint.id in {node.id for node in forebears}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"split": "train"}, "no split 'train'"),
        ({"n": 0}, "n = 0"),
        ({"n": 5000}, "n = 5000"),
        ({"on": "footage"}, "no footage to score on"),
    ],
)
def test_what_cannot_be_scored_is_refused_in_words(
    studio: Studio, checkpoint: Checkpoint, options: dict[str, object], words: str
) -> None:
    with pytest.raises(BadEvaluation, match=words):
        start(studio, checkpoint, **options)
    assert studio.rows(Evaluation) == []


def test_what_another_version_was_trained_on_is_not_held_out(studio: Studio, checkpoint: Checkpoint) -> None:
    for number in range(6):
        studio.an_asset(f"{number}.mp4")
    with studio.database.write() as session:
        dataset = datasets.create_dataset(session, studio.actor, "all footage", {})
        version = versions.freeze_version(session, studio.actor, dataset, store=studio.store)
        rows = versions.load_rows(session, studio.actor, version, studio.store)
        parent = new_id("ckp")
        artifacts.derive(session, studio.actor, parent, [version.id])
        artifacts.derive(session, studio.actor, checkpoint.id, [parent])
        later = [replace(row, split="test", start_frame=row.end_frame - 1, end_frame=row.end_frame + 9) for row in rows]
        beside = [replace(row, split="test", start_frame=row.end_frame, end_frame=row.end_frame + 9) for row in rows]
        kept = unseen(session, studio.actor, studio.store, checkpoint.id, [*later, *beside])
    trained = {row.asset_id for row in rows if row.split == "train"}
    assert 0 < len(trained) < 6
    assert kept == [*(row for row in later if row.asset_id not in trained), *beside]


def test_a_report_is_kept_as_the_evaluations_own(studio: Studio, checkpoint: Checkpoint) -> None:
    asked = start(studio, checkpoint)
    stored = studio.store.put_bytes(b"<!doctype html>")
    with studio.database.write() as session:
        row = trust.load(session, studio.actor, Evaluation, asked.id)
        evaluations.attach_report(session, studio.actor, row, stored)
    with studio.database.read() as session:
        row = trust.load(session, studio.actor, Evaluation, asked.id)
        report = session.scalars(select(Artifact).where(Artifact.id == row.report_artifact_id)).one()
    assert (report.kind, report.digest, report.media_type) == ("report", stored.digest, "text/html")


class Pictured(NamedTuple):
    evaluation: Evaluation
    asset_id: str


@pytest.fixture
def pictured(studio: Studio, checkpoint: Checkpoint) -> Pictured:
    """An evaluation that kept pictures of one asset."""
    asked, asset_id = start(studio, checkpoint), studio.an_asset()
    stored = studio.store.put_bytes(b"png")
    with studio.database.write() as session:
        artifacts.put(session, studio.actor, stored, kind="samples", media_type="image/png", filename="0.png")
        row = trust.load(session, studio.actor, Evaluation, asked.id)
        kept = {"0/true": stored.digest, "0/model": stored.digest, "1/true": "gone"}
        evaluations.keep_metrics(session, studio.actor, row, {"pictures": kept, "pictured": [asset_id]})
    return Pictured(row, asset_id)


def shown(studio: Studio, role: Role, evaluation: Evaluation) -> list[str]:
    """The names of the pictures that somebody of this role is given."""
    somebody = trust.Actor(f"mbr_{role}", studio.actor.tenant_id, role)
    with studio.database.write() as session:
        return [*evaluations.pictures_of(session, somebody, evaluation)]


def test_pictures_are_found_by_name_and_being_given_them_is_on_record(studio: Studio, pictured: Pictured) -> None:
    assert shown(studio, Role.VIEWER, pictured.evaluation) == ["0/true", "0/model"]
    trust.seal(studio.database)
    with studio.database.read() as session:
        (visit,) = trust.list_visits(session, studio.actor, pictured.asset_id).items
    assert (visit.actor_id, visit.name, visit.taken_for) == (
        "mbr_viewer", "asset.exported", pictured.evaluation.id,
    )  # fmt: skip


def test_pictures_are_not_for_those_who_do_not_see_the_footage(studio: Studio, pictured: Pictured) -> None:
    assert shown(studio, Role.REVIEWER, pictured.evaluation) == []


def test_pictures_of_revoked_footage_are_for_those_who_answer_for_rights(studio: Studio, pictured: Pictured) -> None:
    with studio.database.write() as session:
        rights.revoke(session, studio.actor, pictured.asset_id, "the person shown withdrew")
    assert [bool(shown(studio, role, pictured.evaluation)) for role in (Role.VIEWER, Role.MANAGER)] == [False, True]


def test_pictures_that_do_not_say_what_they_show_are_nobodys(studio: Studio, pictured: Pictured) -> None:
    with studio.database.write() as session:
        row = trust.load(session, studio.actor, Evaluation, pictured.evaluation.id)
        row.metrics = {name: kept for name, kept in (row.metrics or {}).items() if name != "pictured"}
    assert shown(studio, Role.MANAGER, row) == []
