import shutil
import socket
from pathlib import Path

import av
import numpy as np
import pytest

from muybridge.artifacts import provenance
from muybridge.artifacts.identity import Identity, open_identity
from muybridge.artifacts.provenance import Claim, NotSignable, sidecar_of, sign, verify

CLAIM = Claim(
    title="A red disc drifts left 🐎",
    engine="ours",
    model="nano",
    checkpoint_digest="ab" * 32,
    spec_digest="cd" * 32,
    seed=7,
    prompt_sha256="ef" * 32,
    actor_id="mbr_01k9",
    dataset_version="ver_01k9",
    lineage=("ckp_01k9", "ver_01k9", "ast_01k9"),
)


def make_clip(path: Path, codec: str = "libx264", num_frames: int = 12) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for k in range(num_frames):
            picture = np.full((48, 64, 3), 10 * k, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture)))
        container.mux(stream.encode(None))
    return path


@pytest.fixture(scope="session")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return open_identity(tmp_path_factory.mktemp("identity") / "keys")


@pytest.fixture(scope="session")
def another(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return open_identity(tmp_path_factory.mktemp("another") / "keys")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A small file of each kind that can be signed."""
    from PIL import Image

    folder = tmp_path_factory.mktemp("made")
    picture = Image.fromarray(np.tile(np.arange(64, dtype=np.uint8), (48, 3, 1)).transpose(0, 2, 1))
    picture.save(folder / "a.png")
    picture.save(folder / "a.jpg")
    kinds = {"mp4": "libx264", "mov": "libx264", "webm": "libvpx"}
    videos = {kind: make_clip(folder / f"a.{kind}", codec) for kind, codec in kinds.items()}
    return {**videos, "png": folder / "a.png", "jpg": folder / "a.jpg"}


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("something tried to reach the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


KINDS = ("mp4", "mov", "webm", "png", "jpg")


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("kind", KINDS)
def test_what_we_sign_is_trusted_by_whom_trusts_us_and_a_stranger_to_others(
    kind: str, made: dict[str, Path], identity: Identity, another: Identity, tmp_path: Path
) -> None:
    signed = sign(made[kind], tmp_path / f"signed.{kind}", CLAIM, identity)
    ours = verify(signed.path, [identity.root_pem])
    assert (ours.state, ours.claim, ours.is_synthetic, ours.findings) == ("trusted", CLAIM, True, ())
    theirs = verify(signed.path, [another.root_pem])
    assert (theirs.state, theirs.claim, theirs.findings) == ("stranger", CLAIM, ("signingCredential.untrusted",))
    assert verify(signed.path).state == "stranger"


@pytest.mark.parametrize("kind", KINDS)
def test_one_changed_bit_is_tampering(kind: str, made: dict[str, Path], identity: Identity, tmp_path: Path) -> None:
    signed = sign(made[kind], tmp_path / f"signed.{kind}", CLAIM, identity)
    content = bytearray(signed.path.read_bytes())
    content[-20 if kind == "webm" else len(made[kind].read_bytes()) // 2 + len(content) - len(content)] ^= 1
    signed.path.write_bytes(content)
    assert verify(signed.path, [identity.root_pem]).state == "tampered"


def test_a_claim_that_was_rewritten_is_tampering(made: dict[str, Path], identity: Identity, tmp_path: Path) -> None:
    signed = sign(made["mp4"], tmp_path / "signed.mp4", CLAIM, identity)
    content = signed.path.read_bytes()
    assert content.count(b"mbr_01k9") == 1
    signed.path.write_bytes(content.replace(b"mbr_01k9", b"mbr_01k8"))
    assert verify(signed.path, [identity.root_pem]).state == "tampered"


def test_a_signed_file_cut_in_half_is_tampering(made: dict[str, Path], identity: Identity, tmp_path: Path) -> None:
    signed = sign(made["mp4"], tmp_path / "signed.mp4", CLAIM, identity)
    content = signed.path.read_bytes()
    signed.path.write_bytes(content[: len(content) * 3 // 4])
    assert verify(signed.path, [identity.root_pem]).state == "tampered"


@pytest.mark.parametrize("kind", KINDS)
def test_what_nobody_signed_is_unsigned(kind: str, made: dict[str, Path], identity: Identity) -> None:
    verdict = verify(made[kind], [identity.root_pem])
    assert (verdict.state, verdict.claim, verdict.is_synthetic) == ("unsigned", None, False)


@pytest.mark.parametrize("content", [b"", b"just text", b"\x00\x00\x00\x18ftypmp42" + b"\xff" * 300])
def test_what_is_no_media_is_unsigned(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "odd.mp4"
    path.write_bytes(content)
    assert verify(path).state == "unsigned"


def test_a_webm_keeps_its_bytes_and_its_manifest_beside_it(
    made: dict[str, Path], identity: Identity, tmp_path: Path
) -> None:
    signed = sign(made["webm"], tmp_path / "signed.webm", CLAIM, identity)
    assert signed.path.read_bytes() == made["webm"].read_bytes()
    assert signed.sidecar == sidecar_of(signed.path)
    sidecar_of(signed.path).unlink()
    assert verify(signed.path, [identity.root_pem]).state == "unsigned"


def test_a_signed_clip_still_decodes(made: dict[str, Path], identity: Identity, tmp_path: Path) -> None:
    signed = sign(made["mp4"], tmp_path / "signed.mp4", CLAIM, identity)
    assert 0 < signed.path.stat().st_size - made["mp4"].stat().st_size < 20_000
    with av.open(str(signed.path)) as container:
        assert sum(1 for _ in container.decode(video=0)) == 12


def test_a_file_of_another_kind_cannot_be_signed(identity: Identity, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("words")
    with pytest.raises(NotSignable, match=r"out\.txt"):
        sign(tmp_path / "a.txt", tmp_path / "out.txt", CLAIM, identity)


def test_what_cannot_be_signed_leaves_nothing_behind(identity: Identity, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"not a clip")
    with pytest.raises(provenance.CannotSign, match=r"a\.mp4"):
        sign(tmp_path / "a.mp4", tmp_path / "out.mp4", CLAIM, identity)
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]


def test_a_real_credential_of_someone_else_is_a_strangers(media_dir: Path, tmp_path: Path) -> None:
    clip = media_dir / "provenance" / "c2pa-signed-video1.mp4"
    verdict = verify(clip)
    assert (verdict.state, verdict.signer, verdict.claim) == ("stranger", "C2PA Signer", None)
    assert verdict.generator == "TestApp c2patool/0.6.2 c2pa-rs/0.28.2"
    # It says that a person opened and edited it, not that a model made it.
    assert verdict.is_synthetic is False
    copy = tmp_path / "copy.mp4"
    shutil.copyfile(clip, copy)
    with open(copy, "r+b") as file:
        file.seek(400_000)
        file.write(b"XXXX")
    assert verify(copy).state == "tampered"


def test_real_clips_without_a_credential_are_unsigned(media_dir: Path) -> None:
    clips = sorted((media_dir / "video").iterdir()) + sorted((media_dir / "odd").iterdir())
    assert {clip.name: verify(clip).state for clip in clips} == {clip.name: "unsigned" for clip in clips}
