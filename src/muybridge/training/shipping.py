"""Put a checkpoint into the package: eight bits a weight, its figures in the manifest, a model card beside it.

    python -m muybridge.training.shipping nano final.safetensors result.json
    python -m muybridge.training.shipping mini final.safetensors card.json

The JSON is what judged that very file: for nano what `python -m muybridge.training.bakeoff --json` printed, for the
others what `python -m muybridge.evaluation.card` did. A file that ships already may be judged anew and given here:
its weights stay as they are.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from muybridge.training import checkpoint_files
from muybridge.training.runs import code_version
from muybridge.training.shipped import FOLDER
from muybridge.worldmodel import weights

CARD = """# Model card: {name}, shipped with Muybridge

**What it is.** A world model of {parameters:,} parameters that reads and writes text and {width}×{height} video of
{num_frames} frames at {fps:g} frames a second, in eight-bit weights ({kilobytes} kB).

**What it knows.** {knows}
It has seen no footage of people, places or anything real. Other words are read letter by letter and mean nothing to it.

**How it was made.** {seen} of the `train` seed space, {steps} steps, {seconds:.0f} seconds of CPU time of one
core, seed {seed}:

{commands}

**What it does badly.** {badly}

**Figures**, {of_what}, on {n} clips each of the `{split}` seed space (long ones on fewer); first
frame in {first_steps} steps, later ones in {later_steps}, no guidance:

{figures}

**Limits.** Frames beyond the {num_frames}th were never trained: what is imagined drifts. It was judged by the
simulator's own judge, whose score on true frames is the ceiling.

