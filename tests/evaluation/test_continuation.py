"""Windows of real files: told their own rate, and counted as one where they are of one file."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor
from video import make_clip

from muybridge.evaluation import continuation
from muybridge.evaluation.continuation import Window
from muybridge.evaluation.metrics.psnr import METRIC
from muybridge.training.footage import FootageClip
from muybridge.worldmodel.sampler import Sampling, Wish


@pytest.fixture
def windows(tmp_path: Path) -> list[Window]:
    """Two of each of three files, of 30, 25 and 25 frames a second."""
    clips = []
    for number, fps in enumerate((30, 25, 25)):
        path = make_clip(tmp_path / f"{number}.mp4", num_frames=40, fps=fps, size=(64, 48))
        clips.append(FootageClip(path, 0, 40, fps))
    return continuation.cut_windows(clips, size=(32, 32), num_frames=6, fps=12.0, most=2)


class Listener:
    """Repeats the last given frame, and keeps the rates that it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[int, float]] = []

    def sample(self, wishes: list[Wish], num_frames: int, how: Sampling) -> Tensor:
        self.told.append((len(wishes), how.fps))
        given = torch.stack([wish.given for wish in wishes if wish.given is not None])
        return torch.cat([given, given[:, -1:].expand(-1, num_frames - given.shape[1], -1, -1, -1)], 1)


def test_a_network_is_told_the_rate_of_the_frames_that_it_is_given(windows: list[Window]) -> None:
    assert [window.fps for window in windows] == [15.0, 15.0, 12.5, 12.5, 12.5, 12.5]
    listener = Listener()
    made = continuation.continue_all(listener, windows, Sampling(1, 1), seed=0)  # type: ignore[arg-type]
    assert listener.told == [(4, 12.5), (2, 15.0)]
    assert all(np.array_equal(made["model"], made[floor]) for floor in ("model", "copy"))
    assert all(np.array_equal(clip[:2], window.true[:2]) for clip, window in zip(made["model"], windows, strict=True))


def test_intervals_are_over_files_and_of_one_file_nothing_is_told(windows: list[Window]) -> None:
    def score(some: list[Window]) -> dict[str, object]:
        made = continuation.continue_all(Listener(), some, Sampling(1, 1), seed=0)  # type: ignore[arg-type]
        made["model"] = np.stack([window.true for window in some])
        return continuation.score_all(some, made, [METRIC], seed=0)

    told = score(windows)
    assert (told["n"], told["num_clips"]) == (6, 3)
    gains = told["metrics"]["psnr"]["gain_over_copy"]  # type: ignore[index]
    assert [gain.n for gain in gains] == [3] * len(gains)
    assert continuation.say_in_words(score(windows[:2])) == ["No difference can be told in PSNR at +1, +2, +4."]
