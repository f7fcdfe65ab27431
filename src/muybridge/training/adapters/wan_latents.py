"""What Wan's frozen parts make of the clips, computed once: latents of the frames, embeddings of the words.

Both lie in the work folder, each in a file named by a digest over all that decides it, so that a resumed run encodes
nothing again and the text encoder (much the largest part) is loaded only where words are new.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from diffusers import AutoencoderKLWan, WanPipeline
from torch import Tensor

from muybridge.training import checkpoint_files
from muybridge.training.adapters import Lesson
from muybridge.training.adapters.windows import Window
from muybridge.training.lora import LoraRecipe

FOLDER = "encoded"


@dataclass(frozen=True, slots=True)
class EncodedClips:
    """Files of latents and words, a pair a window."""

    folder: Path
    latents: tuple[str, ...]
    words: tuple[str, ...]
    no_words: str
    captions: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.latents)

    @property
    def digest(self) -> str:
        """Of all clips and words, in order."""
        told = json.dumps([self.latents, self.words, self.no_words])
        return hashlib.sha256(told.encode()).hexdigest()

    def latents_of(self, number: int) -> Tensor:
        """float32 [1,C,T,H,W], scaled as the transformer sees them."""
        return self._read(self.latents[number])

    def words_of(self, number: int | None) -> Tensor:
        """float32 [1,L,D], zeros beyond the words; None: of no words."""
        return self._read(self.no_words if number is None else self.words[number])

    def _read(self, name: str) -> Tensor:
        tensors, _ = checkpoint_files.read_tensors(self.folder / f"{name}.safetensors")
        return tensors["encoded"]


def encode(
    windows: Sequence[Window],
    recipe: LoraRecipe,
    lesson: Lesson,
    workdir: Path,
    vae: AutoencoderKLWan,
    text_dtype: torch.dtype,
) -> EncodedClips:
    """Encode what no file in the work folder holds yet. The VAE stays where it is; the text encoder goes again."""
    folder = workdir / FOLDER
    folder.mkdir(exist_ok=True)
    latents = [window.digest(lesson.base_digest) for window in windows]
    for name, window in zip(latents, windows, strict=True):
        if not (folder / f"{name}.safetensors").exists():
            _write(folder, name, latents_of(vae, torch.from_numpy(window.read())))
    captions = [window.caption for window in windows]
    names = {words: _name_of(words, recipe, lesson) for words in ("", *captions)}
    fresh = {words: name for words, name in names.items() if not (folder / f"{name}.safetensors").exists()}
    if fresh:
        _embed(fresh, recipe, lesson, folder, vae.device, text_dtype)
    words = tuple(names[caption] for caption in captions)
    return EncodedClips(folder, tuple(latents), words, names[""], tuple(captions))


@torch.no_grad()
def latents_of(vae: AutoencoderKLWan, frames_THW3: Tensor) -> Tensor:
    """The mode of the VAE's posterior, shifted and scaled to about unit size, float32 [1,C,T,H,W]."""
    video = frames_THW3.permute(3, 0, 1, 2)[None].to(vae.device, vae.dtype) / 127.5 - 1.0
    found = vae.encode(video).latent_dist.mode().float()
    mean, std = (
        torch.tensor(numbers, device=found.device).view(1, -1, 1, 1, 1)
        for numbers in (vae.config.latents_mean, vae.config.latents_std)
    )
    scaled: Tensor = (found - mean) / std
    return scaled.cpu()


@torch.no_grad()
def _embed(
    fresh: dict[str, str],
    recipe: LoraRecipe,
    lesson: Lesson,
    folder: Path,
    device: torch.device,
    dtype: torch.dtype,
) -> None:
    pipeline = WanPipeline.from_pretrained(
        lesson.folder, vae=None, transformer=None, torch_dtype=dtype, local_files_only=True, use_safetensors=True
    )
    pipeline.text_encoder.to(device).eval()
    for words, name in fresh.items():
        embedded, _ = pipeline.encode_prompt(
            words, do_classifier_free_guidance=False, max_sequence_length=recipe.max_text, device=device
        )
        _write(folder, name, embedded.float().cpu())


def _name_of(words: str, recipe: LoraRecipe, lesson: Lesson) -> str:
    told = json.dumps(["words", lesson.base_digest, recipe.max_text, words])
    return hashlib.sha256(told.encode()).hexdigest()


def _write(folder: Path, name: str, encoded: Tensor) -> None:
    checkpoint_files.write_tensors(folder / f"{name}.safetensors", {"encoded": encoded}, {})
