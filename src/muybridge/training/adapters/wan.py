"""Wan (2.1, and 2.2 of one transformer), as diffusers saves it. Light: what is heavy waits until training begins."""

import math
from collections.abc import Iterator
from pathlib import Path

from muybridge.training.adapters import BadBase, BaseModel, Lesson, read_config, require_extra
from muybridge.training.lora import LoraRecipe
from muybridge.training.updates import Update

PIPELINE = "WanPipeline"


class Wan:
    name = "wan"

    def describe(self, folder: Path) -> BaseModel:
        require_extra("diffusers", "transformers", "accelerate", "peft")
        index = read_config(folder, "model_index.json")
        if index.get("_class_name") != PIPELINE:
            raise BadBase(
                f"{folder.name} is a {index.get('_class_name')}, not a {PIPELINE}.",
                remedy="Name a folder of Wan for text to video, as diffusers saves it.",
            )
        if (index.get("transformer_2") or [None])[0] is not None:
            raise BadBase(
                f"{folder.name} has two transformers, one for each half of the noise; only one is taught here.",
                remedy="Use Wan 2.1 (1.3B or 14B), or Wan 2.2 TI2V 5B.",
            )
        vae, network = read_config(folder, "vae/config.json"), read_config(folder, "transformer/config.json")
        patch_frames, *patch_sides = network["patch_size"]
        side = math.lcm(*patch_sides) * int(vae.get("scale_factor_spatial", 8))
        # The pipeline itself refuses sides that are no multiples of 16.
        frames = int(vae.get("scale_factor_temporal", 4)) * int(patch_frames)
        return BaseModel(folder.resolve().name, PIPELINE, math.lcm(side, 16), frames)

    def train(self, recipe: LoraRecipe, seed: int, lesson: Lesson, workdir: Path) -> Iterator[Update]:
        self.describe(lesson.folder).check(recipe)
        from muybridge.training.adapters import wan_lora

        yield from wan_lora.train(recipe, seed, lesson, workdir)


ADAPTER = Wan()
