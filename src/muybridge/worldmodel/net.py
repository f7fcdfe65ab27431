"""The world model as one module: embeddings, trunk and the two heads.

`forward` scores a training batch in one pass; `embed_text`, `embed_frames`, `read_frames` and `read_text` are what the
sampler and the exporter compose. Shapes: B batch, L text, T frames, P patches, C channels, N = 1 + P, S positions.
"""

import math
from dataclasses import dataclass, replace
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from muybridge.worldmodel import flow, sequence
from muybridge.worldmodel.config import ModelConfig
from muybridge.worldmodel.latents import Latents
from muybridge.worldmodel.moving import Mover
from muybridge.worldmodel.palette import Palette, Values
from muybridge.worldmodel.patches import RawPatches
from muybridge.worldmodel.trunk import Trunk, additive

NUM_FREQUENCIES = 16
NATIVE_FPS = 8.0


@dataclass(frozen=True, slots=True)
class FrameInputs:
    """Frames as the network reads them.

    z: [B,T,P,C] the frame at noise level tau; history: [B,T,K,P,C] the K frames before it in time, the nearest first
    (zeros when unknown); tau: [B,T]; action: [B,T] int64 that led to the frame, 0 when unknown; fps: [B]; step: [B,T]
    Euler step size, 0 for none told; motion: [B,T,P,2,S] how the last frame's patches came there (see `matching`);
    words: [B,T,D] what was said to the frame (see `WorldModel.felt`).
    """

    z: Tensor
    history: Tensor
    tau: Tensor
    action: Tensor
    fps: Tensor
    step: Tensor
    motion: Tensor | None = None
    words: Tensor | None = None


class Losses(NamedTuple):
    total: Tensor
    frames: Tensor
    text: Tensor


