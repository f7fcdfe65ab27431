import itertools
from typing import Any

import pytest
from labelled import Studio, a_box_track, a_clip

from muybridge import artifacts
from muybridge.catalog import rights
from muybridge.catalog.rights import AssetForbidden
from muybridge.datasets import datasets, versions
from muybridge.datasets.datasets import NameTaken
from muybridge.datasets.manifest import ManifestRow, content_digest
from muybridge.datasets.selection import BadQuery, query_from_json
from muybridge.datasets.tables import Dataset, DatasetVersion
from muybridge.labeling import proposals, review, simulated
from muybridge.labeling.simulated import AnnotatorSkill
from muybridge.labeling.tables import Project, Proposal, Review
from muybridge.trust import Event


def test_freezing_twice_is_one_version_with_one_digest(any_studio: Studio) -> None:
    for number in range(5):
        any_studio.an_asset(f"{number}.mp4")
    dataset = _dataset(any_studio)
    first, again = _freeze(any_studio, dataset), _freeze(any_studio, dataset)
    assert first.id == again.id
    assert (first.number, first.num_assets, first.num_clips, first.split_rule) == (1, 5, 5, "by_asset")
    assert sum(first.splits.values()) == 5
    artifact = any_studio.rows(artifacts.Artifact)[-1]
    assert (artifact.id, artifact.digest, artifact.kind) == (first.manifest_artifact_id, first.digest, "manifest")


def test_new_footage_makes_the_next_version_and_leaves_the_old(studio: Studio) -> None:
    studio.an_asset("1.mp4")
    dataset = _dataset(studio)
    first = _freeze(studio, dataset)
    before = _rows(studio, first)
    studio.an_asset("2.mp4")
    second = _freeze(studio, dataset)
    assert (second.number, second.num_assets) == (2, 2)
    assert _rows(studio, first) == before


def test_few_assets_are_split_by_shot_with_a_gap_and_the_version_says_so(studio: Studio) -> None:
    studio.an_asset("one.mp4", num_frames=300, cuts=[100, 200])
    version = _freeze(studio, _dataset(studio))
    found = _rows(studio, version)
    assert version.split_rule == "by_shot_with_gap"
    assert version.splits == {"train": 1, "val": 1, "test": 1}
    for earlier, later in itertools.pairwise(found):
        assert later.start_frame - earlier.end_frame == 12
        assert later.start_pts == later.start_frame * 512


def test_labels_are_cut_where_their_clip_is_cut_with_true_pts(studio: Studio) -> None:
    asset = studio.an_asset("one.mp4", num_frames=1000)
    project = studio.a_project()
    studio.ask(project, [a_clip(asset, 0, 1000)])
    studio.answer(project, studio.a_person("ann"), [a_box_track(frames=[0, 999], speed=(1.0, 0.0))])
    studio.work()
    train, val, _ = _rows(studio, _freeze(studio, _dataset(studio)))
    assert [(key["frame"], key["pts"], key["box"][0]) for key in train.annotations[0]["keyframes"]] == [
        (0, 0, 10.0),
        (699, 699 * 512, 709.0),
    ]
    assert [key["frame"] for key in val.annotations[0]["keyframes"]] == [712, 849]
    assert (train.end_pts, val.start_pts) == (700 * 512, 712 * 512)


def test_forbidden_footage_is_refused_by_name(studio: Studio) -> None:
    studio.an_asset("fine.mp4")
    studio.an_asset("secret.mp4", uses=["label"])
    studio.an_asset("unknown.mp4", uses=None)
    with pytest.raises(AssetForbidden) as caught:
        _freeze(studio, _dataset(studio))
    assert {entry["name"] for entry in caught.value.facts["assets"]} == {"secret.mp4", "unknown.mp4"}
    assert studio.rows(DatasetVersion) == []


def test_synthetic_footage_is_left_out_unless_asked_for_and_the_proof_says_so(studio: Studio) -> None:
    studio.an_asset("real.mp4")
    made = studio.an_asset("made.mp4", is_synthetic=True)
    dataset = _dataset(studio)
    without, whole = _freeze(studio, dataset), _freeze(studio, dataset, include_synthetic=True)
    assert [entry["asset_id"] for entry in without.rights_proof["left_out"]] == [made]
    assert [entry["name"] for entry in without.rights_proof["assets"]] == ["real.mp4"]
    assert (without.num_assets, whole.num_assets) == (1, 2)
    assert whole.rights_proof["left_out"] == []


