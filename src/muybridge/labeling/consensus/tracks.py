"""Tracks: match box tracks across attempts by IoU over time, keep what a majority drew, and average it.

A group is kept when more than half of the answers hold it. Its box at each keyframe is the mean over the members
that are there (the median per side from three on, so that one slip does not drag it); it starts and ends at the
members' median ends. Agreement of a group: mean pairwise IoU over time among all answers, 0 for pairs with an answer
that lacks it or that differ on its class, scaled by the share of its attributes on which the pair says the same; of the
task: mean over all groups, kept or not. Nothing drawn by anybody is full agreement.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from muybridge.labeling.consensus.contract import Agreed, Answer
from muybridge.labeling.consensus.groups import group_things
from muybridge.labeling.consensus.votes import attributes_said, most_said, share_alike
from muybridge.labeling.shapes import BoxTrack, Keyframe, track_iou, tracks_of, value_from_track

SAME_OBJECT_IOU = 0.3
"""IoU over time from which two people's tracks are taken for one object: loose, since keyframes are sparse."""


@dataclass(frozen=True, slots=True)
class Tracks:
    name: str = "tracks"
    shapes: frozenset[str] = frozenset({"box_track"})

    def agree(self, answers: Sequence[Answer], others: Sequence[Answer] = ()) -> Agreed:
        in_order = sorted(answers, key=lambda answer: answer.answerer)
        groups = group_things([tracks_of(answer.annotations) for answer in in_order], track_iou, SAME_OBJECT_IOU)
        agreed: list[Mapping[str, Any]] = []
        agreements = []
        for group in groups:
            agreement = group_agreement(list(group.values()), len(in_order))
            agreements.append(agreement)
            if 2 * len(group) > len(in_order):
                agreed.append(value_from_track(mean_track(list(group.values()))) | {"agreement": agreement})
        agreed.sort(key=lambda value: (value["keyframes"][0]["frame"], value["keyframes"][0]["box"]))
        whole = float(np.mean(agreements)) if agreements else 1.0
        return Agreed(tuple(agreed), min(1.0, whole), {"num_groups": len(groups), "num_kept": len(agreed)})


def group_agreement(tracks: Sequence[BoxTrack], num_answers: int) -> float:
    """Mean pairwise IoU over time among `num_answers` answers, 0 for pairs that lack the object or differ in class.

    A pair's IoU is scaled by the share of its attributes on which both say the same.
    """
    if num_answers == 1:
        return 1.0
    total = sum(
        track_iou(a, b) * share_alike(a.attributes, b.attributes)
        for a, b in combinations(tracks, 2)
        if a.class_name == b.class_name
    )
    return min(1.0, total / (num_answers * (num_answers - 1) / 2))


def mean_track(tracks: Sequence[BoxTrack]) -> BoxTrack:
    """One track between several of the same object, with a keyframe wherever one of them has one."""
    pts_of = {key.frame: key.pts for track in tracks for key in track.keyframes}
    middle = (len(tracks) - 1) // 2
    first = sorted(track.first_frame for track in tracks)[middle]
    last = max(first, sorted(track.last_frame for track in tracks)[middle])
    frames = [frame for frame in sorted(pts_of) if first <= frame <= last]
    boxes_MT4 = np.stack([track.boxes(np.array(frames)) for track in tracks])
    middle_T4 = (np.nanmedian if len(tracks) > 2 else np.nanmean)(boxes_MT4, axis=0)
    keyframes = []
    for frame, box in zip(frames, middle_T4.tolist(), strict=True):
        present = [track for track in tracks if track.first_frame <= frame <= track.last_frame]
        is_occluded = 2 * sum(track.is_occluded_at(frame) for track in present) > len(present)
        x, y, w, h = box
        keyframes.append(Keyframe(frame, pts_of[frame], (x, y, w, h), is_occluded))
    class_name = most_said([track.class_name for track in tracks])
    return BoxTrack(class_name, tuple(keyframes), attributes_said([track.attributes for track in tracks]))


METHOD = Tracks()
