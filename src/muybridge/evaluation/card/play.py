"""A play that lasts: given what opens training's clips and then nothing but what a player does, for many such clips.

In the Arcade drawn actions: is the avatar still there, and where it should be? On the Desk four sentences, each that a
body turns another colour or becomes another shape: is every body as was said, and still so when the next one comes?
Each sentence takes the place of the one before it, as in a live session.
"""

import math
import random
from dataclasses import replace

import torch
from torch import Tensor

from muybridge.evaluation.card.asking import Ask, Clips
from muybridge.evaluation.card.cells import Cell
from muybridge.evaluation.card.figures import Figure, share
from muybridge.evaluation.card.floors import copy_last
from muybridge.simulator import captions, judge
from muybridge.simulator.actions import PLAYER_SLOT
from muybridge.simulator.detection import detect
from muybridge.simulator.holdouts import held_out_pairs
from muybridge.simulator.measures import smallest_radius
from muybridge.simulator.scenes import SceneBatch
from muybridge.simulator.vocabulary import BODY
from muybridge.worldmodel.rollout import Rollout
from muybridge.worldmodel.sampler import frame_noise

PLAYED_TO = {"quick": (4, 15), "usual": (4, 8, 16, 32, 47), "full": (4, 8, 16, 32, 47, 127)}
"""Frames of the Arcade after which one looks."""
NEAR = 0.06
"""Frame heights; the avatar's radius is .054."""
SAID_AT = (10, 30, 50, 70)
SAID_UNTIL = 86
_LOOKED_AT = 4
"""Frames that a look takes, so that a body is not lost for one blurred frame."""
_DONE_WITHIN = 6
"""Frames after which what was said should be so."""
_PART = {"quick": 2, "usual": 2, "full": 1}
"""One clip in so many is played: each is as long as six or ten."""


def applies(cell: Cell) -> bool:
    """Rooms that are played, as training showed them: opened by given frames."""
    return cell.where == "in_distribution" and cell.num_given > 0 and cell.config.room in ("arcade", "desk")


