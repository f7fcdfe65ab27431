"""Video to text: captions by their facts, and answers beside those of one who saw the question only."""

import re

from muybridge.errors import MuybridgeError
from muybridge.evaluation.card.asking import BATCH, NEAREST_OF, Ask, Clips
from muybridge.evaluation.card.cells import PHYWORLD, Cell
from muybridge.evaluation.card.figures import Figure, mean, share
from muybridge.evaluation.card.floors import learn_blind, memory_of
from muybridge.evaluation.intervals import means_within
from muybridge.simulator import captions, judge, questions
from muybridge.simulator.facts import Facts
from muybridge.training.card import is_exact

QUESTIONS_A_CLIP = 2


def applies(cell: Cell) -> bool:
    """New wordings are for asking, not for telling."""
    return cell.config.room not in PHYWORLD and not cell.has_new_wording


def score(ask: Ask, cell: Cell) -> list[Figure]:
    """Captions of true clips, and answers about them where the recipe taught any."""
    memory = memory_of(ask, cell.config, NEAREST_OF[ask.extent])
    exact: dict[str, list[float]] = {"model": [], "judge": [], "nearest": []}
    agreed: dict[str, list[float]] = {"model": [], "judge": [], "nearest": []}
    for clips in ask.batches(cell.config):
        written = ask.sampler.captions(clips.true, ask.sampler.model.config.max_text, cell.config.fps)
        near = [memory.facts(row) for row in memory.nearest_rows(clips.true).tolist()]
        found = {"judge": judge.facts_from_frames(clips.true, cell.config), "nearest": near}
        exact["model"] += [float(is_exact(text, facts)) for text, facts in zip(written, clips.facts, strict=True)]
        agreed["model"] += [
            agree(stated(text), judge.fact_set(facts)) for text, facts in zip(written, clips.facts, strict=True)
        ]
        for name, read in found.items():
            pairs = [(judge.fact_set(a), judge.fact_set(b)) for a, b in zip(read, clips.facts, strict=True)]
            exact[name] += [float(a == b) for a, b in pairs]
            agreed[name] += [agree(a, b) for a, b in pairs]
    group = "video_to_text"
    figures = [
        share(group, "caption_exact", exact["model"], ceiling=exact["judge"], floors={"nearest": exact["nearest"]}),
        share(group, "fact_f1", agreed["model"], ceiling=agreed["judge"], floors={"nearest": agreed["nearest"]}),
    ]
    return [*figures, *_answers(ask, cell)] if cell.has_questions else figures


def agree(told: frozenset[tuple[str, ...]], wanted: frozenset[tuple[str, ...]]) -> float:
    """F1 of the facts told against those wanted."""
    return 2 * len(told & wanted) / (len(told) + len(wanted)) if told or wanted else 1.0


def stated(caption: str) -> frozenset[tuple[str, ...]]:
    """The facts of a caption; of one that is no sentence of the grammar, those of its clauses that are."""
    try:
        return judge.fact_set(captions.parse(caption))
    except MuybridgeError:
        parts = [facts for clause in re.split(r"[,;.]|\band\b", caption) if (facts := _clause(clause)) is not None]
    whole = Facts(
        objects=tuple(body for facts in parts for body in facts.objects),
        background=next((facts.background for facts in parts if facts.background), None),
        events=tuple(event for facts in parts for event in facts.events),
        camera=next((facts.camera for facts in parts if facts.camera not in (None, "still")), None),
        view=next((facts.view for facts in parts if facts.view), None),
        things=tuple(thing for facts in parts for thing in facts.things),
        counter=next((facts.counter for facts in parts if facts.counter), None),
        clock=next((facts.clock for facts in parts if facts.clock), None),
    )
    return judge.fact_set(whole) if parts else frozenset()


def _clause(text: str) -> Facts | None:
    try:
        return captions.parse(text)
    except MuybridgeError:
        return None


def _answers(ask: Ask, cell: Cell) -> list[Figure]:
    """Answers of the network and of the blind, the same questions of each clip, and what seeing gains."""
    blind = learn_blind(cell.config, NEAREST_OF[ask.extent])
    right: list[float] = []
    guessed: list[float] = []
    for clips in ask.batches(cell.config):
        asked = _asked(ask, clips)
        answers, rows = _answer(ask, clips, asked), [row for row, _ in asked]
        told = [float(answer == each.answer) for (_, each), answer in zip(asked, answers, strict=True)]
        right += means_within(told, rows)
        guessed += means_within([float(blind.answer(each.kind) == each.answer) for _, each in asked], rows)
    gains = [a - b for a, b in zip(right, guessed, strict=True)]
    return [
        share("video_to_text", "answers", right, floors={"blind": guessed}),
        mean("video_to_text", "answers_above_blind", gains, unit="", is_higher_better=True, is_signed=True),
    ]


def _asked(ask: Ask, clips: Clips) -> list[tuple[int, questions.QA]]:
    """(row, question) of every question about these clips."""
    drawn = questions.questions(clips.scene, seed=ask.seed, per_clip=QUESTIONS_A_CLIP)
    return [(row, each) for row, several in enumerate(drawn) for each in several]


def _answer(ask: Ask, clips: Clips, asked: list[tuple[int, questions.QA]]) -> list[str]:
    answers: list[str] = []
    for start in range(0, len(asked), BATCH):
        part = asked[start : start + BATCH]
        rows = [row for row, _ in part]
        texts = [each.question for _, each in part]
        answers += ask.sampler.answers(clips.true[rows], texts, fps=clips.scene.config.fps)
    return answers
