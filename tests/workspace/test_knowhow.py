"""Know-how through the door of analysts: a file that is downloaded, changed, published, kept by figures, undone."""

import csv
import io
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import process_time

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as options
from hypothesis import strategies as st

from observatory import settings
from observatory.briefs.publish.page import draft_state_texts, published_text
from observatory.catalogue import loader
from observatory.catalogue.codec import encode_knowhow
from observatory.catalogue.indicator_input import slugify
from observatory.catalogue.models import Catalogue, KnowHow
from observatory.errors import StoreError
from observatory.export.csv.knowhow import write_knowhow_csv
from observatory.export.documents.whats_new import _count_edition
from observatory.ingest.examine import examine_file
from observatory.ingest.messages import hint_text, message_text
from observatory.language import Language, Localizer
from observatory.outlook import build
from observatory.outlook.analysis import diff as changing
from observatory.outlook.study import Study
from observatory.store.records import Vintage
from observatory.typography import sanitize_text
from observatory.workspace import AnalystSession, DraftPreview, Workspace
from tests.support.stores import read_study_text

Rows = list[list[str]]
FIGURES = b"indicator,geo,item,period,value\nairbus_deliveries,WORLD,,2025,812\n"


@pytest.fixture
def by(small: Workspace) -> AnalystSession:
    return small.access.open_operator_session("analyste")


def edited(workspace: Workspace, change: Callable[[Rows], object], language: Language = "fr") -> bytes:
    """The table as it is downloaded, changed as in a spreadsheet."""
    text = write_knowhow_csv(workspace.get_outlook().catalogue, language).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";" if language == "fr" else ","))
    change(rows)
    out = io.StringIO()
    csv.writer(out, delimiter=";" if language == "fr" else ",").writerows(rows)
    return out.getvalue().encode()


def cell(rows: Rows, row: str, column: str, value: str) -> None:
    """Writes a cell of the row of a know-how and the column of a head."""
    next(line for line in rows if line[0] == row)[rows[0].index(column)] = value


def dearer(rows: Rows) -> None:
    """Electronics have machined parts at their core; the day is left to the upload."""
    cell(rows, "Usinage", "Électronique", "au cœur")
    cell(rows, "Usinage", "jugé le", "")


def preview(workspace: Workspace, content: bytes, by: AnalystSession, name: str = "savoir-faire.csv") -> DraftPreview:
    return workspace.build_preview(workspace.receive(name, content, by))


def publish(workspace: Workspace, content: bytes, by: AnalystSession, note: str = "") -> Vintage:
    found = preview(workspace, content, by)
    assert found.prepared is not None
    return workspace.commit(found.prepared, by, note)


def level(workspace: Workspace, number: int | None = None) -> int:
    """How much electronics use machining, in an edition."""
    outlook = workspace.get_outlook() if number is None else workspace.get_outlook_by_number(number)
    return outlook.catalogue.knowhow["machining"].usage_level("electronics")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_download_sent_back_has_nothing_to_publish(
    small: Workspace, by: AnalystSession, language: Language
) -> None:
    """What is downloaded reads back as the table itself, in both dialects, without a finding."""
    found = preview(small, edited(small, lambda rows: None, language), by)
    assert found.report.findings == ()
    assert found.report.knowhow == small.get_outlook().knowhow
    assert (found.prepared, found.changed_count, found.unchanged_count) == (None, 0, 10)


