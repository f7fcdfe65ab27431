"""Low-rank fine-tuning of Wan: its flow-matching loss on latents of the user's clips, its transformer frozen.

Wan is trained to predict the velocity from data to noise (Wan 2.1's report, section 4.2): x_s = (1 - s) x + s e, the
target is e - x, and s is logit-normal, then shifted as its sampler shifts. Only the matrices that peft puts beside the
attention projections learn. Like `training.loop`: all chance is a function of (seed, step), and a resume file holds
all state.
"""

import json
import math
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKLWan, WanPipeline, WanTransformer3DModel
from diffusers.training_utils import cast_training_params
from diffusers.utils.logging import disable_progress_bar
from peft import LoraConfig, get_peft_model_state_dict, set_peft_model_state_dict
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional

from muybridge.errors import Invalid
from muybridge.training import checkpoint_files, grids, objective, pacing
from muybridge.training.adapters import Lesson
from muybridge.training.adapters.wan_latents import EncodedClips, encode
from muybridge.training.adapters.windows import cut
from muybridge.training.lora import KIND, LoraRecipe
from muybridge.training.optim import schedule
from muybridge.training.updates import CheckpointFiles, SampleGrid, Update

PREFIX = "transformer."
"""Before the names of the matrices: where diffusers looks for them."""
_NOTE = "lora_adapter_metadata"
"""diffusers' own entry in a file's header: rank, alpha and the rest."""
_GENTLER = "Go on from the last checkpoint with a lower rate or a smaller clip_norm."
_NUM_SAMPLES, _FRAMES_SHOWN, _TALLEST = 2, 6, 128


class BadTargets(Invalid):
    code = "training.bad_targets"


def train(recipe: LoraRecipe, seed: int, lesson: Lesson, workdir: Path) -> Iterator[Update]:
    """Encode the clips once, then train; see `adapters.Adapter.train`."""
    torch.set_num_threads(recipe.threads)
    disable_progress_bar()
    doing = f"Training {recipe.name} on clips of {recipe.width}x{recipe.height}, {recipe.num_frames} frames,"
    with pacing.naming_out_of_memory(doing, "Use fewer frames, smaller sides, or is_recomputed."):
        trainer = LoraTrainer(recipe, seed, lesson, workdir)
        yield from pacing.run(trainer, recipe, workdir)


