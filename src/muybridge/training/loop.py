"""The training loop: one plain generator, from a recipe to checkpoints.

It knows tensors, files in its work folder and a clock; no row, no queue. It stops itself at its budget, saves before
it ends, refuses to go on from numbers that are not numbers, and resumes bit for bit on CPU: everything random is a
function of (seed, step), and all state is in the resume file.
"""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from muybridge.training import checkpoint_files, grids, objective, pacing, parallel
from muybridge.training.batches import ClipSource, Feed
from muybridge.training.footage import FootageClip
from muybridge.training.footage_clips import VideoClips
from muybridge.training.optim import Average, Optimizers, schedule
from muybridge.training.pacing import RESUME, STOP, OutOfMemory, ResumeMismatch, TrainingDiverged
from muybridge.training.parallel import Ranks
from muybridge.training.recipe import BadRecipe, Recipe
from muybridge.training.rooms import RoomClips, RoomStills
from muybridge.training.updates import CheckpointFiles, SampleGrid, Update
from muybridge.worldmodel.latents import Latents
from muybridge.worldmodel.net import Losses, WorldModel
from muybridge.worldmodel.text import Tokenizer, learn_tokenizer

__all__ = [
    "RESUME",
    "STOP",
    "OutOfMemory",
    "ResumeMismatch",
    "Start",
    "Trainer",
    "TrainingDiverged",
    "digest_of",
    "require_same",
    "start_in",
    "train",
]


CODEC_PARTS = 3
"""A codec takes a step for each third of the frames of a batch."""
_GENTLER = "Go on from the last checkpoint with lower rates (muon_rate, adam_rate) or a smaller clip_norm."


@dataclass(frozen=True, slots=True)
class Start:
    """Where a training begins: at random, from a checkpoint's weights, or exactly where a resume file left it.

    is_same_run: the checkpoint is this run's own, so steps and seconds go on from its card (its resume file is lost:
    the optimizers warm up again).
    """

    checkpoint: Path | None = None
    resume: Path | None = None
    is_same_run: bool = False


def start_in(workdir: Path) -> Start:
    """Go on from the work folder's resume file if it has one, else begin at random."""
    resume = workdir / RESUME
    return Start(resume=resume if resume.exists() else None)


def train(recipe: Recipe, seed: int, footage: Sequence[FootageClip], start: Start, workdir: Path) -> Iterator[Update]:
    """Train and yield metrics (about one a second), sample grids and checkpoints; the last update is the final one.

    Started by torchrun, the processes train one network together (see `parallel`) on one shared work folder, and only
    the first yields. Raises TrainingDiverged, OutOfMemory, CheckpointAltered (a start that is not whole), NoClips.
    """
    torch.set_num_threads(recipe.threads)
    doing = f"Training {recipe.name} with {recipe.batch_clips} clips a batch"
    remedy = "Use smaller batches (batch_clips), fewer frames, or a smaller size."
    with pacing.naming_out_of_memory(doing, remedy), parallel.joined() as ranks:
        for update in Trainer(recipe, seed, footage, start, workdir, ranks).run():
            if ranks.is_first:
                yield update


