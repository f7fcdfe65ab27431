"""A recipe: one frozen value, everything a training is but its seed and its footage; it refuses what cannot be trained.

Light on purpose (no torch): doors and the command line read and show recipes. `Recipe.to_json` is what a run stores,
and `recipe_from_json` gives the same value back. The named ones are in `recipes`.
"""

from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal

from muybridge.errors import Invalid
from muybridge.simulator.configs import CUED_ROOMS
from muybridge.worldmodel.config import ModelConfig


class BadRecipe(Invalid):
    code = "training.bad_recipe"


@dataclass(frozen=True, slots=True)
class SimulatorClips:
    """Clips that a room of the simulator makes on the fly, as large as the model's frames."""

    room: str
    weight: float = 1.0
    num_given: int = 0
    """Frames that open each clip in place of a prompt, and are not learned: what no words tell cannot be guessed."""
    questions: int = 0
    """Questions asked of each clip beside its caption."""
    is_paraphrased: bool = False
    scene_frames: int = 0
    """Frames of the scenes of which its clips are windows; 0: every clip begins where its scene does."""
    begun_part: float = 0.5
    """Share of windows of a scene that are shown as what begins, with nothing seen before them, wherever they lie."""
    changes: dict[str, Any] = field(default_factory=dict)
    """Fields of the room's config to change (max_objects, backgrounds, ...)."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a network is trained. Learning rates are peaks; the schedule is warm-up, constant, linear decay to zero."""

    name: str
    model: ModelConfig
    clips: tuple[SimulatorClips, ...]
    num_frames: int
    """Frames of a training clip; at most the model's window."""
    steps: int | None
    """Optimizer steps; None: as many as the budget allows."""
    budget_s: float | None = None
    """Seconds after which training stops itself (counting those before a resume)."""
    clock: Literal["wall", "cpu"] = "wall"
    """What the budget counts: seconds on the wall, or of this process on its cores."""
    footage_weight: float = 1.0
    """Weight of the user's footage, when there is any, beside the rooms' weights."""
    footage_given: int = 0
    """Frames that open each clip of footage and are not learned, for a network that is to continue it."""
    fps: float = 8.0
    batch_clips: int = 16
    """Half as many learn faster for the first minutes and worse in the end (docs/worldmodel.md)."""
    stills: int = 0
    """Images that each step learns to draw from words, beside its clips: of a clip only one frame is drawn so."""
    muon_rate: float = 0.02
    adam_rate: float = 3e-3
    warmup_steps: int = 100
    decay_part: float = 0.4
    clip_norm: float = 1.0
    ema: float = 0.995
    text_weight: float = 0.5
    prompt_drop: float = 0.1
    """Share of clips that hide their prompt from all frames: what guidance compares with."""
    watch_part: float = 0.3
    """Share of clips that hide it from the third frame on, when the motion can be seen: those teach continuation."""
    codec_part: float = 0.0
    """Share of the training in which a codec of the model's own is learned; it then stays as it is."""
    context_noise: float = 0.1
    inbetween_part: float = 0.0
    """Share of clips whose last frame becomes known before those between."""
    metrics_every_s: float = 1.0
    sample_every_s: float = 60.0
    checkpoint_every_s: float = 300.0
    resume_every_s: float = 30.0
    """How much work a crash may cost."""
    threads: int = 1
    """CPU threads; one is the most work per second of CPU."""
    is_compiled: bool = True
    """On CUDA, blocks go through torch.compile; a CPU runs them plainly."""

    def __post_init__(self) -> None:
        if self.steps is None and self.budget_s is None:
            raise BadRecipe(f"The recipe {self.name} never ends.", remedy="Give it steps or budget_s.")
        if not 2 <= self.num_frames <= self.model.window:
            raise BadRecipe(
                f"Clips of {self.num_frames} frames for a window of {self.model.window}.",
                remedy="num_frames must be at least 2 and at most the model's window.",
            )
        if any(0 < clips.scene_frames < self.num_frames for clips in self.clips):
            raise BadRecipe(
                f"The recipe {self.name} has clips longer than the scenes that they are windows of.",
                remedy=f"Leave scene_frames at 0, or make it {self.num_frames} or more.",
            )
        if self.stills and not self.drawn_from_words:
            raise BadRecipe(
                f"The recipe {self.name} draws stills from words, and no room of it is told in words.",
                remedy="Leave stills at 0, or show it a room whose num_given is 0, or one in which things are said.",
            )
        if self.stills and len({clips.num_given for clips in self.drawn_from_words}) > 1:
            raise BadRecipe(
                f"The recipe {self.name} draws stills of rooms that do not open with as many given frames.",
                remedy="Give its rooms of which words draw a frame the same num_given.",
            )
        if not 0.0 <= self.codec_part < 1.0 or (self.codec_part and not self.model.latents):
            raise BadRecipe(
                f"The recipe {self.name} learns a codec for {self.codec_part:.0%} of its time.",
                remedy="Give its model latents and codec_part less than 1, or leave codec_part at 0.",
            )
        if self.batch_clips < 1 or not 0.0 <= self.decay_part <= 1.0:
            raise BadRecipe(f"The recipe {self.name} has no clips in a batch, or decays for more than all of it.")

    @property
    def drawn_from_words(self) -> tuple[SimulatorClips, ...]:
        """Its rooms of which words draw a frame: those that begin with them, and those in which something is said."""
        return tuple(clips for clips in self.clips if not clips.num_given or clips.room in CUED_ROOMS)

    def clips_of(self, room: str | None) -> SimulatorClips | None:
        """How it shows a room; None where it does not."""
        return next((clips for clips in self.clips if clips.room == room), None)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def recipe_from_json(values: dict[str, Any]) -> Recipe:
    """The recipe that `to_json` wrote. Raises BadRecipe on fields this version does not know."""
    known = {each.name for each in fields(Recipe)}
    if unknown := sorted(set(values) - known):
        raise BadRecipe(f"The recipe has fields this version does not know: {', '.join(unknown)}.")
    try:
        clips = tuple(_clips_from_json(each) for each in values["clips"])
        return Recipe(**{**values, "model": ModelConfig.from_json(values["model"]), "clips": clips})
    except (KeyError, TypeError) as wrong:
        raise BadRecipe(f"The recipe is not complete: {wrong}.") from wrong


def _clips_from_json(values: dict[str, Any]) -> SimulatorClips:
    # JSON has lists where a config has tuples.
    changes = {name: tuple(value) if isinstance(value, list) else value for name, value in values["changes"].items()}
    return SimulatorClips(**{**values, "changes": changes})
