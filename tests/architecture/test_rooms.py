"""The house's order, as tests: imports go down, commits happen at the edge, heavy packages load on first use."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
SOURCE = REPOSITORY / "src" / "muybridge"
FILES = sorted(SOURCE.rglob("*.py"))
RATCHETS = tomllib.loads((Path(__file__).parent / "ratchets.toml").read_text())
VERSIONS = SOURCE / "db" / "migrations" / "versions"


def test_the_import_contract_holds() -> None:
    lint_imports = Path(sys.executable).with_name("lint-imports")
    checked = subprocess.run([lint_imports, "--no-cache"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


def test_only_sessions_commits() -> None:
    # The network's roll-out commits frames to its cache; a savepoint is not the edge.
    at_the_edge = re.compile(r"(?<!savepoint)(?<!rollout)\.commit\(")
    committing = [
        path.relative_to(SOURCE).as_posix()
        for path in FILES
        if at_the_edge.search(path.read_text()) and SOURCE / "worldmodel" not in path.parents
    ]
    assert committing == ["db/sessions.py"]


def test_open_weight_packages_stay_behind_their_sockets() -> None:
    heavy = re.compile(r"^\s*(?:import|from) (?:diffusers|peft|transformers|accelerate)\b", re.M)
    importing = {path.relative_to(SOURCE).parent.as_posix() for path in FILES if heavy.search(path.read_text())}
    assert importing <= {"training/adapters", "generation/engines"}


@pytest.mark.parametrize("word", ["utils", "common", "core", "helpers", "managers", "base", "misc"])
def test_no_drawer_for_odds_and_ends(word: str) -> None:
    assert [path for path in FILES if path.stem == word or path.parent.name == word] == []


def test_files_stay_readable() -> None:
    lengths = {
        path.relative_to(SOURCE).as_posix(): len(path.read_text().splitlines())
        for path in FILES
        if VERSIONS not in path.parents
    }
    too_long = {name: length for name, length in lengths.items() if length > RATCHETS["file_lines"]}
    assert too_long == {}


def test_functions_stay_readable() -> None:
    too_long = {
        f"{path.relative_to(SOURCE)}:{node.name}": length
        for path in FILES
        if VERSIONS not in path.parents
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > RATCHETS["function_lines"]
    }
    assert too_long == {}


def test_every_module_says_what_it_is() -> None:
    silent = [
        path.relative_to(SOURCE).as_posix()
        for path in FILES
        if path.read_text().strip() and ast.get_docstring(ast.parse(path.read_text())) is None
    ]
    assert silent == []


def test_public_functions_are_documented() -> None:
    public = [
        (path, node)
        for path in FILES
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    ]
    documented = sum(1 for _, node in public if ast.get_docstring(node))
    assert documented / len(public) >= RATCHETS["docstring_coverage"], f"{documented} of {len(public)}"


def _modules_after(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(' '.join(sys.modules))"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(printed.stdout.split())


HEAVY = {"torch", "av", "cv2", "pyarrow", "diffusers", "c2pa", "fastapi", "obstore", "sqlalchemy"}


def test_the_command_line_starts_light() -> None:
    assert _modules_after("import muybridge.cli.app") & HEAVY == set()


def test_the_server_never_imports_the_heavy_ones() -> None:
    loaded = _modules_after("from muybridge import wiring; wiring.load_tables(); wiring.routers()")
    assert loaded & {"torch", "cv2", "av", "pyarrow", "diffusers"} == set()


def test_the_project_speaks_of_itself_alone() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    foreign = re.compile(r"/work/|/tmp/brief|registry\.npmjs|pypi\.org/simple|\b(?:anthropic|chatgpt|copilot)\b", re.I)
    named = [
        name
        for name in tracked.stdout.splitlines()
        if name != "tests/architecture/test_rooms.py"
        and (path := REPOSITORY / name).is_file()
        and path.suffix in {".py", ".md", ".ts", ".tsx", ".json", ".toml", ".yml", ".css", ".html", ".sh", ""}
        and foreign.search(path.read_text(errors="ignore"))
    ]
    assert named == []
