"""The page for analysts by its parts: unknown names, facts of a new indicator, the reason, the ways on."""

import html
import re
import sys
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from observatory.language import Localizer
from observatory.workspace import AnalystSession, Workspace

NAMES = "indicateur;zone;année;valeur\nLivraison avion commerciaux Airbus;Mondde;2025;812\n".encode()
NEW = "indicateur;zone;année;valeur\nqqqq zzzz;Monde;2024;5,5\nqqqq zzzz;Monde;2025;6,1\n".encode()
GOOD = "indicateur;zone;année;valeur\nairbus_deliveries;Monde;2025;812\n".encode()
REQUIRED = ("title_fr", "unit_fr", "segment", "role", "kind", "desired_direction", "publisher", "licence")
Run = Callable[..., AppTest]


def page(part: str, number: int, by: object, localizer: object) -> None:
    """The script of one part of the page on a draft, and the number of the draft that an answer opened."""
    import streamlit as st

    from observatory import workspace
    from observatory.pages.publish import (
        draft_address,
        new_forecast,
        new_indicator,
        outcome,
        preview_step,
        undo,
        unknown_names,
    )
    from observatory.selection import Selection

    selection = Selection(lang=localizer.language)  # type: ignore[attr-defined]
    draft_address.open_draft = lambda _selection, draft: st.session_state.update(opened=draft)  # type: ignore[assignment]
    preview_step.open_draft = draft_address.open_draft
    new_indicator.write_address = lambda chosen: st.session_state.update(opened=chosen.draft)  # type: ignore[assignment]
    opened = workspace.get_workspace()
    if part == "forecast":
        new_forecast.show_form(opened.get_outlook(), selection, by, localizer)  # type: ignore[arg-type]
        return
    if part == "undo":
        outcome.show_outcome(selection, localizer)  # type: ignore[arg-type]
        undo.show_undo(selection, by, localizer)  # type: ignore[arg-type]
        return
    draft = opened.store.uploads.get_draft(st.session_state.get("opened") or number)
    report = opened.build_report(draft)
    if part == "names":
        unknown_names.show_names(draft, report, selection, by, localizer)  # type: ignore[arg-type]
        st.text(f"new: {unknown_names.find_new_indicator(draft, report)}")
    if part == "about" and (name := unknown_names.find_new_indicator(draft, report)):
        new_indicator.show_form(draft, name, 1, opened.get_outlook(), by, localizer)  # type: ignore[arg-type]
    if part == "preview":
        preview_step.show_preview(opened.build_preview(draft), selection, by, localizer)  # type: ignore[arg-type]
        outcome.show_outcome(selection, localizer)  # type: ignore[arg-type]
    st.text(f"draft: {draft.id}")


@pytest.fixture
def by(small: Workspace) -> AnalystSession:
    return small.access.open_operator_session("analyste")