def test_a_new_table_is_published_and_read_back(
    small: Workspace, by: AnalystSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Changed, added and withdrawn know-how is what the preview says; forecasts and calls are those there were."""

    def change(rows: Rows) -> None:
        dearer(rows)
        rows.remove(next(row for row in rows if row[0] == "Outillage"))
        rows.append([""] * len(rows[0]))
        for column, value in (
            ("savoir-faire", "Fabrication additive"),
            ("Spatial", "cœur"),
            ("définition", "ISO 52900"),
        ):
            rows[-1][rows[0].index(column)] = value
        rows[-1][rows[0].index("raison_fr")] = "Peu de pièces, des chaînes courtes."

    def forbidden(*_any: object, **_more: object) -> None:
        raise AssertionError("a judgement is no figure: nothing is forecast anew")

    monkeypatch.setattr(build, "forecast_tasks", forbidden)
    monkeypatch.setattr(build, "fit_rule", forbidden)
    before = small.get_outlook()
    found = preview(small, edited(small, change), by)
    changed_rows = {row.current.id: row for row in found.changes.changed_knowhow}
    assert (found.changed_count, found.unchanged_count) == (3, 8)
    assert changed_rows["machining"].changed_levels(before.catalogue.markets) == (("electronics", 1, 2),)
    assert changed_rows["tooling"].new is None
    assert changed_rows["fabrication_additive"].old is None
    assert not found.changes.changed_forecasts
    assert not found.changes.flipped_calls
    assert found.prepared is not None
    vintage = small.commit(found.prepared, by, "usinage")
    after = small.get_outlook()
    assert after.knowhow == found.prepared.outlook.knowhow
    assert [row.id for row in after.knowhow][-1] == "fabrication_additive"
    assert after.catalogue.knowhow["machining"].judged == small.today()
    assert after.catalogue.knowhow["fabrication_additive"].reason_en == "Peu de pièces, des chaînes courtes."
    assert (after.calls, after.study, after.forecasts.keys()) == (before.calls, before.study, before.forecasts.keys())
    assert len(small.store.changed_facts(vintage)) == 3
    assert small.store.forecasts(vintage).keys() == before.forecasts.keys()


@pytest.mark.slow
def test_each_edition_counts_the_know_how_it_brought(small: Workspace, by: AnalystSession) -> None:
    """New, judged otherwise, withdrawn since the edition before; figures bring none, an undoing the inverse."""

    def change(rows: Rows) -> None:
        dearer(rows)
        rows.append(["Soudage", *rows[1][1:]])
        rows.append(["Collage", *rows[1][1:]])

    publish(small, edited(small, change), by)
    publish(small, FIGURES, by)
    small.revert(2, "", by)
    assert [_count_edition(small, number).knowhow_counts for number in (1, 2, 3, 4)] == [
        (10, 0, 0),
        (2, 1, 0),
        (0, 0, 0),
        (0, 1, 2),
    ]


def test_the_sentences_of_a_publication_name_what_it_does(small: Workspace, by: AnalystSession) -> None:
    """A table that only adds a know-how judges none otherwise, before it is published and after."""
    found = preview(small, edited(small, lambda rows: rows.append(["Soudage", *rows[1][1:]])), by)
    localizer = Localizer("fr")
    assert "autrement" not in draft_state_texts(found.report, found.changed_count, 1, localizer)[0]
    assert published_text(2, found.changes, localizer) == localizer.typeset(
        "Édition n° 2 publiée : 1 savoir-faire nouveau."
    )


@pytest.mark.slow
def test_figures_leave_it_and_an_undoing_takes_it_back(small: Workspace, by: AnalystSession) -> None:
    """Published, kept by the figures that come after, undone by its inverse; each dated edition keeps its own."""
    first = publish(small, edited(small, dearer), by)
    publish(small, FIGURES, by)
    assert level(small) == 2
    undone = small.revert(first.id, "non", by)
    assert undone.reverts == first.id
    assert small.get_outlook().knowhow == small.get_outlook_by_number(1).knowhow
    assert small.store.observations(small.get_vintage()) == small.store.observations(small.get_vintage_by_number(3))
    assert [level(small, number) for number in (1, 2, 3, 4)] == [1, 2, 2, 1]
    with pytest.raises(StoreError):
        small.revert(first.id, "", by)


def test_an_undoing_leaves_what_was_judged_later(small: Workspace, by: AnalystSession) -> None:
    """A row that a later edition has judged again stays; what the undone one added or withdrew goes or comes back."""

    def first(rows: Rows) -> None:
        dearer(rows)
        rows.remove(next(row for row in rows if row[0] == "Outillage"))

    undone = publish(small, edited(small, first), by)
    publish(small, edited(small, lambda rows: cell(rows, "Usinage", "Électronique", "–")), by)
    assert "tooling" not in small.get_outlook().catalogue.knowhow
    small.revert(undone.id, "", by)
    assert level(small) == 0
    assert [row.id for row in small.get_outlook().knowhow] == [row.id for row in small.get_outlook_by_number(1).knowhow]


def test_a_curated_edition_brings_its_own_table_back(small: Workspace, by: AnalystSession) -> None:
    """The same curated edition is not published again; one with another table is, whole, as its figures are."""

    def more(rows: Rows) -> None:
        dearer(rows)
        rows.append(["Soudage", *rows[1][1:]])

    publish(small, edited(small, more), by)
    assert small.publish_curated() is None
    assert level(small) == 2
    served = dict(small.catalogue.knowhow)
    served["testing"] = replace(served["testing"], judged=date(2026, 11, 23))
    del served["tooling"]
    small.catalogue = replace(small.catalogue, knowhow=served)
    assert small.publish_curated() is not None
    assert small.get_outlook().knowhow == tuple(served.values())


def warned(workspace: Workspace, by: AnalystSession, change: Callable[[Rows], object]) -> list[tuple[str, str]]:
    """The rules that find something in the table once it is changed, each with its column."""
    return [(row.code, row.column) for row in preview(workspace, edited(workspace, change), by).report.findings]


def test_only_another_judgement_asks_for_another_day(small: Workspace, by: AnalystSession) -> None:
    """A cell that changes under the old day is asked about; a text put better, or a day set anew, is not.

    Nor is a cell that changes on the very day of the judgement before: that day is then the right one.
    """
    today = small.today().isoformat()

    def otherwise(rows: Rows) -> None:
        cell(rows, "Usinage", "Électronique", "au cœur")

    def reworded(rows: Rows) -> None:
        cell(rows, "Usinage", "définition", "NACE Rev. 2.1, 25.53")
        cell(rows, "Usinage", "raison_fr", "Presque tout est usiné.")
        cell(rows, "Usinage", "raison_en", "Nearly everything is machined.")

    def dated(rows: Rows) -> None:
        otherwise(rows)
        cell(rows, "Usinage", "jugé le", today)

    assert warned(small, by, otherwise) == [("same_day", "jugé le")]
    assert warned(small, by, reworded) == warned(small, by, dated) == warned(small, by, dearer) == []
    publish(small, edited(small, dated), by)
    assert warned(small, by, lambda rows: cell(rows, "Usinage", "Électronique", "–")) == []


def test_a_reason_changed_in_one_language_asks_for_the_other(
    small: Workspace, by: AnalystSession, localizer: Localizer
) -> None:
    """Either language alone is asked about, by the name of the column that was left; both together are not."""
    texts = {"raison_fr": "Presque tout est usiné.", "raison_en": "Nearly everything is machined."}
    for name, other in (("raison_fr", "raison_en"), ("raison_en", "raison_fr")):
        found = preview(small, edited(small, lambda rows: cell(rows, "Usinage", name, texts[name])), by)  # noqa: B023
        (finding,) = found.report.findings
        assert (finding.level, finding.code, finding.column) == ("warning", "one_language", name)
        left = other if localizer.language == "fr" else other.replace("raison", "reason")
        assert left in message_text(finding, localizer)
        assert left in hint_text(finding, localizer)
        assert found.prepared is not None

    def both(rows: Rows) -> None:
        for name, sentence in texts.items():
            cell(rows, "Usinage", name, sentence)

    assert warned(small, by, both) == []


def test_a_faulty_table_cannot_be_published_by_leaving_lines_out(small: Workspace, by: AnalystSession) -> None:
    """The file is the whole table, so a faulty row is no row to leave out: it would withdraw its know-how."""
    found = preview(small, edited(small, lambda rows: cell(rows, "Usinage", "Drones", "beaucoup")), by)
    assert [row.code for row in found.report.findings if row.level == "error"] == ["unknown_level"]
    chosen = small.build_preview(small.redraft(found.draft, by, {"without_faults": "yes"}))
    assert (found.prepared, chosen.prepared) == (None, None)


def test_a_title_in_one_language_or_an_id_names_the_same(small: Workspace, by: AnalystSession) -> None:
    """A row found by its id can have another title; what its columns do not say stays as it was."""
    old = small.get_outlook().catalogue.knowhow["machining"]
    head = "know-how;title_fr;" + ";".join(small.get_outlook().catalogue.markets)
    levels = ";".join(("–", "some", "core")[old.usage_level(name)] for name in small.get_outlook().catalogue.markets)
    rest = "\nessais;;" + ";".join(["core"] * 9)
    found = preview(small, f"{head}\nMACHINING;Usinage de précision;{levels}{rest}".encode("utf-16"), by)
    row = next(row for row in found.report.knowhow if row.id == "machining")
    assert row == replace(old, title_fr="Usinage de précision", judged=small.today())


@pytest.mark.slow
def test_a_store_of_before_shows_and_keeps_its_know_how(
    small: Workspace, by: AnalystSession, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A store that kept know-how in its studies opens as it is; figures on top keep it, and its undoing leaves it."""
    path = old_store(small, tmp_path, monkeypatch)
    opened = Workspace(replace(small.settings, store_url=f"sqlite:///{path}"))
    mine, expected = opened.access.open_operator_session("analyste"), tuple(small.catalogue.knowhow.values())
    assert opened.get_outlook().knowhow == expected
    assert "knowhow" not in opened.get_outlook().study.as_json()
    figures = publish(opened, FIGURES, mine)
    assert opened.get_outlook().knowhow == expected
    opened.revert(figures.id, "", mine)
    assert opened.get_outlook().knowhow == expected
    publish(opened, edited(opened, dearer), mine)
    assert [level(opened, number) for number in (1, 2, 3, 4)] == [1, 1, 1, 2]
    assert [row.id for row in opened.get_outlook().knowhow] == [row.id for row in expected]
    opened.close()


def old_store(workspace: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store as version 2 wrote it: no facts of know-how, but a list of them in the study."""
    path = folder / "old.db"
    rows = [
        {name: value for name, value in encode_knowhow(row).items() if name != "rank"}
        for row in workspace.catalogue.knowhow.values()
    ]
    study = build.build_study
    with monkeypatch.context() as patch:
        patch.setattr(build, "build_study", lambda *given: Study(study(*given).as_json() | {"knowhow": rows}))
        patch.setattr("observatory.workspace.curated.diff_knowhow", lambda _before, _after: {})
        made = Workspace(replace(workspace.settings, store_url=f"sqlite:///{path}"))
        made.publish_curated()
        numbers = [row.id for row in made.store.vintages()]
        made.close()
    texts = [read_study_text(path, number) for number in numbers]
    raw = sqlite3.connect(path)
    assert raw.execute("SELECT count(*) FROM indicators WHERE indicator LIKE 'knowhow%'").fetchone() == (0,)
    raw.execute("DROP TRIGGER replays_no_update")
    raw.executemany(
        "UPDATE replays SET details = ? WHERE vintage = ?", zip(texts, numbers, strict=True)
    )  # one text then
    raw.execute("PRAGMA user_version = 2")
    raw.commit()
    raw.close()
    return path


TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Z", "C")), max_size=40)
SAID = TEXT.map(lambda text: sanitize_text(text, 40).lstrip("'")).filter(
    lambda text: text.strip() == text and text != ""
)


@st.composite
def tables(draw: st.DrawFn, catalogue: Catalogue) -> Catalogue:
    """Any know-how that could have been published."""
    markets = catalogue.markets
    titles = draw(st.lists(SAID, min_size=1, max_size=6, unique_by=slugify))
    made: dict[str, KnowHow] = {}
    for place, title in enumerate(titles, 1):
        levels = draw(st.lists(st.integers(0, 2), min_size=len(markets), max_size=len(markets)))
        served = [tuple(name for name, one in zip(markets, levels, strict=True) if one == n) for n in (1, 2)]
        texts = [draw(SAID) for _ in range(4)]
        day = draw(st.dates(date(1900, 1, 1), date(2026, 11, 22)))
        made[slugify(title)] = KnowHow(
            slugify(title), title, texts[0], texts[1], served[1], served[0], day, texts[2], texts[3], place
        )
    first = next(iter(made))
    made[first] = replace(made[first], core=(), some=markets)  # no market may be without
    return replace(catalogue, knowhow=made)


@pytest.mark.slow
@options(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.sampled_from(["fr", "en"]))
def test_any_table_reads_back_as_itself(catalogue: Catalogue, data: st.DataObject, language: Language) -> None:
    """Whatever texts and levels a table holds, its file says them all: formulas, HTML, quotes, any script."""
    known = data.draw(tables(catalogue))
    report = examine_file("savoir-faire.csv", write_knowhow_csv(known, language), known, today=date(2026, 11, 22))
    assert report.findings == ()
    assert report.knowhow == tuple(known.knowhow.values())


HOSTILE = (
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "{n} %s \\x00",
    "\u202eevil",
    "é" * 5000,
    "'=1",
    "9" * 400,
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_cells_end_in_a_report(catalogue: Catalogue, text: str) -> None:
    """A formula, a script or a mark that turns writing, in any cell: a report, and texts as safe as any other."""
    head = ["savoir-faire", "définition", "raison", "jugé le", "Spatial", text]
    for place in range(len(head)):
        row = ["Essais", "x", "y", "2026-11-22", "core", ""]
        row[place] = text
        out = io.StringIO()
        csv.writer(out, delimiter=";").writerows([head, row])
        report = examine_file("a.csv", out.getvalue().encode(), catalogue, today=date(2026, 11, 22))
        assert not report.is_publishable
        for found in report.knowhow:
            assert all(str(value).isprintable() for value in encode_knowhow(found).values())


@pytest.mark.slow
def test_ten_thousand_rows_are_one_finding_too_many(catalogue: Catalogue) -> None:
    """A file of 10,000 rows is refused with all its faults, in seconds."""
    rows = "".join(f"Métier {n};core;beaucoup\n" for n in range(10_000))
    start = process_time()  # what others do on the machine meanwhile is not counted
    report = examine_file("a.csv", f"savoir-faire;Spatial;Drones\n{rows}".encode(), catalogue, today=date(2026, 11, 22))
    assert process_time() - start < 20
    assert "too_many_knowhow" in {row.code for row in report.findings}
    assert int(report.inferred["more_findings"]) > 10_000


def test_the_file_under_data_reads_as_its_own_download(catalogue: Catalogue, few: Path) -> None:
    """The table of data/knowhow.toml and the file made of it are one: neither loses what the other says."""
    assert loader.load_catalogue(few).knowhow == catalogue.knowhow
    report = examine_file("a.csv", write_knowhow_csv(catalogue, "fr"), catalogue, today=date(2026, 11, 22))
    assert report.knowhow == tuple(catalogue.knowhow.values())
    assert changing.compare_knowhow(catalogue.knowhow, {row.id: row for row in report.knowhow}) == ()
    assert 2 * len(catalogue.knowhow) <= settings.MAX_KNOWHOW_ROWS
