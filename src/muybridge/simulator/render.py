"""Draw scenes: one vector scene, any resolution, anti-aliased, back to front.

Each thing is drawn in a window around its centre, so the cost goes with the area of things, not with the frame.
Legend: N = clips x frames of a chunk, S = height x width, P = points of a thing's window.
"""

import torch
from torch import Tensor

from . import props
from .backgrounds import background_rgb
from .state import SceneBatch
from .things import Screen, Thing, things

_CHUNK_VALUES = 3_000_000
"""Floats of canvas at a time: small enough for caches and for laptops."""


def _blend(frames_NS3: Tensor, rows_N: Tensor, flat_NP: Tensor | None, alpha_NP: Tensor, rgb: Tensor) -> None:
    """Lay rgb over the frames with weight alpha at the window's pixels."""
    if flat_NP is None:
        under = frames_NS3[rows_N]
        frames_NS3[rows_N] = under + (rgb - under) * alpha_NP[..., None]
        return
    flat = (rows_N[:, None] * frames_NS3.shape[1] + flat_NP).reshape(-1)
    pixels = frames_NS3.view(-1, 3)
    under = pixels.index_select(0, flat).view(*alpha_NP.shape, 3)
    pixels.index_copy_(0, flat, (under + (rgb - under) * alpha_NP[..., None]).view(-1, 3))


def _draw(frames_NS3: Tensor, thing: Thing) -> None:
    if thing.shadow_NP is None:
        _blend(frames_NS3, thing.rows_N, thing.flat_NP, thing.cover_NP, thing.rgb_NP3)
        return
    # Shadow first, then the thing, in one pass over the pixels: dark x (1 - cover) + colour x cover.
    alpha_NP = 1.0 - (1.0 - thing.shadow_NP) * (1.0 - thing.cover_NP)
    rgb = thing.rgb_NP3 * (thing.cover_NP / alpha_NP.clamp(min=1e-6))[..., None]
    _blend(frames_NS3, thing.rows_N, thing.flat_NP, alpha_NP, rgb)


def _ground(scene: SceneBatch, screen: Screen) -> Tensor:
    """Backgrounds and tiles [N, S, 3]; drawn once a clip where the camera is still."""
    is_still = bool((scene.view_BT3 == scene.view_BT3[:, :1]).all())
    view = scene.view_BT3[:, :1] if is_still else scene.view_BT3
    zoom = (view[..., 2] * screen.scale)[..., None, None]
    column = torch.arange(screen.width, device=scene.device) + (0.5 - screen.width / 2)
    row = torch.arange(screen.height, device=scene.device) + (0.5 - screen.height / 2)
    shape = (*view.shape[:2], screen.height, screen.width)
    x = (view[..., 0, None, None] + column / zoom).expand(shape)
    y = (view[..., 1, None, None] + row[:, None] / zoom).expand(shape)
    pixel = (1.0 / zoom).expand(shape)
    out = torch.empty(*shape, 3, device=scene.device)
    for kind in sorted(set(scene.background_B.tolist())):
        clips = (scene.background_B == kind).nonzero()[:, 0]
        out[clips] = background_rgb(kind, x[clips], y[clips], pixel[clips])
    if scene.tiles_BGG.numel():
        cover = props.tile_coverage(scene.tiles_BGG, x, y, pixel)[..., None]
        out += (props.tile_rgb(x, y, scene.tiles_BGG.shape[1]) - out) * cover
    return out.expand(-1, scene.num_frames, -1, -1, -1).reshape(-1, screen.height * screen.width, 3)


def _render_chunk(scene: SceneBatch, screen: Screen) -> Tensor:
    frames = _ground(scene, screen).contiguous()
    for slot in range(scene.num_slots):
        for thing in things(screen, scene, slot):
            _draw(frames, thing)
    drawn = frames.mul_(255.0).add_(0.5).clamp_(0.0, 255.0).to(torch.uint8)
    return drawn.view(scene.num_clips, scene.num_frames, screen.height, screen.width, 3)


def render(
    scene: SceneBatch, *, height: int | None = None, width: int | None = None, frames: tuple[int, int] | None = None
) -> Tensor:
    """Draw the scene: uint8 [B, T, H, W, 3] on the scene's device.

    height, width: pixels; by default the room's own. frames: half-open span; by default all.
    """
    screen = Screen(height or scene.config.height, width or scene.config.width, scene.config.aspect)
    if frames is not None:
        scene = scene.frames(*frames)
    size = (scene.num_frames, screen.height, screen.width, 3)
    step = max(1, _CHUNK_VALUES // (size[0] * size[1] * size[2] * size[3]))
    chunks = [
        _render_chunk(scene.clips(slice(start, start + step)), screen) for start in range(0, scene.num_clips, step)
    ]
    return torch.cat(chunks) if chunks else torch.empty(0, *size, dtype=torch.uint8, device=scene.device)
