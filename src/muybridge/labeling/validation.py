"""Does an answer fit its question? Every thing that is wrong is named by class, frame and field; nothing is repaired.

Pure: an ontology version's classes and annotation values in, checked values or InvalidAnnotations out.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from muybridge.errors import Invalid
from muybridge.labeling.shapes import KIND_OF_SHAPE, VERDICTS

MAX_ANNOTATIONS = 10_000
_MAX_ERRORS = 20


class InvalidAnnotations(Invalid):
    """`facts["errors"]` lists [{"field", "reason"}], at most 20."""

    code = "labeling.invalid_annotations"


@dataclass(frozen=True, slots=True)
class ClipBounds:
    """The half-open span that answers must stay in."""

    start_frame: int
    end_frame: int
    start_pts: int
    end_pts: int


def validate(
    classes: Sequence[Mapping[str, Any]], annotations: Sequence[Any], bounds: ClipBounds | None = None
) -> list[dict[str, Any]]:
    """The annotations in full form (attributes present), or InvalidAnnotations with each thing that is wrong.

    bounds: the task's clip; keyframes and spans outside it are refused. Nothing is repaired silently.
    """
    if len(annotations) > MAX_ANNOTATIONS:
        raise InvalidAnnotations(f"{len(annotations)} annotations are more than {MAX_ANNOTATIONS}.")
    wrong = _Wrong()
    by_name = {entry["name"]: entry for entry in classes}
    checked = [_check_annotation(wrong.at(f"annotations[{i}]"), a, by_name, bounds) for i, a in enumerate(annotations)]
    wrong.raise_if_any()
    return [value for value in checked if value is not None]


def validate_verdict(annotations: Sequence[Any]) -> list[dict[str, Any]]:
    """A comparison's answer: exactly one {"shape": "comparison", "verdict": left|right|tie|both_bad}."""
    one = annotations[0] if len(annotations) == 1 else None
    if not isinstance(one, Mapping) or one.get("shape") != "comparison" or one.get("verdict") not in VERDICTS:
        raise InvalidAnnotations(
            "A comparison is answered by one verdict.",
            remedy=f'Send [{{"shape": "comparison", "verdict": V}}] with V one of {", ".join(VERDICTS)}.',
        )
    note = one.get("note", "")
    return [{"shape": "comparison", "verdict": one["verdict"], "note": note if isinstance(note, str) else ""}]


class _Wrong:
    """Collects what is wrong under a path."""

    def __init__(self, path: str = "", errors: list[dict[str, str]] | None = None) -> None:
        self.path = path
        self.errors: list[dict[str, str]] = [] if errors is None else errors

    def at(self, path: str) -> "_Wrong":
        return _Wrong(f"{self.path}.{path}" if self.path else path, self.errors)

    def say(self, field: str, reason: str) -> None:
        if len(self.errors) < _MAX_ERRORS:
            self.errors.append({"field": f"{self.path}.{field}" if field else self.path, "reason": reason})

    def raise_if_any(self) -> None:
        if self.errors:
            first = self.errors[0]
            raise InvalidAnnotations(
                f"{first['field']}: {first['reason']}",
                remedy="Correct it and send again; nothing was stored.",
                errors=self.errors,
            )


_FIELDS = {
    "box_track": {"keyframes"},
    "mask_track": {"keyframes"},
    "span": {"start_frame", "end_frame", "start_pts", "end_pts"},
    "class": set[str](),
    "caption": {"text"},
}


def _check_annotation(
    wrong: _Wrong, value: Any, classes: Mapping[str, Mapping[str, Any]], bounds: ClipBounds | None
) -> dict[str, Any] | None:
    if not isinstance(value, Mapping) or str(value.get("shape")) not in _FIELDS:
        wrong.say("shape", f"is none of {', '.join(_FIELDS)}.")
        return None
    shape, class_name = value["shape"], value.get("class_name")
    entry = classes.get(class_name) if isinstance(class_name, str) else None
    if entry is None or not isinstance(class_name, str):
        wrong.say("class_name", f"{class_name!r} is no class of this ontology version ({', '.join(classes)}).")
        return None
    if shape not in {KIND_OF_SHAPE[name] for name in entry["shapes"]}:
        wrong.say("shape", f"class {class_name!r} is not drawn as {shape}; it takes {', '.join(entry['shapes'])}.")
    for unknown in sorted(set(value) - _FIELDS[shape] - {"shape", "class_name", "attributes"}):
        wrong.say(str(unknown), "is not a field of this shape.")
    attributes = value.get("attributes") or {}
    _check_attributes(wrong, class_name, attributes, entry["attributes"])
    _CHECKS[shape](wrong, value, bounds)
    return {**value, "attributes": dict(attributes) if isinstance(attributes, Mapping) else {}}


def _check_attributes(wrong: _Wrong, class_name: str, given: Any, known: Sequence[Mapping[str, Any]]) -> None:
    if not isinstance(given, Mapping):
        wrong.say("attributes", "is not an object.")
        return
    by_name = {entry["name"]: entry for entry in known}
    for name, content in given.items():
        if name not in by_name:
            wrong.say(f"attributes.{name}", f"class {class_name!r} has no such attribute.")
        elif not _fits(by_name[name], content):
            choices = f" ({', '.join(by_name[name]['choices'])})" if by_name[name]["choices"] else ""
            wrong.say(f"attributes.{name}", f"{content!r} is not a {by_name[name]['kind']}{choices}.")
    for name, entry in by_name.items():
        if entry["is_required"] and name not in given:
            wrong.say(f"attributes.{name}", f"class {class_name!r} requires it.")


