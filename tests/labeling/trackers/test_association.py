import numpy as np

from muybridge.labeling.trackers.association import Threads, iou
from muybridge.labeling.trackers.foreground import Blob


def blob(x: float, y: float, width: float = 20, height: float = 20) -> Blob:
    return Blob((x, y, width, height), share=0.01, strength=2.0)


def test_two_things_that_pass_each_other_keep_their_names() -> None:
    threads = Threads(patience=5)
    for frame in range(30):
        threads.add(frame, [blob(10 + 4 * frame, 20), blob(130 - 4 * frame, 50)])
    first, second = threads.close()
    assert [found.box[0] for found in first.blobs] == [10 + 4 * frame for frame in range(30)]
    assert [found.box[0] for found in second.blobs] == [130 - 4 * frame for frame in range(30)]


def test_a_thing_hidden_for_a_while_is_found_where_its_speed_takes_it() -> None:
    threads = Threads(patience=8)
    for frame in range(30):
        threads.add(frame, [] if 12 <= frame < 18 else [blob(5 * frame, 40)])
    (thread,) = threads.close()
    assert thread.frames == [*range(12), *range(18, 30)]


def test_a_thing_gone_longer_than_patience_is_another_when_it_returns() -> None:
    threads = Threads(patience=3)
    for frame in range(20):
        threads.add(frame, [] if 5 <= frame < 12 else [blob(50, 40)])
    assert [thread.frames for thread in threads.close()] == [[0, 1, 2, 3, 4], [*range(12, 20)]]


def test_a_thing_does_not_jump_across_the_picture() -> None:
    threads = Threads(patience=3)
    threads.add(0, [blob(10, 10)])
    threads.add(1, [blob(200, 100)])
    assert len(threads.close()) == 2


def test_overlap_is_a_share() -> None:
    box = np.array([0.0, 0.0, 10.0, 10.0])
    assert iou(box, box) > 0.999
    assert abs(iou(box, np.array([5.0, 0.0, 10.0, 10.0])) - 1 / 3) < 1e-6
    assert iou(box, np.array([20.0, 0.0, 10.0, 10.0])) == 0
