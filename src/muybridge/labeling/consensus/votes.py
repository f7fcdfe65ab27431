"""What most said, of a class or an attribute, and how far attributes agree: the same for every order of the answers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations
from statistics import fmean
from typing import Any


def most_said(contents: Sequence[Any]) -> Any:
    """The most frequent content; among several the first by its spelling."""
    counts = Counter(map(repr, contents))
    return min(contents, key=lambda content: (-counts[repr(content)], repr(content)))


def attributes_said(several: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Each attribute's most frequent content; what few name is left out."""
    names = sorted({name for attributes in several for name in attributes})
    chosen = {name: most_said([attributes.get(name) for attributes in several]) for name in names}
    return {name: content for name, content in chosen.items() if content is not None}


def attributes_of(value: Mapping[str, Any]) -> Mapping[str, Any]:
    return value.get("attributes") or {}


def share_alike(a: Mapping[str, Any], b: Mapping[str, Any]) -> float:
    """The share of the attributes that either names of which both say the same; 1.0 where neither names any."""
    names = a.keys() | b.keys()
    return sum(a.get(name) == b.get(name) for name in names) / len(names) if names else 1.0


def attributes_alike(a: Mapping[str, Any], b: Mapping[str, Any]) -> float:
    """The share alike of two annotation values."""
    return share_alike(attributes_of(a), attributes_of(b))


def attribute_agreement(several: Sequence[Mapping[str, Any]]) -> float:
    """The mean share alike over all pairs; 1.0 of one alone."""
    return fmean(share_alike(a, b) for a, b in combinations(several, 2)) if len(several) > 1 else 1.0
