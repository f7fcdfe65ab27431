"""Sizes of the network, as frozen values (no torch here: doors read limits from this table).

Leaves weights to `net` and `weights`. The sizes follow the project's own bake-off: width 128 and four layers learn the
Lab on one core, 512 and eight are the laptop default, the two large ones are for clusters.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from muybridge.errors import Invalid


class BadModelConfig(Invalid):
    code = "worldmodel.bad_config"


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """Everything needed to rebuild a network of this shape; stored as JSON in each checkpoint."""

    name: str
    width: int
    layers: int
    heads: int
    vocab_size: int = 512
    height: int = 32
    frame_width: int = 32
    patch: int = 8
    history: int = 2
    """Earlier frames that each patch sees directly: two show how fast things go."""
    reach: int = 0
    """Pixels that a patch of the frame before may be moved by; 0 for channels that are not pixels."""
    latents: int = 0
    """Values that a codec of its own makes of each patch, for high resolution (see `latents`); 0: the pixels are it."""
    codec_width: int = 24
    """Channels of that codec where it is finest."""
    matches: bool = False
    """Whether each patch is told where it came from in the frame before the last (see `matching`), and goes on so."""
    palette: int = 0
    """Colours that each patch is painted with, for flat pictures (see `palette`); 0 paints every value by itself."""
    recolours: bool = False
    """Whether the palette sees the pixels of the frame before, for rooms whose things stay where they are."""
    feels_words: bool = False
    """Whether each patch is told the words themselves, as it is told the action, and not by attention alone."""
    window: int = 16
    """Frames that a roll-out remembers; training clips are at most this long."""
    max_text: int = 96
    """Tokens of text that one sequence may carry."""
    num_actions: int = 6
    """0 says that no action is known; 1.. are the Arcade's."""
    logit_cap: float = 15.0

    def __post_init__(self) -> None:
        if self.width % self.heads or (self.width // self.heads) % 8:
            raise BadModelConfig(
                f"Width {self.width} over {self.heads} heads gives {self.width / self.heads:g} dimensions a head.",
                remedy="A head needs a multiple of 8: half for time, a quarter each for y and x.",
            )
        if self.recolours and (self.reach or not self.palette):
            raise BadModelConfig(
                "What recolours has a palette and moves no pixels.", remedy="Give it a palette, and a reach of 0."
            )
        if self.matches and (not self.reach or self.history < 2):
            raise BadModelConfig(
                "What matches two frames moves pixels, and sees two frames.",
                remedy="Give it a reach, and a history of 2.",
            )
        if self.latents and (self.reach or self.palette):
            raise BadModelConfig(
                "What predicts latents sees no pixels that it could move or colour.",
                remedy="Give it a reach and a palette of 0, or no latents.",
            )
        if 0 < self.latents < 3:
            raise BadModelConfig("A patch of fewer than three latents has no colour.", remedy="Give it three or more.")
        if self.latents and (self.patch < 8 or self.patch & (self.patch - 1)):
            raise BadModelConfig(
                f"A codec of its own for patches of {self.patch} pixels.", remedy="Choose 8, 16, 32, 64 or so on."
            )
        if self.height % self.patch or self.frame_width % self.patch:
            raise BadModelConfig(
                f"Frames of {self.frame_width}x{self.height} do not divide into patches of {self.patch}.",
                remedy="Choose a frame size that is a multiple of the patch.",
            )

    @property
    def head_width(self) -> int:
        return self.width // self.heads

    @property
    def hidden(self) -> int:
        """SwiGLU's inner width: 8/3 of the width, rounded up to eights (1 344 at 512 would be 1 368: kept at 2.625)."""
        return 8 * round(self.width * 2.625 / 8)

    @property
    def grid(self) -> tuple[int, int]:
        return self.height // self.patch, self.frame_width // self.patch

    @property
    def patches(self) -> int:
        rows, columns = self.grid
        return rows * columns

    @property
    def tokens_per_frame(self) -> int:
        """One control token, then the patches."""
        return 1 + self.patches

    @property
    def channels(self) -> int:
        """Values of a patch."""
        return self.latents or 3 * self.patch * self.patch

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "ModelConfig":
        """Raises BadModelConfig on an unknown or missing field."""
        require_world_model(values)
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(values) - known):
            raise BadModelConfig(f"The model config has fields this version does not know: {', '.join(unknown)}.")
        try:
            return cls(**values)
        except TypeError as wrong:
            raise BadModelConfig(f"The model config is not complete: {wrong}.") from wrong


def require_world_model(values: Mapping[str, Any]) -> None:
    """The stored config is of a network of ours. Raises BadModelConfig for matrices that fit another model."""
    if kind := values.get("kind"):
        raise BadModelConfig(
            f"{values.get('name', 'This')} is a checkpoint of kind {kind}, not a world model.",
            remedy="Load it beside its base model, with diffusers' load_lora_weights.",
        )


SIZES: dict[str, ModelConfig] = {
    "nano": ModelConfig("nano", width=128, layers=4, heads=4),
    "mini": ModelConfig(
        "mini", width=128, layers=4, heads=4, vocab_size=1024, height=64, frame_width=64, patch=16, reach=7, window=8
    ),
    "tiny": ModelConfig(
        "tiny", width=256, layers=8, heads=4, vocab_size=1024, height=64, frame_width=64, patch=16, reach=7
    ),
    "base": ModelConfig("base", width=512, layers=8, heads=8, vocab_size=4096, height=64, frame_width=64, reach=7),
    "150m": ModelConfig(
        "150m", width=1024, layers=12, heads=16, vocab_size=4096, height=128, frame_width=128, patch=16, reach=14
    ),
    "1b": ModelConfig(
        "1b", width=2048, layers=20, heads=32, vocab_size=4096, height=256, frame_width=256, patch=16, reach=28
    ),
}


def model_config(size: str, **changes: Any) -> ModelConfig:
    """The config of a named size with some fields changed. Raises BadModelConfig for an unknown size."""
    if size not in SIZES:
        raise BadModelConfig(f"There is no size {size!r}.", remedy=f"Known: {', '.join(SIZES)}.")
    return replace(SIZES[size], **changes)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a door checks before it queues work for a network of this shape."""

    max_frames: int
    max_prompt_characters: int
    max_steps: int
    height: int
    width: int


def limits(config: ModelConfig) -> Limits:
    # Roll-outs may run for ever in memory; 1 024 frames is two minutes at 8 fps and hours of CPU at base.
    return Limits(1024, 2000, 64, config.height, config.frame_width)
