import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from muybridge.media import MediaFault, NotMedia, probe

Clips = Callable[[str], Path]


@pytest.fixture
def listener():  # type: ignore[no-untyped-def]
    """A port that remembers whether anyone called."""
    calls: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        stop = threading.Event()

        def wait() -> None:
            while not stop.is_set():
                try:
                    calls.append(server.accept())
                except TimeoutError:
                    continue

        thread = threading.Thread(target=wait)
        thread.start()
        yield server.getsockname()[1], calls
        stop.set()
        thread.join()


def test_a_playlist_cannot_make_us_call_out(tmp_path: Path, listener: tuple[int, list[object]]) -> None:
    port, calls = listener
    for name in ("list.m3u8", "list.mp4"):
        path = tmp_path / name
        path.write_text(
            f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:{port}/secret.ts\n#EXT-X-ENDLIST\n"
        )
        with pytest.raises(NotMedia):
            probe(path)
    assert calls == []


def test_a_script_cannot_name_other_files(clip: Clips, tmp_path: Path) -> None:
    script = tmp_path / "list.mp4"
    script.write_text(f"ffconcat version 1.0\nfile {clip('plain.mp4')}\n")
    with pytest.raises(NotMedia):
        probe(script)


@pytest.mark.parametrize("content", [b"\x00" * 100_000, b"\xff\xd8\xff\xe0" + b"a" * 500, b"%PDF-1.7\n" * 200])
def test_other_bytes_are_refused_in_words(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "thing.mov").write_bytes(content)
    with pytest.raises(MediaFault, match=r"thing\.mov"):
        probe(tmp_path / "thing.mov")
