"""Recipes of low-rank fine-tuning: how an open-weight video model learns from a version of footage. Light: no torch.

What the base model is and how it is taught are an adapter's work (`training.adapters`); here stand the frozen values.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal

from muybridge.training.recipe import BadRecipe
from muybridge.training.recipes import UnknownRecipe

KIND = "lora"


@dataclass(frozen=True, slots=True)
class LoraRecipe:
    """How two thin matrices beside each attention projection are trained, the base model frozen (Hu et al. 2021)."""

    name: str
    adapter: str = "wan"
    """Which plugin of `training.adapters` knows the base model."""
    base: str = ""
    """The local folder of the base model's weights, as diffusers saves a pipeline; nothing is ever downloaded."""
    width: int = 832
    height: int = 480
    num_frames: int = 81
    fps: float = 16.0
    rank: int = 32
    alpha: float = 32.0
    """The update is scaled by alpha / rank."""
    targets: tuple[str, ...] = ("to_q", "to_k", "to_v", "to_out.0")
    """Ends of the names of the layers that get a pair of matrices."""
    steps: int | None = 2000
    budget_s: float | None = None
    """Seconds of training after which it stops itself; encoding the clips, done once, is not counted."""
    clock: Literal["wall", "cpu"] = "wall"
    batch_clips: int = 4
    """Clips a step; each goes through the network by itself and gradients add up, so memory is that of one."""
    rate: float = 1e-4
    weight_decay: float = 0.01
    warmup_steps: int = 50
    decay_part: float = 0.2
    clip_norm: float = 1.0
    shift: float | None = None
    """How far noise levels lean towards noise; None: as the base model's own scheduler does when it samples."""
    prompt_drop: float = 0.1
    """Share of clips that are shown without their words: what guidance compares with."""
    max_text: int = 512
    """Tokens of a prompt."""
    is_recomputed: bool = True
    """Activations are computed again going back (gradient checkpointing): a third slower, far less memory."""
    sample_steps: int = 20
    sample_guidance: float = 5.0
    metrics_every_s: float = 1.0
    sample_every_s: float = 900.0
    checkpoint_every_s: float = 1800.0
    resume_every_s: float = 120.0
    threads: int = 1
    kind: Literal["lora"] = "lora"

    def __post_init__(self) -> None:
        if self.steps is None and self.budget_s is None:
            raise BadRecipe(f"The recipe {self.name} never ends.", remedy="Give it steps or budget_s.")
        if self.rank < 1 or self.alpha <= 0 or not self.targets:
            raise BadRecipe(
                f"Rank {self.rank}, alpha {self.alpha:g}, {len(self.targets)} targets.",
                remedy="A rank is at least 1, alpha is above 0, and some layer must be named.",
            )
        if self.batch_clips < 1 or self.num_frames < 2 or not 0.0 <= self.decay_part <= 1.0:
            raise BadRecipe(
                f"The recipe {self.name} has no clips in a batch, too few frames, or decays for more than all."
            )

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "targets": list(self.targets)}


def is_lora(recipe: Mapping[str, Any]) -> bool:
    """Whether a stored recipe is one of these."""
    return recipe.get("kind") == KIND


def recipe_from_json(values: Mapping[str, Any]) -> LoraRecipe:
    """The recipe that `to_json` wrote. Raises BadRecipe on fields this version does not know."""
    if unknown := sorted(set(values) - {each.name for each in fields(LoraRecipe)}):
        raise BadRecipe(f"The recipe has fields this version does not know: {', '.join(unknown)}.")
    try:
        return LoraRecipe(**{**values, "targets": tuple(values["targets"])})
    except (KeyError, TypeError) as wrong:
        raise BadRecipe(f"The recipe is not complete: {wrong}.") from wrong


def wan_lora() -> LoraRecipe:
    """Wan at its own 480 lines, five seconds a clip: a large GPU."""
    return LoraRecipe("wan-lora")


def wan_lora_small() -> LoraRecipe:
    """Wan 1.3B at a quarter of the pixels, two seconds a clip: a GPU of a desktop."""
    return LoraRecipe("wan-lora-small", width=416, height=240, num_frames=33, rank=16, alpha=16.0, batch_clips=2)


RECIPES: dict[str, Callable[[], LoraRecipe]] = {"wan-lora": wan_lora, "wan-lora-small": wan_lora_small}


def recipe(name: str, **changes: Any) -> LoraRecipe:
    """The named recipe with some fields changed. Raises UnknownRecipe with the known names."""
    if name not in RECIPES:
        raise UnknownRecipe(f"There is no LoRA recipe {name!r}.", remedy=f"Known: {', '.join(RECIPES)}.")
    return replace(RECIPES[name](), **changes)
