"""Functions are short, take few parameters, and say their booleans by name; imports stand at the top of a file."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.support.paths import ROOT

MAX_LINES, MAX_PARAMETERS = 50, 6
FILES = sorted((ROOT / "observatory").rglob("*.py"))
Function = ast.FunctionDef | ast.AsyncFunctionDef

# Imported when they are needed, by the time or the memory that they cost a command or a server without them.
LATE_IMPORTS = {
    "observatory/export/common/fonts.py": "the library that writes PDF, to measure texts",
    "observatory/export/common/vega.py": "the engine that draws charts",
    "observatory/forecast/batch.py": "the engine, and what distributes it",
    "observatory/forecast/evaluation.py": "the engine",
    "observatory/forecast/train.py": "pandas, which only training reads",
    "observatory/forecast/training/fit.py": "scikit-learn and SciPy, which only training needs",
    "observatory/ingest/examine.py": "the library that reads workbooks",
    "observatory/ingest/long/dialect.py": "the library that reads workbooks",
    "observatory/ingest/long/reader.py": "the library that reads long files",
    "observatory/notification/announce.py": "the library that sends, where there is an address",
    "observatory/pages/server/og_images.py": "the library that draws cards",
    "observatory/pages/server/page_meta.py": "the libraries that write files",
}


def find_functions(path: Path) -> Iterator[Function]:
    """All functions of a file, also those inside others."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def list_faults(path: Path) -> Iterator[str]:
    """What the functions of a file do beyond the limits."""
    for function in find_functions(path):
        arguments = function.args
        given = [*arguments.posonlyargs, *arguments.args]
        given = given[1:] if given and given[0].arg in ("self", "cls") else given
        name = f"{path.relative_to(ROOT)}: {function.name}"
        lines = (function.end_lineno or 0) - function.lineno + 1
        if lines > MAX_LINES:
            yield f"{name} has {lines} lines"
        if (count := len(given) + len(arguments.kwonlyargs)) > MAX_PARAMETERS:
            yield f"{name} takes {count} parameters"
        for row in given:
            if row.annotation is not None and ast.unparse(row.annotation) == "bool":
                yield f"{name} takes {row.arg} as a bare boolean"


def test_functions_are_short_and_say_what_they_are_given() -> None:
    """At most 50 lines and six parameters besides the object; a boolean is given by its name."""
    assert [fault for path in FILES for fault in list_faults(path)] == []


def test_imports_stand_at_the_top() -> None:
    """Other files than these import nothing inside a function, and each of these does."""
    late = {
        str(path.relative_to(ROOT))
        for path in FILES
        for function in find_functions(path)
        if any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(function))
    }
    assert late == set(LATE_IMPORTS)
