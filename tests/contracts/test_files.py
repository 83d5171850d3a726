"""Files are short: a subject that outgrows one is divided."""

from tests.support.paths import ROOT

MAX_LINES = 300

# Longer ones, still to be divided: none joins them, and one that is short leaves.
LONG_FILES = {
    "observatory/store/schema.py",
}


def test_files_are_short() -> None:
    """The files of the program and of its measurements that pass 300 lines are exactly those that are named here."""
    paths = [*(ROOT / "observatory").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")]
    long = {
        path.relative_to(ROOT).as_posix()
        for path in paths
        if len(path.read_text(encoding="utf-8").splitlines()) > MAX_LINES
    }
    assert len(paths) > len(LONG_FILES)
    assert sorted(long) == sorted(LONG_FILES)
