"""What the API's description promises to those who generate clients from it."""

from muybridge import wiring


def test_every_schema_has_a_name_of_its_own() -> None:
    # Two models of one name are told apart by their modules' paths, which no client should have to spell.
    names = wiring.openapi()["components"]["schemas"]
    assert [name for name in names if "__" in name] == []
    assert {"TaskClipIn", "SessionClipIn"} <= set(names)
