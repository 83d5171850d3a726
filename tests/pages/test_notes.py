"""The cluster's notes on pages: text apart from what is computed, written and withdrawn on the page Publish."""

import sys
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from observatory.briefs.notes import build_note, select_notes
from observatory.catalogue.models import Catalogue
from observatory.language import Localizer
from observatory.pages.components import cluster_note
from observatory.pages.components.cluster_note import render_notes
from observatory.pages.server.application import PAGES_FOLDER
from observatory.store.notes import NoteContent, PublishedNote, list_standing
from observatory.workspace import AnalystSession, Workspace

HOSTILE = "</blockquote><script>alert(1)</script> & \"q\" 'a' {{ 1 }} **b**"


def note(**changes: Any) -> NoteContent:
    values = {"scope": "segment", "code": "space", "text_fr": "Un.", "text_en": "", "name": "P. N.", "role": "experte"}
    return NoteContent(**{**values, "day": date(2026, 11, 20), **changes})


class Reader(HTMLParser):
    """The elements and the texts of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keeps an element with its attributes."""
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keeps a text."""
        self.texts.append(data)


def test_a_note_is_text_and_its_link_leads_out(catalogue: Catalogue) -> None:
    """Whatever a note says is shown as it is; the link names its host and passes nothing on."""
    content = note(text_fr=HOSTILE, name="<b>", link="https://exemple.fr/?a=1&b=%22")
    read = Reader(render_notes([build_note(content, 1, catalogue, Localizer("fr"))], Localizer("fr")))
    assert HOSTILE in read.texts
    assert {tag for tag, _attributes in read.elements} <= {"article", "p", "blockquote", "footer", "span", "a"}
    (link,) = [attributes for tag, attributes in read.elements if tag == "a"]
    assert link["href"] == "https://exemple.fr/?a=1&b=%22"
    assert link["rel"] == "noopener nofollow"
    assert "exemple.fr" in read.texts


def test_a_note_is_in_the_language_of_its_reader(catalogue: Catalogue) -> None:
    """English where there is some, else French, which is said and marked for screen readers."""
    french, english = Localizer("fr"), Localizer("en")
    both, alone = note(text_en="One."), note()
    for content, localizer, expected in (
        (both, french, ("Un.", "fr", "")),
        (both, english, ("One.", "en", "")),
        (alone, french, ("Un.", "fr", "")),
        (alone, english, ("Un.", "fr", "in French")),
    ):
        view = build_note(content, 1, catalogue, localizer)
        assert (view.paragraphs[0], view.language, view.language_label) == expected
    html = render_notes([build_note(alone, 1, catalogue, english)], english)
    assert ("blockquote", {"lang": "fr", "dir": "auto"}) in Reader(html).elements


def test_older_notes_are_folded(catalogue: Catalogue) -> None:
    """The newest is in sight, the others one tap away, with their number."""
    views = [build_note(note(text_fr=text), 1, catalogue, Localizer("en")) for text in ("New.", "Old.", "Older.")]
    html = render_notes(views, Localizer("en"))
    seen, folded = html.split("<details")
    assert "New." in seen
    assert "Old." in folded
    assert "2 earlier notes" in folded
    assert "<details" not in render_notes(views[:1], Localizer("en"))


def test_notes_are_chosen_by_what_they_are_about() -> None:
    """A market whose code is that of a country has its own notes alone."""
    contents = [note(), note(scope="whole", code=""), note(scope="country", code="USA"), note(code="drones")]
    moment: Any = None
    rows = [PublishedNote(number, content, moment, moment, 1, "a") for number, content in enumerate(contents)]
    assert [row.id for row in select_notes(rows, "segment", "space")] == [0]
    assert [row.id for row in select_notes(rows, "whole")] == [1]
    assert [row.id for row in select_notes(rows, "country", "USA")] == [2]
    assert select_notes(rows, "segment", "USA") == ()


def form(by: object, lang: str) -> None:
    """The script of the section alone."""
    from observatory.language import Localizer
    from observatory.pages.publish.notes import show_notes

    show_notes(by, Localizer(lang))  # type: ignore[arg-type]


@pytest.fixture
def by(small: Workspace) -> AnalystSession:
    return small.access.open_operator_session("analyste")


@pytest.fixture
def app(small: Workspace, by: AnalystSession, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setattr("observatory.workspace.get_workspace", lambda: small)
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    return AppTest.from_function(form, default_timeout=120, kwargs={"by": by, "lang": "fr"}).run()


def read_texts(app: AppTest) -> list[str]:
    assert not app.exception
    return [row.value for row in app.text]


def read_left(app: AppTest) -> list[str]:
    """The numbers of characters left, as shown."""
    return [text for row in app.get("html") for text in Reader(row.proto.body).texts if text.startswith("Encore")]


@pytest.mark.slow
def test_a_note_is_written_previewed_published_and_withdrawn(app: AppTest, small: Workspace) -> None:
    """Faults stand at their fields and go once they are mended; nothing is chosen for the analyst but today."""
    assert read_texts(app) == []
    assert app.selectbox(key="w_note_scope").value is None
    app.button(key="w_publish_note").click().run()
    assert len(read_texts(app)) == 4  # about, text, name, role
    app.selectbox(key="w_note_scope").set_value("segment").run()
    assert len(read_texts(app)) == 4
    app.selectbox(key="w_note_segment").set_value("space").run()
    app.text_area(key="w_note_text_fr").set_value("x" * 901).run()
    assert "901" in " ".join(read_texts(app))
    assert read_left(app)[0].replace("\u00a0", " ") == "Encore 0 caractère"
    app.text_area(key="w_note_text_fr").set_value(HOSTILE).run()
    assert str(900 - len(HOSTILE)) in read_left(app)[0]
    app.text_input(key="w_note_name").set_value("P. N.").run()
    app.text_input(key="w_note_role").set_value("experte").run()
    app.text_input(key="w_note_link").set_value("javascript:alert(1)").run()
    assert len(read_texts(app)) == 1
    app.button(key="w_publish_note").click().run()
    assert small.store.notes.list_records() == ()
    app.text_input(key="w_note_link").set_value("https://exemple.fr/a").run()
    assert read_texts(app) == []
    previews = [row.proto.body for row in app.get("html") if "o-note" in row.proto.body]
    assert [HOSTILE in Reader(row).texts for row in previews] == [True]
    app.button(key="w_publish_note").click().run()
    (record,) = small.store.notes.list_records()
    assert (record.content, record.who) == (
        note(text_fr=HOSTILE, link="https://exemple.fr/a", day=small.today()),
        "analyste",
    )
    assert len(read_texts(app)) == 1
    assert app.text_area(key="w_note_text_fr").value == ""
    app.button(key="w_withdraw_1").click().run()
    assert len(list_standing(small.store.notes.list_records())) == 1
    assert len(read_texts(app)) == 1  # a reason is asked for
    app.text_input(key="w_reason_1").set_value("chiffres revus").run()
    app.button(key="w_withdraw_1").click().run()
    assert list_standing(small.store.notes.list_records()) == ()
    assert small.store.notes.list_records()[1].reason == "chiffres revus"


@pytest.mark.slow
def test_a_note_has_a_screen_of_its_own(small: Workspace, by: AnalystSession, monkeypatch: pytest.MonkeyPatch) -> None:
    """Text, signature and day of the newest, an older one folded; without a note the screen says so."""
    monkeypatch.setattr("observatory.workspace.get_workspace", lambda: small)
    monkeypatch.setattr(cluster_note, "get_workspace", lambda: small)
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])

    def read_screen() -> tuple[str, Reader]:
        app = AppTest.from_file(str(PAGES_FOLDER / "main.py"), default_timeout=600)
        app.query_params["mode"], app.query_params["screens"] = "meeting", "o.n-space.t"
        app.query_params["screen"] = "2"
        app.run()
        assert not app.exception
        html = "".join(row.proto.body for row in app.get("html"))
        return html, Reader(html)

    assert Localizer("fr").text("meeting.note.none") in read_screen()[1].texts
    for text in ("Ancienne.", HOSTILE):
        small.publish_note(note(text_fr=text), by)
    html, read = read_screen()
    seen, folded = html.split("<details")
    assert HOSTILE in read.texts
    assert "Ancienne." not in seen
    assert "Ancienne." in folded
    assert "P. N., experte" in seen
    assert [tag for tag, _attributes in read.elements].count("h1") == 1


@pytest.mark.slow
def test_a_session_that_ended_publishes_nothing(app: AppTest, by: AnalystSession, small: Workspace) -> None:
    """The sentence says so, and what was typed stays."""
    small.access.end_session(by)
    app.selectbox(key="w_note_scope").set_value("whole").run()
    app.text_area(key="w_note_text_fr").set_value("Un.").run()
    app.text_input(key="w_note_name").set_value("P. N.").run()
    app.text_input(key="w_note_role").set_value("experte").run()
    app.button(key="w_publish_note").click().run()
    assert read_texts(app)[:1] == [Localizer("fr").error_text("error.access.none", {})]
    assert app.text_area(key="w_note_text_fr").value == "Un."
    assert small.store.notes.list_records() == ()
