"""A plugin socket: one Protocol, one Registry, one conformance suite.

Built-ins are named by dotted path (`wiring` lists them), third parties by entry point; either is imported on first
use only, so a missing heavy package hurts nobody who does not ask for it.
"""

import importlib
from collections.abc import Iterator
from importlib.metadata import entry_points
from typing import Generic, TypeVar

from muybridge.errors import Invalid, Unavailable

T = TypeVar("T")


class UnknownPlugin(Invalid):
    code = "plugins.unknown"


class MissingExtra(Unavailable):
    code = "plugins.missing_extra"


class Registry(Generic[T]):
    """Names to plugins of one kind. `group` is the entry point group that third parties publish under."""

    def __init__(self, noun: str, group: str) -> None:
        self.noun = noun
        self.group = group
        self._paths: dict[str, str] = {}
        self._loaded: dict[str, T] = {}
        self._has_entry_points = False

    def add(self, name: str, path: str) -> None:
        """Name a plugin by `package.module:attribute`; nothing is imported yet."""
        known = self._paths.setdefault(name, path)
        if known != path:
            raise ValueError(f"{self.noun} {name!r} is already {known}")

    def put(self, name: str, plugin: T) -> None:
        """Add a plugin that already exists (tests, notebooks)."""
        self._paths.setdefault(name, "")
        self._loaded[name] = plugin

    def get(self, name: str) -> T:
        """The plugin of that name, imported now if need be.

        Raises UnknownPlugin with the known names, MissingExtra with the install command.
        """
        if name not in self._loaded:
            self._read_entry_points()
            if name not in self._paths:
                known = ", ".join(self.names()) or "none"
                raise UnknownPlugin(f"There is no {self.noun} {name!r}.", remedy=f"Known: {known}.")
            self._loaded[name] = self._load(name, self._paths[name])
        return self._loaded[name]

    def names(self) -> list[str]:
        self._read_entry_points()
        return sorted(self._paths)

    def __contains__(self, name: object) -> bool:
        self._read_entry_points()
        return name in self._paths

    def __iter__(self) -> Iterator[str]:
        return iter(self.names())

    def _load(self, name: str, path: str) -> T:
        module_name, _, attribute = path.partition(":")
        try:
            plugin: T = getattr(importlib.import_module(module_name), attribute)
        except ModuleNotFoundError as missing:
            if missing.name and missing.name.split(".")[0] == "muybridge":
                raise
            raise MissingExtra(
                f"The {self.noun} {name!r} needs the package {missing.name!r}, which is not installed.",
                remedy=f"Run: pip install {missing.name} (`muybridge doctor` names the extra that carries it).",
            ) from missing
        return plugin

    def _read_entry_points(self) -> None:
        if self._has_entry_points:
            return
        for point in entry_points(group=self.group):
            self._paths.setdefault(point.name, point.value)
        self._has_entry_points = True
