"""Put a checkpoint into the package: eight bits a weight, its figures in the manifest, a model card beside it.

    python -m muybridge.training.shipping final.safetensors result.json

`result.json` is what `python -m muybridge.training.bakeoff --json` printed of that very file.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from muybridge.training import checkpoint_files
from muybridge.training.runs import code_version
from muybridge.training.shipped import FOLDER
from muybridge.worldmodel import weights

CARD = """# Model card: nano, shipped with Muybridge

**What it is.** A world model of {parameters:,} parameters that reads and writes text and 32×32 video of six frames at
8 frames a second, in eight-bit weights ({kilobytes} kB).

**What it knows.** The simulator's bake-off room and nothing else: one body (six colours, three shapes) that moves in
one of eight directions at one of two speeds on white, described as `{example}`.
It has seen no mazes, no actions, no footage of people, places or anything real. Other words are read letter by letter
and mean nothing to it. It is a start for fine-tuning and a proof that the machinery works.

**How it was made.** {clips:,} clips of the `train` seed space, {steps} steps, {seconds:.0f} seconds of CPU time of one
core, seed {seed}:

    python -m muybridge.training.bakeoff --seed {seed} --minutes {minutes:g} --json --folder work > result.json
    python -m muybridge.training.shipping work/final.safetensors result.json

**What it does badly.** Captions of held-out colour-shape pairs name the colour and guess a shape that it saw with it.

**Figures**, before rounding to eight bits, on {n} clips each of the `dev` seed space; first frame in {first_steps}
steps, later ones in {later_steps}, no guidance:

| | seen colour-shape pairs | held-out pairs |
|---|---|---|
{rows}

**Limits.** Frames beyond the sixth were never trained: shapes blur and drift. Held-out pairs show what it has not
understood. It was judged by the simulator's own judge, which scores 1.00 on true frames.

**Licence.** Apache-2.0, like the code. No footage, no third party's data and no other model went into it.
"""


def ship(checkpoint: Path, result: dict[str, Any], target: Path = FOLDER / "nano.safetensors") -> None:
    """Write the eight-bit checkpoint with its figures, and CARD.md, into the target's folder."""
    tensors, manifest = checkpoint_files.read_tensors(checkpoint)
    card = {**manifest["card"], "unseen_clips": result["unseen_clips"], "held_out_pairs": result["held_out_pairs"]}
    shipped = {**manifest, "card": card, "weights": "int8_rows", "code_version": code_version()}
    target.parent.mkdir(parents=True, exist_ok=True)
    checkpoint_files.write_tensors(target, weights.quantise(tensors), shipped)
    target.chmod(0o644)
    (target.parent / "CARD.md").write_text(_card(manifest["card"], result, target.stat().st_size))


def _card(card: dict[str, Any], result: dict[str, Any], size_bytes: int) -> str:
    seen, held = result["unseen_clips"], result["held_out_pairs"]
    sampling = result["sampling"]
    errors = [cell["continuation_error"] for cell in (seen, held)]
    rows = [
        f"| captions exact | {seen['caption_exact']:.3f} | {held['caption_exact']:.3f} |",
        *(
            f"| text→video, {name.replace('_', ' ')} | {seen['facts'][name]:.3f} | {held['facts'][name]:.3f} |"
            for name in ("colour", "shape", "direction", "speed", "all_facts")
        ),
        f"| continuation error (copying: {seen['copy_error']:.3f}) | {errors[0]:.4f} | {errors[1]:.4f} |",
    ]
    return CARD.format(
        parameters=card["parameters"], kilobytes=size_bytes // 1000, clips=int(card["clips_seen"]),
        steps=card["step"], seconds=card["elapsed_s"], seed=result["seed"], minutes=result["minutes"], n=seen["n"],
        first_steps=sampling["first_steps"], later_steps=sampling["steps"], rows="\n".join(rows),
        example="a red circle moves slowly to the left",
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m muybridge.training.shipping", description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("result", type=Path)
    asked = parser.parse_args()
    ship(asked.checkpoint, json.loads(asked.result.read_text()))


if __name__ == "__main__":
    main()
