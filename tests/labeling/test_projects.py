import pytest
from labelled import Studio

from muybridge.errors import Invalid
from muybridge.labeling.tables import Project


@pytest.mark.parametrize(
    ("class_method", "said"),
    [("dawid_skeen", "There is no consensus method 'dawid_skeen'."), ("tracks", "Consensus method 'tracks' cannot")],
)
def test_classes_are_agreed_by_a_method_that_is_there_and_takes_them(
    studio: Studio, class_method: str, said: str
) -> None:
    with pytest.raises(Invalid) as caught:
        studio.a_project(class_method=class_method)
    assert caught.value.detail.startswith(said)
    assert "majority" in caught.value.remedy
    assert studio.rows(Project) == []
