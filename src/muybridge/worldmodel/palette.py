"""Paint a patch in indexed colour: a few colours of its own, and for each pixel a softmax over them.

A sum of as many patterns as a narrow trunk is wide cannot draw an edge at any place. The field whose level that edge
is, as in a level set (Osher & Sethian 1988), is smooth and needs few. What colour lies somewhere is said apart from
where it lies, so that every red thing teaches red and every star its outline. For flat pictures: texture is not in it.

Where a network recolours, the pixels of the frame before speak in the choice, so that what turns another colour keeps
an outline that need not pass through the trunk; and each pixel is kept from that frame by a share of its own.

Shapes: B batch, T frames, P patches, D width, X = p p pixels, C = 3 X channels, K colours.
"""

import torch
from torch import Tensor, nn

from muybridge.worldmodel.config import ModelConfig
from muybridge.worldmodel.patches import in_full

SHARPNESS = 4.0
"""Fields are this much steeper than what the network says: edges are sharp before its weights are large."""
KEEPING = 2.0
"""And so are the shares of what is kept."""


class Values(nn.Linear):
    """The other way to paint: every value by itself. It hears nothing."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config.width, config.channels, bias=False)
        nn.init.zeros_(self.weight)

    def forward(self, tokens_BTPD: Tensor, previous_BTPC: Tensor) -> Tensor:  # type: ignore[override]  # as a palette's
        del previous_BTPC
        return super().forward(tokens_BTPD)


class Palette(nn.Module):
    """Patches [B,T,P,C] from hidden states [B,T,P,D] and the frame before them [B,T,P,C]."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.colours, pixels = config.palette, config.patch**2
        self.colour_out = nn.Linear(config.width, 3 * self.colours, bias=False)
        self.field_out = nn.Linear(config.width, self.colours * pixels, bias=False)
        # Colours begin apart, lest all learn the same; places begin undecided.
        nn.init.normal_(self.colour_out.weight, std=0.5 * config.width**-0.5)
        nn.init.zeros_(self.field_out.weight)
        self.recolour_out = nn.Linear(config.width, 3 * self.colours, bias=False) if config.recolours else None
        self.keep_out = nn.Linear(config.width, pixels, bias=False) if config.recolours else None
        for layer in (self.recolour_out, self.keep_out):
            if layer is not None:
                nn.init.zeros_(layer.weight)

    def forward(self, tokens_BTPD: Tensor, previous_BTPC: Tensor) -> Tensor:
        colours_BTPK3 = self._each_colour(self.colour_out(tokens_BTPD))
        fields_BTPKX = self.field_out(tokens_BTPD).float().unflatten(-1, (self.colours, -1))
        if self.recolour_out is None or self.keep_out is None:
            return self._painted(fields_BTPKX, colours_BTPK3).flatten(-2)
        before_BTPX3 = previous_BTPC.float().view(*tokens_BTPD.shape[:-1], -1, 3)
        turns_BTPK3 = self._each_colour(self.recolour_out(tokens_BTPD))
        kept_BTPX1 = (KEEPING * self.keep_out(tokens_BTPD).float()).sigmoid()[..., None]
        with in_full(tokens_BTPD.device):
            fields_BTPKX = fields_BTPKX + turns_BTPK3 @ before_BTPX3.transpose(-1, -2)
        whole: Tensor = torch.lerp(self._painted(fields_BTPKX, colours_BTPK3), before_BTPX3, kept_BTPX1)
        return whole.flatten(-2)

    def _each_colour(self, values: Tensor) -> Tensor:
        return values.float().view(*values.shape[:-1], self.colours, 3)

    def _painted(self, fields_BTPKX: Tensor, colours_BTPK3: Tensor) -> Tensor:
        with in_full(fields_BTPKX.device):
            painted: Tensor = (SHARPNESS * fields_BTPKX).softmax(dim=-2).transpose(-1, -2) @ colours_BTPK3
        return painted
