"""What a scene's state says: the facts of every clip, for captions, questions and the judge's truth."""

from .facts import EventFact, Facts, ObjectFacts
from .state import SceneBatch
from .vocabulary import (
    AVATAR,
    BACKGROUNDS,
    BLOCK,
    BODY,
    CAMERAS,
    COIN,
    COLOURS,
    COUNTER,
    DIRECTIONS,
    HAND,
    HAZARD,
    MOTIONS,
    OCCLUDER,
    SHAPES,
    SIZES,
    SPEEDS,
    TEXTURES,
    TURNS,
    WALLS,
)

MAX_EVENTS = 3
"""A caption tells the first events of a clip, no more: a sentence has to end."""
_WAYS = (*DIRECTIONS, *TURNS)


def facts_of(scene: SceneBatch) -> list[Facts]:
    """The facts of every clip, by state."""
    tell = {"bakeoff": _tell_bakeoff, "lab": _tell_lab, "arcade": _tell_arcade, "desk": _tell_desk}
    return tell.get(scene.config.room, _tell_phyworld)(scene)


def lab_bodies(scene: SceneBatch) -> list[list[tuple[int, ObjectFacts]]]:
    """(slot, facts at the first frame) of every body of every clip."""
    columns = [
        scene.role_BO.tolist(),
        scene.shape_BTO[:, 0].tolist(),
        scene.colour_BTO[:, 0].tolist(),
        scene.size_BO.tolist(),
        scene.texture_BO.tolist(),
        scene.motion_BO.tolist(),
        scene.speed_BO.tolist(),
        scene.direction_BO.tolist(),
    ]
    clips = []
    for roles, *values in zip(*columns, strict=True):
        bodies = []
        for slot, (role, shape, colour, size, texture, motion, speed, direction) in enumerate(
            zip(roles, *values, strict=True)
        ):
            if role == BODY:
                facts = ObjectFacts(
                    SHAPES[shape],
                    COLOURS[colour],
                    SIZES[size],
                    TEXTURES[texture],
                    MOTIONS[motion],
                    SPEEDS[speed] if speed >= 0 else None,
                    _WAYS[direction] if direction >= 0 else None,
                )
                bodies.append((slot, facts))
        clips.append(bodies)
    return clips


def _tell_bakeoff(scene: SceneBatch) -> list[Facts]:
    return [
        Facts(
            tuple(
                ObjectFacts(body.shape, body.colour, motion="moves", speed=body.speed, direction=body.direction)
                for _, body in bodies
            ),
            room="bakeoff",
        )
        for bodies in lab_bodies(scene)
    ]


def _tell_phyworld(scene: SceneBatch) -> list[Facts]:
    return [
        Facts(tuple(ObjectFacts(body.shape, body.colour) for _, body in bodies), room=scene.config.room)
        for bodies in lab_bodies(scene)
    ]


def _first_frames(happens: list[tuple[int, ...]], num_clips: int) -> list[dict[tuple[int, ...], int]]:
    """For rows (clip, frame, *what): the first frame of each `what` of each clip."""
    first: list[dict[tuple[int, ...], int]] = [{} for _ in range(num_clips)]
    for clip, frame, *what in happens:
        first[clip].setdefault(tuple(what), frame)
    return first