class Trainer:
    """The state of one training, and its story in `run`."""

    def __init__(
        self,
        recipe: Recipe,
        seed: int,
        footage: Sequence[FootageClip],
        start: Start,
        workdir: Path,
        ranks: Ranks | None = None,
    ) -> None:
        self.recipe, self.seed, self.workdir = recipe, seed, workdir
        self.digest = digest_of(recipe, seed, footage)
        self.ranks = ranks or Ranks(device=torch.device("cuda" if torch.cuda.is_available() else "cpu"))
        self.device = self.ranks.device
        sources = _sources(recipe, footage)
        parent = checkpoint_files.open_checkpoint(start.checkpoint) if start.checkpoint else None
        self.tokenizer = parent.tokenizer if parent else _learn(sources, recipe)
        self.feed = Feed(sources, self.tokenizer, batch_clips=recipe.batch_clips, seed=seed, ranks=self.ranks)
        self.stills = self._stills()
        torch.manual_seed(seed)
        self.model = WorldModel(recipe.model)
        if parent:
            self.model.load_state_dict(parent.model.state_dict())
        self.model = self.model.to(self.device).train()
        if recipe.is_compiled and self.device.type == "cuda":
            for block in self.model.trunk.blocks:
                block.compile()
        self.ranks.shard(self.model)
        self.optimizers = Optimizers(self.model, recipe)
        self.average = Average(self.model, recipe.ema)
        self.step, before_s = 0, 0.0
        self._codec_steps = 0
        """Steps since it last warmed up that went into the codec."""
        if parent and start.is_same_run:
            card = parent.manifest["card"]
            self.step, before_s = int(card["step"]), float(card.get("elapsed_s", 0.0))
        self._warm_from = self.step
        self.values: dict[str, float] = {}
        """Numbers of the last step."""
        if recipe.model.latents and not (recipe.codec_part or parent or start.resume):
            raise BadRecipe(
                f"The recipe {recipe.name} predicts latents of a codec that has learned nothing.",
                remedy="Give it a codec_part, or go on from a checkpoint.",
            )
        if start.resume:
            before_s = self._load_resume(start.resume)
        self.watch = pacing.Stopwatch(recipe, before_s)

    @property
    def progress(self) -> float:
        """0..1, by steps or by budget, whichever is nearer its end."""
        return self.watch.progress(self.step)

    def run(self) -> Iterator[Update]:
        return pacing.run(self, self.recipe, self.workdir, self.ranks.agree)

    def take_step(self, progress: float | None = None) -> dict[str, float]:
        """One optimizer step; its numbers. Raises TrainingDiverged before the weights are touched."""
        progress, part = self.progress if progress is None else progress, self.recipe.codec_part
        if progress < part:
            return self._learn_codec(progress / part)
        since = self.step - self._warm_from - self._codec_steps
        factor = schedule((progress - part) / (1.0 - part), since, self.recipe)
        chance = objective.step_generator(self.seed, self.step)
        losses = self._losses(self.feed, chance)
        loss = self._whole_loss(losses)
        pacing.require_finite("loss", loss, self.step, _GENTLER)
        losses.total.backward()  # type: ignore[no-untyped-call]  # torch leaves it unannotated
        drawn = self._learn_stills(chance)
        norm = self._follow(list(self.model.parameters()), factor)
        self.step += 1
        parts = {"frame_loss": float(losses.frames), "text_loss": float(losses.text)}
        return self._values(loss, parts, norm, factor) | drawn

    def _learn_codec(self, progress: float) -> dict[str, float]:
        """A step of the codec alone, in several parts; the network does not move. The numbers are of the last part."""
        codec, weights = self.model.codec, self.model.codec_weights()
        assert isinstance(codec, Latents)
        factor = schedule(progress, self.step - self._warm_from, self.recipe)
        clips, chance = self.feed.examples(self.step).frames, objective.step_generator(self.seed, self.step)
        loss = norm = math.nan
        # Neighbouring frames teach nearly the same, so each part has frames of all clips that lie apart.
        for part in range(min(CODEC_PARTS, clips.shape[1])):
            frames = clips[:, part::CODEC_PARTS]
            batch = len(frames) * self.ranks.size
            noise = torch.randn((batch, *codec.latents_of(frames)), generator=chance)[self.ranks.rows(batch)]
            share = codec.loss(frames, noise.to(self.device).flatten(0, 1))
            loss = self.ranks.add([float(share.detach()) / self.ranks.size])[0]
            pacing.require_finite("loss", loss, self.step, _GENTLER)
            share.backward()  # type: ignore[no-untyped-call]  # torch leaves it unannotated
            self.ranks.average_gradients(weights)
            norm = self._follow(weights, factor)
        self.step += 1
        self._codec_steps += 1
        return self._values(loss, {"codec_loss": loss}, norm, factor)

    def _follow(self, weights: list[nn.Parameter], factor: float) -> float:
        """Move against the gradients of these weights, once they are known to be numbers; their norm."""
        norm = float(parallel.whole(nn.utils.clip_grad_norm_(weights, self.recipe.clip_norm)))
        pacing.require_finite("gradient", norm, self.step, _GENTLER)
        self.optimizers.step(factor)
        self.average.update(self.model, self.step)
        return norm

    def _learn_stills(self, chance: torch.Generator) -> dict[str, float]:
        """Add the gradients of this step's stills; their loss, if there are any."""
        if self.stills is None:
            return {}
        losses = self._losses(self.stills, chance)
        pacing.require_finite("still_loss", float(losses.frames), self.step, _GENTLER)
        losses.total.backward()  # type: ignore[no-untyped-call]  # torch leaves it unannotated
        return {"still_loss": float(losses.frames)}

    def _losses(self, feed: Feed, chance: torch.Generator) -> Losses:
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            examples = feed.examples(self.step)
            return objective.losses(self.model, examples, self.recipe, chance, self.ranks)

    def _stills(self) -> Feed | None:
        """What a step's stills are of: every room of which words draw a frame."""
        if not self.recipe.stills:
            return None
        told = self.recipe.drawn_from_words
        sources = [(clips.weight, RoomStills(RoomClips(clips, self.recipe))) for clips in told]
        count = self.recipe.stills
        return Feed(sources, self.tokenizer, batch_clips=count, seed=self.seed, ranks=self.ranks)

    def _whole_loss(self, losses: Losses) -> float:
        if self.ranks.size == 1:
            return float(losses.total.detach())
        return float(losses.frames) + self.recipe.text_weight * float(losses.text)

    def save(self, *, is_final: bool) -> CheckpointFiles:
        """Write the averaged weights and the resume file, each whole or not at all."""
        config = self.recipe.model.to_json()
        card = {"step": self.step, "seed": self.seed, "parameters": self.model.num_parameters, **self.values}
        card["elapsed_s"] = self.watch.elapsed_s
        manifest = {
            "config": config,
            "tokenizer": self.tokenizer.to_json(),
            "tokenizer_sha256": self.tokenizer.digest,
            "recipe": self.recipe.to_json(),
            "training_sha256": self.digest,
            "card": card,
        }
        path = self.workdir / f"step_{self.step:07d}.safetensors"
        weights = self.average.whole_weights()
        if self.ranks.is_first:
            checkpoint_files.write_tensors(path, weights, manifest)
        self.save_resume()
        return CheckpointFiles(self.step, path, card, config, is_final)

    def draw(self) -> SampleGrid:
        """A grid of what the averaged weights make of four prompts of the training's own kind."""
        path = self.workdir / f"grid_{self.step:07d}.png"
        model = self.averaged_model()
        if not self.ranks.is_first:
            return SampleGrid(self.step, path, ())
        draw = grids.draw_seen if self.progress < self.recipe.codec_part else grids.draw_grid
        return SampleGrid(self.step, path, draw(model, self.tokenizer, self.recipe, self.feed.examples(0), path))

    def averaged_model(self) -> WorldModel:
        """A copy of the network with the averaged weights, as checkpoints have them."""
        model = WorldModel(self.recipe.model)
        model.load_state_dict(self.average.whole_weights())
        return model.to(self.device).eval()

    def _values(self, loss: float, parts: dict[str, float], norm: float, factor: float) -> dict[str, float]:
        return {
            "loss": loss,
            **parts,
            "gradient_norm": norm,
            "learning_rate": self.recipe.muon_rate * factor,
            "clips_seen": float(self.step * self.recipe.batch_clips),
            "elapsed_s": self.watch.elapsed_s,
            "progress": min(1.0, self.progress),
        }

    def save_resume(self) -> None:
        tensors = {f"model.{name}": parallel.whole(weight) for name, weight in self.model.state_dict().items()}
        tensors |= {f"average.{name}": weight for name, weight in self.average.whole_weights().items()}
        tensors |= {f"optimizers.{name}": state for name, state in self.optimizers.state_tensors().items()}
        manifest = {
            "step": self.step,
            "warm_from": self._warm_from,
            "codec_steps": self._codec_steps,
            "elapsed_s": self.watch.elapsed_s,
            "values": self.values,
        }
        if self.ranks.is_first:
            checkpoint_files.write_tensors(self.workdir / RESUME, tensors, {**manifest, **self._identity()})

    def _load_resume(self, path: Path) -> float:
        """Take up its state; the seconds it had trained."""
        tensors, manifest = checkpoint_files.read_tensors(path)
        require_same(path, manifest, self._identity())
        part = {name.partition(".")[0]: {} for name in tensors}  # type: dict[str, dict[str, torch.Tensor]]
        for name, tensor in tensors.items():
            kind, _, rest = name.partition(".")
            part[kind][rest] = tensor.to(self.device)
        parallel.load_weights(self.model, part["model"])
        self.average.load_weights(part["average"])
        self.optimizers.load_state_tensors(part.get("optimizers", {}))
        self.step, self.values = int(manifest["step"]), manifest["values"]
        self._warm_from, self._codec_steps = int(manifest["warm_from"]), int(manifest["codec_steps"])
        return float(manifest["elapsed_s"])

    def _identity(self) -> dict[str, Any]:
        return {"tokenizer_sha256": self.tokenizer.digest, "training_sha256": self.digest}


