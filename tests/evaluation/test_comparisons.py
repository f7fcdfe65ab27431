"""Blind pairs: fair sides, one verdict each, and standings that know how little they know."""

from collections.abc import Sequence

import numpy as np
import pytest
from labelled import Studio
from sqlalchemy import select

from muybridge import artifacts, trust
from muybridge.evaluation import comparisons
from muybridge.evaluation.comparisons import NotRendered, Pair, Vote, standings
from muybridge.evaluation.tables import Comparison
from muybridge.generation import generations
from muybridge.generation.spec import GenerationSpec, Kind
from muybridge.generation.tables import Generation
from muybridge.labeling.claims import AlreadySubmitted
from muybridge.labeling.tables import Project


def rendered(studio: Studio, count: int) -> list[Generation]:
    """Generations whose clips are there; nobody looks into them here."""
    with studio.database.write() as session:
        made = []
        for seed in range(count):
            spec = GenerationSpec(Kind.TEXT_TO_VIDEO, engine="painted", prompt="a red ball", seed=seed)
            generation = generations.create_generation(session, studio.actor, spec)
            stored = studio.store.put_bytes(f"clip {seed}".encode())
            artifact = artifacts.put(
                session, studio.actor, stored, kind="generation", media_type="video/mp4", filename=f"model {seed}.mp4"
            )
            generation.artifact_id = artifact.id
            made.append(generation)
        session.flush()
        return made


def open_pairs(studio: Studio, project: Project, clips: Sequence[Generation], **options: object) -> list[Comparison]:
    pairs = [Pair(one, "new", other, "old") for one, other in zip(clips[::2], clips[1::2], strict=True)]
    with studio.database.write() as session:
        return comparisons.open_comparisons(session, studio.actor, project, pairs, **options)  # type: ignore[arg-type]


def waiting_for(studio: Studio, judge: trust.Actor) -> list[str]:
    with studio.database.read() as session:
        return [row.id for row in comparisons.list_comparisons(session, judge, state="open").items]


def test_sides_are_drawn_and_recorded(studio: Studio) -> None:
    opened = open_pairs(studio, studio.a_project(), rendered(studio, 400))
    lefts = [row.left_variant for row in opened]
    # A quarter to three quarters, as always; of two hundred fair draws that fails once in a million million runs.
    assert 50 < lefts.count("new") < 150
    assert all({row.left_variant, row.right_variant} == {"new", "old"} for row in opened)


def test_a_judge_learns_nothing_of_who_made_what(studio: Studio) -> None:
    (row,) = open_pairs(studio, studio.a_project(), rendered(studio, 2))
    with studio.database.write() as session:
        shown = comparisons.show(session, studio.actor, studio.store, row)
    assert shown.prompt == "a red ball"
    assert shown.left_url != shown.right_url
    for word in ("new", "old", "model", "gen_"):
        assert word not in shown.left_url + shown.right_url


def test_a_clip_that_is_not_there_yet_cannot_be_compared(studio: Studio) -> None:
    one, other = rendered(studio, 2)
    other.artifact_id = None
    with pytest.raises(NotRendered), studio.database.write() as session:
        comparisons.open_comparisons(session, studio.actor, studio.a_project(), [Pair(one, "new", other, "old")])


def test_each_judge_judges_a_pair_once(studio: Studio) -> None:
    (row,) = open_pairs(studio, studio.a_project(), rendered(studio, 2), replicas=2)
    ann, bob = studio.a_person("ann"), studio.a_person("bob")
    assert waiting_for(studio, ann) == [row.id]
    with studio.database.write() as session:
        comparisons.judge(session, ann, row, "left")
    assert waiting_for(studio, ann) == []
    assert waiting_for(studio, bob) == [row.id]
    with pytest.raises(AlreadySubmitted), studio.database.write() as session:
        comparisons.judge(session, ann, row, "right")
    with studio.database.write() as session:
        comparisons.judge(session, bob, row, "tie")
    assert waiting_for(studio, bob) == []
    with studio.database.read() as session:
        assert comparisons.verdicts_of(session, ann, [row]) == {row.id: "left"}
        judged = comparisons.list_comparisons(session, ann, state="judged").items
        told = comparisons.summary_of(session, studio.actor, [row])
    assert [each.id for each in judged] == [row.id]
    assert (told["num_verdicts"], told["num_raters"], told["ties"], told["sources"]) == (2, 2, 1, ["person"])
    assert (told["num_decisive"], told["left_share"]) == (1, 1.0)
    with studio.database.read() as session:
        names = session.scalars(select(trust.Event.name).where(trust.Event.subject_id == row.id)).all()
    assert sorted(names) == ["comparison.created", "comparison.judged", "comparison.judged"]


def votes(strength: dict[str, float], *, raters: int, each: int, seed: int = 0) -> list[Vote]:
    """Verdicts of raters who prefer by Bradley-Terry strengths."""
    generator = np.random.default_rng(seed)
    names = sorted(strength)
    made = []
    for rater in range(raters):
        for _ in range(each):
            one, other = generator.choice(names, 2, replace=False)
            wins = generator.random() < strength[one] / (strength[one] + strength[other])
            made.append(Vote(f"r{rater}", "simulated", str(one if wins else other), (str(one), str(other))))
    return made


def test_standings_find_the_order_of_strengths() -> None:
    told = standings(votes({"a": 1.0, "b": 3.0, "c": 9.0}, raters=12, each=30))
    assert [each.variant for each in told] == ["c", "b", "a"]
    assert all(each.low <= each.share <= each.high for each in told)
    assert sum(each.share for each in told) == pytest.approx(1.5)
    # Expected shares by the strengths themselves: the mean over opponents of s / (s + t).
    assert [each.share for each in told] == pytest.approx([0.825, 0.5, 0.175], abs=0.06)


def test_few_raters_make_wide_intervals() -> None:
    wide = standings(votes({"a": 1.0, "b": 1.5}, raters=4, each=5))[0]
    narrow = standings(votes({"a": 1.0, "b": 1.5}, raters=60, each=5))[0]
    assert narrow.high - narrow.low < (wide.high - wide.low) / 2


def test_few_verdicts_that_agree_leave_the_winner_open() -> None:
    """Three of one mind resample to the same three again and again, which is no certainty."""
    agreed = [Vote(rater, "simulated", "a", ("a", "b")) for rater in ("ann", "bob", "eve")]
    first, second = standings(agreed)
    assert (first.variant, second.variant) == ("a", "b")
    assert first.low < 0.5 < first.high
    assert second.low < 0.5 < second.high
    tied = standings([Vote(rater, "simulated", None, ("a", "b")) for rater in ("ann", "bob", "eve")])
    assert all(each.low < 0.2 and each.high > 0.8 for each in tied)


def test_a_variant_that_never_lost_still_has_a_share_below_one() -> None:
    told = standings([Vote("ann", "person", "a", ("a", "b"))] * 3)
    assert told[0].variant == "a"
    assert 0.5 < told[0].share < 1.0


def test_both_bad_counts_for_neither_side() -> None:
    bad = Vote("ann", "person", None, ("a", "b"), is_both_bad=True)
    assert standings([bad] * 5) == []
    assert standings([Vote("ann", "person", "a", ("a", "b")), bad]) == standings(
        [Vote("ann", "person", "a", ("a", "b"))]
    )


def test_ties_only_leave_the_variants_equal() -> None:
    told = standings([Vote("ann", "person", None, ("a", "b"))] * 4)
    assert [each.share for each in told] == pytest.approx([0.5, 0.5])
