"""What one demo is: whose footage, how long to train, from which seed; and how what it makes is called."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from muybridge.errors import Invalid

MOST_OF_A_NAME = 80
"""Characters of a file's name in a title."""


class CannotRead(Invalid):
    code = "demo.cannot_read"


@dataclass(frozen=True, slots=True)
class Plan:
    """videos: by their sha256; none for footage rendered by the simulator. minutes: of training.

    seed: of training, of what is made and of what is rendered: given footage keeps its labels and its frozen version
    whatever the seed, rendered footage is other footage by another seed.
    """

    videos: Mapping[str, Path]
    minutes: float
    seed: int
    has_new_labels: bool = False
    """Whether to freeze what people have accepted since (`--resume`)."""

    @property
    def is_simulated(self) -> bool:
        return not self.videos

    @property
    def key(self) -> str:
        """A short name of the footage, the same wherever the files lie and in whatever order they are given."""
        if self.is_simulated:
            return f"playground-{self.seed}"
        return hashlib.sha256("\n".join(sorted(self.videos)).encode()).hexdigest()[:12]

    @property
    def title(self) -> str:
        """What the footage's project and dataset are called."""
        if self.is_simulated:
            return f"Demo of the Playground{self._seeded}"
        # A name that is no text is refused by ingest, and must not stop the clips beside it.
        first, *others = sorted(path.name.encode(errors="replace").decode() for path in self.videos.values())
        shown = first if len(first) <= MOST_OF_A_NAME else f"{first[: MOST_OF_A_NAME - 1]}…"
        return f"Demo of {shown}{f' and {len(others)} more' if others else ''}"

    @property
    def run_title(self) -> str:
        """What comes of the footage with this seed is called."""
        return self.title if self.is_simulated else f"{self.title}{self._seeded}"

    @property
    def _seeded(self) -> str:
        return f", seed {self.seed}" if self.seed else ""


def by_digest(paths: Sequence[Path]) -> dict[str, Path]:
    """The files by sha256, each once. Raises CannotRead."""
    found: dict[str, Path] = {}
    for path in paths:
        try:
            with path.open("rb") as file:
                found.setdefault(hashlib.file_digest(file, "sha256").hexdigest(), path)
        except OSError as error:
            raise CannotRead(
                f"Cannot read {path}: {error.strerror}.", remedy="Name video files that you may read."
            ) from error
    return found


def free_name(title: str, is_taken: Callable[[str], object]) -> str:
    """The title, or the first of `title (2)`, `title (3)`, … that is not taken."""
    return next(name for name in chain([title], (f"{title} ({n})" for n in count(2))) if not is_taken(name))
