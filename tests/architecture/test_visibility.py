"""No statement reads or changes a tenant's rows unless it passed `trust.visible`, whatever room it stands in.

Read from the source, so that a forgotten one is found before anybody runs it. A statement that means every tenant
(the sealer, a log-in that knows nobody yet) says so in a comment above it, `# all tenants: why`; at the margin, the
comment speaks for its whole module.
"""

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

import muybridge
from muybridge import wiring
from muybridge.trust import TenantRow

SOURCE = Path(inspect.getfile(muybridge)).parent
STATEMENTS = {"select", "update", "delete", "exists"}
BY_IDENTITY = {"get", "get_one", "query"}
MARK = "# all tenants:"


@dataclass(frozen=True)
class Bare:
    """A statement on tenant rows that did not pass `visible`."""

    line: int
    text: str


@cache
def tenant_rows() -> set[str]:
    wiring.load_tables()
    return {mapper.class_.__name__ for mapper in TenantRow.registry.mappers if issubclass(mapper.class_, TenantRow)}


def bare_statements(source: str, rows: set[str]) -> list[Bare]:
    """The statements of a module that name a tenant row and are neither covered nor marked."""
    tree = ast.parse(source)
    lines = source.splitlines()
    if any(line.startswith(MARK) for line in lines):
        return []  # said of the whole module
    covered_functions = _functions_called_within_visible(tree)
    found = []
    for function in _scopes(tree):
        covered = _covered_calls(function)
        is_covered_builder = getattr(function, "name", "") in covered_functions
        for call in _statements(function, rows):
            by_identity = isinstance(call.func, ast.Attribute)
            if not by_identity and (id(call) in covered or (is_covered_builder and _is_returned(function, call))):
                continue
            if not _is_marked(lines, call, function):
                found.append(Bare(call.lineno, ast.unparse(call)[:100]))
    return found


