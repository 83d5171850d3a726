"""The command `note`: what it publishes, lists and withdraws, and what it refuses."""

import json
from pathlib import Path
from typing import Any

import pytest

from observatory.cli.parser import main
from observatory.workspace import Workspace

GOOD = """segment = "space"
text_fr = "Les cadences <b>tardent</b>."
name = "P. N."
role = "experte"
date = 2026-11-20
"""


@pytest.fixture
def run(small: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs `note` on a store with an edition: the exit code, and what it prints, JSON decoded."""
    monkeypatch.setenv("OBSERVATORY_STORE", small.settings.store_url)
    monkeypatch.setenv("OBSERVATORY_DATA", str(small.settings.data_dir))
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")

    def go(*words: str, form: str = "json") -> tuple[int, Any]:
        code = main(["note", *words, "--format", form])
        out, err = capsys.readouterr()
        return code, json.loads(out) if form == "json" and out else out + err

    return go


def write(tmp_path: Path, text: str, name: str = "note.toml") -> str:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return str(tmp_path / name)


def test_from_trial_to_withdrawal(run: Any, tmp_path: Path, small: Workspace) -> None:
    """A dry run writes nothing; a note is published, listed, refused a second time, withdrawn with its reason."""
    name = write(tmp_path, GOOD)
    code, tried = run(name, "--dry-run")
    assert (code, tried["published"], tried["id"]) == (0, False, None)
    assert run("list") == (0, [])
    code, published = run(name)
    assert (code, published["published"], published["id"]) == (0, True, 1)
    assert (
        published["note"]
        == tried["note"]
        == {
            "segment": "space",
            "text_fr": "Les cadences <b>tardent</b>.",
            "text_en": "",
            "name": "P. N.",
            "role": "experte",
            "date": "2026-11-20",
            "link": "",
        }
    )
    code, again = run(name, form="text")
    assert code == 2
    assert "n°\u00a01" in again
    assert "observatory note withdraw 1" in again
    code, rows = run("list")
    assert [(row["id"], row["edition"], row["withdrawn"]) for row in rows] == [(1, 1, None)]
    assert rows[0]["who"]
    assert run("withdraw", "1", "--reason", "chiffres revus") == (
        0,
        {"withdrawn": 1, "record": 2, "reason": "chiffres revus"},
    )
    _code, rows = run("list")
    assert [row["withdrawn"]["reason"] for row in rows] == ["chiffres revus"]
    assert "chiffres revus" in run("list", form="text")[1]
    assert [row.id for row in small.store.notes.list_records()] == [1, 2]
    assert run("withdraw", "1", "--reason", "encore", form="text")[0] == 2


def test_all_faults_of_a_file_are_said_at_once(run: Any, tmp_path: Path, small: Workspace) -> None:
    """Each at its key with the cure, exit code 1; nothing is published."""
    name = write(tmp_path, GOOD.replace('"space"', '"spaec"').replace("Les", "L" * 901) + 'link = "javascript:x"\n')
    code, answer = run(name)
    assert (code, answer["published"]) == (1, False)
    assert [row["field"] for row in answer["faults"]] == ["about", "text_fr", "link"]
    assert "space" in answer["faults"][0]["message"]
    assert "926" in answer["faults"][1]["message"]
    assert "https://" in answer["faults"][2]["message"]
    code, text = run(name, form="text")
    assert code == 1
    assert text.count("\n") == 4
    code, answer = run("withdraw", "1")
    assert (code, [row["field"] for row in answer["faults"]]) == (1, ["reason"])
    assert small.store.notes.list_records() == ()


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["absent.toml"], "absent.toml"),
        (["BROKEN"], "TOML"),
        (["BINARY"], "TOML"),
        (["withdraw", "x", "--reason", "r"], "« x »"),
        (["withdraw", "--reason", "r"], "« - »"),
        (["withdraw", "7", "--reason", "r"], "note list"),
        (["list", "3"], "« 3 »"),
    ],
)
def test_a_call_that_cannot_be_followed_is_explained(run: Any, tmp_path: Path, words: list[str], part: str) -> None:
    """Exit code 2 and a sentence that names what was given, or what to do."""
    write(tmp_path, "text_fr = ", "BROKEN")
    (tmp_path / "BINARY").write_bytes(b"\xff\xfe\x00")
    code, text = run(*(str(tmp_path / word) if word.isupper() else word for word in words), form="text")
    assert code == 2
    assert part in text.replace("\u00a0", " ").replace("\u202f", " ")
