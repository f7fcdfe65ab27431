from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muybridge.generation.journal import Entry
from muybridge.generation.spec import BadSpec, ClipInput, GenerationSpec, Kind, Script, spec_from_json

SPEC = GenerationSpec(Kind.TEXT_TO_VIDEO, prompt="a red ball drifts right")
INPUT = ClipInput("ast_01", 40)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"prompt": "  "}, "prompt is empty"),
        ({"kind": Kind.CONTINUATION}, "needs an input clip"),
        ({"input": INPUT}, "takes no input clip"),
        ({"seed": -1}, "Seed -1"),
        ({"seed": 2**31}, "out of range"),
        ({"min_side": 8}, "min_side 8"),
        ({"num_frames": 0}, "nothing to make"),
        ({"kind": Kind.PLAY}, "session's clip"),
        ({"script": Script((Entry(0),) * 16)}, "session's clip"),
        ({"kind": Kind.PLAY, "script": Script((Entry(0),) * 9)}, "does not give 16"),
        ({"kind": Kind.CONTINUATION, "input": INPUT, "num_frames": 2}, "nothing to make"),
    ],
)
def test_what_cannot_be_made_is_refused_in_words(changes: dict[str, object], words: str) -> None:
    with pytest.raises(BadSpec, match=words):
        replace(SPEC, **changes)  # type: ignore[arg-type]


@given(
    kind=st.sampled_from(Kind),
    prompt=st.text(min_size=1, max_size=40).filter(str.strip),
    seed=st.integers(0, 2**31 - 1),
    num_frames=st.integers(3, 200),
    fps=st.floats(0.5, 120),
)
def test_a_spec_survives_json_with_its_digest(kind: Kind, prompt: str, seed: int, num_frames: int, fps: float) -> None:
    begins = None if kind == Kind.TEXT_TO_VIDEO else INPUT
    played = Script((Entry(0), Entry(1, prompt)) * num_frames, num_frames, "arcade") if kind == Kind.PLAY else None
    spec = GenerationSpec(kind, prompt=prompt, seed=seed, num_frames=num_frames, fps=fps, input=begins, script=played)
    read = spec_from_json(spec.to_json())
    assert read == spec
    assert read.digest == spec.digest


@pytest.mark.parametrize(
    "changes", [{"prompt": "a red ball drifts left"}, {"seed": 1}, {"steps": 3}, {"guidance": 1.5}, {"fps": 12.0}]
)
def test_whatever_changes_the_frames_changes_the_digest(changes: dict[str, object]) -> None:
    assert replace(SPEC, **changes).digest != SPEC.digest  # type: ignore[arg-type]


def test_the_digest_of_a_spec_stays_what_it_was() -> None:
    """Old generations are found by it: a change of this constant is a change of every stored digest."""
    assert SPEC.digest == "496c6725610ad6e6504d682ad37a0cce01831ce42c33e9a66458d6722cbac477"


def test_a_spec_of_another_version_is_refused_by_name() -> None:
    with pytest.raises(BadSpec, match="no field 'mood'"):
        spec_from_json({**SPEC.to_json(), "mood": "gay"})
    with pytest.raises(BadSpec, match="not complete"):
        spec_from_json({"kind": "dream"})


def test_motion_keeps_its_speed_whatever_the_rate_of_the_footage() -> None:
    assert [SPEC.stride_of(fps) for fps in (8.0, 24.0, 25.0, 60.0, 4.0)] == [1, 3, 3, 8, 1]
