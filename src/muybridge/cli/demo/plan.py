"""What one demo is: whose footage, how long to train, from which seed."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Plan:
    """videos: none for footage rendered by the simulator. minutes: of training."""

    videos: tuple[Path, ...]
    minutes: float
    seed: int
    has_new_labels: bool = False
    """Whether to freeze what people have accepted since (`--resume`)."""

    @property
    def is_simulated(self) -> bool:
        return not self.videos