def test_only_synthetic_footage_is_nothing_to_freeze_and_the_error_says_why(studio: Studio) -> None:
    studio.an_asset("made.mp4", is_synthetic=True)
    with pytest.raises(versions.NothingSelected, match="1 synthetic assets were left out"):
        _freeze(studio, _dataset(studio))


def test_the_version_came_from_its_assets_and_revoking_one_finds_it(studio: Studio) -> None:
    asset = studio.an_asset("1.mp4")
    version = _freeze(studio, _dataset(studio))
    with studio.database.write() as session:
        revocation = rights.revoke(session, studio.actor, asset, "withdrawn")
    assert [node.id for node in revocation.versions] == [version.id]
    with studio.database.write() as session, pytest.raises(AssetForbidden):
        rights.require_past(session, studio.actor, version.id)
    with pytest.raises(AssetForbidden):
        _freeze(studio, studio.rows(Dataset)[0])


def test_accepted_labels_only_are_what_a_person_stands_for(studio: Studio) -> None:
    project = _proposed(studio, num_shots=2)
    offered = studio.rows(Proposal)
    with studio.database.write() as session:
        proposals.decide_proposal(session, studio.actor, offered[0], "accept", class_name="person")
        proposals.decide_proposal(session, studio.actor, offered[1], "reject")
    everything = _rows(studio, _freeze(studio, _dataset(studio, "all", project_ids=[project.id])))
    accepted = _rows(studio, _freeze(studio, _dataset(studio, "accepted", project_ids=[project.id], labels="accepted")))
    assert sum(len(row.annotations) for row in everything) == 1
    (row,) = accepted
    (label,) = row.annotations
    assert (label["class_name"], label["state"], label["source"]) == ("person", "accepted", "person")
    assert len(everything) > len(accepted)


def test_nothing_accepted_yet_is_nothing_to_freeze(studio: Studio) -> None:
    project = _proposed(studio, num_shots=1)
    with pytest.raises(versions.NothingSelected):
        _freeze(studio, _dataset(studio, project_ids=[project.id], labels="accepted"))


def test_an_answer_in_doubt_or_refused_does_not_enter(studio: Studio) -> None:
    asset = studio.an_asset()
    project = studio.a_project()
    studio.ask(project, [a_clip(asset)], replicas=2)
    studio.answer(project, studio.a_person("ann"), [a_box_track()])
    studio.answer(project, studio.a_person("bob"), [a_box_track(start=(400.0, 200.0))])
    studio.work()
    with pytest.raises(versions.NothingSelected):
        _freeze(studio, _dataset(studio, project_ids=[project.id], labels="labelled"))


def test_an_answer_that_a_simulated_annotator_shares_in_is_not_a_persons(studio: Studio) -> None:
    project = _half_simulated(studio, a_box_track("car"))
    (label,) = _labels(studio, project, labels="labelled")
    assert (label["state"], label["source"], label["agreement"]) == ("consensus", "simulated", 1.0)
    with pytest.raises(versions.NothingSelected):
        _labels(studio, project, labels="accepted")


@pytest.mark.parametrize(
    ("decision", "annotations", "marks"),
    [("accept", None, ("car", "simulated", 0.0)), ("fix", [a_box_track("person")], ("person", "person", None))],
)
def test_what_a_reviewer_accepts_stays_whose_it_was_and_a_fix_is_the_reviewers(
    studio: Studio, decision: review.Decision, annotations: list[Any] | None, marks: tuple[Any, ...]
) -> None:
    project = _half_simulated(studio, a_box_track("person"))
    (opened,) = studio.rows(Review)
    with studio.database.write() as session:
        review.decide_review(session, studio.actor, opened, decision, annotations=annotations)
    (label,) = _labels(studio, project, labels="accepted")
    assert (label["class_name"], label["source"], label["agreement"]) == marks
    assert label["state"] == "reviewed"


