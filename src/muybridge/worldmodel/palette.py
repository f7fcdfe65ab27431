"""Paint a patch in indexed colour: a few colours of its own, and for each pixel a softmax over them.

A sum of as many patterns as a narrow trunk is wide cannot draw an edge at any place. The field whose level that edge
is, as in a level set (Osher & Sethian 1988), is smooth and needs few. What colour lies somewhere is said apart from
where it lies, so that every red thing teaches red and every star its outline. For flat pictures: texture is not in it.

Shapes: B batch, T frames, P patches, D width, C = p p 3 channels, K colours.
"""

from torch import Tensor, nn

from muybridge.worldmodel.config import ModelConfig

SHARPNESS = 4.0
"""Fields are this much steeper than what the network says: edges are sharp before its weights are large."""


class Palette(nn.Module):
    """Patches [B,T,P,C] from hidden states [B,T,P,D]."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.colours = config.palette
        self.colour_out = nn.Linear(config.width, 3 * config.palette, bias=False)
        self.field_out = nn.Linear(config.width, config.palette * config.patch**2, bias=False)
        # Colours begin apart, lest all learn the same; places begin undecided.
        nn.init.normal_(self.colour_out.weight, std=0.5 * config.width**-0.5)
        nn.init.zeros_(self.field_out.weight)

    def forward(self, tokens_BTPD: Tensor) -> Tensor:
        colours_BTPK3 = self.colour_out(tokens_BTPD).float().unflatten(-1, (self.colours, 3))
        fields_BTPKX = SHARPNESS * self.field_out(tokens_BTPD).float().unflatten(-1, (self.colours, -1))
        painted: Tensor = (fields_BTPKX.softmax(dim=-2).transpose(-1, -2) @ colours_BTPK3).flatten(-2)
        return painted
