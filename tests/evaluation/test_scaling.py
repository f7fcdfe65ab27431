"""The scaling study on toy sizes: planned to its budget, resumable, told as JSON and as a table."""

import json
from pathlib import Path

import pytest
import torch

from muybridge.evaluation import scaling
from muybridge.evaluation.scaling import TooLittleTime

pytestmark = pytest.mark.compute


@pytest.fixture(autouse=True)
def toys(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.set_num_threads(1)
    monkeypatch.setattr(scaling, "SIZES", {
        "w16": {"width": 16, "layers": 1, "heads": 2},
        "w32": {"width": 32, "layers": 1, "heads": 2},
    })  # fmt: skip
    monkeypatch.setattr(scaling, "_LEAST_STEPS", 2)


def write_plan(folder: Path) -> None:
    folder.mkdir()
    planned = {"minutes": 0.1, "seed": 3, "clips": [32, 64, 96], "seconds_a_clip": {}}
    (folder / "plan.json").write_text(json.dumps(planned))


def test_the_study_measures_every_cell_and_prints_json_and_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scaling.powerlaw, "NUM_RESAMPLES", 5)
    write_plan(tmp_path / "work")
    scaling.main(["--folder", str(tmp_path / "work"), "--n", "32"])
    said, _, drawn = capsys.readouterr().out.partition("\n\n")
    result = json.loads(said)
    assert [(cell["size"], cell["clips"]) for cell in result["cells"]] == [
        (size, clips) for clips in (32, 64, 96) for size in ("w16", "w32")
    ]
    assert set(result["fits"]) == {"frame_loss", "text_loss"}
    assert "| w32 |" in drawn
    assert "alpha" in drawn


def test_finished_cells_are_read_and_not_trained_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = scaling.measure("w16", 32, tmp_path, seed=0, num_dev=32)
    assert len(first["frame_loss"]) == 2
    monkeypatch.setattr(scaling.alone, "train", lambda *_args, **_options: pytest.fail("trained again"))
    assert scaling.measure("w16", 32, tmp_path, seed=0, num_dev=32) == first


def test_the_plan_fits_the_minutes_and_stays(tmp_path: Path) -> None:
    planned = scaling.plan(tmp_path, 1.0, 0)
    cost = sum(planned["clips"]) * sum(planned["seconds_a_clip"].values())
    assert 30 < cost <= 60
    assert [clips // planned["clips"][0] for clips in planned["clips"]] == list(scaling.AMOUNTS)
    assert scaling.plan(tmp_path, 99.0, 0) == planned


def test_too_few_minutes_are_refused_with_how_many_it_needs(tmp_path: Path) -> None:
    with pytest.raises(TooLittleTime, match="too few") as refused:
        scaling.plan(tmp_path, 0.0001, 0)
    assert "minutes or more" in (refused.value.remedy or "")
