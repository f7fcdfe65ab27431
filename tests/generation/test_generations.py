"""From the request to the signed clip in the catalogue."""

from collections.abc import Callable

import pytest
from labelled import Studio
from sqlalchemy import select

from muybridge import artifacts, trust
from muybridge.artifacts import provenance
from muybridge.catalog import rights
from muybridge.catalog.rights import AssetForbidden
from muybridge.catalog.tables import Asset, Rights
from muybridge.errors import NotFound
from muybridge.generation import generations
from muybridge.generation.engines import BeyondLimits
from muybridge.generation.journal import Entry
from muybridge.generation.spec import ClipInput, GenerationSpec, Kind, Script, TooEarly
from muybridge.generation.tables import Generation
from muybridge.jobs import Job, JobState, Worker, cancel
from muybridge.jobs.executors.inline import InlineExecutor
from muybridge.jobs.retries import Backoff
from muybridge.media import describe, frames_at
from muybridge.plugins import UnknownPlugin
from muybridge.trust import Quota

from .conftest import a_spec

Ask = Callable[..., Generation]


def finish(studio: Studio) -> None:
    backoff = Backoff(base_s=0.01, cap_s=0.02)
    worker = Worker(
        studio.database, studio.store, workdir=studio.folder / "work", executor=InlineExecutor(), backoff=backoff
    )
    worker.run_until_idle(120)


def generations_quota(studio: Studio) -> tuple[int, int]:
    with studio.database.read() as session:
        quota = session.scalars(select(Quota).where(Quota.resource == "generations")).one()
        return quota.used, quota.reserved


def test_a_prompt_becomes_a_signed_clip_that_is_footage_too(studio: Studio, ask: Ask) -> None:
    asked = ask()
    finish(studio)
    with studio.database.read() as session:
        made = trust.load(session, studio.actor, Generation, asked.id)
        artifact = artifacts.load(session, studio.actor, made.artifact_id or "")
        asset = trust.load(session, studio.actor, Asset, made.asset_id or "")
        rights = session.scalars(select(Rights).where(Rights.asset_id == asset.id)).one()
        forebears = {node.id for node in artifacts.ancestors(session, studio.actor, asset.id)}
    path = studio.store.fetch(artifact.digest, studio.folder / "made.mp4")
    verdict = provenance.verify(path, [studio.store.identity.root_pem])
    assert (made.verdict or {})["state"] == verdict.state == "trusted"
    assert verdict.claim is not None
    assert (verdict.claim.seed, verdict.claim.spec_digest, verdict.claim.engine) == (3, asked.spec_digest, "painted")
    assert verdict.is_synthetic
    assert (asset.is_ready, asset.num_frames, asset.display_width) == (True, 5, 64)
    assert rights.is_synthetic
    assert asset.name == "a red ball drifts right.mp4"
    assert {made.id, artifact.id} <= forebears
    description = describe(path)
    (frame,) = frames_at(path, description.index, [4])
    assert abs(int(frame.mean()) - (3 * 16 + 4)) <= 3
    assert generations_quota(studio) == (1, 0)


def test_what_goes_on_from_footage_is_named_by_it(studio: Studio, ask: Ask) -> None:
    asset_id = studio.an_asset("street.mp4", uses=("generate",))
    asked = ask(kind=Kind.CONTINUATION, prompt="", input=ClipInput(asset_id, 40))
    with studio.database.write() as session:
        titles = {node.id: node.title for node in artifacts.descendants(session, studio.actor, asset_id)}
        assert titles[asked.id] == generations.name_of(session, studio.actor, asked) == "continuation of street"
        trust.load(session, studio.actor, Asset, asset_id).name = "road.mp4"
        assert generations.name_of(session, studio.actor, asked) == "continuation of road"


def test_a_clip_of_a_session_is_named_by_its_room() -> None:
    spec = GenerationSpec(Kind.PLAY, num_frames=1, script=Script((Entry(0),), room="arcade"))
    played = Generation(kind=spec.kind, spec=spec.to_json())
    assert generations.title_of(played, "") == "play of the arcade"


def test_the_file_names_no_prompt_only_its_digest(studio: Studio, ask: Ask) -> None:
    asked = ask(prompt="a secret thing happens")
    finish(studio)
    with studio.database.read() as session:
        made = trust.load(session, studio.actor, Generation, asked.id)
        artifact = artifacts.load(session, studio.actor, made.artifact_id or "")
    content = studio.store.read(artifact.digest)
    assert b"a secret thing" not in content
    assert made.prompt_digest.encode() in content


