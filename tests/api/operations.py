"""The operations of the OpenAPI document, as things that a test can send."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from muybridge import wiring
from muybridge.units import ID_PREFIXES

METHODS = ("get", "post", "put", "patch", "delete")
_ID_PATTERN = re.compile(r"^\^\(?([a-z|]{2,})\)?_")


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    parameters: tuple[Mapping[str, Any], ...]
    body: Mapping[str, Any] | None
    """The JSON schema of the body, with references resolved; None without a JSON body."""

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def path_parameters(self) -> list[Mapping[str, Any]]:
        return [parameter for parameter in self.parameters if parameter["in"] == "path"]

    @property
    def id_parameters(self) -> list[str]:
        """Path parameters that are ids."""
        return [parameter["name"] for parameter in self.path_parameters if prefixes_of(parameter["schema"])]

    def url(self, values: Mapping[str, Any]) -> str:
        return self.path.format(**values)


def all_operations() -> list[Operation]:
    document = wiring.openapi()
    return [
        Operation(
            method,
            path,
            tuple(_resolved(document, parameter) for parameter in described.get("parameters", ())),
            _body(document, described),
        )
        for path, methods in document["paths"].items()
        for method, described in methods.items()
        if method in METHODS
    ]


def prefixes_of(schema: Mapping[str, Any]) -> list[str]:
    """The id prefixes that a schema's pattern asks for; every prefix for a pattern of any id."""
    for option in (schema, *schema.get("anyOf", ())):
        pattern = option.get("pattern", "")
        if pattern.startswith("^[a-z]{2,4}_"):
            return sorted(ID_PREFIXES)
        if found := _ID_PATTERN.match(pattern):
            return [prefix for prefix in found.group(1).split("|") if prefix in ID_PREFIXES]
    return []


def least(schema: Mapping[str, Any], ids: Mapping[str, str]) -> Any:
    """The least value that fits a schema: required fields only, ids from `ids`."""
    if "default" in schema:
        return schema["default"]
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        options = [option for option in schema["anyOf"] if option.get("type") != "null"]
        return None if len(options) < len(schema["anyOf"]) else least(options[0], ids)
    match schema.get("type"):
        case "object":
            properties = schema.get("properties", {})
            return {name: least(properties[name], ids) for name in schema.get("required", ())}
        case "array":
            return [least(schema["items"], ids)] * schema.get("minItems", 0)
        case "integer" | "number":
            low = schema.get("minimum", schema.get("exclusiveMinimum", 0) + ("exclusiveMinimum" in schema))
            return int(low) if schema["type"] == "integer" else low
        case "boolean":
            return False
        case "string":
            return _least_text(schema, ids)
    return {}


def id_fields(schema: Mapping[str, Any]) -> Iterator[tuple[str, str, bool]]:
    """(field, prefix, whether it is a list) of each id that the top level of a body may hold."""
    for name, field in schema.get("properties", {}).items():
        options = (field, *field.get("anyOf", ()))
        for option in options:
            target = option.get("items", option)
            for prefix in prefixes_of(target):
                yield name, prefix, "items" in option


def _least_text(schema: Mapping[str, Any], ids: Mapping[str, str]) -> str:
    for prefix in prefixes_of(schema):
        if prefix in ids:
            return ids[prefix]
    if schema.get("format") == "date-time":
        return "2030-01-01T00:00:00Z"
    if "0-9a-f" in schema.get("pattern", ""):
        return "0" * 64
    return "x" * max(1, schema.get("minLength", 1))


def _body(document: Mapping[str, Any], described: Mapping[str, Any]) -> Mapping[str, Any] | None:
    content = described.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return None
    resolved: Mapping[str, Any] = _resolved(document, content["application/json"]["schema"])
    return resolved


def _resolved(document: Mapping[str, Any], node: Any) -> Any:
    """The node with every reference replaced by what it names."""
    if isinstance(node, list):
        return [_resolved(document, inner) for inner in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        target: Any = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        return _resolved(document, target)
    return {key: _resolved(document, inner) for key, inner in node.items()}
