"""Comparison projects from chosen generations: what is paired, what is refused, and where the variants stand."""

from typing import Any

import pytest
from labelled import Studio

from muybridge import artifacts, trust
from muybridge.errors import Forbidden, Invalid
from muybridge.evaluation import comparisons, pairing
from muybridge.evaluation.comparisons import NotRendered
from muybridge.evaluation.pairing import NothingToCompare
from muybridge.generation import generations
from muybridge.generation.spec import GenerationSpec, Kind
from muybridge.generation.tables import Generation
from muybridge.labeling.tables import Project


def made(studio: Studio, prompt: str, seed: int, *, is_rendered: bool = True) -> Generation:
    with studio.database.write() as session:
        spec = GenerationSpec(Kind.TEXT_TO_VIDEO, engine="painted", prompt=prompt, seed=seed)
        generation = generations.create_generation(session, studio.actor, spec)
        if is_rendered:
            stored = studio.store.put_bytes(f"{prompt} {seed}".encode())
            generation.artifact_id = artifacts.put(
                session, studio.actor, stored, kind="generation", media_type="video/mp4", filename="clip.mp4"
            ).id
        session.flush()
        return generation


def compare(studio: Studio, chosen: list[Generation], **options: Any) -> Project:
    with studio.database.write() as session:
        return pairing.compare(session, studio.actor, chosen, **options)


def test_every_two_of_one_wish_are_asked_about_and_no_others(studio: Studio) -> None:
    balls = [made(studio, "a red ball", seed) for seed in (1, 2, 3)]
    cubes = [made(studio, "a blue cube", seed) for seed in (1, 2)]
    project = compare(studio, [*balls, *cubes], question="Which moves better?", replicas=2)
    assert project.name == "Comparisons of 5 clips"
    with studio.database.read() as session:
        asked = pairing.comparisons_of(session, studio.actor, project)
        listed = comparisons.list_comparisons(session, studio.actor, project_id=project.id).items
        elsewhere = comparisons.list_comparisons(session, studio.actor, project_id=studio.a_project().id).items
    assert [row.id for row in asked] == [row.id for row in listed]
    assert elsewhere == []
    pairs = {frozenset((row.left_generation_id, row.right_generation_id)) for row in asked}
    ids = [ball.id for ball in balls]
    assert pairs == {
        frozenset((ids[0], ids[1])),
        frozenset((ids[0], ids[2])),
        frozenset((ids[1], ids[2])),
        frozenset(cube.id for cube in cubes),
    }
    assert {row.question for row in asked} == {"Which moves better?"}
    assert all(
        {row.left_variant, row.right_variant} == {row.left_generation_id, row.right_generation_id} for row in asked
    )


def test_variants_name_what_is_ranked_and_clips_of_one_variant_do_not_meet(studio: Studio) -> None:
    clips = [made(studio, "a red ball", seed) for seed in range(4)]
    project = compare(studio, clips, variants=["new", "new", "old", "old"], name="New against old", replicas=1)
    assert project.name == "New against old"
    judge = studio.a_person("ann")
    with studio.database.write() as session:
        asked = pairing.comparisons_of(session, studio.actor, project)
        for row in asked:
            comparisons.judge(session, judge, row, "left" if row.left_variant == "new" else "right")
    with studio.database.read() as session:
        told = comparisons.summary_of(session, studio.actor, asked)
    assert (told["num_comparisons"], told["num_verdicts"]) == (4, 4)
    assert [each["variant"] for each in told["standings"]] == ["new", "old"]


def test_what_cannot_be_paired_is_refused_and_leaves_no_project(studio: Studio) -> None:
    ball, cube = made(studio, "a red ball", 1), made(studio, "a blue cube", 1)
    unmade = made(studio, "a red ball", 2, is_rendered=False)
    for chosen, options, error in (
        ([ball, cube], {}, NothingToCompare),
        ([ball, ball], {}, NothingToCompare),
        ([ball, unmade], {"variants": ["one", "one"]}, NothingToCompare),
        ([ball, unmade], {"variants": ["one"]}, Invalid),
        ([ball, unmade], {}, NotRendered),
    ):
        with pytest.raises(error) as refused:
            compare(studio, chosen, **options)
        assert refused.value.remedy != ""
    assert studio.rows(Project) == []


def test_a_role_that_may_not_evaluate_may_not_ask(studio: Studio) -> None:
    chosen = [made(studio, "a red ball", seed) for seed in (1, 2)]
    viewer = trust.Actor(studio.a_person("eve").id, studio.actor.tenant_id, trust.Role.VIEWER)
    with pytest.raises(Forbidden), studio.database.write() as session:
        pairing.compare(session, viewer, chosen)
