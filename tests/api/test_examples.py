"""The examples of README and docs run as they stand, on a server of ours."""

import os
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from observatory.api.routes import ROUTES
from tests.support.curated import count_indicators
from tests.support.paths import ROOT

HERE = "http://127.0.0.1:8501"
README, REFERENCE = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "docs/api.md"))


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def ran(command: list[str], folder: Path) -> str:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env=os.environ | {"LC_ALL": "C"}
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.mark.slow
def test_the_examples_in_python(server: str, tmp_path: Path) -> None:
    """What the examples print is what the curated edition holds."""
    (readme,), (package, notebook) = blocks(README, "python"), blocks(REFERENCE, "python")
    shown = ran([sys.executable, "-c", readme.replace(HERE, server)], tmp_path)
    assert "passengers" in shown
    assert "high_80" in shown
    assert ran([sys.executable, "-c", package.replace(HERE, server)], tmp_path).split() == [
        str(count_indicators() + 2),  # and the forecasts of others, with their publishers
        "124",
    ]
    ran([sys.executable, "-c", notebook.replace(HERE, server)], tmp_path)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed here")
def test_the_examples_with_curl(server: str, tmp_path: Path) -> None:
    """The first shows calls, the second saves them with their ETag, the third is told that nothing changed."""
    (script,) = blocks(README, "sh")
    shown = ran(["sh", "-e", "-c", script.replace(HERE, server)], tmp_path).split()
    assert shown[0].startswith("segment,horizon,call")
    assert shown[-1] == "304"
    assert (tmp_path / "calls.json").read_bytes().startswith(b'{"data":')


@pytest.mark.slow
def test_every_address_of_the_documents_answers(server: str, tmp_path: Path) -> None:
    """The address for Excel gives a table, and docs/api.md names every row of ROUTES."""
    for address in re.findall(r"`(http://127\.0\.0\.1:8501/[^`]*)`", README + REFERENCE):
        with urllib.request.urlopen(address.replace(HERE, server)) as answer:
            assert answer.status == 200
    for row in ROUTES:
        path, _, ending = row.path.rpartition(".")
        assert f"`{row.path}`" in REFERENCE or (f"`{path}.csv`" in REFERENCE and ending == "json")
