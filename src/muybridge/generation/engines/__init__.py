"""Engines: what turns a spec into frames. A plugin socket (entry points `muybridge.engines`).

An engine sees a frozen spec, a local file of weights and the given frames; it knows no row, bucket or HTTP. Limits are
asked when the request is made, so an impossible one fails in the reply and not in the queue; they load no network.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from muybridge.errors import Invalid
from muybridge.generation.spec import GenerationSpec, Kind
from muybridge.plugins import Registry

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class BeyondLimits(Invalid):
    code = "generation.beyond_limits"


@dataclass(frozen=True, slots=True)
class EngineLimits:
    """What an engine can be asked. height, width: pixels that it makes."""

    kinds: frozenset[Kind]
    max_frames: int
    max_prompt_characters: int
    max_steps: int
    height: int
    width: int
    needs_checkpoint: bool = True

    def check(self, spec: GenerationSpec) -> None:
        """Raises BeyondLimits naming what is too much, and how much would do."""
        if spec.kind not in self.kinds:
            raise BeyondLimits(
                f"The engine {spec.engine} cannot make {spec.kind}.", remedy=f"It can: {_list(self.kinds)}."
            )
        for name, value, most in (
            ("num_frames", spec.num_frames, self.max_frames),
            ("prompt characters", len(spec.prompt), self.max_prompt_characters),
            ("first_steps", spec.first_steps, self.max_steps),
            ("steps", spec.steps, self.max_steps),
        ):
            if value > most:
                raise BeyondLimits(f"{value} {name} are too many for {spec.engine}.", remedy=f"Ask for {most} at most.")
        if min(spec.first_steps, spec.steps) < 1 or not 0 <= spec.guidance <= 20 or not 0.5 <= spec.fps <= 120:
            raise BeyondLimits("steps are from 1, guidance is 0 to 20, fps 0.5 to 120.")


def _list(kinds: frozenset[Kind]) -> str:
    return ", ".join(sorted(kinds))


class Engine(Protocol):
    name: str

    def limits(self, model: Mapping[str, Any] | None) -> EngineLimits:
        """What can be asked with a checkpoint whose model config is `model` (None: of the engine at large)."""
        ...

    def generate(
        self, spec: GenerationSpec, weights: Path | None, given: "NDArray[np.uint8] | None"
    ) -> "Iterator[NDArray[np.uint8]]":
        """Yield chunks of frames uint8 [T, H, W, 3], given ones first, `spec.num_frames` in all.

        given: uint8 [k, h, w, 3] of the footage, at its own size. Runs in a child process.
        """
        ...


ENGINES: Registry[Engine] = Registry("engine", "muybridge.engines")
