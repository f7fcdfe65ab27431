"""Footage fine-tuned on its beginning and continued at its end: nothing is judged that was trained on."""

from pathlib import Path

import pytest
from video import make_clip

from muybridge.evaluation import heldout
from muybridge.training import checkpoint_files, shipped

pytestmark = pytest.mark.compute


@pytest.fixture
def two_clips(tmp_path: Path) -> list[Path]:
    """Two files of one name in two folders, 100 frames each at 12 a second."""
    paths = [tmp_path / name / "clip.mp4" for name in ("one", "two")]
    for path in paths:
        path.parent.mkdir()
        make_clip(path, num_frames=100, fps=12)
    return paths


def test_windows_lie_in_the_last_third_and_share_no_frame(two_clips: list[Path]) -> None:
    trained, held = heldout.split(two_clips)
    config = checkpoint_files.open_checkpoint(shipped.path_of("nano")).model.config
    cut = heldout.cut_windows(held, config)
    assert [clip.end_frame for clip in trained] == [70, 70]
    assert [[(window.start_frame, window.end_frame) for window in windows] for windows in cut] == [
        [(70, 82), (82, 94)],
        [(70, 82), (82, 94)],
    ]


def test_each_clip_is_judged_beside_its_floors_at_each_horizon(two_clips: list[Path]) -> None:
    _, held = heldout.split(two_clips)
    weights = shipped.path_of("nano")
    config = checkpoint_files.open_checkpoint(weights).model.config
    told = heldout.judge(weights, heldout.cut_windows(held, config), seed=0)
    assert [(each["clip"], each["windows"], list(each["mse"])) for each in told] == [
        ("clip.mp4", 2, ["+1", "+4", "+8"]),
        ("clip.mp4", 2, ["+1", "+4", "+8"]),
    ]
    for each in told:
        for at in each["mse"].values():
            assert at["ratio_to_copy"] == pytest.approx(at["model"]["mean"] / at["copy"]["mean"])
            assert at["gain_over_copy"]["mean"] == pytest.approx(at["copy"]["mean"] - at["model"]["mean"])


def test_a_clip_whose_end_holds_no_window_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "short.mp4"
    make_clip(path, num_frames=30, fps=12)
    _, held = heldout.split([path])
    config = checkpoint_files.open_checkpoint(shipped.path_of("nano")).model.config
    with pytest.raises(heldout.TooShort, match=r"short\.mp4"):
        heldout.cut_windows(held, config)