class LoraTrainer:
    """The state of one fine-tuning."""

    def __init__(self, recipe: LoraRecipe, seed: int, lesson: Lesson, workdir: Path) -> None:
        self.recipe, self.seed, self.lesson, self.workdir = recipe, seed, lesson, workdir
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        has_bfloat16 = self.device.type == "cuda" and torch.cuda.is_bf16_supported()
        self.dtype = torch.bfloat16 if has_bfloat16 else torch.float32
        # The VAE in float32, as its authors run it.
        self.vae = _load(AutoencoderKLWan, lesson.folder, "vae", torch.float32).to(self.device)
        self.clips: EncodedClips = encode(cut(lesson.footage, recipe), recipe, lesson, workdir, self.vae, self.dtype)
        self.transformer = _load(WanTransformer3DModel, lesson.folder, "transformer", self.dtype).to(self.device)
        self.matrices = self._add_matrices()
        self.optimizer = torch.optim.AdamW(
            list(self.matrices.values()), lr=recipe.rate, betas=(0.9, 0.99), weight_decay=recipe.weight_decay
        )
        self.pipeline = WanPipeline.from_pretrained(
            lesson.folder, vae=self.vae, transformer=self.transformer, text_encoder=None, tokenizer=None,
            local_files_only=True,
        )  # fmt: skip
        self.pipeline.set_progress_bar_config(disable=True)
        self.shift = recipe.shift if recipe.shift is not None else _shift_of(self.pipeline.scheduler)
        self.step, self.values = 0, {}  # type: int, dict[str, float]
        before_s = self._take_up()
        self.watch = pacing.Stopwatch(recipe, before_s)

    @property
    def progress(self) -> float:
        return self.watch.progress(self.step)

    def take_step(self, progress: float | None = None) -> dict[str, float]:
        """One optimizer step; its numbers. Raises TrainingDiverged before the matrices are touched."""
        factor = schedule(self.progress if progress is None else progress, self.step - self._warm_from, self.recipe)
        chance = objective.step_generator(self.seed, self.step)
        total = 0.0
        for number in self._draw_clips():
            loss = self._loss(number, chance) / self.recipe.batch_clips
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it unannotated
            total += float(loss.detach())
        pacing.require_finite("loss", total, self.step, _GENTLER)
        norm = float(nn.utils.clip_grad_norm_(self.matrices.values(), self.recipe.clip_norm))
        pacing.require_finite("gradient", norm, self.step, _GENTLER)
        for group in self.optimizer.param_groups:
            group["lr"] = self.recipe.rate * factor
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.step += 1
        return {
            "loss": total,
            "gradient_norm": norm,
            "learning_rate": self.recipe.rate * factor,
            "clips_seen": float(self.step * self.recipe.batch_clips),
            "elapsed_s": self.watch.elapsed_s,
            "progress": min(1.0, self.progress),
        }

    def save(self, *, is_final: bool) -> CheckpointFiles:
        """Write the matrices as diffusers reads them, with a manifest of what they are for, and the resume file."""
        base = {"name": self.lesson.folder.resolve().name, "digest": self.lesson.base_digest}
        config = {
            "kind": KIND,
            "name": f"{base['name']} LoRA {self.recipe.rank}",
            "adapter": self.recipe.adapter,
            "base": base,
            "rank": self.recipe.rank,
            "alpha": self.recipe.alpha,
            "targets": list(self.recipe.targets),
        }
        parameters = sum(matrix.numel() for matrix in self.matrices.values())
        card = {"step": self.step, "seed": self.seed, "parameters": parameters, "clips": len(self.clips), **self.values}
        card["elapsed_s"] = self.watch.elapsed_s
        manifest = {
            "kind": KIND,
            "config": config,
            "base": base,
            "version": self.lesson.version,
            "recipe": self.recipe.to_json(),
            "card": card,
        }
        path = self.workdir / f"lora_{self.step:07d}.safetensors"
        tensors: dict[str, Tensor] = {
            f"{PREFIX}{name}": matrix for name, matrix in get_peft_model_state_dict(self.transformer).items()
        }
        checkpoint_files.write_tensors(path, tensors, manifest, notes={_NOTE: _header_of(self.transformer)})
        self.save_resume()
        return CheckpointFiles(self.step, path, card, config, is_final, kind="lora")

    def save_resume(self) -> None:
        tensors: dict[str, Tensor] = {f"matrices.{name}": matrix for name, matrix in self.matrices.items()}
        for number, state in self.optimizer.state_dict()["state"].items():
            tensors |= {f"adam.{number}.{key}": torch.as_tensor(value) for key, value in state.items()}
        manifest = {
            "step": self.step,
            "warm_from": self._warm_from,
            "elapsed_s": self.watch.elapsed_s,
            "values": self.values,
        }
        checkpoint_files.write_tensors(self.workdir / pacing.RESUME, tensors, {**manifest, **self._identity()})

    def draw(self) -> SampleGrid:
        """Clips that the model makes of the first captions now, a few frames of each."""
        firsts = {words: number for number, words in reversed(list(enumerate(self.clips.captions)))}
        shown = sorted(firsts.values())[:_NUM_SAMPLES]
        path = self.workdir / f"grid_{self.step:07d}.png"
        Image.fromarray(grids.tile(torch.stack([self._sample(number) for number in shown]))).save(path)
        return SampleGrid(self.step, path, tuple(self.clips.captions[number] or "(no words)" for number in shown))

    def _sample(self, number: int) -> Tensor:
        """A few frames, uint8 [T,H,W,3], made of a clip's words by the pipeline itself."""
        with self._mixed():
            made = self.pipeline(
                prompt_embeds=self.clips.words_of(number).to(self.device),
                negative_prompt_embeds=self.clips.words_of(None).to(self.device),
                height=self.recipe.height,
                width=self.recipe.width,
                num_frames=self.recipe.num_frames,
                num_inference_steps=self.recipe.sample_steps,
                guidance_scale=self.recipe.sample_guidance,
                generator=torch.Generator().manual_seed(number),
                output_type="pt",
            ).frames[0]
        kept = made[:: max(1, len(made) // _FRAMES_SHOWN)][:_FRAMES_SHOWN].float()
        if self.recipe.height > _TALLEST:
            kept = functional.interpolate(kept, scale_factor=_TALLEST / self.recipe.height, mode="area")
        frames: Tensor = (kept.clamp(0.0, 1.0) * 255.0).round().byte().permute(0, 2, 3, 1).cpu()
        return frames

    def _draw_clips(self) -> list[int]:
        """This step's clips: each is seen once before any is seen again, in an order of its own each time round."""
        count, first = len(self.clips), self.step * self.recipe.batch_clips
        rounds = [divmod(first + at, count) for at in range(self.recipe.batch_clips)]
        orders = {
            turn: torch.randperm(count, generator=objective.step_generator(self.seed, ~turn)) for turn, _ in rounds
        }
        return [int(orders[turn][place]) for turn, place in rounds]

    def _loss(self, number: int, chance: torch.Generator) -> Tensor:
        """Mean squared error of the velocity at one noise level of one clip."""
        x = self.clips.latents_of(number).to(self.device)
        is_silent = bool(torch.rand((), generator=chance) < self.recipe.prompt_drop)
        words = self.clips.words_of(None if is_silent else number).to(self.device, self.dtype)
        level = torch.sigmoid(torch.randn((), generator=chance))
        level = self.shift * level / (1.0 + (self.shift - 1.0) * level)
        noise = torch.randn(x.shape, generator=chance).to(self.device)
        mixed = torch.lerp(x, noise, float(level)).to(self.dtype)
        with self._mixed():
            velocity: Tensor = self.transformer(mixed, self._times(level, mixed), words, return_dict=False)[0]
        return functional.mse_loss(velocity.float(), noise - x)

    def _times(self, level: Tensor, mixed: Tensor) -> Tensor:
        """The noise level as the transformer is told it: one a clip, or one a token (Wan 2.2 TI2V)."""
        longest: int = self.pipeline.scheduler.config.num_train_timesteps
        time = (level * longest).to(self.device).view(1)
        if not self.pipeline.config.expand_timesteps:
            return time
        patch = self.transformer.config.patch_size
        tokens = math.prod(side // step for side, step in zip(mixed.shape[2:], patch, strict=True))
        return time.view(1, 1).expand(1, tokens)

    def _mixed(self) -> torch.autocast:
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.dtype == torch.bfloat16)

    def _add_matrices(self) -> dict[str, nn.Parameter]:
        """Freeze the transformer and put the pairs beside its layers; they are float32 whatever it is."""
        self.transformer.requires_grad_(False)
        torch.manual_seed(self.seed)
        shape = LoraConfig(r=self.recipe.rank, lora_alpha=self.recipe.alpha, target_modules=list(self.recipe.targets))
        try:
            self.transformer.add_adapter(shape)
        except ValueError as unknown:
            raise BadTargets(
                f"The transformer has no layers named {', '.join(self.recipe.targets)}.",
                remedy="Name ends of its layers, to_q, to_k, to_v and to_out.0 say.",
            ) from unknown
        cast_training_params(self.transformer, dtype=torch.float32)
        if self.recipe.is_recomputed:
            self.transformer.enable_gradient_checkpointing()
        self.transformer.train()
        return {name: weight for name, weight in self.transformer.named_parameters() if weight.requires_grad}

    def _take_up(self) -> float:
        """Go on from the resume file, or from the run's own checkpoint where that is lost; seconds trained before."""
        self._warm_from = 0
        resume = self.workdir / pacing.RESUME
        if resume.exists():
            return self._load_resume(resume)
        if self.lesson.checkpoint is None:
            return 0.0
        tensors, manifest = checkpoint_files.read_tensors(self.lesson.checkpoint)
        plain = {name.removeprefix(PREFIX): tensor for name, tensor in tensors.items()}
        set_peft_model_state_dict(self.transformer, plain)
        self.step = self._warm_from = int(manifest["card"]["step"])
        return float(manifest["card"].get("elapsed_s", 0.0))

    def _load_resume(self, path: Path) -> float:
        tensors, manifest = checkpoint_files.read_tensors(path)
        if {key: manifest.get(key) for key in self._identity()} != self._identity():
            raise pacing.ResumeMismatch(
                f"{path.name} belongs to another training: another base model, recipe, seed or footage.",
                remedy="Start a new run, or restore what it was made with.",
            )
        with torch.no_grad():
            for name, matrix in self.matrices.items():
                matrix.copy_(tensors[f"matrices.{name}"])
        state: dict[int, dict[str, Tensor]] = defaultdict(dict)
        for name, tensor in tensors.items():
            kind, _, rest = name.partition(".")
            if kind == "adam":
                number, _, key = rest.partition(".")
                state[int(number)][key] = tensor
        self.optimizer.load_state_dict({**self.optimizer.state_dict(), "state": dict(state)})
        self.step, self.values = int(manifest["step"]), manifest["values"]
        self._warm_from = int(manifest["warm_from"])
        return float(manifest["elapsed_s"])

    def _identity(self) -> dict[str, Any]:
        shape = {"rank": self.recipe.rank, "alpha": self.recipe.alpha, "targets": list(self.recipe.targets)}
        return {"base": self.lesson.base_digest, "clips": self.clips.digest, "seed": self.seed, **shape}


def _load(kind: type[Any], folder: Path, part: str, dtype: torch.dtype) -> Any:
    loaded = kind.from_pretrained(
        folder, subfolder=part, torch_dtype=dtype, local_files_only=True, use_safetensors=True
    )
    return loaded.requires_grad_(False).eval()


def _shift_of(scheduler: Any) -> float:
    # UniPC calls it flow_shift, the Euler scheduler shift.
    return float(scheduler.config.get("flow_shift") or scheduler.config.get("shift") or 1.0)


def _header_of(transformer: WanTransformer3DModel) -> str:
    """peft's config as diffusers writes it into a file's header."""
    values = {f"{PREFIX}{key}": value for key, value in transformer.peft_config["default"].to_dict().items()}
    return json.dumps(values, sort_keys=True, default=sorted)
