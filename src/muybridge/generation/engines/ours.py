"""Our own world model as an engine, once a runtime: a spec names its engine, and so says what its frames came from."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from muybridge.generation.engines import BeyondLimits, EngineLimits
from muybridge.generation.spec import GenerationSpec, Kind
from muybridge.worldmodel import config, runtimes
from muybridge.worldmodel.runtimes import Runtime

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


FASTER_FROM = 256
"""The width from which a network is played in eight bits: narrower ones are fast enough by torch, the reference."""


class Ours:
    def __init__(self, name: str, runtime: Runtime) -> None:
        self.name, self.runtime = name, runtime

    def limits(self, model: Mapping[str, Any] | None) -> EngineLimits:
        runtimes.require(self.runtime)
        of = config.ModelConfig.from_json(dict(model)) if model else config.model_config("nano")
        found = config.limits(of)
        return EngineLimits(
            kinds=frozenset(Kind),
            max_frames=found.max_frames,
            max_prompt_characters=found.max_prompt_characters,
            max_steps=found.max_steps,
            height=found.height,
            width=found.width,
        )

    def generate(
        self, spec: GenerationSpec, weights: Path | None, given: "NDArray[np.uint8] | None"
    ) -> "Iterator[NDArray[np.uint8]]":
        # The network loads here, in the child; the door only asks for limits.
        import numpy as np
        import torch

        from muybridge.generation import imagining
        from muybridge.training.checkpoint_files import open_checkpoint
        from muybridge.training.footage_clips import resize_to_cover
        from muybridge.worldmodel.sampler import Sampler, Sampling, Wish

        assert weights is not None, "limits say that a checkpoint is needed"
        opened = open_checkpoint(weights)
        sampler = Sampler(opened.model, opened.tokenizer, runtime=self.runtime)
        size = (opened.model.config.frame_width, opened.model.config.height)
        begun = None
        if given is not None:
            begun = torch.from_numpy(np.stack([resize_to_cover(frame, size) for frame in given]))
        how = Sampling(first_steps=spec.first_steps, steps=spec.steps, guidance=spec.guidance, fps=spec.fps)
        if spec.script is not None:
            room = spec.script.room
            first, shown = None if begun is None else begun[0], imagining.room_as_shown(opened, room)
            opening = imagining.Opening(room, spec.prompt, how, first, shown)
            frames = imagining.replay(sampler, opening, spec.seed, spec.script.entries)
            for number, frame in enumerate(frames):
                # Nothing of what lies before the clip, but a sign of life for it.
                yield frame[None].numpy()[: int(number >= spec.script.start_frame)]
            return
        wish = Wish(prompt=spec.prompt, seed=spec.seed, given=begun)
        for frame_BHW3 in sampler.stream([wish], spec.num_frames, how):
            yield frame_BHW3.cpu().numpy()


ENGINE = Ours("ours", Runtime.TORCH)
EIGHT_BIT = Ours("ours-int8", Runtime.ONNX_INT8)


def for_play(model: Mapping[str, Any]) -> str:
    """The engine of ours that shall play a network of this config with what is installed here."""
    is_worth_it = config.ModelConfig.from_json(dict(model)).width >= FASTER_FROM
    return EIGHT_BIT.name if is_worth_it and runtimes.is_installed(EIGHT_BIT.runtime) else ENGINE.name


def runtime_of(name: str) -> Runtime:
    """What runs a session's network. Raises BeyondLimits for engines that cannot be played."""
    runtimes_of = {engine.name: engine.runtime for engine in (ENGINE, EIGHT_BIT)}
    if name not in runtimes_of:
        raise BeyondLimits(f"The engine {name} cannot be played.", remedy=f"These can: {', '.join(runtimes_of)}.")
    return runtimes_of[name]