_PACE = ("steps", "budget_s", "clock", "metrics_every_s", "sample_every_s", "checkpoint_every_s", "resume_every_s")
"""Fields of a recipe that say how long it is followed and what is told meanwhile; a resumed run may change them."""


def digest_of(recipe: Recipe, seed: int, footage: Sequence[FootageClip]) -> str:
    """What makes it one training, however often it is interrupted: sha256 of recipe, seed and clips (by file name)."""
    followed = {name: value for name, value in recipe.to_json().items() if name not in _PACE}
    shown = [{**asdict(clip), "path": clip.path.name} for clip in footage]
    return hashlib.sha256(json.dumps([followed, seed, shown], sort_keys=True).encode()).hexdigest()


def require_same(path: Path, manifest: Mapping[str, Any], asked: Mapping[str, str]) -> None:
    """Raises ResumeMismatch for a file of another training than is asked for."""
    if any(manifest.get(key) != value for key, value in asked.items()):
        raise ResumeMismatch(
            f"{path.name} belongs to another training: another recipe, seed, footage or tokenizer.",
            remedy="Start in a new folder, or restore what it was made with.",
        )


def _sources(recipe: Recipe, footage: Sequence[FootageClip]) -> list[tuple[float, ClipSource]]:
    sources: list[tuple[float, ClipSource]] = [(clips.weight, RoomClips(clips, recipe)) for clips in recipe.clips]
    if footage and recipe.footage_weight > 0.0:
        sources.append((recipe.footage_weight, VideoClips(footage, recipe)))
    return sources


def _learn(sources: Sequence[tuple[float, ClipSource]], recipe: Recipe) -> Tokenizer:
    return learn_tokenizer(
        (sentence for _, source in sources for sentence in source.sentences()), recipe.model.vocab_size
    )