@pytest.fixture
def run(small: Workspace, by: AnalystSession, monkeypatch: pytest.MonkeyPatch, localizer: Localizer) -> Run:
    """Opens a part of the page on a file."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    monkeypatch.setattr("observatory.workspace.get_workspace", lambda: small)

    def start(part: str, content: bytes = b"") -> AppTest:
        number = small.receive("valeurs.csv", content, by).id if content else 0
        return AppTest.from_function(page, default_timeout=600, args=(part, number, by, localizer)).run()

    return start


def texts(app: AppTest) -> list[str]:
    """The sentences of a page that are text, what quotes the file among them."""
    assert not app.exception
    return [row.value for row in app.text]


def find_draft(small: Workspace, app: AppTest) -> Any:
    return small.store.uploads.get_draft(int(texts(app)[-1].removeprefix("draft: ")))


def press(app: AppTest, label: str) -> AppTest:
    """Presses the one button of a label; the run after it shows the draft that the answer opened."""
    (button,) = [row for row in app.button if row.label == label]
    return button.click().run().run()


def test_the_nearest_titles_answer_with_a_press(run: Run, small: Workspace, localizer: Localizer) -> None:
    """A press reads the file again with the title; the last one leaves no fault, and one can be taken back."""
    app = run("names", NAMES)
    catalogue = small.get_outlook().catalogue
    title = localizer.field_text(catalogue.indicators["airbus_deliveries"], "title")
    place = localizer.field_text(catalogue.geographies["WORLD"], "title")
    assert "new:" in texts(app)
    app = press(app, title)
    assert [row.kind for row in small.build_report(find_draft(small, app)).unknown_names] == ["geo"]
    app = press(app, place)
    report = small.build_report(find_draft(small, app))
    assert report.is_publishable
    assert [(row.indicator, row.geo, row.value) for row in report.observations] == [("airbus_deliveries", "WORLD", 812)]
    shown = [text for text in texts(app) if "Mondde" in text]
    assert shown == [localizer.text("names.read_as", name="Mondde", title=place)]
    app = [row for row in app.button if row.label == localizer.text("names.undo")][1].click().run().run()
    assert [row.name for row in small.build_report(find_draft(small, app)).unknown_names] == ["Mondde"]


def test_any_title_can_be_chosen(run: Run, small: Workspace) -> None:
    """A name that is like no title is settled by the list of all of them."""
    app = run("names", NEW)
    (box,) = app.selectbox
    app = box.select("airbus_deliveries").run().run()
    assert {row.indicator for row in small.build_report(find_draft(small, app)).observations} == {"airbus_deliveries"}


def test_a_new_indicator_is_described_once_somebody_says_so(run: Run, localizer: Localizer) -> None:
    """With similar titles the form waits for the answer; without any it is there."""
    app = run("names", NAMES)
    assert "new:" in texts(app)
    app = press(app, localizer.text("names.new"))
    assert "new: Livraison avion commerciaux Airbus" in texts(app)
    assert "new: qqqq zzzz" in texts(run("names", NEW))


def test_nothing_is_chosen_in_silence_and_each_empty_field_says_so(
    run: Run, small: Workspace, localizer: Localizer
) -> None:
    """The frequency is that of the file; every other choice is asked for; each fault is cured once."""
    app = run("about", NEW)
    assert {row.key.rpartition("_")[2]: row.value for row in app.selectbox} == {
        "segment": None,
        "role": None,
        "frequency": "A",
        "kind": None,
        "direction": None,
    }
    labels = {row.label for row in (*app.text_input, *app.selectbox)}
    required = {localizer.text("field.required", label=localizer.text(f"about.{name}")) for name in REQUIRED}
    assert required < labels
    app = app.button[0].click().run()
    missing = [localizer.text(f"about.missing.{name}") for name in REQUIRED if name != "title_fr"]
    assert sorted(texts(app)[:-1]) == sorted(missing)
    number = find_draft(small, app).id
    key = f"w_about_{number}_"
    for name, value in (("unit_fr", "avions"), ("publisher", "Essai"), ("licence", "aucune licence indiquée")):
        app.text_input(key=key + name).input(value)
    app.text_input(key=f"{key}page").input("gopher://essai")
    for name, choice in (("segment", "drones"), ("role", "cost"), ("kind", "flow"), ("desired_direction", "up")):
        app.selectbox(key=key + name).select(choice)
    app = app.button[0].click().run()
    assert len(texts(app)) == 2
    assert "gopher://essai" in texts(app)[0]
    app.text_input(key=f"{key}page").input("")
    app.checkbox(key=f"{key}in_call").check()
    app = app.button[0].click().run()
    assert texts(app)[:-1] == [localizer.text("about.fault.in_call")]
    app.checkbox(key=f"{key}in_call").uncheck()
    app = app.button[0].click().run().run()
    draft = find_draft(small, app)
    assert draft.about["qqqq_zzzz"]["segment"] == "drones"
    assert small.build_report(draft).is_publishable


def test_each_required_field_of_a_forecast_says_that_it_is_empty(run: Run, localizer: Localizer) -> None:
    """The fields that are called required are those that an empty form asks for."""
    app = run("forecast").button[0].click().run()
    labels = [
        localizer.text(f"publish.forecast.{name}", most=15)
        for name in ("publisher", "published", "kind", "target", "page", "quote")
    ]
    required = {localizer.text("field.required", label=label) for label in labels}
    ending = localizer.text("field.required", label="")
    assert {row.label for row in (*app.text_input, *app.selectbox) if row.label.endswith(ending)} == required
    assert sorted(texts(app)) == sorted(localizer.text("field.missing", label=label) for label in labels)


@pytest.mark.slow
def test_without_a_reason_nothing_is_published(run: Run, small: Workspace, localizer: Localizer) -> None:
    """An empty reason is a fault at its field; a typed one is the note of the edition, and of its undoing."""
    app = run("preview", GOOD)
    app.text_input[0].input("   ")
    app = app.button(key="w_publish").click().run()
    assert localizer.text("publish.note.missing") in texts(app)
    assert small.get_vintage().id == 1
    app.text_input[0].input("  valeurs\tdéfinitives ")
    app = app.button(key="w_publish").click().run()
    assert (small.get_vintage().id, small.get_vintage().note_fr) == (2, "valeurs définitives")
    bodies = "".join(row.proto.body for row in app.get("html"))
    links = [html.unescape(link) for link in re.findall(r'href="(/whats-new[^"]*)"', bodies)]
    assert links == [f"/whats-new?lang={localizer.language}&since=1&until=2"]

    app = run("undo")
    app = app.selectbox(key="w_undo").select(2).run()
    app = app.button(key="w_revert").click().run()
    assert localizer.text("publish.undo.missing") in texts(app)
    assert small.get_vintage().id == 2
    app.text_input(key="w_undo_note").input("essai")
    app = app.button(key="w_revert").click().run()
    assert (small.get_vintage().id, small.get_vintage().note_en) == (3, "essai")
    assert [row.label for row in app.button if row.key == "w_undo_now"] == [localizer.text("publish.undo.now")]
