"""A copy of the checkout that a test may change, and the tests run in it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.paths import ROOT

_PARTS = ("observatory", "tests", "data", "docs", "tools", "examples", "benchmarks", ".streamlit", ".ci")


class Checkout:
    """A copy below a folder; `seeded` is the address of a store of the curated edition, for tests that read one."""

    def __init__(self, folder: Path, seeded: str = "") -> None:
        self.folder = folder
        self._seeded = seeded
        folder.mkdir(parents=True)
        ignored = shutil.ignore_patterns(
            "*.db*", ".*_cache"
        )  # not __pycache__: compiled modules save each process time
        for path in ROOT.iterdir():
            if path.is_dir() and path.name in _PARTS:
                shutil.copytree(path, folder / path.name, ignore=ignored)
            elif path.is_file():
                shutil.copy(path, folder / path.name)

    def write(self, name: str, text: str) -> None:
        """Writes a new file, its folders included."""
        path = self.folder / name
        assert not path.exists(), name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def append(self, name: str, text: str) -> None:
        """Adds text at the end of a file."""
        with (self.folder / name).open("a", encoding="utf-8") as file:
            file.write(text)

    def insert(self, name: str, after: str, text: str, *, drop: str = "") -> None:
        """Puts text after the first place where a file says something, in place of `drop` if that follows."""
        path = self.folder / name
        before, found, rest = path.read_text(encoding="utf-8").partition(after)
        assert found, f"{name} does not say {after!r}"
        assert rest.startswith(drop), f"{name} does not go on with {drop!r}"
        path.write_text(before + found + text + rest.removeprefix(drop), encoding="utf-8")

    def add_messages(self, **texts: str) -> None:
        """Adds messages to both catalogues, keys with `__` for a point, and sorts them."""
        for language in ("fr", "en"):
            lines = [f'\nmsgid "{key.replace("__", ".")}"\nmsgstr "{text}"\n' for key, text in texts.items()]
            self.append(f"observatory/messages/{language}.po", "".join(lines))
        self.run("tools/sort_messages.py")

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Python with some words, in the copy; fails if it does."""
        done = self._python(*words)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done

    def run_tests(self, *targets: str) -> str:
        """Runs tests of the copy, which must pass; what pytest wrote."""
        return self.run(*self._pytest(), *targets).stdout

    def failing_tests(self, *targets: str) -> str:
        """Runs tests of the copy, of which one at least must fail; what pytest wrote."""
        done = self._python(*self._pytest(), *targets)
        assert done.returncode == 1, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout

    def _pytest(self) -> tuple[str, ...]:
        temporary = str(self.folder.parent / "tmp")  # the numbered folders of pytest are those of the outer run
        return ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--basetemp", temporary)

    def _python(self, *words: str) -> "subprocess.CompletedProcess[str]":
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        environment |= {"PYTHONPATH": str(self.folder)}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        if self._seeded:
            environment["OBSERVATORY_TEST_STORE"] = self._seeded
        else:
            environment.pop("OBSERVATORY_TEST_STORE", None)
        return subprocess.run(
            [sys.executable, *words], cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )
