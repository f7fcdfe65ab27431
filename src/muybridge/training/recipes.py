"""The named recipes: functions that return one `Recipe` each. Light, as it is."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from muybridge.errors import Invalid
from muybridge.training.recipe import Recipe, SimulatorClips
from muybridge.worldmodel.config import ModelConfig, model_config


class UnknownRecipe(Invalid):
    code = "training.unknown_recipe"


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


def latents(minutes: float = 16.0) -> Recipe:
    """The bake-off in sixteen times as many pixels, through a codec of its own: in as many patches as nano's."""
    whole = bakeoff(minutes)
    model = replace(whole.model, height=128, frame_width=128, patch=32, palette=0, latents=48)
    return replace(whole, name="latents", model=model, codec_part=0.35)


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
    """To be played: the Arcade from above and from the side, in a hundred minutes.

    Clips are windows of longer games, half of them with the frames before them, as a roll-out that has lasted has them.
    """
    return _hour(
        "arcade",
        SimulatorClips("arcade", num_given=1, questions=1, scene_frames=24),
        model=model_config("mini", matches=True),
        budget_s=6000.0,
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
        budget_s=4500.0,
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
    "latents": latents,
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
