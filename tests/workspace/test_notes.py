"""What a note may say, and which notes a view shows: now, on a day, in an edition, in a dated link."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from observatory import settings
from observatory.catalogue.models import Catalogue
from observatory.errors import AccessError, StoreError
from observatory.selection import DEFAULT_SELECTION, Selection
from observatory.store.notes import NoteContent
from observatory.workspace import Workspace, resolve_query
from observatory.workspace.notes import list_notes, pin_notes, read_note, read_reason
from tests.support.stores import StoreMaker

TODAY = date(2026, 12, 1)
GOOD: dict[str, Any] = {
    "segment": "space",
    "text_fr": "Les cadences tardent.",
    "name": "P. N.",
    "role": "expert",
    "date": date(2026, 11, 30),
}


@pytest.fixture
def moments() -> list[datetime]:
    """The times that the clock says, the last one now."""
    return [datetime(2026, 12, 1, 12, tzinfo=UTC)]


@pytest.fixture
def opened(few: Path, stores: StoreMaker, tmp_path: Path, moments: list[datetime]) -> Iterator[Workspace]:
    place = {"OBSERVATORY_STORE": stores.create(tmp_path), "OBSERVATORY_DATA": str(few)}
    workspace = Workspace(settings.load_settings(place), clock=lambda: moments[-1])
    workspace.publish_curated()
    yield workspace
    workspace.close()


def read(catalogue: Catalogue, **changes: Any) -> tuple[NoteContent | None, list[tuple[str, str]]]:
    """The note of the good values with changes (None takes one away), and its faults as (field, key)."""
    values = {name: value for name, value in (GOOD | changes).items() if value is not None}
    content, faults = read_note(values, catalogue, TODAY)
    return content, [(row.name, row.key.removeprefix("cluster.fault.")) for row in faults]


def publish(opened: Workspace, text: str, **changes: Any) -> int:
    content, _faults = read(opened.catalogue, text_fr=text, **changes)
    assert content is not None
    return opened.publish_note(content, opened.access.open_operator_session("analyste")).id


def withdraw(opened: Workspace, number: int) -> int:
    return opened.withdraw_note(number, "erreur", opened.access.open_operator_session("analyste")).id


def publish_edition(opened: Workspace, value: int) -> int:
    by = opened.access.open_operator_session("analyste")
    draft = opened.receive(
        "a.csv", f"indicator,geo,item,period,value\nairbus_deliveries,WORLD,,1971,{value}\n".encode(), by
    )
    prepared = opened.build_preview(draft).prepared
    assert prepared is not None
    return opened.commit(prepared, by, "").id


def show(opened: Workspace, asof: str = "") -> list[str]:
    """The texts that a view shows, the newest first."""
    selection, _notices, outlook = resolve_query(opened, {"asof": asof} if asof else {})
    return [row.content.text_fr for row in list_notes(opened, selection, outlook)]


def pin(opened: Workspace, asof: str = "") -> str:
    selection, _notices, outlook = resolve_query(opened, {"asof": asof} if asof else {})
    return pin_notes(opened, selection, outlook)


def test_a_sound_note_is_taken_as_typed(catalogue: Catalogue) -> None:
    """Paragraphs, quotation marks, accents, emoji and typographic blanks stay; blanks around lines do not."""
    content, faults = read(
        catalogue,
        text_fr="  « Été\u202f: <b>5\u00a0%</b> »  \r\n\r\n\r\n  Suite\u00ad 🚀 & fin.\t ",
        text_en="A text.",
        link="https://exemple.fr/a?b=c#d",
    )
    assert faults == []
    assert content == NoteContent(
        "segment",
        "space",
        "« Été\u202f: <b>5\u00a0%</b> »\n\nSuite 🚀 & fin.",
        "A text.",
        "P. N.",
        "expert",
        date(2026, 11, 30),
        "https://exemple.fr/a?b=c#d",
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"segment": None, "whole": True}, ("whole", "")),
        ({"segment": None, "country": "USA"}, ("country", "USA")),
        ({"whole": False, "country": ""}, ("segment", "space")),
    ],
)
def test_a_note_is_about_one_thing(catalogue: Catalogue, changes: dict[str, Any], expected: tuple[str, str]) -> None:
    """The whole, a market or a country; an empty one beside it is none."""
    content, faults = read(catalogue, **changes)
    assert content is not None, faults
    assert (content.scope, content.code) == expected


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"segment": None}, ("about", "about")),
        ({"country": "USA"}, ("about", "about.several")),
        ({"segment": None, "whole": "yes"}, ("about", "whole")),
        ({"segment": "spaec"}, ("about", "segment")),
        ({"segment": ["space"]}, ("about", "segment")),
        ({"segment": None, "country": "WORLD"}, ("about", "country")),
        ({"text_fr": "x" * 901}, ("text_fr", "long")),
        ({"text_en": "x" * 901}, ("text_en", "long")),
        ({"name": "x" * 81}, ("name", "long")),
        ({"text_fr": " \n "}, ("text_fr", "text_fr")),
        ({"text_fr": None}, ("text_fr", "text_fr")),
        ({"text_fr": 12}, ("text_fr", "type")),
        ({"text_fr": "a\x00b"}, ("text_fr", "hidden")),
        ({"text_fr": "a\x1b[31mb"}, ("text_fr", "hidden")),
        ({"text_fr": "montant \u202e000 1"}, ("text_fr", "hidden")),
        ({"text_fr": "a\u2066b\u2069"}, ("text_fr", "hidden")),
        ({"text_fr": "a\ud800b"}, ("text_fr", "hidden")),
        ({"text_en": "a\u200fb"}, ("text_en", "hidden")),
        ({"name": "P.\u202eN."}, ("name", "hidden")),
        ({"name": ""}, ("name", "name")),
        ({"role": None}, ("role", "role")),
        ({"date": None}, ("date", "date")),
        ({"date": "30/11/2026"}, ("date", "date.form")),
        ({"date": 2026}, ("date", "date.form")),
        ({"date": "2026-12-02"}, ("date", "date.range")),
        ({"date": date(1999, 12, 31)}, ("date", "date.range")),
        ({"link": "javascript:alert(1)"}, ("link", "link")),
        ({"link": "http://exemple.fr"}, ("link", "link")),
        ({"link": "https://"}, ("link", "link")),
        ({"link": "https://localhost/a"}, ("link", "link")),
        ({"link": "https://a@exemple.fr/"}, ("link", "link")),
        ({"link": "https://exemple.fr\\@autre.fr/"}, ("link", "link")),
        ({"link": 'https://exemple.fr/"onclick='}, ("link", "link")),
        ({"link": "https://exemple.fr/\u202efdp"}, ("link", "link")),
        ({"link": "https://[::1"}, ("link", "link")),
        ({"link": "https://exemple.fr:99999/"}, ("link", "link")),
        ({"link": "https://exemple.fr/" + "x" * 300}, ("link", "link")),
        ({"link": ["https://exemple.fr"]}, ("link", "link")),
        ({"texte": "x"}, ("texte", "unknown")),
    ],
)
def test_what_is_wrong_is_named_at_its_field(
    catalogue: Catalogue, changes: dict[str, Any], fault: tuple[str, str]
) -> None:
    """Each fault alone, at the field where it is; nothing is published."""
    assert read(catalogue, **changes) == (None, [fault])


def test_all_faults_are_named_at_once(catalogue: Catalogue) -> None:
    """An empty note has one fault for each of its required fields; 900 characters are none."""
    _content, faults = read_note({}, catalogue, TODAY)
    assert [row.name for row in faults] == ["about", "text_fr", "name", "role", "date"]
    assert read(catalogue, text_fr="x" * 900)[1] == []
    assert read_reason(" ")[1][0].key == "cluster.fault.reason"
    assert read_reason(" Une\nerreur ") == ("Une erreur", ())


def test_a_dated_view_shows_what_stood_then(opened: Workspace, moments: list[datetime]) -> None:
    """Months later, a day, an edition and a dated link show the same notes, withdrawn or not since then."""
    assert pin(opened) == "e1"
    first = publish(opened, "Première.")
    assert (show(opened), pin(opened)) == (["Première."], "e1.n1")
    moments.append(moments[0] + timedelta(days=10))
    publish(opened, "Seconde.")
    dated = pin(opened)
    moments.append(moments[0] + timedelta(days=20))
    withdraw(opened, first)
    assert publish_edition(opened, 1) == 2
    publish(opened, "Troisième.")
    assert show(opened) == ["Troisième.", "Seconde."]
    assert show(opened, "2026-11-30") == []
    assert show(opened, "2026-12-01") == ["Première."]
    assert show(opened, "2026-12-15") == ["Seconde.", "Première."]
    assert (dated, show(opened, dated)) == ("e1.n2", ["Seconde.", "Première."])
    assert (show(opened, "e1"), show(opened, "e1.n1"), show(opened, "e1.n3")) == ([], ["Première."], ["Seconde."])
    assert (show(opened, "e2"), pin(opened, "e2")) == (["Seconde."], "e2")
    assert (pin(opened, "2026-12-15"), pin(opened, dated), pin(opened)) == ("e1.n2", "e1.n2", "e2.n4")
    assert show(opened, "2010-10") == []
    assert pin(opened, "2010-10").startswith("2010-10")


def test_a_record_that_is_not_there_is_said(opened: Workspace) -> None:
    """A link to notes that this store does not have shows those of the edition, with a notice."""
    selection, notices, outlook = resolve_query(opened, {"asof": "e1.n7"})
    assert (selection.asof, outlook.edition) == ("e1", 1)
    assert [(row.key, row.value, row.default) for row in notices] == [("notice.notes", "e1.n7", "e1")]
    assert resolve_query(opened, {"asof": "e1.n0"})[0].asof == ""
    assert list_notes(opened, replace(DEFAULT_SELECTION, asof="e1"), outlook) == ()


def test_the_parts_of_a_dated_link() -> None:
    """An edition with a record of notes is that edition for everything else."""
    selection = Selection(asof="e12.n7")
    assert (selection.edition_number(), selection.notes_record()) == (12, 7)
    assert (selection.base_edition(), selection.pinned_moment()) == (None, None)
    assert [Selection(asof=text).notes_record() for text in ("e12", "2010-10.e2", "", "n7")] == [None] * 4


def test_who_signed_in_is_recorded_and_asked_again(opened: Workspace, moments: list[datetime]) -> None:
    """A session that has ended writes nothing; a clock a year ahead dates no note unless somebody says it is right."""
    session = opened.access.open_operator_session("analyste")
    content, _faults = read(opened.catalogue)
    assert content is not None
    moments.append(moments[0] + timedelta(days=400))
    with pytest.raises(StoreError, match=r"error\.clock\.ahead"):
        opened.publish_note(content, session)
    record = opened.publish_note(content, session, is_date_right=True)
    assert record.who == "analyste"
    with pytest.raises(StoreError, match=r"error\.clock\.ahead"):
        opened.withdraw_note(record.id, "erreur", session)
    opened.access.end_session(session)
    with pytest.raises(AccessError):
        opened.withdraw_note(record.id, "erreur", session, is_date_right=True)
    assert len(opened.store.notes.list_records()) == 1