def score(ask: Ask, cell: Cell) -> list[Figure]:
    count = max(1, ask.n // _PART[ask.extent])
    return _steered(ask, cell, count) if cell.config.room == "arcade" else _spoken_to(ask, cell, count)


def _steered(ask: Ask, cell: Cell, count: int) -> list[Figure]:
    """`seen_at_N`: the avatar is found; `near_at_N`: within `NEAR` of where the simulator has it."""
    looks = PLAYED_TO[ask.extent]
    away: dict[str, dict[int, list[float]]] = {"model": {}, "true": {}, "copy": {}}
    for clips in ask.batches(replace(cell.config, num_frames=looks[-1] + 1), n=count):
        made = ask.continuations(clips, cell.num_given)
        shown = {"model": made, "true": clips.true, "copy": copy_last(clips.true, cell.num_given)}
        for method, frames in shown.items():
            for look in looks:
                away[method].setdefault(look, []).extend(_away(frames, clips.scene, look).tolist())
    seen = [
        _told(f"seen_at_{look}", {method: [not math.isnan(far) for far in each[look]] for method, each in away.items()})
        for look in looks
    ]
    near = [
        _told(f"near_at_{look}", {method: [far < NEAR for far in each[look]] for method, each in away.items()})
        for look in looks
    ]
    return [*seen, *near]


def _away(frames_BTHW3: Tensor, scene: SceneBatch, look: int) -> Tensor:
    """How far the avatar is from where it should be at a frame [B], in frame heights; nan where it is not seen.

    Looked for in a few frames: in all of a play, one that is lost for most of it would count as never seen.
    """
    first = look + 1 - _LOOKED_AT
    window = scene.windows(torch.full((len(frames_BTHW3),), first), _LOOKED_AT)
    path = judge.player_path(frames_BTHW3[:, first : look + 1], window)
    away: Tensor = (path[:, -1] - window.position_BTO2[:, -1, PLAYER_SLOT]).norm(dim=-1)
    return away


def _spoken_to(ask: Ask, cell: Cell, count: int) -> list[Figure]:
    """`obeyed_at_N`: of plays that were right before, those that are so after what is said then; `right_at_N`: of all,
    those in which every body is as was said.
    """
    right: dict[str, dict[int, list[bool]]] = {}
    done = [frame + _DONE_WITHIN for frame in SAID_AT]
    ends = [*SAID_AT, SAID_UNTIL]
    for clips in ask.batches(replace(cell.config, num_frames=SAID_UNTIL), n=count):
        scene = changed(clips.scene, ask.seed)
        true = ask.draw(scene)
        told = clips._replace(scene=scene, true=true)
        shown = {
            "model": _hear(ask, told, cell.num_given),
            "true": true,
            "copy": copy_last(true, cell.num_given),
        }
        for method, frames in shown.items():
            for end in (*ends, *done):
                right.setdefault(method, {}).setdefault(end, []).extend(_are_right(frames, scene, end))
    obeyed = [
        _told(f"obeyed_at_{said}", {method: _where(each[after], each[said]) for method, each in right.items()})
        for said, after in zip(SAID_AT, done, strict=True)
    ]
    kept = [_told(f"right_at_{end - 1}", {method: each[end] for method, each in right.items()}) for end in ends]
    return [*obeyed, *kept]


def _told(name: str, by_method: dict[str, list[bool]]) -> Figure:
    model, true, copy = ([float(each) for each in by_method[method]] for method in ("model", "true", "copy"))
    return share("play", name, model, ceiling=true, floors={"copy": copy})


def _where(values: list[bool], counted: list[bool]) -> list[bool]:
    return [value for value, counts in zip(values, counted, strict=True) if counts]


def changed(scene: SceneBatch, seed: int) -> SceneBatch:
    """The same Desks, on which before each frame of `SAID_AT` a body changes, and nothing else does.

    To no pair of colour and shape that is held out, and to no colour of another body.
    """
    shape, colour = (each[:, :1].expand_as(each).clone() for each in (scene.shape_BTO, scene.colour_BTO))
    is_held_out = held_out_pairs(scene.role_BO.device).tolist()
    for clip, index in enumerate(scene.indices_B.tolist()):
        chance = random.Random(f"{seed} {scene.split} {index}")
        bodies = (scene.role_BO[clip] == BODY).nonzero()[:, 0].tolist()
        for frame in SAID_AT:
            body = chance.choice(bodies)
            is_shape, has = int(shape[clip, frame, body]), int(colour[clip, frame, body])
            others = {int(colour[clip, frame, other]) for other in bodies}
            colours = [new for new in scene.config.colours if new not in others and not is_held_out[is_shape][new]]
            shapes = [new for new in scene.config.shapes if new != is_shape and not is_held_out[new][has]]
            if colours and (not shapes or chance.random() < 0.5):
                colour[clip, frame:, body] = chance.choice(colours)
            else:
                shape[clip, frame:, body] = chance.choice(shapes)
    return replace(scene, shape_BTO=shape, colour_BTO=colour)


def _hear(ask: Ask, clips: Clips, num_given: int) -> Tensor:
    """The play as a live session has it: a new sentence takes the old one's place. uint8 [B, T, H, W, 3]."""
    sampler, said = ask.sampler, [dict(each) for each in captions.cues(clips.scene)]
    codec, rollout = sampler.codec, sampler.rollout(len(said), fps=clips.scene.config.fps)
    shown = []
    for number in range(clips.true.shape[1]):
        if number < num_given:
            frame = codec.encode(clips.true[:, number : number + 1].to(sampler.device))[:, 0]
        else:
            _say(ask, rollout, [each.get(number, "") for each in said])
            noise = [
                frame_noise(ask.seed_of(clips.first + row), number, (codec.patches, codec.channels))
                for row in range(len(said))
            ]
            frame = rollout.imagine(torch.stack(noise).to(sampler.device), steps=ask.how.steps)
        rollout.commit(frame)
        shown.append(codec.decode(frame[:, None])[:, 0].cpu())
    return torch.stack(shown, dim=1)


def _say(ask: Ask, rollout: Rollout, sentences: list[str]) -> None:
    # All are told at the same frames, so nobody's sentence is forgotten for another's.
    if any(sentences):
        limit = ask.sampler.model.config.max_text // 2
        rollout.forget()
        rollout.say([ask.sampler.tokenizer.encode_prompt(words, limit) for words in sentences])


def _are_right(frames_BTHW3: Tensor, scene: SceneBatch, end: int) -> list[bool]:
    """Whether the last frames before `end` show each body in its shape and colour, and no other."""
    found = detect(frames_BTHW3[:, end - _LOOKED_AT : end], smallest_radius=smallest_radius(scene.config))
    right = []
    for clip, is_body_C in enumerate(found.is_body_BC.tolist()):
        seen = {(int(found.shape_BC[clip, colour]), colour) for colour, is_body in enumerate(is_body_C) if is_body}
        bodies = (scene.role_BO[clip] == BODY).nonzero()[:, 0].tolist()
        shape, colour = scene.shape_BTO[clip, end - 1].tolist(), scene.colour_BTO[clip, end - 1].tolist()
        right.append(seen == {(shape[body], colour[body]) for body in bodies})
    return right
