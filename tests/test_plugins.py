import pytest

from muybridge.plugins import MissingExtra, Registry, UnknownPlugin


def test_a_plugin_is_imported_when_it_is_asked_for() -> None:
    registry: Registry[object] = Registry("joiner", "muybridge.test_joiners")
    registry.add("comma", "string:punctuation")
    assert registry.names() == ["comma"]
    assert "," in str(registry.get("comma"))


def test_an_unknown_name_lists_the_known_ones() -> None:
    registry: Registry[object] = Registry("joiner", "muybridge.test_joiners")
    registry.add("comma", "string:punctuation")
    with pytest.raises(UnknownPlugin) as raised:
        registry.get("semicolon")
    assert str(raised.value) == "There is no joiner 'semicolon'. Known: comma."


def test_a_missing_package_says_how_to_get_it() -> None:
    registry: Registry[object] = Registry("joiner", "muybridge.test_joiners")
    registry.add("glue", "a_package_that_is_not_here.inside:thing")
    with pytest.raises(MissingExtra, match="pip install a_package_that_is_not_here"):
        registry.get("glue")


def test_a_name_means_one_plugin() -> None:
    registry: Registry[object] = Registry("joiner", "muybridge.test_joiners")
    registry.add("comma", "string:punctuation")
    with pytest.raises(ValueError, match="already"):
        registry.add("comma", "string:digits")


def test_an_existing_object_can_be_put() -> None:
    registry: Registry[str] = Registry("joiner", "muybridge.test_joiners")
    registry.put("dash", "-")
    assert registry.get("dash") == "-"
    assert "dash" in registry
