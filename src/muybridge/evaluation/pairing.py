"""A comparison project from chosen generations: which of them can be put side by side, and asking about each pair.

Judges read one wording and see two clips, so only generations that were asked for the same thing are paired.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from muybridge import trust
from muybridge.errors import Invalid
from muybridge.evaluation import comparisons
from muybridge.evaluation.comparisons import QUESTION, Pair
from muybridge.evaluation.tables import Comparison
from muybridge.generation.tables import Generation
from muybridge.labeling import projects
from muybridge.labeling.tables import Project

MAX_GENERATIONS = 40
"""Every two of them make a pair: 780 questions."""
WISH = ("kind", "prompt", "input", "script")
"""What of a spec says what shall be seen; the rest says how it is made."""


class NothingToCompare(Invalid):
    code = "evaluation.nothing_to_compare"


def compare(
    session: Session,
    actor: trust.Actor,
    generations: Sequence[Generation],
    *,
    variants: Sequence[str] = (),
    name: str = "",
    question: str = QUESTION,
    replicas: int = 1,
) -> Project:
    """Begin a project that asks of every two generations with one wish which is better.

    variants: what each stands for in the standings (a model, a setting), in the same order; none: each for itself.
    Raises NothingToCompare when no two can be paired, NotRendered for one without a clip.
    """
    trust.require(actor, "evaluation.run")
    if variants and len(variants) != len(generations):
        raise Invalid(
            f"{len(variants)} variants do not name {len(generations)} generations.",
            remedy="Give one for each, in the same order, or none.",
        )
    pairs = pairs_of(generations, variants or [generation.id for generation in generations])
    if not pairs:
        raise NothingToCompare(
            "No two of these generations were asked for the same thing.",
            remedy="Choose some of one prompt, or that go on from one frame of footage, of different variants.",
        )
    project = projects.create_project(session, actor, name or f"Comparisons of {len(generations)} clips")
    comparisons.open_comparisons(session, actor, project, pairs, question=question, replicas=replicas)
    return project


def pairs_of(generations: Sequence[Generation], variants: Sequence[str]) -> list[Pair]:
    """Every two that were asked for the same thing and stand for different variants, in the order given."""
    named = zip(generations, variants, strict=True)
    return [
        Pair(one, one_variant, other, other_variant)
        for (one, one_variant), (other, other_variant) in combinations(named, 2)
        if one_variant != other_variant and one.id != other.id and _wish(one) == _wish(other)
    ]


def comparisons_of(session: Session, actor: trust.Actor, project: Project) -> list[Comparison]:
    """All that a project asks, in the order asked."""
    trust.require(actor, "evaluation.read", project)
    of_project = select(Comparison).where(Comparison.project_id == project.id).order_by(Comparison.id)
    return list(session.scalars(trust.visible(of_project, actor)))


def _wish(generation: Generation) -> dict[str, Any]:
    return {name: generation.spec.get(name) for name in WISH}
