"""What most said, of a class or an attribute: the same for every order of the answers."""

from collections import Counter
from collections.abc import Mapping, Sequence
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
