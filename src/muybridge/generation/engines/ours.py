"""Our own world model as an engine."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from muybridge.generation.engines import EngineLimits
from muybridge.generation.spec import GenerationSpec, Kind
from muybridge.worldmodel import config

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Ours:
    name = "ours"

    def limits(self, model: Mapping[str, Any] | None) -> EngineLimits:
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
        sampler = Sampler(opened.model, opened.tokenizer)
        size = (opened.model.config.frame_width, opened.model.config.height)
        begun = None
        if given is not None:
            begun = torch.from_numpy(np.stack([resize_to_cover(frame, size) for frame in given]))
        how = Sampling(first_steps=spec.first_steps, steps=spec.steps, guidance=spec.guidance, fps=spec.fps)
        if spec.script is not None:
            opening = imagining.Opening(spec.script.room, spec.prompt, how, None if begun is None else begun[0])
            frames = imagining.replay(sampler, opening, spec.seed, spec.script.entries)
            for number, frame in enumerate(frames):
                # Nothing of what lies before the clip, but a sign of life for it.
                yield frame[None].numpy()[: int(number >= spec.script.start_frame)]
            return
        wish = Wish(prompt=spec.prompt, seed=spec.seed, given=begun)
        for frame_BHW3 in sampler.stream([wish], spec.num_frames, how):
            yield frame_BHW3.cpu().numpy()


ENGINE = Ours()
