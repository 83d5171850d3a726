"""The contracts of import-linter hold what docs/architecture.md says: layers, and one library for each purpose."""

import ast
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.paths import ROOT

# What every package may import: the two libraries of figures, and a parser of XML that is safe by default.
_OPEN = {"numpy", "pandas", "defusedxml", "anyio"}


def _contracts(kind: str) -> list[dict[str, list[str]]]:
    rows = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    return [row for row in rows if row["type"] == kind]


def _imported_libraries() -> set[str]:
    """The top-level names of everything that a module of the package imports, our own and Python's left out."""
    names = set()
    for path in (ROOT / "observatory").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    return names - set(sys.stdlib_module_names) - {"observatory"}


@pytest.mark.slow
def test_every_library_has_its_packages() -> None:
    """Each library that the package imports is protected once, or open to all by name; so may modules of Python be."""
    protected = [name for row in _contracts("protected") for name in row["protected_modules"]]
    assert len(set(protected)) == len(protected)
    assert set(protected) - set(sys.stdlib_module_names) == _imported_libraries() - _OPEN


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "line", "refusal"),
    [
        ("mix.py", "import PIL", "observatory.mix -> PIL"),
        ("mix.py", "from observatory.outlook import outlook", "observatory.mix -> observatory.outlook.outlook"),
        ("catalogue/periods.py", "from observatory.catalogue import loader", ".periods -> .loader"),
    ],
    ids=["a library elsewhere", "a layer above", "a circle"],
)
def test_a_planted_import_is_refused(tmp_path: Path, module: str, line: str, refusal: str) -> None:
    """In a copy of the package, a library outside its packages, an import upward and a circle fail the check."""
    shutil.copytree(ROOT / "observatory", tmp_path / "observatory", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    path = tmp_path / "observatory" / module
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    done = subprocess.run(
        [*command, "--no-cache"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert refusal in done.stdout
