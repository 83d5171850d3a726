"""The commands of analysts: check, publish, revert, key, as another program or a person calls them."""

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from observatory.catalogue import loader
from observatory.cli.parser import main
from observatory.export.csv.knowhow import write_knowhow_csv

HEAD = "indicateur;zone;poste;période;valeur\n"
Run = Any


@pytest.fixture
def run(few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command on a store of its own: the exit code and what it said, JSON decoded."""
    monkeypatch.setenv("OBSERVATORY_STORE", f"sqlite:///{tmp_path / 'store' / 'a.db'}")
    monkeypatch.setenv("OBSERVATORY_DATA", str(few))
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")

    def go(*words: str, form: str = "json") -> tuple[int, Any]:
        code = main([*words, "--format", form])
        out = capsys.readouterr().out
        return code, json.loads(out) if form == "json" and out else out

    return go


def file(tmp_path: Path, rows: str, name: str = "valeurs.csv") -> str:
    path = tmp_path / name
    path.write_text(HEAD + rows, encoding="cp1252")
    return str(path)


@pytest.mark.slow
def test_from_check_to_undoing(run: Run, tmp_path: Path) -> None:
    """A file is checked, tried, published, recognised, undone; each answer has the figures of the one before."""
    name = file(tmp_path, "airbus_deliveries;Monde;;2025;812\nairbus_deliveries;Monde;;2024;766\n")
    code, report = run("check", name)
    assert (code, report["ok"], report["accepted"], report["findings"]) == (0, True, 2, [])
    assert report["file"] == name
    assert report["observations"][0] == {
        "indicator": "airbus_deliveries",
        "geo": "WORLD",
        "item": "",
        "period": "2025",
        "value": 812.0,
    }
    code, tried = run("publish", name, "--dry-run")
    assert (code, tried["published"], tried["vintage"]) == (0, False, None)
    assert run("vintages")[1][-1]["id"] == 1
    code, published = run("publish", name, "--note", "octobre")
    assert (code, published["published"], published["vintage"], published["parent"]) == (0, True, 2, 1)
    for figure in ("added", "revised", "unchanged", "revisions", "forecasts", "calls"):
        assert tried[figure] == published[figure]
    assert (published["added"], published["revised"], published["unchanged"]) == (0, 1, 1)
    vintages = run("vintages")[1]
    assert (vintages[-1]["note_fr"], vintages[-1]["reverts"]) == ("octobre", None)
    code, again = run("publish", name)
    assert (code, again["published"], again["same_file_as"]) == (0, False, 2)
    code, undone = run("revert", "2", "--note", "erreur")
    assert (code, undone) == (0, {"reverted": 2, "vintage": 3, "figures": 1})
    assert run("vintages")[1][-1]["reverts"] == 2


@pytest.mark.slow
def test_a_file_with_an_error_publishes_nothing(run: Run, tmp_path: Path) -> None:
    """Exit 1, every bad cell named with its cure, no new edition."""
    name = file(tmp_path, "airbus_deliveries;Monde;;2025;812\nairbus_deliveries;Lune;;2024;x\n")
    code, answer = run("publish", name)
    assert (code, answer["published"], answer["ok"], answer["accepted"]) == (1, False, False, 1)
    assert [(row["code"], row["line"], row["column"]) for row in answer["findings"]] == [
        ("unknown_geo", 3, "zone"),
        ("not_a_number", 3, "valeur"),
    ]
    assert len(run("vintages")[1]) == 1


@pytest.mark.slow
def test_the_text_says_the_same(run: Run, tmp_path: Path) -> None:
    """In words: what is revised from what to what, what it is called, and how it is undone."""
    name = file(tmp_path, "airbus_deliveries;Monde;;2025;812\n")
    code, text = run("publish", name, form="text")
    assert code == 0
    assert "airbus_deliveries/WORLD 2025: 793.0 -> 812.0 (+2,4\u00a0%)" in text
    assert "Édition n°\u00a02 publiée\u00a0: 1\u00a0valeur." in text
    code, text = run("revert", "2", form="text")
    assert "Édition n°\u00a02 annulée par l\u2019édition n°\u00a03" in text


@pytest.mark.slow
def test_the_list_names_what_an_edition_undoes(run: Run, tmp_path: Path) -> None:
    """In words before its note, and by number in JSON; the editions that undo nothing say nothing of it."""
    run("publish", file(tmp_path, "airbus_deliveries;Monde;;2025;812\n"), "--note", "octobre")
    run("revert", "2", "--note", "erreur")
    lines = run("vintages", form="text")[1].splitlines()
    assert lines[2].endswith("Annule l\u2019édition n°\u00a02. erreur")
    assert lines[1].endswith("  octobre")
    assert [row["reverts"] for row in run("vintages")[1]] == [None, None, 2]


@pytest.mark.slow
def test_a_new_indicator_from_its_facts(run: Run, tmp_path: Path) -> None:
    """--about describes what the catalogue lacks; a fault in it is a finding with its key, and stops everything."""
    rows = "".join(f"cabin_orders;Monde;;{year};{year % 7 + 10}\n" for year in range(2000, 2026))
    name = file(tmp_path, rows)
    assert run("check", name)[1]["findings"][0]["code"] == "unknown_indicator"
    facts = tmp_path / "facts.toml"
    facts.write_text('title_fr = "Cabines"\nunit_fr = "cabines"\nsegment = "nowhere"\nrole = "market"\n')
    code, answer = run("check", name, "--about", str(facts))
    assert code == 1
    assert {row["column"] for row in answer["findings"] if row["file"] == str(facts)} >= {"source"}
    facts.write_text(
        'title_fr = "Cabines"\nunit_fr = "cabines"\nsegment = "business_aviation"\nrole = "market"\n'
        'publisher = "Essai"\nlicence = "essai"\n'
    )
    code, answer = run("publish", name, "--about", str(facts))
    assert (code, answer["new_indicators"], answer["added"]) == (0, ["cabin_orders"], 26)
    rows = "cabin_orders;Monde;;2025;99\n"
    assert run("publish", file(tmp_path, rows, "b.csv"))[1]["revised"] == 1


@pytest.mark.slow
def test_wrong_calls_are_sentences(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is not there, an edition that is not there, the first edition: exit 2 and one sentence."""
    run("publish", "--curated")
    for words in (("publish", str(tmp_path / "no.csv")), ("revert", "9"), ("revert", "1"), ("key", "revoke", "x")):
        assert main(list(words)) == 2
        sentence = capsys.readouterr().err
        assert sentence.strip().endswith((".", "`observatory key list` les énumère."))
        assert "Traceback" not in sentence


def test_keys_are_made_listed_and_ended(run: Run) -> None:
    """A key is shown once; the list has no secret; a revoked one is still listed, with its end."""
    code, made = run("key", "create", "analyste")
    assert code == 0
    assert made["key"].startswith("obs-1-")
    assert made["key"] not in json.dumps(run("key", "list")[1])
    assert run("key", "revoke", "analyste")[0] == 0
    listed = run("key", "list")[1]
    assert (listed[0]["name"], listed[0]["revoked"] is None) == ("analyste", False)


@pytest.mark.slow
def test_know_how_by_the_command_line(run: Run, tmp_path: Path, few: Path) -> None:
    """A table of know-how is checked, tried, published and undone as figures are; each changed cell is named."""
    content = write_knowhow_csv(loader.load_catalogue(few), "fr").decode("utf-8-sig").replace("2026-11-22", "")
    same = tmp_path / "tableau.csv"
    same.write_text(content, encoding="cp1252")
    code, report = run("check", str(same))
    assert (code, report["ok"], report["accepted"], report["findings"]) == (0, True, 10, [])
    assert report["inferred"]["layout"] == "knowhow"
    assert [row["id"] for row in report["knowhow"]][:2] == ["machining", "sheet_metal"]
    code, answer = run("publish", str(same))
    assert (code, answer["published"], answer["unchanged"], answer["knowhow"]) == (0, False, 10, [])
    other = tmp_path / "autre.csv"
    first, second, *rest = content.splitlines(keepends=True)
    other.write_text(first + second.replace("un peu", "au c\u0153ur", 1) + "".join(rest), encoding="cp1252")
    code, tried = run("publish", str(other), "--dry-run")
    cells = [{"segment": "electronics", "old": 1, "new": 2}]
    assert tried["knowhow"] == [{"id": "machining", "what": "changed", "cells": cells}]
    code, text = run("publish", str(other), form="text")
    assert code == 0
    assert "1\u00a0savoir-faire jug\u00e9 autrement, aucun avis chang\u00e9, 9\u00a0savoir-faire inchang\u00e9s" in text
    assert "  Usinage, \u00c9lectronique: un peu -> au c\u0153ur" in text
    assert "L\u2019ordre des march\u00e9s voisins change" in text
    assert "\u00c9dition n\u00b0\u00a02 publi\u00e9e\u00a0: 1\u00a0savoir-faire jug\u00e9 autrement." in text
    assert run("revert", "2")[1] == {"reverted": 2, "vintage": 3, "figures": 0}
    assert run("publish", str(same))[1]["published"] is False


@pytest.mark.slow
def test_a_faulty_table_of_know_how_publishes_nothing(run: Run, tmp_path: Path) -> None:
    """Exit 1 and every fault at once, by line and column."""
    path = tmp_path / "tableau.csv"
    path.write_text("know-how,Space,Trains\nEssais,tr\u00e8s,1\nUsinage,core,2\nUsinage,some,3\n", encoding="utf-8")
    code, answer = run("publish", str(path))
    assert (code, answer["published"], answer["ok"]) == (1, False, False)
    assert [(row["code"], row["line"], row["column"]) for row in answer["findings"]] == [
        ("unknown_market", 1, "Trains"),
        ("unknown_level", 2, "Space"),
        ("repeated_knowhow", 4, "know-how"),
    ]


@pytest.mark.slow
def test_a_part_is_published_only_once_confirmed(run: Run, tmp_path: Path) -> None:
    """The option in the hint of the report, followed as it stands, is the cure; without it nothing is published."""
    path = tmp_path / "part.csv"
    path.write_text("zone;Classe d'âge;an;airbus_deliveries\nMonde;25 à 34 ans;2025;812\n", encoding="utf-8")
    code, report = run("check", str(path))
    assert (code, report["accepted"]) == (1, 0)
    assert report["ignored_columns"] == [{"column": "Classe d'âge", "reason": "dimension", "values": ["25 à 34 ans"]}]
    assert run("publish", str(path), "--dry-run")[0] == 1
    hint = report["findings"][0]["hint"]
    option, confirmed = re.search(r"(--total) ([^ )]+)", hint).groups()  # type: ignore[union-attr]
    code, report = run("check", str(path), option, confirmed)
    assert (code, report["accepted"], report["inferred"]["total"]) == (0, 1, "Classe d'âge=25 à 34 ans")
    assert run("publish", str(path), option, confirmed)[1]["revised"] == 1
    text = run("check", str(path), option, confirmed, form="text")[1]
    assert "Classe d’âge" in text
    assert "confirmée" in text


def test_days_become_months_only_on_request(run: Run, tmp_path: Path) -> None:
    """Years of a flow are summed from their days if somebody asks for it, and only then."""
    start = date(2025, 1, 1)
    rows = "".join(f"{start + timedelta(days=n)};2\n" for n in range(365))
    path = tmp_path / "days.csv"
    path.write_text("date;airbus_deliveries\n" + rows, encoding="utf-8")
    code, report = run("check", str(path))
    assert (code, report["accepted"]) == (1, 0)
    assert "--aggregate sum" in report["findings"][0]["hint"]
    code, report = run("check", str(path), "--aggregate", "sum")
    assert (code, [row["value"] for row in report["observations"]]) == (0, [730])
