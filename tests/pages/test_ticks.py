"""Ticks on the page for analysts: a filter that is confirmed, months that are made of days."""

import sys

import pytest
from streamlit.testing.v1 import AppTest

from observatory.briefs.publish.findings import build_ignored_terms, build_inferred_terms
from observatory.language import Localizer
from observatory.selection import Selection
from observatory.workspace import Workspace

PARTS = b"zone;Sexe;Age;an;airbus_deliveries\nMonde;Femmes;25-34;2025;812\n"
DAYS = b"date;airbus_deliveries\n" + b"".join(b"2024-%02d-%02d;1\n" % (n // 28 + 1, n % 28 + 1) for n in range(336))


def page(number: int, selection: object, by: object, localizer: object) -> None:
    """The questions about a draft, and the number of the draft that an answer opened."""
    import streamlit as st

    from observatory import workspace
    from observatory.pages.publish import draft_address, report_step

    draft_address.open_draft = lambda _selection, draft: st.session_state.update(opened=draft)  # type: ignore[assignment]
    opened = workspace.get_workspace()
    draft = opened.store.uploads.get_draft(st.session_state.get("opened", number))
    report_step.show_questions(draft, opened.build_report(draft), selection, by, localizer)  # type: ignore[arg-type]
    st.text(str(draft.id))


@pytest.mark.parametrize(("content", "ticks"), [(PARTS, 2), (DAYS, 1)], ids=["parts", "days"])
def test_each_question_is_a_tick(
    small: Workspace, monkeypatch: pytest.MonkeyPatch, localizer: Localizer, content: bytes, ticks: int
) -> None:
    """Nothing is accepted before every tick is set; ticks add up, and the report says what was confirmed."""
    by = small.access.open_operator_session("analyste")
    draft = small.receive("valeurs.csv", content, by)
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])  # processes that others start run it again
    monkeypatch.setattr("observatory.workspace.get_workspace", lambda: small)
    chosen = Selection(lang=localizer.language)
    app = AppTest.from_function(page, default_timeout=600, args=(draft.id, chosen, by, localizer)).run()
    for left in range(ticks, 0, -1):
        assert not app.exception
        report = small.build_report(small.store.uploads.get_draft(int(app.text[0].value)))
        assert report.observations == ()
        assert len(app.checkbox) == len(report.questions) == left
        app = app.checkbox[0].check().run()
        app = app.run()
    assert not app.exception
    assert len(app.checkbox) == 0
    report = small.build_report(small.store.uploads.get_draft(int(app.text[0].value)))
    assert [row.code for row in report.findings if row.level == "error"] == []
    terms = dict(build_inferred_terms(report.inferred, localizer))
    if content == PARTS:
        assert [row.value for row in report.observations] == [812]
        assert terms[localizer.text("report.inferred.total")] == "Sexe=Femmes, Age=25-34"
        assert [name for name, _why in build_ignored_terms(report.ignored_columns, localizer)] == [
            localizer.text("report.ignored", head=head) for head in ("Sexe", "Age")
        ]
    else:
        assert terms[localizer.text("report.inferred.aggregate")] == localizer.text("report.aggregate.sum")