def _fits(attribute: Mapping[str, Any], content: object) -> bool:
    match attribute["kind"]:
        case "number":
            return _is_number(content)
        case "boolean":
            return isinstance(content, bool)
        case "choice":
            return content in attribute["choices"]
    return isinstance(content, str) and len(content) <= 10_000


def _check_keyframes(wrong: _Wrong, value: Mapping[str, Any], bounds: ClipBounds | None) -> None:
    keyframes = value.get("keyframes")
    if not isinstance(keyframes, list) or not keyframes or not all(isinstance(key, Mapping) for key in keyframes):
        wrong.say("keyframes", "needs at least one keyframe.")
        return
    last_frame, last_pts = -1, -(2**63)
    for number, key in enumerate(keyframes):
        here = wrong.at(f"keyframes[{number}]")
        frame, pts = key.get("frame"), key.get("pts")
        if not _is_int(frame) or not _is_int(pts):
            here.say("frame", f"frame and pts are whole numbers, not {frame!r} and {pts!r}.")
            return
        if frame <= last_frame or pts <= last_pts:
            here.say("frame", f"frame {frame} at {pts} pts does not come after frame {last_frame}.")
        if bounds and not (bounds.start_frame <= frame < bounds.end_frame):
            here.say("frame", f"frame {frame} is outside the clip [{bounds.start_frame}, {bounds.end_frame}).")
        elif bounds and not (bounds.start_pts <= pts < bounds.end_pts):
            here.say("pts", f"{pts} pts is outside the clip [{bounds.start_pts}, {bounds.end_pts}).")
        last_frame, last_pts = frame, pts
        if value["shape"] == "box_track":
            _check_box(here, frame, key.get("box"))
            if not isinstance(key.get("is_occluded", False), bool):
                here.say("is_occluded", "is not true or false.")
        elif not _is_mask(key.get("mask")):
            here.say("mask", f'at frame {frame} is not {{"size": [h, w], "counts": [...]}} covering h*w pixels.')


def _check_box(wrong: _Wrong, frame: int, box: object) -> None:
    if not isinstance(box, list) or len(box) != 4 or not all(_is_number(side) for side in box):
        wrong.say("box", f"at frame {frame} is not [x, y, w, h] in display pixels.")
    elif box[2] <= 0 or box[3] <= 0:
        wrong.say("box", f"at frame {frame} is {box[2]:g} x {box[3]:g} pixels; both sides are above 0.")


def _is_mask(mask: object) -> bool:
    """Uncompressed COCO run lengths: column-major, starting with zeros."""
    if not isinstance(mask, Mapping) or not isinstance(mask.get("size"), list) or len(mask["size"]) != 2:
        return False
    counts = mask.get("counts")
    if not all(_is_int(side) and side > 0 for side in mask["size"]) or not isinstance(counts, list):
        return False
    return all(_is_int(run) and run >= 0 for run in counts) and sum(counts) == mask["size"][0] * mask["size"][1]


def _check_span(wrong: _Wrong, value: Mapping[str, Any], bounds: ClipBounds | None) -> None:
    edges = [value.get(name) for name in ("start_frame", "end_frame", "start_pts", "end_pts")]
    if not all(_is_int(edge) for edge in edges):
        wrong.say("start_frame", "a span has whole start_frame, end_frame, start_pts and end_pts.")
        return
    start_frame, end_frame, start_pts, end_pts = (int(str(edge)) for edge in edges)
    if not (start_frame < end_frame and start_pts < end_pts):
        wrong.say("end_frame", f"[{start_frame}, {end_frame}) is empty.")
    elif bounds and not (bounds.start_frame <= start_frame and end_frame <= bounds.end_frame):
        wrong.say(
            "start_frame",
            f"[{start_frame}, {end_frame}) leaves the clip [{bounds.start_frame}, {bounds.end_frame}).",
        )
    elif bounds and not (bounds.start_pts <= start_pts and end_pts <= bounds.end_pts):
        wrong.say("start_pts", f"[{start_pts}, {end_pts}) pts leaves the clip [{bounds.start_pts}, {bounds.end_pts}).")


def _check_caption(wrong: _Wrong, value: Mapping[str, Any], _bounds: ClipBounds | None) -> None:
    text = value.get("text")
    if not isinstance(text, str) or not 1 <= len(text.strip()) <= 10_000:
        wrong.say("text", "is 1 to 10,000 characters.")


def _check_nothing(_wrong: _Wrong, _value: Mapping[str, Any], _bounds: ClipBounds | None) -> None:
    """A class says all by its name."""


_CHECKS: dict[str, Callable[[_Wrong, Mapping[str, Any], ClipBounds | None], None]] = {
    "box_track": _check_keyframes,
    "mask_track": _check_keyframes,
    "span": _check_span,
    "class": _check_nothing,
    "caption": _check_caption,
}


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**62


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
