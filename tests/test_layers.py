"""The house rules that a machine can hold: one direction of imports, short modules, docstrings on public names."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("crawler", "extract", "db")
# A later stage may import an earlier one, never the reverse.
FORBIDDEN = {"crawler": {"extract", "db", "gongkai"}, "extract": {"db", "gongkai"}, "db": {"gongkai"}}
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py")) + [ROOT / "gongkai.py"]
NAMES = [str(path.relative_to(ROOT)) for path in MODULES]


def imports(tree: ast.AST) -> set[str]:
    """First names of everything a module imports, also inside functions."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def undocumented(tree: ast.Module) -> list[str]:
    """Public functions, classes and methods without a docstring; a module that holds code needs one too."""
    lacking = [] if ast.get_docstring(tree) or not tree.body else ["the module"]
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            if any(ast.unparse(decorator).startswith("_fault(") for decorator in node.decorator_list):
                continue  # a seeded oddity is known by its name in the table of faults
            lacking += [] if ast.get_docstring(node) else [node.name]
    return lacking


def test_there_is_something_to_check() -> None:
    assert {"extract/report.py", "crawler/archive.py", "db/build.py"} <= set(NAMES)


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_data_flows_one_way(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    assert not imports(ast.parse(path.read_text(encoding="utf-8"))) & FORBIDDEN.get(package, set())


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_modules_fit_a_head(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_public_names_are_described(path: Path) -> None:
    assert undocumented(ast.parse(path.read_text(encoding="utf-8"))) == []


def test_no_junk_drawers() -> None:
    assert not [name for name in NAMES if Path(name).stem in {"utils", "common", "helpers", "base", "misc"}]


def test_the_walk_sees_what_it_must() -> None:
    tree = ast.parse("def f():\n    from db.build import build\n\nclass C:\n    pass\n")
    assert imports(tree) == {"db"}
    assert undocumented(tree) == ["the module", "f", "C"]
