"""Files are short: a subject that outgrows one is divided."""

from tests.support.paths import ROOT

MAX_LINES = 300

# Longer ones, each with the number of lines that it may have; a file that has been divided leaves this list.
LONG_FILES = {
    "benchmarks/forecasting.py": 360,
    "observatory/briefs/compare/page.py": 310,
    "observatory/briefs/countries/page.py": 350,
    "observatory/briefs/portfolio/page.py": 330,
    "observatory/briefs/purchasing/page.py": 320,
    "observatory/export/pptx/chart.py": 320,
    "observatory/export/pptx/highlights.py": 370,
    "observatory/export/pptx/parts.py": 310,
    "observatory/export/pptx/writer.py": 430,
    "observatory/outlook/study.py": 370,
    "observatory/pages/layout/frame.py": 330,
    "observatory/pages/purchasing.py": 360,
    "observatory/selection.py": 400,
    "observatory/store/schema.py": 410,
    "observatory/workspace/workspace.py": 330,
}


def test_files_are_short() -> None:
    """No file of the program or its measurements passes 300 lines, but those that are named here, which all do."""
    paths = [*(ROOT / "observatory").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")]
    lines = {path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    long = {name for name, count in lines.items() if count > MAX_LINES}
    assert long == LONG_FILES.keys()
    assert {name for name in long if lines[name] > LONG_FILES[name]} == set()
