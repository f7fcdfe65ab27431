"""The demo's report: what was done to whose footage, what came of it, and how sure one may be. Failures first."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from muybridge import artifacts, trust
from muybridge.artifacts import Artifact, lineage
from muybridge.catalog import assets
from muybridge.cli.demo.footage import Footage
from muybridge.cli.demo.judging import Judged
from muybridge.cli.demo.labels import Labels
from muybridge.cli.demo.learn import Learned
from muybridge.cli.demo.ledger import Ledger
from muybridge.cli.demo.make import MadeClip
from muybridge.cli.demo.plan import Plan
from muybridge.datasets import splits
from muybridge.evaluation import charts, evaluations
from muybridge.evaluation.card import page
from muybridge.evaluation.intervals import estimate_share
from muybridge.evaluation.report import Report
from muybridge.evaluation.tables import Evaluation
from muybridge.generation.spec import Kind
from muybridge.training import runs

GRAPH_NODES = 40
ROWS = {"true": "truth", "model": "network", "copy": "repeat"}
"""Strips of frames by their method."""
FEW_VERDICTS = 20
"""Below so many that chose a side, a share of them is no finding."""


def write(
    ledger: Ledger,
    plan: Plan,
    footage: Footage,
    labels: Labels,
    learned: Learned,
    made: Sequence[MadeClip],
    judged: Judged,
) -> Path:
    """Write the report beside the demo's files, keep it as the evaluation's, and return its path."""
    with ledger.read() as session:
        report = _compose(session, ledger, plan, footage, labels, learned, made, judged)
    path = ledger.folder / "report.html"
    draft = path.with_suffix(".draft")
    draft.write_text(report.html(), "utf-8")
    draft.rename(path)
    stored = ledger.installation.store.put_file(path)
    with ledger.write() as session:
        evaluation = trust.load(session, ledger.actor, Evaluation, judged.evaluation.id, for_update=True)
        evaluations.attach_report(session, ledger.actor, evaluation, stored)
    return path


def first_line(plan: Plan, labels: Labels) -> str:
    """How many labels a person stands for: the first thing that a reader must know."""
    if plan.is_simulated:
        return "Every label was given by simulated annotators, against the exact truth of rendered footage."
    offered = sum(labels.proposals.values())
    return f"{labels.num_accepted} of {offered} proposals were accepted by a person."


def sides_in_words(told: dict[str, Any]) -> str:
    """What the verdicts say of the sides, and whether they are enough to say it. told: comparisons.summary_of."""
    n = told["num_decisive"]
    if not n:
        return "No verdict chose a side."
    left = estimate_share(told["left_share"], n)
    said = f"Of the {n} that chose a side, {round(left.mean * n)} chose the left"
    if n < FEW_VERDICTS:
        return (
            f"{said}: too few to tell anything, for its true share may lie anywhere from {left.low:.0%} to "
            f"{left.high:.0%}."
        )
    return f"{said}: {left.mean:.0%}, with 95 % from {left.low:.0%} to {left.high:.0%}; blind sides win half."


def _compose(
    session: Session,
    ledger: Ledger,
    plan: Plan,
    footage: Footage,
    labels: Labels,
    learned: Learned,
    made: Sequence[MadeClip],
    judged: Judged,
) -> Report:
    report = Report("The loop, once around", first_line(plan, labels))
    report.tiles(
        [
            (str(len(footage.asset_ids)), "clips ingested"),
            (str(footage.num_shots), "shots found"),
            (str(labels.num_tasks if plan.is_simulated else sum(labels.proposals.values())),
             "tasks answered" if plan.is_simulated else "proposals made"),
            (f"{learned.version.num_clips}", f"clips in version {learned.version.number}"),
            (f"{learned.checkpoint.step}", "training steps"),
            (f"{sum(clip.state == 'trusted' for clip in made)} of {len(made)}", "made clips verify"),
        ]
    )  # fmt: skip
    _tell_footage(report, session, ledger, footage)
    _tell_labels(report, plan, labels)
    _tell_dataset(report, learned)
    _tell_training(report, session, ledger, learned)
    _tell_made(report, session, ledger, made)
    _tell_figures(report, ledger, judged)
    _tell_comparisons(report, plan, judged)
    _tell_lineage(report, session, ledger, made)
    return report


def _tell_footage(report: Report, session: Session, ledger: Ledger, footage: Footage) -> None:
    report.section("Footage")
    if footage.refused:
        report.say(f"{len(footage.refused)} files were refused:", tone="warn")
        report.table(["file", "why"], [(entry["file"], entry["detail"]) for entry in footage.refused])
    rows = []
    for asset_id in footage.asset_ids:
        asset = assets.load_asset(session, ledger.actor, asset_id)
        size = f"{asset.display_width} × {asset.display_height}"
        rows.append((asset.name, size, asset.num_frames, asset.duration_s, asset.codec, asset.id))
    report.table(["clip", "pixels", "frames", "seconds", "codec", "asset"], rows)


def _tell_labels(report: Report, plan: Plan, labels: Labels) -> None:
    report.section("Labels")
    if labels.consensus is None:
        report.say(f"There is no consensus. {labels.reason}", tone="warn")
    if not plan.is_simulated:
        report.say(
            "A motion tracker proposed boxes. Proposals are not labels: each waits until a person accepts, adjusts or "
            "rejects it, and only then may a dataset carry it."
        )
        report.table(["proposals", ""], sorted(labels.proposals.items()))
        return
    measured = (labels.consensus or {}).get("quality") or {}
    report.say(
        f"{len(labels.answerers)} simulated annotators of stated skill answered {labels.num_tasks} tasks. Because the "
        "truth is known to the pixel, the consensus itself can be measured:"
    )
    report.raw(
        charts.bars(
            [
                charts.Bar(name.replace("_", " "), entry["value"], entry["low"], entry["high"], "ceiling")
                for name, entry in measured.items()
                if entry
            ]
        )
    )
    report.table(
        ["annotator", "attempts", "agreement with the consensus"],
        [(one["answerer"], one["num_attempts"], one["with_consensus"]) for one in labels.answerers],
    )


def _tell_dataset(report: Report, learned: Learned) -> None:
    version = learned.version
    report.section("Frozen dataset")
    how = (
        "by source clip"
        if version.split_rule == "by_asset"
        else "by shot with a gap between, since fewer than five source clips are too few to hold whole ones out"
    )
    report.say(f"Version {version.number} is frozen: {version.num_clips} clips, split {how}.")
    report.table(
        ["", ""],
        [
            ("digest", version.digest),
            ("annotations, by value", version.num_annotations),
            ("splits", ", ".join(f"{name} {count}" for name, count in sorted(version.splits.items()))),
            ("rights proved for", version.purpose),
        ],
    )
    if why := splits.why_empty(version.split_rule, version.splits, version.num_assets):
        report.say(why, tone="quiet")
    if changed := learned.difference:
        report.say(
            f"Since then a version was frozen from accepted labels only: {changed['num_added']} clips added, "
            f"{changed['num_removed']} removed, {changed['num_changed']} changed; "
            f"{changed['num_annotations_before']} annotations before, {changed['num_annotations_after']} after."
        )


def _tell_training(report: Report, session: Session, ledger: Ledger, learned: Learned) -> None:
    report.section("Training")
    measured = runs.list_metrics(session, ledger.actor, learned.run.id)
    points = [(float(row.step), float(row.values["loss"])) for row in measured if "loss" in row.values]
    origin = "began as the shipped checkpoint and" if learned.run.parent_checkpoint_id else "began with nothing and"
    report.say(
        f"The nano world model {origin} learned for {learned.run.budget_s or 0:.0f} s (seed {learned.run.seed}), from "
        f"this footage and captioned simulator clips. Checkpoint {learned.checkpoint.digest[:12]}… at step "
        f"{learned.checkpoint.step}; code {learned.run.code_version}."
    )
    report.raw(charts.curve(points, x_label="steps", y_label="loss"))
    samples = runs.list_samples(session, ledger.actor, learned.run.id)
    if samples:
        picture = trust.load(session, ledger.actor, Artifact, samples[-1].artifact_id)
        shown = f"What it made at step {samples[-1].step}: {'; '.join(samples[-1].prompts)}"
        report.picture(ledger.installation.store.read(picture.digest), shown)


def _tell_made(report: Report, session: Session, ledger: Ledger, made: Sequence[MadeClip]) -> None:
    report.section("Made and signed")
    wrong = [clip for clip in made if clip.state != "trusted"]
    if wrong:
        report.say(f"{len(wrong)} clips do not verify.", tone="warn")
    report.say("Each file carries a C2PA manifest; `muybridge verify FILE` says the same to anyone who has it.")
    report.clips(
        (
            clip.path.read_bytes(),
            f"{_wish_of(session, ledger, clip)} ({clip.variant}, {clip.state})",
        )
        for clip in made
    )


def _wish_of(session: Session, ledger: Ledger, clip: MadeClip) -> str:
    if clip.kind != Kind.CONTINUATION:
        return str(clip.generation.spec["prompt"])
    given = clip.generation.spec["input"]
    return f"goes on from {assets.load_asset(session, ledger.actor, given['asset_id']).name}"


def _tell_figures(report: Report, ledger: Ledger, judged: Judged) -> None:
    metrics = judged.evaluation.metrics or {}
    report.section("How good is it")
    if footage := metrics.get("footage"):
        for sentence in footage.get("words", []):
            report.say(sentence, tone="warn" if sentence.startswith(("Repeating", "No ")) else "")
        _tell_continuation(report, ledger, metrics)
    if card := metrics.get("card"):
        report.say(
            f"What follows is read from {card['n']} unseen clips a cell of the simulator ({card['split']} split, seed "
            f"{card['seed']}) by its own judge; the ceiling is that judge on true frames."
        )
        page.tell(report, card)


def _tell_continuation(report: Report, ledger: Ledger, metrics: dict[str, Any]) -> None:
    footage = metrics["footage"]
    for name, metric in footage.get("metrics", {}).items():
        unit = f" {metric['unit']}" if metric["unit"] else ""
        report.table(
            [f"{name.upper()}{unit}", *(f"+{horizon}" for horizon in footage["horizons"])],
            [
                (row, *(_interval(one) for one in metric[key]))
                for row, key in (
                    ("network", "model"),
                    ("repeat the last frame", "copy"),
                    ("carry optical flow on", "flow"),
                )
            ],
        )
    if footage.get("n"):
        report.say(
            f"Mean over {footage['n']} held-out windows of {footage['num_clips']} clips with 95 % intervals; "
            f"{footage['given']} frames were given; +4 is the fourth frame after them.",
            tone="quiet",
        )
    store = ledger.installation.store
    for number in range(4):
        keys = {method: metrics["pictures"].get(f"{number}/{method}") for method in ("true", "model", "copy")}
        if keys["true"] and keys["model"] and keys["copy"]:
            report.strips((ROWS[name], store.read(digest)) for name, digest in keys.items() if digest)


def _tell_comparisons(report: Report, plan: Plan, judged: Judged) -> None:
    told = judged.comparisons
    report.section("Asked of judges")
    if not told["num_verdicts"]:
        report.say(
            f"{told['num_comparisons']} blind comparisons wait in the studio; nobody has judged yet.", tone="warn"
        )
    else:
        who = "simulated judges of stated skill" if told["sources"] == ["simulated"] else "judges"
        report.say(
            f"{told['num_raters']} {who} gave {told['num_verdicts']} verdicts on {told['num_comparisons']} blind "
            f"pairs; {told['ties']} ties, {told['both_bad']} times both were bad. "
            f"{sides_in_words(told)}"
        )
        report.raw(
            charts.bars(
                [charts.Bar(one["variant"], one["share"], one["low"], one["high"]) for one in told["standings"]]
            )
        )
        report.say(
            "Chance to win against the other, by Bradley–Terry with ties, and 95 % intervals over raters, "
            "none narrower than so many verdicts allow.",
            tone="quiet",
        )
    if judged.next_round:
        report.section("The next round")
        report.say(
            f"The {len(judged.next_round)} clips that the network continued worst are labelling tasks of round 2:"
        )
        report.table(
            ["task", "asset", "frames", "against repeating"],
            [
                (e["task"], e["asset_id"], f"{e['start_frame']}–{e['end_frame'] - 1}", f"{e['psnr_gain_db']:+.1f} dB")
                for e in judged.next_round
            ],
        )


def _tell_lineage(report: Report, session: Session, ledger: Ledger, made: Sequence[MadeClip]) -> None:
    shown = next((clip for clip in made if clip.kind == Kind.CONTINUATION), made[0])
    report.section("Where it comes from")
    report.say(f"All that stands behind {shown.path.name}, from the footage on:")
    found = lineage.graph(session, ledger.actor, shown.generation.id)
    older = {node.id for node in artifacts.ancestors(session, ledger.actor, shown.generation.id)}
    nodes = [node for node in found.nodes if node.id in older or node.id == shown.generation.id]
    edges = [(edge.parent_id, edge.child_id) for edge in found.edges]
    # Their bytes are artifacts, which would say each thing twice.
    boxes, edges = charts.without("artifact", [charts.Box(n.id, n.noun, n.title or n.id) for n in nodes], edges)
    report.raw(charts.graph(boxes[:GRAPH_NODES], edges))


def _interval(one: dict[str, float] | None) -> str:
    return f"{one['mean']:.2f} ({one['low']:.2f} to {one['high']:.2f})" if one else "–"
