"""What the training loop tells as it goes: small picklable values; big things are files in the work folder."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class StepMetrics:
    """A step's numbers: loss, frame_loss, text_loss, gradient_norm, learning_rate, clips_seen, elapsed_s, progress.

    And still_loss, where the recipe asks for stills. While a codec is learned, codec_loss in place of the two parts.
    """

    step: int
    values: dict[str, float]


@dataclass(frozen=True, slots=True)
class SampleGrid:
    """A picture of what the model makes now: one row a prompt, frames from left to right; `prompts` top to bottom."""

    step: int
    path: Path
    prompts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckpointFiles:
    """Weights at a step, whole on disk. `card` is what is known of them; is_final: training ended here.

    kind: a network of its own, or matrices to put beside the layers of another.
    """

    step: int
    path: Path
    card: dict[str, Any]
    config: dict[str, Any]
    is_final: bool
    kind: Literal["checkpoint", "lora"] = "checkpoint"


Update = StepMetrics | SampleGrid | CheckpointFiles
"""What `loop.train` yields."""