def test_two_requests_of_one_spec_make_the_same_frames(studio: Studio, ask: Ask) -> None:
    first, second = ask(), ask()
    assert first.spec_digest == second.spec_digest
    finish(studio)
    with studio.database.read() as session:
        steps = [trust.load(session, studio.actor, Generation, each.id).artifact_id for each in (first, second)]
        paths = [
            studio.store.fetch(artifacts.load(session, studio.actor, step or "").digest, studio.folder / f"{step}.mp4")
            for step in steps
        ]
    one, other = (frames_at(path, describe(path).index, [0, 4]) for path in paths)
    assert (one == other).all()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"engine": "oil"}, UnknownPlugin),
        ({"num_frames": 65}, BeyondLimits),
        ({"prompt": "x" * 201}, BeyondLimits),
        ({"steps": 51}, BeyondLimits),
        ({"kind": Kind.CONTINUATION, "input": ClipInput("ast_01m82pr0000000000000000000", 40)}, NotFound),
    ],
)
def test_what_cannot_be_made_is_refused_in_the_reply(
    studio: Studio, ask: Ask, changes: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        ask(**changes)
    assert studio.rows(Generation) == studio.rows(Job) == []
    assert generations_quota(studio) == (0, 0)


def test_footage_that_may_not_generate_is_refused_by_name(studio: Studio, ask: Ask) -> None:
    asset_id = studio.an_asset("street.mp4", uses=("label", "train"))
    with pytest.raises(AssetForbidden, match=r"street\.mp4"):
        ask(kind=Kind.CONTINUATION, input=ClipInput(asset_id, 40))


def test_footage_revoked_while_a_generation_waits_is_not_read(studio: Studio, ask: Ask) -> None:
    asset_id = studio.an_asset("street.mp4", uses=("generate",))
    asked = ask(kind=Kind.CONTINUATION, input=ClipInput(asset_id, 40))
    with studio.database.write() as session:
        rights.revoke(session, studio.actor, asset_id, "withdrawn")
    finish(studio)
    with studio.database.read() as session:
        job = trust.load(session, studio.actor, Job, asked.job_id or "")
        told = {event.name: event.facts for event in session.scalars(select(trust.Event))}
    assert (job.state, job.attempts) == (JobState.FAILED, 1)
    assert told["generation.failed"]["code"] == AssetForbidden.code
    assert "street.mp4" in told["generation.failed"]["detail"]
    assert "asset.exported" not in told
    assert generations_quota(studio) == (0, 0)


def test_a_continuation_with_too_little_before_it_is_refused_in_the_reply(studio: Studio, ask: Ask) -> None:
    asset_id = studio.an_asset("street.mp4", uses=("generate",))
    with pytest.raises(TooEarly, match="Continue from frame 4 or later"):
        ask(kind=Kind.CONTINUATION, input=ClipInput(asset_id, 3))
    with pytest.raises(BeyondLimits, match="It has 100 frames"):
        ask(kind=Kind.CONTINUATION, input=ClipInput(asset_id, 101))
    assert ask(kind=Kind.CONTINUATION, input=ClipInput(asset_id, 4)).input_asset_id == asset_id


def test_an_engine_that_fails_gives_the_quota_back_and_says_why(studio: Studio, ask: Ask) -> None:
    asked = ask(prompt="break")
    assert generations_quota(studio) == (0, 1)
    finish(studio)
    with studio.database.read() as session:
        job = trust.load(session, studio.actor, Job, asked.job_id or "")
        told = session.scalars(select(trust.Event).where(trust.Event.name == "generation.failed")).one()
    assert (job.state, job.attempts) == (JobState.FAILED, 3)
    assert (told.subject_id, told.facts["detail"]) == (asked.id, "The brush broke.")
    assert generations_quota(studio) == (0, 0)


def test_a_cancelled_generation_gives_the_quota_back(studio: Studio, ask: Ask) -> None:
    asked = ask()
    with studio.database.write() as session:
        cancel(session, studio.actor, asked.job_id or "")
    assert generations_quota(studio) == (0, 0)


def test_generations_are_listed_newest_first(studio: Studio, ask: Ask) -> None:
    ids = [ask(seed=seed).id for seed in range(3)]
    with studio.database.read() as session:
        page = generations.list_generations(session, studio.actor, limit=2)
        rest = generations.list_generations(session, studio.actor, limit=2, cursor=page.next_cursor)
    assert [each.id for each in (*page.items, *rest.items)] == ids[::-1]
    assert generations.spec_of(rest.items[0]) == a_spec(seed=0)