def test_each_label_has_the_agreement_on_itself(studio: Studio) -> None:
    project = studio.a_project(review_below=0.0)
    studio.ask(project, [a_clip(studio.an_asset())], replicas=3)
    both = [a_box_track(), a_box_track(start=(400.0, 200.0))]
    for name, drawn in (("ann", both), ("bob", both), ("cid", both[:1])):
        studio.answer(project, studio.a_person(name), drawn)
    studio.work()
    assert [label["agreement"] for label in _labels(studio, project)] == pytest.approx([1.0, 1 / 3])


def test_a_version_frozen_is_an_event_with_its_footage(studio: Studio) -> None:
    asset = studio.an_asset()
    version = _freeze(studio, _dataset(studio))
    (event,) = [each for each in studio.rows(Event) if each.name == "version.frozen"]
    assert (event.subject_id, event.facts["asset_ids"], event.facts["digest"]) == (version.id, [asset], version.digest)


def test_a_dataset_has_one_name_and_a_query_that_is_checked(studio: Studio) -> None:
    _dataset(studio, "street")
    with pytest.raises(NameTaken):
        _dataset(studio, "street")
    with pytest.raises(BadQuery, match="no field 'colour'"):
        _dataset(studio, "other", colour="red")
    with pytest.raises(BadQuery, match="labels is one of any, labelled, accepted"):
        _dataset(studio, "other", labels="some")


@pytest.mark.parametrize(
    ("field", "content", "takes"),
    [
        ("class_names", "carton", "a list of texts, or null"),
        ("asset_ids", ["ast_1", 2], "a list of texts, or null"),
        ("min_frames", "3", "a whole number from 1"),
        ("min_frames", 2.5, "a whole number from 1"),
        ("min_agreement", None, "a number from 0 to 1"),
        ("min_agreement", True, "a number from 0 to 1"),
        ("labels", ["any"], "one of any, labelled, accepted"),
    ],
)
def test_a_query_of_the_wrong_kind_is_refused_by_field(field: str, content: Any, takes: str) -> None:
    with pytest.raises(BadQuery) as caught:
        query_from_json({field: content})
    assert caught.value.detail == f"{field} is {takes}, not {content!r}."
    assert caught.value.remedy == f"Send {field} so, or leave it out."


def test_a_stored_query_reads_as_it_was() -> None:
    query = query_from_json({"class_names": ["car"], "asset_ids": None, "min_agreement": 1})
    assert query_from_json(query.as_json()) == query


def test_the_same_content_has_the_same_content_digest(studio: Studio) -> None:
    studio.an_asset()
    found = _rows(studio, _freeze(studio, _dataset(studio)))
    assert content_digest(found) == content_digest(list(reversed(found)))


def _dataset(studio: Studio, name: str = "all footage", **query: Any) -> Dataset:
    with studio.database.write() as session:
        return datasets.create_dataset(session, studio.actor, name, query)


def _freeze(studio: Studio, dataset: Dataset, **options: Any) -> DatasetVersion:
    with studio.database.write() as session:
        return versions.freeze_version(session, studio.actor, dataset, store=studio.store, **options)


def _rows(studio: Studio, version: DatasetVersion) -> list[ManifestRow]:
    with studio.database.read() as session:
        return versions.load_rows(session, studio.actor, version, studio.store)


def _labels(studio: Studio, project: Project, **query: Any) -> list[Any]:
    version = _freeze(studio, _dataset(studio, str(query), project_ids=[project.id], **query))
    return [value for row in _rows(studio, version) for value in row.annotations]


def _half_simulated(studio: Studio, simulated_said: dict[str, Any]) -> Project:
    """A person drew a car, and a simulated annotator this."""
    project = studio.a_project()
    studio.ask(project, [a_clip(studio.an_asset())], replicas=2)
    studio.answer(project, studio.a_person("ann"), [a_box_track("car")])
    with studio.database.write() as session:
        simulated.answer_next(session, studio.actor, project, AnnotatorSkill("sim"), lambda task: [simulated_said])
    studio.work()
    return project


def _proposed(studio: Studio, *, num_shots: int) -> Project:
    asset = studio.an_asset(cuts=[50] if num_shots == 2 else [])
    project = studio.a_project()
    with studio.database.write() as session:
        proposals.request_proposals(session, studio.actor, project, asset_ids=[asset], tracker="two_things")
    studio.work()
    return project