class WorldModel(nn.Module):
    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.codec: Latents | RawPatches = Latents(config) if config.latents else RawPatches(config)
        width, channels = config.width, config.channels
        self.token = nn.Embedding(config.vocab_size, width)
        self.patch_in = nn.Linear((1 + config.history) * channels, width, bias=False)
        self.tau_in = nn.Linear(2 * NUM_FREQUENCIES, width, bias=False)
        self.step_in = nn.Linear(2 * NUM_FREQUENCIES, width, bias=False)
        self.fps_in = nn.Linear(2 * NUM_FREQUENCIES, width, bias=False)
        self.action = nn.Embedding(config.num_actions, width)
        self.motion_in = nn.Linear(2 * (1 + 2 * config.reach), width, bias=False) if config.matches else None
        self.word = nn.Embedding(config.vocab_size, width) if config.feels_words else None
        self.control = nn.Parameter(torch.zeros(width))
        self.trunk = Trunk(config)
        self.patch_out = Palette(config) if config.palette else Values(config)
        self.mover = Mover(config) if config.reach else None
        self.keep_out = None if config.reach or config.recolours else nn.Linear(width, channels, bias=False)
        self._initialise()

    @property
    def num_parameters(self) -> int:
        return sum(parameter.numel() for parameter in self.parameters())

    def codec_weights(self) -> list[nn.Parameter]:
        """Those of a codec of its own, learned before all others."""
        return list(self.codec.parameters()) if isinstance(self.codec, Latents) else []

    def embed_text(self, tokens_BL: Tensor) -> Tensor:
        # Tied with the text head; scaled so that rows of unit size in the head enter the trunk at unit size too.
        embedded: Tensor = self.token(tokens_BL) * math.sqrt(self.config.width)
        return embedded

    def felt(self, tokens_BL: Tensor, seen_BTL: Tensor) -> Tensor | None:
        """What frames feel of the words that they see: the sum over them, as long as one word is [B,T,D]."""
        if self.word is None:
            return None
        seen = seen_BTL.to(self.word.weight.dtype)
        words: Tensor = seen @ self.word(tokens_BL)
        return words * seen.sum(dim=-1, keepdim=True).clamp(min=1.0).rsqrt()

    def embed_frames(self, inputs: FrameInputs) -> Tensor:
        """[B,T*N,D]: a control token (noise level, step, action, rate), then the patches."""
        level, action = self.tau_in(_waves(inputs.tau)), self.action(inputs.action)
        control = self.control + level + self.step_in(_waves(inputs.step)) + action
        control = control + self.fps_in(_waves(inputs.fps / (2 * NATIVE_FPS)))[:, None]
        seen = torch.cat([inputs.z, *inputs.history.unbind(dim=2)], dim=-1)
        # Each patch feels the action itself: found by attention alone, it was not learned in an hour of one core.
        felt = level + action * (inputs.action > 0)[..., None]
        if inputs.words is not None:
            felt = felt + inputs.words
        patches = self.patch_in(seen) + felt[:, :, None]
        if self.motion_in is not None and inputs.motion is not None:
            patches = patches + self.motion_in(inputs.motion.flatten(3))
        tokens = torch.cat([control[:, :, None], patches], dim=2)
        return tokens.flatten(1, 2)

    def read_frames(self, hidden_BSD: Tensor, inputs: FrameInputs) -> Tensor:
        """Predicted clean patches [B,T,P,C] from the hidden states of frame positions and the frames before them.

        Each value is partly painted, partly kept from the frame before, and partly moved where channels are pixels:
        what stands still or only moves need not pass through the trunk, which is narrower than a patch has channels.
        """
        previous_BTPC = inputs.history[:, :, 0]
        batch, num_frames = previous_BTPC.shape[:2]
        tokens = hidden_BSD.view(batch, num_frames, self.config.tokens_per_frame, -1)[:, :, 1:]
        painted: Tensor = self.patch_out(tokens, previous_BTPC)
        if self.mover is not None:
            painted = self.mover(tokens, painted, previous_BTPC, inputs.motion)
        elif self.keep_out is not None:
            painted = painted + torch.sigmoid(self.keep_out(tokens)) * previous_BTPC
        return painted

    def read_text(self, hidden_BSD: Tensor) -> Tensor:
        """Logits of the next token, soft-capped."""
        cap = self.config.logit_cap
        logits = functional.linear(hidden_BSD, self.token.weight)
        return cap * torch.tanh(logits.float() / cap)

    def forward(
        self,
        run: sequence.TextRun,
        clean: FrameInputs,
        noisy: FrameInputs,
        target_BTPC: Tensor,
        weight_BT: Tensor,
        order_BT: Tensor,
        frame_weight: float,
        text_weight: float,
        hides_BT: Tensor | None = None,
    ) -> Losses:
        """Losses of a two-stream batch: of frames, of text, and total = frame_weight * frames + text_weight * text."""
        predicted, hidden_BLD = self.predict(run, clean, noisy, order_BT, hides_BT)
        frames = flow.frame_loss(predicted, target_BTPC, weight_BT)
        text = self._text_loss(hidden_BLD, run.targets)
        return Losses(frame_weight * frames + text_weight * text, frames.detach(), text.detach())

    def predict(
        self,
        run: sequence.TextRun,
        clean: FrameInputs,
        noisy: FrameInputs,
        order_BT: Tensor,
        hides_BT: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """One pass over a two-stream batch: predicted clean patches [B,T,P,C] and the text's hidden states [B,L,D]."""
        layout = sequence.two_stream_layout(run, order_BT, self.config, hides_BT)
        noisy = replace(noisy, words=self.felt(run.tokens, sequence.said_before(run, order_BT, hides_BT)))
        mask = additive(sequence.dense_mask(layout))
        x = torch.cat([self.embed_text(run.tokens), self.embed_frames(clean), self.embed_frames(noisy)], dim=1)
        hidden, _ = self.trunk(x, layout.positions, mask)
        length = run.tokens.shape[1]
        noisy_from = length + order_BT.shape[1] * self.config.tokens_per_frame
        return self.read_frames(hidden[:, noisy_from:], noisy), hidden[:, :length]

    def _text_loss(self, hidden_BLD: Tensor, targets_BL: Tensor) -> Tensor:
        is_learned = targets_BL != sequence.IGNORED
        # Only learned tokens meet the head: most of a batch's text is read, not written.
        logits = self.read_text(hidden_BLD[is_learned])
        if not len(logits):
            return hidden_BLD.sum() * 0.0
        return functional.cross_entropy(logits, targets_BL[is_learned])

    def _initialise(self) -> None:
        width = self.config.width
        nn.init.normal_(self.token.weight, std=width**-0.5)
        nn.init.normal_(self.action.weight, std=0.5)
        if self.word is not None:
            nn.init.normal_(self.word.weight, std=0.5)
        with torch.no_grad():
            # That there is none says little: as loud as the others it would drown the noise level beside it.
            self.action.weight[0] *= 0.04
        if self.keep_out is not None:
            nn.init.zeros_(self.keep_out.weight)


def _waves(values: Tensor) -> Tensor:
    """Sines and cosines of values in [0,1], [..., 2 * NUM_FREQUENCIES]."""
    rates = math.pi * 2.0 ** (torch.arange(NUM_FREQUENCIES, device=values.device) / 2.0)
    angles = values.float()[..., None] * rates
    return torch.cat([angles.sin(), angles.cos()], dim=-1)
