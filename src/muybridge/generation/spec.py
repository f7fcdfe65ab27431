"""The frozen request of a generation: everything that decides its frames, and a digest over it."""

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from muybridge.errors import Invalid
from muybridge.generation.journal import Entry


class BadSpec(Invalid):
    code = "generation.bad_spec"


class TooEarly(Invalid):
    code = "generation.too_early"


class Kind(StrEnum):
    TEXT_TO_VIDEO = "text_to_video"
    IMAGE_TO_VIDEO = "image_to_video"
    CONTINUATION = "continuation"
    PLAY = "play"
    """Frames of a session, imagined again as its journal says."""


NUM_GIVEN = {Kind.TEXT_TO_VIDEO: 0, Kind.IMAGE_TO_VIDEO: 1, Kind.CONTINUATION: 2, Kind.PLAY: 0}
"""Frames of footage that a kind begins with; a play may begin with one."""


@dataclass(frozen=True, slots=True)
class ClipInput:
    """Footage to begin with: the frames of an asset that end before `end_frame`, taken at the spec's frame rate."""

    asset_id: str
    end_frame: int


@dataclass(frozen=True, slots=True)
class Script:
    """How the frames of a play came to be, from the first one on; the clip shows those from `start_frame`."""

    entries: tuple[Entry, ...]
    start_frame: int = 0
    room: str | None = None
    """Scene `seed` of this room was the first frame."""
    image_digest: str | None = None
    """sha256 of the picture that was the first frame."""

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "entries": [list(entry) for entry in self.entries]}


def script_from_json(values: dict[str, Any]) -> Script:
    return Script(**{**values, "entries": tuple(Entry(*entry) for entry in values["entries"])})


@dataclass(frozen=True, slots=True)
class GenerationSpec:
    """What to make. Two specs with one digest give the same frames on the same machine.

    num_frames: of the clip, given ones included. first_steps, steps: denoising steps of the first and of each later
    frame. guidance: 1 for none. min_side: pixels that the shorter side has at least; frames are enlarged by whole
    pixels, so that what the network made can be looked at without smoothing.
    """

    kind: Kind
    engine: str = "ours"
    prompt: str = ""
    seed: int = 0
    num_frames: int = 16
    fps: float = 8.0
    first_steps: int = 16
    steps: int = 2
    guidance: float = 1.0
    min_side: int = 256
    input: ClipInput | None = None
    script: Script | None = None

    def __post_init__(self) -> None:
        if (self.kind == Kind.PLAY) != (self.script is not None):
            raise BadSpec(
                "A play is what a session's clip is made of, and nothing else is.",
                remedy="Save a clip of a session: POST /v1/sessions/{id}/clips.",
            )
        if self.kind == Kind.TEXT_TO_VIDEO and not self.prompt.strip():
            raise BadSpec("The prompt is empty.", remedy="Say what shall be seen, e.g. 'a red circle drifts left'.")
        if self.script is None and (NUM_GIVEN[self.kind] > 0) != (self.input is not None):
            if self.input is None:
                raise BadSpec(
                    f"{self.kind} needs an input clip.", remedy="Name the footage and the frame to begin with."
                )
            raise BadSpec(f"{self.kind} takes no input clip.", remedy="Leave it out, or ask for a continuation.")
        if not 0 <= self.seed < 2**31:
            raise BadSpec(f"Seed {self.seed} is out of range.", remedy="Choose 0 to 2147483647.")
        if not 16 <= self.min_side <= 2160:
            raise BadSpec(f"min_side {self.min_side} is out of range.", remedy="Choose 16 to 2160.")
        if not NUM_GIVEN[self.kind] < self.num_frames:
            given = NUM_GIVEN[self.kind]
            raise BadSpec(
                f"{self.num_frames} frames leave nothing to make.",
                remedy=f"Ask for {given + 1} or more: the {given} given ones count.",
            )
        if self.script is not None and self.num_frames != len(self.script.entries) - self.script.start_frame:
            raise BadSpec(f"A script of {len(self.script.entries)} frames does not give {self.num_frames}.")

    @property
    def num_given(self) -> int:
        return NUM_GIVEN[self.kind] if self.script is None else int(self.input is not None)

    def stride_of(self, footage_fps: float) -> int:
        """How many frames of the footage go into one of the clip's, so that motion keeps its speed."""
        return max(1, round(footage_fps / self.fps))

    @property
    def digest(self) -> str:
        """sha256 of the canonical JSON."""
        canonical = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(canonical.encode()).hexdigest()

    @property
    def prompt_digest(self) -> str:
        """sha256 of the prompt: what a signed file says of it."""
        return hashlib.sha256(self.prompt.encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        values = {**asdict(self), "kind": self.kind.value}
        # Named only where there is one: specs without keep the digests that they always had.
        del values["script"]
        return values if self.script is None else {**values, "script": self.script.to_json()}


def spec_from_json(values: dict[str, Any]) -> GenerationSpec:
    """Raises BadSpec for fields this version does not know, or values that cannot be."""
    if unknown := sorted(set(values) - {each.name for each in fields(GenerationSpec)}):
        raise BadSpec(f"A spec has no field {unknown[0]!r}.")
    given, script = values.get("input"), values.get("script")
    parts = {"input": ClipInput(**given) if given else None, "script": script_from_json(script) if script else None}
    try:
        return GenerationSpec(**{**values, **parts, "kind": Kind(values["kind"])})
    except (KeyError, TypeError, ValueError) as error:
        raise BadSpec(f"The spec is not complete: {error}.") from error


def too_early(spec: GenerationSpec, stride: int) -> TooEarly:
    """There is too little footage before the frame to go on from."""
    assert spec.input is not None
    return TooEarly(
        f"Frame {spec.input.end_frame} has too little before it: {spec.num_given} frames at {spec.fps:g} a second.",
        remedy=f"Continue from frame {1 + stride * (spec.num_given - 1)} or later.",
    )
