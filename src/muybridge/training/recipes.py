"""Recipes: Python functions that return one frozen value each, everything a training is but its seed and its footage.

Light on purpose (no torch): doors and the command line read and show recipes. `Recipe.to_json` is what a run stores,
and `recipe_from_json` gives the same value back.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal

from muybridge.errors import Invalid
from muybridge.simulator.configs import CUED_ROOMS, ROOMS
from muybridge.simulator.examples import EXAMPLES
from muybridge.simulator.narrowing import what_is_left
from muybridge.worldmodel.config import ModelConfig, model_config


class UnknownRecipe(Invalid):
    code = "training.unknown_recipe"


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


def obeys_words(stored: Mapping[str, Any]) -> bool:
    """Whether a stored recipe has first frames drawn from words, in a room or of footage, whatever version it is of.

    Not where all clips open with given frames: what is said before those draws nothing. One of another kind (a LoRA's)
    teaches no network of ours.
    """
    if is_of_footage_alone(stored):
        return not stored.get("footage_given")
    return any(not each.get("num_given") for each in stored.get("clips", ()))


def is_of_footage_alone(stored: Mapping[str, Any]) -> bool:
    """Whether a stored recipe of a network of ours shows it no room."""
    return "clips" in stored and not stored["clips"]


def rooms_of(stored: Mapping[str, Any]) -> dict[str, str]:
    """The rooms that a stored recipe shows, and what its changes leave of each to be seen; "" for all of it."""
    shown = [clips for clips in reversed(stored.get("clips", ())) if clips["room"] in ROOMS]
    return {clips["room"]: what_is_left(clips["room"], clips["changes"]) for clips in shown}


def prompts_of(stored: Mapping[str, Any]) -> tuple[str, ...]:
    """Sentences of the kind that a stored recipe's clips are made from, whatever version or kind it is of.

    None where all clips open with given frames, or none are made by the simulator.
    """
    told = [EXAMPLES.get(clips["room"], ()) for clips in stored.get("clips", ()) if not clips.get("num_given")]
    return tuple(sentence for sentences in told for sentence in sentences)


def _clips_from_json(values: dict[str, Any]) -> SimulatorClips:
    # JSON has lists where a config has tuples.
    changes = {name: tuple(value) if isinstance(value, list) else value for name, value in values["changes"].items()}
    return SimulatorClips(**{**values, "changes": changes})


def bakeoff(minutes: float = 12.0) -> Recipe:
    """Nano on the bake-off room, by CPU time of one core: the reference task that proves the design."""
    return Recipe(
        name="bakeoff",
        model=model_config("nano", palette=3, feels_words=True, window=6),
        clips=(SimulatorClips("bakeoff"),),
        num_frames=6,
        steps=None,
        budget_s=60.0 * minutes,
        clock="cpu",
        text_weight=1.25,
        watch_part=0.6,
        decay_part=0.7,
    )


def smoke() -> Recipe:
    """A minute of the bake-off with a quarter of nano's width: enough to see that the network learns."""
    whole = bakeoff(1.0)
    model = replace(whole.model, name="pico", width=64, layers=3, heads=2)
    return replace(whole, name="smoke", model=model, batch_clips=8, warmup_steps=20)


def demo() -> Recipe:
    """Nano from nothing in three minutes of the wall, on footage (if any) and captioned clips alike."""
    return replace(bakeoff(3.0), name="demo", clock="wall", warmup_steps=40, sample_every_s=20.0)


def finetune() -> Recipe:
    """Go on from a checkpoint of nano's shape, gently: the parent has already decayed its rates to nothing."""
    return replace(demo(), name="finetune", muon_rate=0.006, adam_rate=1e-3, warmup_steps=20, ema=0.99)


def footage() -> Recipe:
    """Go on from a checkpoint on footage alone: twelve frames a second, a second a clip, twenty minutes of one core."""
    return replace(
        finetune(),
        name="footage",
        model=model_config("nano", window=12),
        clips=(),
        num_frames=12,
        fps=12.0,
        clock="cpu",
        budget_s=1200.0,
        batch_clips=8,
        footage_given=2,
        # Real frames are textured: noise on what was seen would drown what the gate is there to keep.
        context_noise=0.02,
    )


def fitted(recipe: Recipe, parent: ModelConfig) -> Recipe:
    """The recipe for going on from a parent of that shape: the network is the parent's, the window at least a clip."""
    return replace(recipe, model=replace(parent, window=max(parent.window, recipe.num_frames)))


def _hour(name: str, *clips: SimulatorClips, **changes: Any) -> Recipe:
    """What one core learns in an hour at 64 pixels, from clips of a second."""
    whole = Recipe(
        name=name,
        model=model_config("mini"),
        clips=clips,
        num_frames=8,
        steps=None,
        budget_s=3300.0,
        batch_clips=12,
        clock="cpu",
        text_weight=0.1,
        decay_part=0.5,
        resume_every_s=60.0,
        checkpoint_every_s=900.0,
        sample_every_s=600.0,
    )
    return replace(whole, **changes)


def mini() -> Recipe:
    """To be played: the Arcade from above, and a little of the Desk.

    Both open with a given frame, as a player's do: what a maze looks like is in no prompt.
    """
    return _hour(
        "mini",
        SimulatorClips("arcade", num_given=1, questions=1, changes={"is_side_on": False}),
        SimulatorClips("desk", weight=0.3, num_given=1, questions=1),
        checkpoint_every_s=1800.0,
    )


def arcade() -> Recipe:
    """To be played: the Arcade from above and from the side, in seventy minutes.

    Clips are windows of longer games, half of them with the frames before them, as a roll-out that has lasted has them.
    """
    return _hour(
        "arcade",
        SimulatorClips("arcade", num_given=1, questions=1, scene_frames=24),
        model=model_config("mini", matches=True),
        budget_s=4200.0,
        batch_clips=8,
    )


def lab() -> Recipe:
    """To draw one body of the Lab, and to tell of one: every shape and colour, drifting on white.

    Nothing is moved here: who moves what it has paints first frames only, and learns shapes the slower for it.
    """
    changes = {
        "max_objects": 1,
        "is_camera_moving": False,
        "regimes": (0,),
        "backgrounds": (0,),
        "textures": (0,),
        "sizes": (1, 2),
    }
    return _hour(
        "lab",
        SimulatorClips("lab", changes=changes),
        model=model_config("mini", reach=0, palette=4, window=6),
        num_frames=6,
        stills=32,
        text_weight=0.3,
        decay_part=0.6,
    )


def desk() -> Recipe:
    """To do on the Desk what words say while it is played.

    Clips are windows of longer scenes: a word in the middle of every clip would be obeyed there and nowhere else. What
    words draw is one frame of a clip, so most of the work goes into stills of just that frame.
    """
    changes = {"backgrounds": (0,), "textures": (0,)}
    return _hour(
        "desk",
        SimulatorClips("desk", num_given=1, scene_frames=12, changes=changes),
        model=model_config("mini", reach=0, palette=4, recolours=True, feels_words=True),
        batch_clips=6,
        stills=48,
        # Words that are hidden would teach that things change unasked.
        watch_part=0.0,
        decay_part=0.6,
    )


def physics() -> Recipe:
    """PhyWorld's three setups in twenty-two minutes: what given frames say of the next ones.

    Clips are windows of the published 32 frames, so balls are seen wherever they roll.
    """
    rooms = ("uniform", "collision", "parabola")
    return _hour(
        "physics",
        # Two frames are always given: there is no beginning to be learned.
        *(SimulatorClips(room, num_given=2, scene_frames=32, begun_part=0.0) for room in rooms),
        model=model_config("mini", matches=True),
        budget_s=1320.0,
        fps=10.0,
        batch_clips=5,
        text_weight=0.05,
        decay_part=0.6,
        context_noise=0.05,
    )


def tiny() -> Recipe:
    """Tiny on all that the Lab draws, 64 pixels; a night of two cores, in pieces as long as one likes."""
    return _hour(
        "tiny",
        SimulatorClips("lab", questions=1, is_paraphrased=True),
        SimulatorClips("arcade", weight=0.8, num_given=1, questions=1),
        SimulatorClips("desk", weight=0.35, questions=1, is_paraphrased=True),
        *(SimulatorClips(room, weight=0.1) for room in ("uniform", "collision", "parabola")),
        model=model_config("tiny"),
        steps=100_000,
        budget_s=None,
        clock="wall",
        text_weight=0.2,
        decay_part=0.35,
        muon_rate=0.015,
        checkpoint_every_s=1800.0,
    )


def base() -> Recipe:
    """Base for a GPU: every room, 64 pixels in patches of 8, sixteen frames."""
    return replace(
        tiny(), name="base", model=model_config("base"), num_frames=16, batch_clips=64, steps=20_000, ema=0.999
    )


RECIPES: dict[str, Callable[[], Recipe]] = {
    "bakeoff": bakeoff,
    "smoke": smoke,
    "demo": demo,
    "finetune": finetune,
    "footage": footage,
    "mini": mini,
    "arcade": arcade,
    "lab": lab,
    "desk": desk,
    "physics": physics,
    "tiny": tiny,
    "base": base,
}


def recipe(name: str, **changes: Any) -> Recipe:
    """The named recipe with some fields changed. Raises UnknownRecipe with the known names."""
    if name not in RECIPES:
        raise UnknownRecipe(f"There is no recipe {name!r}.", remedy=f"Known: {', '.join(RECIPES)}.")
    return replace(RECIPES[name](), **changes)
