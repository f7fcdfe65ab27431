"""Splits: which clips are for training, which for validation and test, so that no test frame was ever trained on.

From five assets on, an asset's clips all go to one split, by hash of its bytes: the same asset always lands in the
same split, whatever else is in the dataset. With fewer, hashing would leave splits empty, so shots are dealt out
instead (a shot is cut in time where there are fewer than three), with a gap of frames between splits of one asset:
all shots, so that to label more of them moves none, or only those with a clip where that leaves fewer splits empty.
Pure: frames and digests in, pieces of clips out.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from muybridge.units import FrameSpan

Split = Literal["train", "val", "test"]
SplitRule = Literal["by_asset", "by_shot_with_gap"]
SPLITS: tuple[Split, ...] = ("train", "val", "test")
VAL_SHARE = TEST_SHARE = 0.1
MIN_ASSETS = 5
GAP_FRAMES = 12
"""Frames left out between splits of one asset: half a second of film, in which little moves far."""
CUT_SHARES = (0.7, 0.85)
"""Where a lone shot is cut in time: train before, val between, test after."""


Unit = tuple[str, FrameSpan]
"""A shot: the digest of its asset, and its frames."""


@dataclass(frozen=True, slots=True, order=True)
class ClipKey:
    """A clip by the bytes of its asset and its frames."""

    asset_digest: str
    start_frame: int
    end_frame: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A clip, or the part of it that lies within one split."""

    clip: ClipKey
    start_frame: int
    end_frame: int
    split: Split


@dataclass(frozen=True, slots=True)
class SplitPlan:
    rule: SplitRule
    pieces: tuple[Piece, ...]
    """In order of asset and time; parts that fell into a gap are not there."""


@dataclass(frozen=True, slots=True)
class _Range:
    """Frames of one asset that are one split's."""

    start: int
    end: int
    split: Split


def plan_splits(
    clips: Sequence[ClipKey], shots: Mapping[str, Sequence[FrameSpan]], *, gap_frames: int = GAP_FRAMES
) -> SplitPlan:
    """Give each clip, or each part of it, its split. The order of `clips` does not matter.

    shots: the shots of each asset by digest, in order; needed where there are fewer than five assets.
    """
    digests = sorted({clip.asset_digest for clip in clips})
    wanted = sorted(set(clips))
    if len(digests) >= MIN_ASSETS:
        pieces = [Piece(c, c.start_frame, c.end_frame, split_of_asset(c.asset_digest)) for c in wanted]
        return SplitPlan("by_asset", tuple(pieces))
    units = [(digest, span) for digest in digests for span in shots.get(digest) or _whole(digest, wanted)]
    dealt = _deal_shots(units, wanted, gap_frames)
    if not all(_filled(dealt)):
        touched = [unit for unit in units if _holds_any(unit, wanted)]
        dealt = max(dealt, _deal_shots(touched, wanted, gap_frames), key=_filled)
    return SplitPlan("by_shot_with_gap", dealt)


def why_empty(rule: str, splits: Mapping[str, int], num_assets: int) -> str:
    """One sentence on the splits of a version that hold no clip; "" where each holds one."""
    empty = " and ".join(split for split in SPLITS if not splits.get(split))
    if not empty:
        return ""
    if rule == "by_asset":
        return (
            f"No clip is in {empty}: an asset goes where the hash of its bytes says, about one in ten to val and one "
            f"in ten to test, and of {num_assets} none went there."
        )
    return (
        f"No clip is in {empty}: the clips, or the shots that they lie in, are too few or too short to be dealt out "
        f"with {GAP_FRAMES} frames left out between splits."
    )


def split_of_asset(asset_digest: str) -> Split:
    """The split of an asset, from its bytes alone."""
    place = _hash_share(asset_digest)
    if place < TEST_SHARE:
        return "test"
    return "val" if place < TEST_SHARE + VAL_SHARE else "train"


def _deal_shots(units: Sequence[Unit], clips: Sequence[ClipKey], gap_frames: int) -> tuple[Piece, ...]:
    """The parts of the clips that lie in a dealt shot, those of different splits at least `gap_frames` apart."""
    if len(units) < len(SPLITS):
        dealt = [(digest, part) for digest, span in units for part in _cut_in_time(span, gap_frames)]
    else:
        dealt = _deal(units)
    ranges: dict[str, list[_Range]] = {clip.asset_digest: [] for clip in clips}
    for digest, each in dealt:
        ranges[digest].append(each)
    kept = {digest: _keep_apart(several, gap_frames) for digest, several in ranges.items()}
    return tuple(piece for clip in clips for piece in _cut(clip, kept))


def _filled(pieces: Sequence[Piece]) -> list[bool]:
    """Which splits hold a piece, train first: it can least be done without."""
    found = {piece.split for piece in pieces}
    return [split in found for split in SPLITS]


def _deal(units: Sequence[Unit]) -> list[tuple[str, _Range]]:
    """By order of hash: about a tenth each to test and val, one at least, the rest to train."""
    in_order = sorted(units, key=lambda unit: (_hash_share(f"{unit[0]}:{unit[1].start}"), unit))
    num_test, num_val = (max(1, round(share * len(units))) for share in (TEST_SHARE, VAL_SHARE))
    end_of_val = num_test + num_val
    return [
        (digest, _Range(span.start, span.end, "test" if place < num_test else "val" if place < end_of_val else "train"))
        for place, (digest, span) in enumerate(in_order)
    ]


def _cut_in_time(span: FrameSpan, gap_frames: int) -> list[_Range]:
    """Train, val and test of a lone shot; all train when it is too short to leave anything beside the gaps."""
    if span.num_frames < 16 * max(1, gap_frames):
        return [_Range(span.start, span.end, "train")]
    val, test = (span.start + int(share * span.num_frames) for share in CUT_SHARES)
    return [_Range(span.start, val, "train"), _Range(val, test, "val"), _Range(test, span.end, "test")]


def _keep_apart(ranges: Sequence[_Range], gap_frames: int) -> list[_Range]:
    """Let each range begin `gap_frames` after the last frame of any other split before it."""
    end_of: dict[Split, int] = {}
    kept = []
    for each in sorted(ranges, key=lambda one: one.start):
        start = max([each.start, *(end + gap_frames for split, end in end_of.items() if split != each.split)])
        if start < each.end:
            kept.append(_Range(start, each.end, each.split))
            end_of[each.split] = each.end
    return kept


def _cut(clip: ClipKey, ranges: Mapping[str, Sequence[_Range]]) -> list[Piece]:
    parts = (
        (max(clip.start_frame, each.start), min(clip.end_frame, each.end), each.split)
        for each in ranges[clip.asset_digest]
    )
    return [Piece(clip, start, end, split) for start, end, split in parts if start < end]


def _holds_any(unit: Unit, clips: Sequence[ClipKey]) -> bool:
    digest, span = unit
    return any(c.asset_digest == digest and c.start_frame < span.end and span.start < c.end_frame for c in clips)


def _whole(digest: str, clips: Sequence[ClipKey]) -> list[FrameSpan]:
    """An asset without shots is one."""
    return [FrameSpan(0, max(clip.end_frame for clip in clips if clip.asset_digest == digest))]


def _hash_share(text: str) -> float:
    """A share in [0,1) that depends on the text alone."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) / 2**64