**Licence.** Apache-2.0, like the code. No footage, no third party's data and no other model went into it.
"""


COMMANDS = (
    "python -m muybridge.training.alone {name} --seed {seed} --minutes {minutes:g} --folder work",
    "python -m muybridge.evaluation.card {judged} --split {split} --n {n} > it.json",
    "python -m muybridge.training.shipping {name} {judged} it.json",
)


@dataclass(frozen=True, slots=True)
class Telling:
    """What only a person can say of a checkpoint."""

    knows: str
    badly: str
    commands: tuple[str, ...] = COMMANDS


TELLINGS = {
    "nano": Telling(
        knows="The simulator's bake-off room and nothing else: one body (six colours, three shapes) that moves in one\n"
        "of eight directions at one of two speeds on white, described as `a red circle moves slowly to the left`.\n"
        "It is where demos and fine-tunings begin. It has seen no mazes and no actions: mini has.",
        badly="Captions of held-out colour-shape pairs name the colour and guess a shape that it saw with it.",
        commands=(
            "python -m muybridge.training.bakeoff --seed {seed} --minutes {minutes:g} --json --folder work > it.json",
            "python -m muybridge.training.shipping nano work/final.safetensors it.json",
        ),
    ),
    "lab": Telling(
        knows="One body of the simulator's Lab, of eight colours, five shapes and two sizes, that drifts in one of\n"
        "eight directions at one of three speeds on white, described as `on a white background, a large red circle\n"
        "drifts slowly to the left`. It has the shape of mini, but that it moves no pixels: it keeps them, or paints\n"
        "each patch with four colours of its own.",
        badly="It has seen one body at a time, no other background, texture or motion, and no actions. In a\n"
        "clip much longer than its six frames bodies slow down, stick at the border instead of leaving, and their\n"
        "outlines wear. Its continuations fall behind: inertia alone is nearer to the truth.",
    ),
    "desk": Telling(
        knows="The simulator's Desk in plain colours on white, to be spoken to from a given first frame: told that\n"
        "`the blue circle turns green` or `the green circle becomes a star`, it does that from the next frame on, and\n"
        "goes on doing what it is told for as long as it was watched (eleven seconds). It has the shape of mini,\n"
        "paints each patch with four colours of its own or with what was there, and feels words in every patch.",
        badly="Nothing tells it when a counter counts or which way a clock turns: in a long play digits grey and\n"
        "hands smear. It tells of most things and not of all, and hardly ever of all where a pair of colour and shape\n"
        "is new to it. It makes no clip from words alone, for every clip of its training opened with a given frame.",
    ),
    "physics": Telling(
        knows="PhyWorld's three setups as the simulator draws them: discs that roll, collide and are thrown, on\n"
        "white, from two given frames or more. It is told by block matching how each patch moved between the last\n"
        "two frames, and goes on from there. It tells which of the three it sees.",
        badly="It is a beginning: twenty-two minutes of one core. Whoever carries on the given motion of a rolling\n"
        "ball is far nearer to the truth, and so is the nearest clip of its training for a thrown one, which falls\n"
        "too little beyond the eight frames of a training clip. After a collision balls are slow and lose their form.",
    ),
    "arcade": Telling(
        knows="The simulator's Arcade from above and from the side, to be played from a given first frame: an avatar\n"
        "that obeys stay, left, right, up and down among walls, coins, a block to push and a hazard; from the side it\n"
        "runs, jumps and falls. It tells what it sees there. It is told by block matching how each patch moved.",
        badly="In a long play the avatar fades: from above it is seen after six seconds in two plays of three, from\n"
        "the side after four in one of two, and after six in one of three. It makes no clip from words alone, for\n"
        "every clip of its training opened with a given frame.",
    ),
    "mini": Telling(
        knows="The simulator's Arcade from above, to be played from a given first frame: an avatar that obeys stay,\n"
        "left, right, up and down among walls, coins, a block to push and a hazard. It tells what it sees there.\n"
        "It was also shown the Desk, which it keeps as it is: the checkpoint `desk` changes it.",
        badly="In a long play the avatar fades: after three seconds it is near where it should be in three plays of\n"
        "four, after four in one of two. Told on the Desk that something changes, it blurs that thing and does not\n"
        "change it. It makes no clip from words alone, for every clip of its training opened with a given frame, and\n"
        "it has not seen the Arcade from the side: the checkpoint `arcade` has. Its training decided shares half as\n"
        "firmly as trainings do now (`moving.SHARPNESS` 1).",
    ),
}


def ship(name: str, checkpoint: Path, result: dict[str, Any], folder: Path = FOLDER) -> None:
    """Write the eight-bit checkpoint with its figures, and its model card, into the folder."""
    tensors, manifest = checkpoint_files.read_tensors(checkpoint)
    judged = {name: result[name] for name in ("unseen_clips", "held_out_pairs", "cells") if name in result}
    shipped = {
        **manifest,
        "card": {**manifest["card"], **judged},
        "weights": "int8_rows",
        "code_version": manifest.get("code_version") or code_version(),
    }
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{name}.safetensors"
    checkpoint_files.write_tensors(
        target, tensors if weights.is_quantised(tensors) else weights.quantise(tensors), shipped
    )
    target.chmod(0o644)
    (folder / f"{name}.md").write_text(_card(name, manifest, result, target.stat().st_size))


def _card(name: str, manifest: dict[str, Any], result: dict[str, Any], size_bytes: int) -> str:
    card, config, recipe, telling = manifest["card"], manifest["config"], manifest["recipe"], TELLINGS[name]
    of_bakeoff, has_shipped = "unseen_clips" in result, "weights" in manifest
    told = {
        "name": name,
        "judged": f"src/muybridge/worldmodel/shipped/{name}.safetensors" if has_shipped else "work/final.safetensors",
        "of_what": "of these weights" if has_shipped else "before rounding to eight bits",
        "seed": card["seed"],
        "minutes": recipe["budget_s"] / 60,
        "n": result["unseen_clips"]["n"] if of_bakeoff else result["n"],
        "split": "dev" if of_bakeoff else result["split"],
        "first_steps": result["sampling"]["first_steps"] if of_bakeoff else result["cost"]["first_steps"],
        "later_steps": result["sampling"]["steps"] if of_bakeoff else result["cost"]["steps"],
    }
    return CARD.format(
        **told, parameters=card["parameters"], kilobytes=size_bytes // 1000, seen=_seen(card, recipe),
        steps=card["step"], seconds=card["elapsed_s"], height=config["height"], width=config["frame_width"],
        num_frames=recipe["num_frames"], fps=recipe["fps"], knows=telling.knows, badly=telling.badly,
        commands="\n".join(f"    {command.format(**told)}" for command in telling.commands),
        figures="\n".join(_bakeoff_table(result) if of_bakeoff else _card_table(result)),
    )  # fmt: skip


def _seen(card: dict[str, Any], recipe: dict[str, Any]) -> str:
    stills = card["step"] * recipe.get("stills", 0)
    return f"{int(card['clips_seen']):,} clips" + (f" and {stills:,} stills" if stills else "")


def _bakeoff_table(result: dict[str, Any]) -> Iterator[str]:
    seen, held = result["unseen_clips"], result["held_out_pairs"]
    yield "| | seen colour-shape pairs | held-out pairs |"
    yield "|---|---|---|"
    yield f"| captions exact | {seen['caption_exact']:.3f} | {held['caption_exact']:.3f} |"
    for name in ("colour", "shape", "direction", "speed", "all_facts"):
        yield f"| text→video, {name.replace('_', ' ')} | {seen['facts'][name]:.3f} | {held['facts'][name]:.3f} |"
    errors = f"{seen['continuation_error']:.4f} | {held['continuation_error']:.4f}"
    yield f"| continuation error (copying: {seen['copy_error']:.3f}) | {errors} |"


def _card_table(card: dict[str, Any]) -> Iterator[str]:
    """Every figure of the card with its 95 % interval, its ceiling and its floors."""
    yield "| room | figure | network | ceiling | floors |"
    yield "|---|---|---|---|---|"
    for cell in card["cells"]:
        for figure in cell["figures"]:
            value, ceiling = figure["value"], figure.get("ceiling")
            if value is None:
                continue
            name = f"{figure['group']}, {figure['name']}".replace("_", " ")
            unit = f" {figure['unit']}" if figure["unit"] else ""
            network = f"{value['mean']:z.3f} ({value['low']:z.3f} to {value['high']:z.3f}){unit}"
            floors = ", ".join(f"{floor} {each['mean']:z.3f}" for floor, each in figure.get("floors", {}).items())
            best = f"{ceiling['mean']:z.3f}" if ceiling else ""
            yield f"| {cell['name']} | {name} | {network} | {best} | {floors} |"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m muybridge.training.shipping", description=__doc__)
    parser.add_argument("name", choices=sorted(TELLINGS))
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("result", type=Path)
    asked = parser.parse_args()
    ship(asked.name, asked.checkpoint, json.loads(asked.result.read_text()))


if __name__ == "__main__":
    main()
