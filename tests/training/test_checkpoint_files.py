import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from muybridge.training.checkpoint_files import (
    CheckpointAltered,
    NotACheckpoint,
    open_checkpoint,
    read_tensors,
    shrink_checkpoint,
    write_tensors,
)
from muybridge.training.updates import CheckpointFiles
from muybridge.worldmodel.sampler import Sampler, Sampling, Wish


def test_a_checkpoint_opens_ready_to_use(trained: CheckpointFiles) -> None:
    opened = open_checkpoint(trained.path)
    assert opened.manifest["card"]["step"] == 6
    assert opened.manifest["recipe"]["name"] == "mini"
    frames = Sampler(opened.model, opened.tokenizer).sample([Wish("a red circle")], 2, Sampling(2, 1))
    assert frames.shape == (1, 2, 32, 32, 3)


def test_a_file_cut_short_is_refused(trained: CheckpointFiles) -> None:
    content = trained.path.read_bytes()
    trained.path.write_bytes(content[: len(content) // 2])
    with pytest.raises(CheckpointAltered, match="cut short"):
        open_checkpoint(trained.path)


def test_a_file_with_one_byte_changed_is_refused(trained: CheckpointFiles) -> None:
    content = bytearray(trained.path.read_bytes())
    content[-100] ^= 1
    trained.path.write_bytes(content)
    with pytest.raises(CheckpointAltered, match="digest differs"):
        open_checkpoint(trained.path)


def test_a_tensor_that_was_swapped_is_refused(trained: CheckpointFiles) -> None:
    tensors, manifest = read_tensors(trained.path)
    tensors["control"] = tensors["control"] + 1.0
    save_file(tensors, trained.path, metadata={"muybridge": json.dumps(manifest)})
    with pytest.raises(CheckpointAltered):
        read_tensors(trained.path)


@pytest.mark.parametrize("change", [{"recipe": {"name": "theirs"}}, {"card": {}}, {"tokenizer": {"merges": []}}])
def test_a_manifest_that_was_changed_is_refused(trained: CheckpointFiles, change: dict[str, object]) -> None:
    tensors, manifest = read_tensors(trained.path)
    save_file(tensors, trained.path, metadata={"muybridge": json.dumps({**manifest, **change})})
    with pytest.raises(CheckpointAltered, match="digest differs"):
        read_tensors(trained.path)


@pytest.mark.parametrize("manifest", ["{", "[]", "{}"])
def test_a_manifest_that_is_none_is_refused(trained: CheckpointFiles, manifest: str) -> None:
    tensors, _ = read_tensors(trained.path)
    save_file(tensors, trained.path, metadata={"muybridge": manifest})
    with pytest.raises(CheckpointAltered, match="digest differs"):
        read_tensors(trained.path)


def test_another_networks_weights_or_words_are_refused(trained: CheckpointFiles, tmp_path: Path) -> None:
    tensors, manifest = read_tensors(trained.path)
    path = tmp_path / "odd.safetensors"
    write_tensors(path, tensors, {**manifest, "config": {**manifest["config"], "layers": 3}})
    with pytest.raises(NotACheckpoint, match="no checkpoint of a world model"):
        open_checkpoint(path)
    for merges, refused in (([[9999, 3]], NotACheckpoint), (manifest["tokenizer"]["merges"][:-1], CheckpointAltered)):
        write_tensors(path, tensors, {**manifest, "tokenizer": {"merges": merges}})
        with pytest.raises(refused):
            open_checkpoint(path)


def test_a_file_of_a_later_format_is_refused(
    trained: CheckpointFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tensors, manifest = read_tensors(trained.path)
    monkeypatch.setattr("muybridge.training.checkpoint_files.FORMAT", 2)
    write_tensors(tmp_path / "later.safetensors", tensors, manifest)
    monkeypatch.undo()
    with pytest.raises(NotACheckpoint, match="of format 2"):
        read_tensors(tmp_path / "later.safetensors")


@pytest.mark.parametrize("content", [b"", b"not a tensor in sight"])
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.safetensors"
    path.write_bytes(content)
    with pytest.raises(CheckpointAltered, match=r"other\.safetensors"):
        read_tensors(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotACheckpoint, match=r"no file gone\.safetensors"):
        read_tensors(tmp_path / "gone.safetensors")


def test_strangers_tensors_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "stranger.safetensors"
    save_file({"w": torch.zeros(2)}, path)
    with pytest.raises(NotACheckpoint, match="not written by Muybridge"):
        read_tensors(path)


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "weights.safetensors"
    write_tensors(path, {"w": torch.zeros(2)}, {})

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("muybridge.training.checkpoint_files.save_file", full)
    with pytest.raises(OSError, match="No space"):
        write_tensors(path, {"w": torch.ones(2)}, {})
    assert torch.equal(read_tensors(path)[0]["w"], torch.zeros(2))


def test_eight_bits_are_a_third_of_the_bytes_and_make_nearly_the_same_frames(
    trained: CheckpointFiles, tmp_path: Path
) -> None:
    small = tmp_path / "small.safetensors"
    shrink_checkpoint(trained.path, small)
    assert small.stat().st_size < 0.45 * trained.path.stat().st_size
    makers = [Sampler(each.model, each.tokenizer) for each in map(open_checkpoint, (trained.path, small))]
    whole, eight = (maker.sample([Wish("a red circle", seed=1)], 3, Sampling(4, 1)) for maker in makers)
    assert (whole.float() - eight.float()).abs().mean() < 3.0


def test_a_checkpoint_names_its_tokenizer(trained: CheckpointFiles) -> None:
    opened = open_checkpoint(trained.path)
    assert opened.manifest["tokenizer_sha256"] == opened.tokenizer.digest
