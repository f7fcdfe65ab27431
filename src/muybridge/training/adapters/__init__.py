"""How open-weight video models are fine-tuned on footage. A plugin socket (entry points `muybridge.adapters`).

An adapter knows one family of models. It looks at a folder of weights without loading them (`describe`, which the
command that starts a run asks) and trains low-rank matrices on local clips (`train`, in a child process); it knows no
row. Only modules of this folder and `generation.engines` import diffusers, peft and transformers, and only when used.
"""

import hashlib
import importlib.util
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from muybridge.errors import Conflict, Invalid
from muybridge.plugins import MissingExtra, Registry
from muybridge.training.footage import FootageClip
from muybridge.training.lora import LoraRecipe
from muybridge.training.updates import Update

BASE_FORMAT = "muybridge.base_model/1"
_BLOCK = 1 << 22


class BadBase(Invalid):
    """The folder does not hold a model that this adapter knows."""

    code = "training.bad_base"


class BaseAltered(Conflict):
    """The weights in the folder are not those that the run began with."""

    code = "training.base_altered"


@dataclass(frozen=True, slots=True)
class BaseModel:
    """What a folder of weights is, by its small files. Clips must fit its grid of pixels and frames."""

    name: str
    pipeline: str
    side_multiple: int
    """Width and height are multiples of this."""
    frames_multiple: int
    """Frames are one more than a multiple of this."""

    def check(self, recipe: LoraRecipe) -> None:
        """Raises BadBase when the recipe's clips do not fit."""
        if recipe.width % self.side_multiple or recipe.height % self.side_multiple:
            raise BadBase(
                f"{recipe.width}x{recipe.height} does not fit {self.name}.",
                remedy=f"Choose sides that are multiples of {self.side_multiple}.",
            )
        if (recipe.num_frames - 1) % self.frames_multiple:
            fits = recipe.num_frames - (recipe.num_frames - 1) % self.frames_multiple
            raise BadBase(
                f"{recipe.num_frames} frames do not fit {self.name}.",
                remedy=f"Choose a multiple of {self.frames_multiple} and one more, {fits} say.",
            )


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is taught to what: local clips, a folder of weights with its digest, and what a checkpoint says of them.

    checkpoint: this run's own last one, where its work folder was lost.
    """

    footage: tuple[FootageClip, ...]
    folder: Path
    base_digest: str
    version: dict[str, Any] = field(default_factory=dict)
    checkpoint: Path | None = None


class Adapter(Protocol):
    """Teaches one family of models by low-rank matrices."""

    name: str

    def describe(self, folder: Path) -> BaseModel:
        """What the folder holds, without loading it. Raises MissingExtra, BadBase."""
        ...

    def train(self, recipe: LoraRecipe, seed: int, lesson: Lesson, workdir: Path) -> Iterator[Update]:
        """Train and yield metrics, pictures and checkpoints as `training.loop.train` does; resumes from its folder.

        A checkpoint is one safetensors file that diffusers' `load_lora_weights` reads.
        """
        ...


ADAPTERS: Registry[Adapter] = Registry("adapter", "muybridge.adapters")


def require_extra(*packages: str) -> None:
    """Raises MissingExtra with the install command, unless all packages are there."""
    for package in packages:
        if importlib.util.find_spec(package) is None:
            raise MissingExtra(
                f"Fine-tuning open-weight video models needs the package {package!r}, which is not installed.",
                remedy="Run: pip install 'muybridge[diffusers]'",
            )


def read_config(folder: Path, name: str) -> dict[str, Any]:
    """A JSON file of a saved pipeline. Raises BadBase for a folder that has none."""
    try:
        values: dict[str, Any] = json.loads((folder / name).read_text())
    except (OSError, ValueError) as missing:
        raise BadBase(
            f"{folder} is no folder of a diffusers pipeline: {name} is missing or no JSON.",
            remedy="Name the folder that holds model_index.json; download the weights there first.",
        ) from missing
    return values


def weigh(folder: Path) -> bytes:
    """A folder of weights as a manifest: each file with its size and sha256. Its own digest names the base model."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not _is_hidden(path.relative_to(folder)))
    if not paths:
        raise BadBase(f"There is nothing in {folder}.", remedy="Name the folder that holds model_index.json.")
    files = [
        {"path": path.relative_to(folder).as_posix(), "size_bytes": path.stat().st_size, "sha256": sha256_of(path)}
        for path in paths
    ]
    return json.dumps({"format": BASE_FORMAT, "files": files}, sort_keys=True, indent=1).encode()


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)
