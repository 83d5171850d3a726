"""The command export: what a link shows, as a file; one sentence for whatever is wrong."""

import json
from pathlib import Path

import pytest

from tests.test_cli import run

LINK = "/segment?segment=space&lang=en"


@pytest.mark.slow
def test_a_link_becomes_a_file(seeded_address: str, tmp_path: Path) -> None:
    """A path and query, or a full address: the same file but for the address in its link; `--brief` is one page."""
    path = tmp_path / "space.json"
    done = run("export", LINK, "--format", "json", "--output", str(path), OBSERVATORY_STORE=seeded_address)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    data = json.loads(path.read_text(encoding="utf-8"))
    assert data["language"] == "en"
    assert data["link"].startswith("http://127.0.0.1:8501/segment?")
    full = run("export", f"https://obs.example{LINK}", "--format", "json", OBSERVATORY_STORE=seeded_address)
    assert json.loads(full.stdout) == {
        **data,
        "link": data["link"].replace("http://127.0.0.1:8501", "https://obs.example"),
    }
    sheet = tmp_path / "brief.pdf"
    done = run("export", LINK, "--brief", "--format", "pdf", "--output", str(sheet), OBSERVATORY_STORE=seeded_address)
    assert done.returncode == 0
    assert sheet.read_bytes().startswith(b"%PDF-")


@pytest.mark.slow
def test_a_link_that_is_not_understood_gives_no_file(seeded_address: str, tmp_path: Path) -> None:
    """Exit 2, one line with what was found and what to do, and no file of something else."""
    path = tmp_path / "file.json"
    words = ("--format", "json", "--output", str(path))
    done = run("export", "/?horizon=4&lang=fr&x=1", *words, OBSERVATORY_STORE=seeded_address)
    assert (done.returncode, done.stdout, path.exists()) == (2, "", False)
    assert len(done.stderr.strip().splitlines()) == 1
    assert "1, 2, 3, 5" in done.stderr
    done = run("export", "https://lnkd.in/abc", *words, OBSERVATORY_STORE=seeded_address)
    assert (done.returncode, path.exists()) == (2, False)
    assert "lnkd.in" in done.stderr


@pytest.mark.slow
def test_a_wrapped_and_mangled_link_is_the_link(seeded_address: str) -> None:
    """What mail filters and newsletters made of a link gives the file of the link, with its own address in it."""
    target = "https%3A%2F%2Fobs.example%2FSegment%2F%3Fsegment%3Dspace.%26amp%3Blang%3Den%26utm_source%3Dmail"
    link = f"<https://eur01.safelinks.protection.outlook.com/?url={target}&amp;data=05%7C02&amp;reserved=0>"
    done = run("export", link, "--format", "json", OBSERVATORY_STORE=seeded_address)
    assert (done.returncode, done.stderr) == (0, "")
    data = json.loads(done.stdout)
    assert (data["page"], data["language"]) == ("segment", "en")
    assert data["link"].startswith("https://obs.example/segment?lang=en&indicator=orbital_launches_annual")


@pytest.mark.slow
def test_what_there_is_not(seeded_address: str, tmp_path: Path) -> None:
    """An unknown page or format: exit 2, one sentence that names those that there are, and no file."""
    path = tmp_path / "file"
    for words, says in (
        (("/nowhere", "--format", "pdf"), "/track-record"),
        (("/", "--format", "docx"), "pptx, pdf, xlsx"),
        (("/method", "--format", "pdf", "--brief"), "/segment"),
    ):
        done = run("export", *words, "--output", str(path), OBSERVATORY_STORE=seeded_address)
        assert done.returncode == 2
        assert says in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
        assert not path.exists()