def _scopes(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
    yield ast.Module(
        body=[node for node in tree.body if not isinstance(node, ast.FunctionDef | ast.ClassDef)], type_ignores=[]
    )


def _statements(scope: ast.AST, rows: set[str]) -> Iterator[ast.Call]:
    for node in ast.walk(scope):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        is_statement = isinstance(node.func, ast.Name) and node.func.id in STATEMENTS
        is_identity = (
            isinstance(node.func, ast.Attribute)
            and node.func.attr in BY_IDENTITY
            and "session" in ast.unparse(node.func.value)
        )
        first = node.args[:1] if is_identity else node.args
        if (is_statement or is_identity) and any(_names_row(argument, rows) for argument in first):
            yield node


def _names_row(argument: ast.expr, rows: set[str]) -> bool:
    return any(
        (isinstance(node, ast.Name) and node.id in rows) or (isinstance(node, ast.Attribute) and node.attr in rows)
        for node in ast.walk(argument)
    )


def _is_visible(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "visible"


def _covered_calls(scope: ast.AST) -> set[int]:
    """Every call within an argument of `visible`, or in what a name that goes there was made of."""
    within: list[ast.AST] = [node for node in ast.walk(scope) if _is_visible(node)]
    covered: set[int] = set()
    names: set[str] = set()
    while within:
        for node in ast.walk(within.pop()):
            covered.add(id(node))
            if not isinstance(node, ast.Name) or node.id in names:
                continue
            names.add(node.id)
            within += _values_of(scope, node.id)
    return covered


def _values_of(scope: ast.AST, name: str) -> list[ast.AST]:
    """All that is assigned to a name, or that a loop takes it from."""
    values: list[ast.AST] = []
    for node in ast.walk(scope):
        match node:
            case ast.Assign(targets=targets, value=value) if any(_binds(target, name) for target in targets):
                values.append(value)
            case ast.AnnAssign(target=target, value=ast.expr() as value) if _binds(target, name):
                values.append(value)
            case ast.NamedExpr(target=target, value=value) if _binds(target, name):
                values.append(value)
            case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value) if _binds(
                target, name
            ):
                values.append(value)
    return values


def _binds(target: ast.AST, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(target))


def _functions_called_within_visible(tree: ast.Module) -> set[str]:
    """Functions of the module whose every call stands within `visible`: builders of statements."""
    inside: set[str] = set()
    outside: set[str] = set()
    for scope in _scopes(tree):
        covered = _covered_calls(scope)
        builder = getattr(scope, "name", "")
        for node in ast.walk(scope):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                is_inside = id(node) in covered or (_is_returned(scope, node) and builder in inside)
                (inside if is_inside else outside).add(node.func.id)
    return inside - outside


def _is_returned(scope: ast.AST, call: ast.Call) -> bool:
    """Whether what the scope returns is made of the call."""
    within: list[ast.AST] = [node.value for node in ast.walk(scope) if isinstance(node, ast.Return) and node.value]
    names: set[str] = set()
    while within:
        for node in ast.walk(within.pop()):
            if node is call:
                return True
            if isinstance(node, ast.Name) and node.id not in names:
                names.add(node.id)
                within += _values_of(scope, node.id)
    return False


def _is_marked(lines: list[str], call: ast.Call, scope: ast.AST) -> bool:
    """A mark on the call's line, or in the comment block above the statement that holds it."""
    for statement in ast.walk(scope):
        if not isinstance(statement, ast.stmt) or isinstance(statement, ast.FunctionDef | ast.With | ast.For | ast.If):
            continue
        if statement.lineno <= call.lineno <= (statement.end_lineno or call.lineno):
            above = statement.lineno - 2
            while above >= 0 and lines[above].lstrip().startswith("#"):
                if MARK in lines[above]:
                    return True
                above -= 1
    return MARK in lines[call.lineno - 1] or MARK in lines[call.lineno - 2]


def _modules() -> list[Path]:
    return [
        path for path in sorted(SOURCE.rglob("*.py")) if "select" in path.read_text() or "session." in path.read_text()
    ]


@pytest.mark.parametrize("path", _modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_every_statement_on_tenant_rows_passes_visible(path: Path) -> None:
    assert bare_statements(path.read_text(), tenant_rows()) == []


BAD = {
    "a select": """
def f(session):
    return session.scalars(select(Asset))
""",
    "a column": """
def f(session):
    return session.scalar(select(func.count(tables.Asset.id)))
""",
    "a delete": """
def f(session):
    session.execute(delete(Asset).where(Asset.id == "x"))
""",
    "an identity": """
def f(session, actor):
    visible(select(Asset), actor)
    return session.get(Asset, "x")
""",
    "a name that goes elsewhere": """
def f(session, actor):
    a, b = select(Asset), 1
    c = select(Shot)
    return session.scalars(visible(c, actor)), session.scalars(a)
""",
    "a builder that is used bare once": """
def made():
    return select(Asset)

def f(session, actor):
    session.scalars(visible(made(), actor))
    session.scalars(made())
""",
    "module level": "ALL = select(Asset)",
    "an unmarked neighbour": """
def f(session):
    # all tenants: why
    a = select(Asset)
    b = 1
    c = select(Asset)
""",
}
GOOD = {
    "wrapped": """
def f(session, actor):
    return session.scalars(trust.visible(select(Asset), actor))
""",
    "named": """
def f(session, actor):
    found = select(Asset).where(Asset.id == "x")
    found = found.limit(1)
    return session.scalars(visible(found, actor))
""",
    "a subquery": """
def f(session, actor):
    inner = select(Shot.asset_id)
    outer = select(Asset).where(Asset.id.in_(inner))
    return session.scalars(visible(outer, actor))
""",
    "a loop": """
def f(session, actor):
    for statement in (select(Asset), select(Shot)):
        session.scalars(visible(statement, actor))
""",
    "a builder": """
def made():
    found = select(Asset)
    return found.limit(1)

def f(session, actor):
    return session.scalars(visible(made(), actor))
""",
    "marked": """
def f(session):
    # all tenants: the sealer serves every one of them
    return session.scalars(select(Asset))
""",
    "a marked module": """
# all tenants: why
ALL = select(Asset)

def f(session):
    return session.scalars(select(Asset))
""",
    "no tenant's": """
def f(session):
    return session.get(Tenant, "x"), session.scalars(select(Tenant))
""",
}


@pytest.mark.parametrize("case", BAD)
def test_a_bare_statement_is_found(case: str) -> None:
    assert len(bare_statements(BAD[case], {"Asset", "Shot"})) == 1


@pytest.mark.parametrize("case", GOOD)
def test_a_covered_or_marked_statement_is_let_pass(case: str) -> None:
    assert bare_statements(GOOD[case], {"Asset", "Shot"}) == []