def lab_events(scene: SceneBatch) -> list[list[tuple[int, EventFact]]]:
    """(frame, event) of every clip in order of time; each event once, at its first frame.

    What happens in the last two steps is not told: its outcome is not yet to be seen.
    """
    until = max(1, scene.num_frames - 2)
    hits = _first_frames(scene.hits_BTOO[:, :until].nonzero().tolist(), scene.num_clips)
    bounces = _first_frames(scene.bounces_BTO4[:, :until].nonzero().tolist(), scene.num_clips)
    has_screen = (scene.role_BO == OCCLUDER).any(1).tolist()
    told = []
    for bodies, met, off, screened in zip(lab_bodies(scene), hits, bounces, has_screen, strict=True):
        name = {slot: body.name for slot, body in bodies}
        events = [(frame, EventFact(name[i], "hits", name[j])) for (i, j), frame in met.items() if i < j]
        events += [
            (frame, EventFact(name[i], "bounces off", f"{WALLS[wall]} wall")) for (i, wall), frame in off.items()
        ]
        if screened:
            events.append((scene.num_frames // 2, EventFact(bodies[0][1].name, "passes behind", "screen")))
        told.append(sorted(events))
    return told


def _tell_lab(scene: SceneBatch) -> list[Facts]:
    backgrounds, cameras = scene.background_B.tolist(), scene.camera_B.tolist()
    return [
        Facts(
            objects=tuple(body for _, body in bodies),
            background=BACKGROUNDS[background],
            events=tuple(event for _, event in events[:MAX_EVENTS]),
            camera=CAMERAS[camera],
        )
        for bodies, events, background, camera in zip(
            lab_bodies(scene), lab_events(scene), backgrounds, cameras, strict=True
        )
    ]


def arcade_events(scene: SceneBatch) -> list[list[tuple[int, EventFact]]]:
    """(frame, event) of what the player does, each once, at its first frame."""
    player = int((scene.role_BO[0] == AVATAR).nonzero()[0])
    hits = scene.hits_BTOO[:, :, player].clone()
    # Of a window of a longer scene: what was taken or pushed to come to its first frame is not to be seen in it.
    hits[:, 0] &= scene.role_BO == HAZARD
    touched = _first_frames(hits.nonzero().tolist(), scene.num_clips)
    verbs = {COIN: ("takes", "coin"), BLOCK: ("pushes", "block"), HAZARD: ("touches", "hazard")}
    told = []
    for roles, first in zip(scene.role_BO.tolist(), touched, strict=True):
        seen: dict[tuple[str, str], int] = {}
        for (slot,), frame in sorted(first.items(), key=lambda item: item[1]):
            if roles[slot] in verbs:
                seen.setdefault(verbs[roles[slot]], frame)
        told.append(sorted((frame, EventFact("player", verb, what)) for (verb, what), frame in seen.items()))
    return told


def _tell_arcade(scene: SceneBatch) -> list[Facts]:
    player = int((scene.role_BO[0] == AVATAR).nonzero()[0])
    colours = scene.colour_BTO[:, 0, player].tolist()
    there = scene.role_BO * scene.present_BTO[:, 0]
    counts = [(there == role).sum(1).tolist() for role in (COIN, BLOCK, HAZARD)]
    return [
        Facts(
            objects=(ObjectFacts("circle", COLOURS[colour]),),
            background=BACKGROUNDS[background],
            events=tuple(event for _, event in events),
            room="arcade",
            view="side-on" if side else "top-down",
            things=tuple(
                (name, count) for name, count in zip(("coin", "block", "hazard"), counted, strict=True) if count
            ),
        )
        for colour, background, side, events, *counted in zip(
            colours, scene.background_B.tolist(), scene.regime_B.tolist(), arcade_events(scene), *counts, strict=True
        )
    ]


def desk_events(scene: SceneBatch) -> list[list[tuple[int, EventFact]]]:
    """(frame, event) of every change of colour or form, in order of time; a body is called what it is just before."""
    colours, shapes = scene.colour_BTO.tolist(), scene.shape_BTO.tolist()
    told = []
    for clip, bodies in enumerate(lab_bodies(scene)):
        events = []
        for slot, _ in bodies:
            for frame in range(1, scene.num_frames):
                shape, colour = shapes[clip][frame - 1][slot], colours[clip][frame - 1][slot]
                name = ObjectFacts(SHAPES[shape], COLOURS[colour]).name
                if (after := colours[clip][frame][slot]) != colour:
                    events.append((frame, EventFact(name, "turns", COLOURS[after])))
                if (after := shapes[clip][frame][slot]) != shape:
                    events.append((frame, EventFact(name, "becomes", SHAPES[after])))
        told.append(sorted(events))
    return told


def _tell_desk(scene: SceneBatch) -> list[Facts]:
    first, last = scene.value_BTO[:, 0].tolist(), scene.value_BTO[:, -1].tolist()
    told = []
    for clip, (bodies, events, background) in enumerate(
        zip(lab_bodies(scene), desk_events(scene), scene.background_B.tolist(), strict=True)
    ):
        roles = scene.role_BO[clip].tolist()
        counter = roles.index(COUNTER) if COUNTER in roles else None
        hand = roles.index(HAND) if HAND in roles else None
        told.append(
            Facts(
                objects=tuple(body for _, body in bodies),
                background=BACKGROUNDS[background],
                events=tuple(event for _, event in events),
                room="desk",
                counter=(first[clip][counter], last[clip][counter]) if counter is not None else None,
                clock=_WAYS[int(scene.direction_BO[clip, hand])] if hand is not None else None,
            )
        )
    return told
