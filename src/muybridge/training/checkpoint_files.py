"""Checkpoint files: safetensors with a JSON manifest inside, written whole or not at all, checked when read.

A checkpoint carries the averaged weights and all that is needed to use them (config, tokenizer, card). A resume file
carries the exact state of a run. Rows and lineage are `checkpoints`' work.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from muybridge.errors import Conflict, Invalid
from muybridge.worldmodel import weights as eight_bit
from muybridge.worldmodel.config import ModelConfig
from muybridge.worldmodel.net import WorldModel
from muybridge.worldmodel.text import Tokenizer

FORMAT = 1
_MANIFEST = "muybridge"


class CheckpointAltered(Conflict):
    """The bytes are not those that were written."""

    code = "training.checkpoint_altered"


class NotACheckpoint(Invalid):
    code = "training.not_a_checkpoint"


@dataclass(frozen=True, slots=True)
class OpenCheckpoint:
    """A network ready to use, with what its file says of it."""

    model: WorldModel
    tokenizer: Tokenizer
    manifest: dict[str, Any]


def write_tensors(
    path: Path, tensors: dict[str, Tensor], manifest: dict[str, Any], *, notes: Mapping[str, str] | None = None
) -> None:
    """Write a safetensors file atomically; its manifest gains the format, and sha256 of the tensors and of itself.

    notes: entries of the header beside the manifest, for other programs that read the file.
    """
    whole = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    # As it will be read: JSON knows no tuples, and its keys are texts.
    sealed = json.loads(json.dumps({**manifest, "format": FORMAT, "tensors_sha256": tensors_digest(whole)}))
    sealed["manifest_sha256"] = _manifest_digest(sealed)
    part = path.with_suffix(f".part{os.getpid()}")
    save_file(whole, part, metadata={**(notes or {}), _MANIFEST: json.dumps(sealed, sort_keys=True)})
    with part.open("rb") as written:
        os.fsync(written.fileno())
    part.replace(path)


def read_tensors(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Tensors and manifest. Raises NotACheckpoint for other files, CheckpointAltered for cut or changed ones."""
    try:
        with safe_open(path, framework="pt") as opened:
            metadata = opened.metadata() or {}
            tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118  # no dict
    except FileNotFoundError as missing:
        raise NotACheckpoint(f"There is no file {path.name}.", remedy="Name a .safetensors file.") from missing
    except (SafetensorError, OSError, ValueError) as broken:
        raise CheckpointAltered(
            f"{path.name} is cut short or is no safetensors file ({broken}).",
            remedy="Fetch it again, or use an earlier checkpoint.",
        ) from broken
    if _MANIFEST not in metadata:
        raise NotACheckpoint(f"{path.name} holds tensors, but was not written by Muybridge.")
    manifest = _parsed(metadata[_MANIFEST])
    own = _manifest_digest(manifest)
    # Files of before had no digest of the manifest.
    if manifest.get("manifest_sha256", own) != own or manifest.get("tensors_sha256") != tensors_digest(tensors):
        raise CheckpointAltered(
            f"{path.name} is not what was written: its digest differs.",
            remedy="Fetch it again, or use an earlier checkpoint.",
        )
    if manifest["format"] > FORMAT:
        raise NotACheckpoint(
            f"{path.name} is of format {manifest['format']}, and this version reads {FORMAT}.",
            remedy="Use a newer Muybridge.",
        )
    return tensors, manifest


def _parsed(text: str) -> dict[str, Any]:
    """The manifest, or what no digest will fit."""
    try:
        manifest = json.loads(text)
    except ValueError:
        return {}
    return manifest if isinstance(manifest, dict) else {}


def _manifest_digest(manifest: Mapping[str, Any]) -> str:
    sealed = {name: value for name, value in manifest.items() if name != "manifest_sha256"}
    return hashlib.sha256(json.dumps(sealed, sort_keys=True).encode()).hexdigest()


def tensors_digest(tensors: dict[str, Tensor]) -> str:
    """sha256 over names, kinds, shapes and bytes, in the order of names."""
    digest = hashlib.sha256()
    for name in sorted(tensors):
        tensor = tensors[name].contiguous()
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        digest.update(tensor.reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()


def open_checkpoint(path: Path, device: str = "cpu") -> OpenCheckpoint:
    """The network of a checkpoint file, full or eight-bit. Raises as read_tensors does."""
    tensors, manifest = read_tensors(path)
    try:
        tokenizer = Tokenizer(manifest["tokenizer"]["merges"])
        model = WorldModel(ModelConfig.from_json(manifest["config"]))
        model.load_state_dict(eight_bit.dequantise(tensors))
        is_own = tokenizer.digest == manifest["tokenizer_sha256"]
    except (LookupError, TypeError, ValueError, RuntimeError) as wrong:
        raise NotACheckpoint(
            f"{path.name} is no checkpoint of a world model: {type(wrong).__name__}, {str(wrong)[:200]}."
        ) from wrong
    if not is_own:
        raise CheckpointAltered(f"{path.name} speaks with other words than it was written with.")
    return OpenCheckpoint(model.to(device).eval(), tokenizer, manifest)


def shrink_checkpoint(path: Path, target: Path) -> None:
    """Write the eight-bit form of a checkpoint."""
    tensors, manifest = read_tensors(path)
    write_tensors(target, eight_bit.quantise(tensors), {**manifest, "weights": "int8_rows"})
