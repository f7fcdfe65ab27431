"""Ontologies: the classes and attributes a project asks for. Published versions never change; an edit is a new one.

Whether annotations fit a version is said by `labeling.validation`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from muybridge import trust
from muybridge.errors import Invalid
from muybridge.labeling.shapes import KIND_OF_SHAPE
from muybridge.labeling.tables import Ontology, Project

ATTRIBUTE_KINDS = ("text", "number", "boolean", "choice")
MAX_CLASSES = 1000


class InvalidOntology(Invalid):
    code = "labeling.invalid_ontology"


def publish_ontology(session: Session, actor: trust.Actor, project: Project, classes: Sequence[Any]) -> Ontology:
    """Freeze `classes` as the project's next version and make it current; older tasks keep theirs.

    classes: [{"name", "shapes", "attributes"?}]. Raises InvalidOntology.
    """
    trust.require(actor, "labeling.manage", project)
    checked = check_classes(classes)
    # The project row is the lock: two publishers would otherwise take the same number.
    trust.load(session, actor, Project, project.id, for_update=True)
    last = session.scalar(
        trust.visible(select(func.max(Ontology.number)).where(Ontology.project_id == project.id), actor)
    )
    ontology = Ontology(tenant_id=actor.tenant_id, project_id=project.id, number=(last or 0) + 1, classes=checked)
    session.add(ontology)
    session.flush()
    project.ontology_id = ontology.id
    trust.record(
        session, actor, "ontology.published", ontology.id, project_id=project.id, number=ontology.number,
        classes=[entry["name"] for entry in checked],
    )  # fmt: skip
    return ontology


def check_classes(classes: Sequence[Any]) -> list[dict[str, Any]]:
    """The classes in full form, or InvalidOntology naming the class and the field."""
    if not 1 <= len(classes) <= MAX_CLASSES:
        raise InvalidOntology(f"An ontology has 1 to {MAX_CLASSES} classes; this one has {len(classes)}.")
    checked = [_check_class(number, entry) for number, entry in enumerate(classes)]
    names = [entry["name"] for entry in checked]
    for name in names:
        if names.count(name) > 1:
            raise InvalidOntology(f"Class {name!r} is there twice.", remedy="Give each class a name of its own.")
    return checked


def _check_class(number: int, entry: Any) -> dict[str, Any]:
    if not isinstance(entry, Mapping) or not _is_name(entry.get("name")):
        raise InvalidOntology(f"classes[{number}] needs a name of 1 to 200 characters.")
    name, shapes = entry["name"], entry.get("shapes")
    unknown = set(entry) - {"name", "shapes", "attributes", "colour"}
    if unknown:
        raise InvalidOntology(f"Class {name!r} has an unknown field {sorted(unknown)[0]!r}.")
    if not isinstance(shapes, list) or not shapes or set(map(str, shapes)) - set(KIND_OF_SHAPE):
        raise InvalidOntology(f"Class {name!r} needs shapes, out of {', '.join(KIND_OF_SHAPE)}; it has {shapes!r}.")
    attributes = entry.get("attributes") or []
    if not isinstance(attributes, list):
        raise InvalidOntology(f"Class {name!r}: attributes is a list.")
    whole = {
        "name": name,
        "shapes": sorted(set(shapes)),
        "attributes": [_check_attribute(name, item) for item in attributes],
    }
    return whole | ({"colour": str(entry["colour"])} if entry.get("colour") else {})


def _check_attribute(class_name: str, entry: Any) -> dict[str, Any]:
    if not isinstance(entry, Mapping) or not _is_name(entry.get("name")):
        raise InvalidOntology(f"Class {class_name!r} has an attribute without a name.")
    name, kind, choices = entry["name"], entry.get("kind", "text"), entry.get("choices") or []
    if kind not in ATTRIBUTE_KINDS:
        raise InvalidOntology(
            f"Attribute {name!r} of class {class_name!r} has kind {kind!r}.",
            remedy=f"Kinds are {', '.join(ATTRIBUTE_KINDS)}.",
        )
    if kind == "choice" and not (isinstance(choices, list) and choices and all(map(_is_name, choices))):
        raise InvalidOntology(f"Attribute {name!r} of class {class_name!r} is a choice and needs choices.")
    return {"name": name, "kind": kind, "choices": choices, "is_required": bool(entry.get("is_required", False))}


def _is_name(text: object) -> bool:
    return isinstance(text, str) and 1 <= len(text.strip()) <= 200
