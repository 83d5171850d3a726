"""Publishing: a file, its report with every bad cell, what it would change, the button, and the way back."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from html import escape
from typing import Any

import streamlit as st

from observatory import workspace
from observatory.briefs.publish import findings
from observatory.briefs.publish import page as briefs
from observatory.errors import ConflictError, ObservatoryError
from observatory.ingest.report import Report
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.pages.auth.session_cookie import stay
from observatory.pages.auth.sign_in import admitted, door, leave
from observatory.pages.components import html, knowhow_file, link_tables
from observatory.pages.components.notices import notices
from observatory.pages.components.url_widgets import go, named, speaker_of, unmarked
from observatory.pages.publish import effects
from observatory.pages.publish.new_indicator import describe
from observatory.pages.publish.progress import TURN, bar, tell
from observatory.pages.publish.undo import undo
from observatory.selection import Selection
from observatory.settings import LARGEST_UPLOAD
from observatory.store.uploads import Draft
from observatory.workspace import Pass, Preview


def show(outlook: Outlook, selection: Selection, _pages: Mapping[str, Any]) -> None:
    """The desk of the analysts; a reader who has not signed in sees its door."""
    speaker = speaker_of(selection)
    by = admitted()
    if by is None:
        under = (speaker.say("publish.under.out"), speaker.say("publish.under.open"))
        st.html(html.lead(speaker.say("page.publish"), speaker.say("publish.lead.out"), under))
        door(speaker)
        return
    stay(by)
    draft = _draft(selection)
    if draft is None:
        st.html(html.lead(speaker.say("page.publish"), speaker.say("publish.lead.start")))
        _said()
        _who(by, speaker)
        _file(selection, by, speaker)
        _waiting(selection, speaker)
        undo(selection, by, speaker)
        knowhow_file.section(workspace.opened().outlook(), speaker)
        return
    _desk(draft, outlook, selection, by, speaker)


def _draft(selection: Selection) -> Draft | None:
    """The draft that the address names, if it still waits."""
    drafts = workspace.opened().store.uploads.drafts() if selection.draft else ()
    return next((row for row in drafts if row.id == selection.draft), None)


def _who(by: Pass, speaker: Speaker) -> None:
    with st.container(key="who", horizontal=True):
        st.text(speaker.say("publish.who", who=by.who))
        st.button(speaker.say("door.out"), key="w_leave", on_click=leave, args=(by,))


# -- the file --------------------------------------------------------------------------------------------------------


def _file(selection: Selection, by: Pass, speaker: Speaker, draft: Draft | None = None, again: bool = True) -> None:
    """The first step: a file is received as soon as it is chosen; a draft that it corrects gives way to it."""
    limit = speaker.say("size.megabytes", n=LARGEST_UPLOAD // 2**20)
    hint = speaker.say("publish.file.hint", limit=limit)
    with st.container(key="fig_file"):
        st.html(html.heading(speaker.say("publish.step.file"), hint if draft is None else _kept_file(draft, speaker)))
        with st.container(key="file", horizontal=True):
            if again:
                button = speaker.say("publish.file.button" if draft is None else "publish.file.again")
                key = f"w_file_{selection.draft}_{st.session_state.get('files', 0)}"
                st.html(f'<style>.stApp{{--upload:"{button}"}}</style>')
                st.file_uploader(
                    speaker.say("publish.file.label"),
                    key=key,
                    label_visibility="collapsed",
                    max_upload_size=LARGEST_UPLOAD // 2**20 + 1,
                    on_change=_receive,
                    args=(key, selection, by, draft),
                )
            if draft is not None:
                st.download_button(
                    speaker.say("publish.file.original"),
                    data=_original(draft),
                    file_name=draft.name,
                    mime="application/octet-stream",
                    key="w_original",
                    on_click="ignore",
                    icon=":material/download:",
                )


def _kept_file(draft: Draft, speaker: Speaker) -> str:
    when = speaker.clock(draft.recorded)
    return speaker.say("publish.file.kept", name=draft.name, who=draft.who, when=when, sha256=draft.file[:12])


def _original(draft: Draft) -> Callable[[], bytes]:
    """The file as it was sent, read when somebody asks for it."""
    return lambda: workspace.opened().store.uploads.content(draft.file) or b""


def _receive(key: str, selection: Selection, by: Pass, draft: Draft | None) -> None:
    uploaded = st.session_state.get(key)
    if uploaded is None:
        return
    opened = workspace.opened()
    try:
        made = opened.receive(uploaded.name[:200], uploaded.getvalue(), by)
        if draft is not None:
            opened.discard(draft, by)
    except ObservatoryError as error:
        tell(error, selection)
        return
    st.session_state["files"] = st.session_state.get("files", 0) + 1
    _go(selection, made.id)


def _go(selection: Selection, draft: int) -> None:
    """To a draft, or with 0 back to the list."""
    go(replace(selection, draft=draft))


def _said() -> None:
    """What the last click led to."""
    notices("notices_said", (st.session_state.pop("said", ""),))


def _waiting(selection: Selection, speaker: Speaker) -> None:
    """The drafts that wait, of all analysts: a closed tab or a restarted server loses nothing."""
    drafts = workspace.opened().store.uploads.drafts()
    if not drafts:
        return
    with st.container(key="fig_drafts"):
        st.html(html.heading(speaker.say("publish.drafts"), speaker.say("publish.drafts.hint")))
        for row in drafts:
            with st.container(key=f"draft_{row.id}", horizontal=True):
                st.button(unmarked(row.name), key=f"w_draft_{row.id}", on_click=_go, args=(selection, row.id))
                st.text(speaker.say("publish.drafts.row", who=row.who, when=speaker.clock(row.recorded)))


# -- a draft ---------------------------------------------------------------------------------------------------------


def _desk(draft: Draft, outlook: Outlook, selection: Selection, by: Pass, speaker: Speaker) -> None:
    report = reported(draft)
    new = len(report.unknown)
    preview = None if new or not _sound(report, draft) else _previewed(draft, speaker)
    lead, under = briefs.state(report, preview.ready if preview is not None else 0, draft.parent, speaker)
    st.html(html.lead(speaker.say("publish.kicker", name=draft.name, id=draft.parent), lead, (under,)))
    _said()
    _file(selection, by, speaker, draft, again=bool(report.findings))
    _report(draft, report, selection, by, speaker)
    if new:
        describe(draft, report, outlook, by, speaker)
    if preview is not None:
        _preview(preview, selection, by, speaker)
    with st.container(key="ends", horizontal=True):
        st.button(speaker.say("publish.discard"), key="w_discard", on_click=_discard, args=(draft, selection, by))
    _who(by, speaker)


def _sound(report: Report, draft: Draft) -> bool:
    return report.ok or (bool(draft.choices.get("without_faults")) and bool(report.observations))


@lru_cache(maxsize=4)
def _reported(number: int) -> Report:
    opened = workspace.opened()
    return opened.report(opened.store.uploads.get(number))


def reported(draft: Draft) -> Report:
    """The report on a draft: neither its file nor the vintage that it stands on ever changes."""
    return _reported(draft.id)


@lru_cache(maxsize=4)
def _kept(_number: int, _day: date) -> list[Preview]:
    """A place for the preview of a draft on a day: forecasts know what is overdue."""
    return []


def _previewed(draft: Draft, speaker: Speaker) -> Preview:
    kept = _kept(draft.id, datetime.now(UTC).date())
    if not kept:
        shown = st.progress(0.0, speaker.say("progress.forecasting"))
        with TURN:
            if not kept:
                kept.append(workspace.opened().preview(draft, bar(shown, speaker)))
        shown.empty()
    return kept[0]


def _report(draft: Draft, report: Report, selection: Selection, by: Pass, speaker: Speaker) -> None:
    errors = sum(row.level == "error" for row in report.findings)
    said = findings.counts(errors, len(report.findings) - errors, speaker)
    with st.container(key="fig_report"):
        accepted = briefs.accepted(report, speaker)
        st.html(html.heading(speaker.say("publish.step.report", **said, accepted=accepted), ""))
        _questions(draft, report, selection, by, speaker)
        if report.findings:
            st.html(link_tables.plain(findings.listed(report.findings, speaker)))
        rest = len(report.findings) - findings.MOST
        if rest > 0:
            st.html(f'<p class="o-source">{escape(speaker.count("news.rest", rest))}</p>')
        st.html(html.more(speaker.say("report.read"), html.terms(findings.read_as(report.inferred, speaker))))
        if errors and report.observations and not report.questions:
            st.checkbox(
                speaker.count("publish.without", errors),
                value=bool(draft.choices.get("without_faults")),
                key=f"w_without_{draft.id}",
                on_change=_choose,
                args=(draft, "without_faults", f"w_without_{draft.id}", selection, by),
            )


def _questions(draft: Draft, report: Report, selection: Selection, by: Pass, speaker: Speaker) -> None:
    """What nothing in the file settles: the answer makes a new draft of the same file."""
    for question in report.questions:
        key = f"w_{question.name}_{draft.id}"
        titles = {row.id: speaker.of(row, "title") for row in workspace.opened().watched().indicators.values()}
        names = briefs.choices(titles if question.name == "indicator" else {}, question.options, speaker)
        if question.name == "sheet":
            names = {option: option for option in question.options}
        st.selectbox(
            speaker.say(f"publish.question.{question.name}"),
            list(names),
            index=None,
            format_func=named(names),
            placeholder=speaker.say("publish.question.choose"),
            key=key,
            on_change=_choose,
            args=(draft, question.name, key, selection, by),
            width=420,
        )


def _choose(draft: Draft, name: str, key: str, selection: Selection, by: Pass) -> None:
    value = st.session_state.get(key)
    chosen = {**draft.choices, name: "yes" if value is True else value or ""}
    try:
        made = workspace.opened().redraft(draft, by, {name: value for name, value in chosen.items() if value})
    except ObservatoryError as error:
        tell(error, selection)
        return
    _go(selection, made.id)


def _preview(preview: Preview, selection: Selection, by: Pass, speaker: Speaker) -> None:
    twin = preview.twin
    notices(
        "notices_twin",
        () if twin is None else (speaker.say("publish.twin", id=twin.id, day=speaker.day(twin.at.date())),),
    )
    if preview.prepared is None:
        return
    title = speaker.say("publish.effect.title")
    effects.show(title, preview.before, preview.prepared.after, preview.changes, preview.unchanged, speaker)
    with st.container(key="fig_publish"):
        st.html(html.heading(speaker.say("publish.step.publish"), speaker.say("publish.note.hint")))
        st.text_input(speaker.say("publish.note"), key=f"w_note_{preview.draft.id}", max_chars=300)
        st.button(
            speaker.say("publish.button"),
            key="w_publish",
            type="primary",
            icon=":material/publish:",
            on_click=_publish,
            args=(preview, selection, by),
        )
        st.html(f'<p class="o-source">{escape(speaker.say("publish.promise"))}</p>')


def _publish(preview: Preview, selection: Selection, by: Pass) -> None:
    """Publishes what was previewed; if somebody was faster, the difference is shown anew, and nothing is published."""
    opened, speaker = workspace.opened(), speaker_of(selection)
    note = str(st.session_state.get(f"w_note_{preview.draft.id}", "")).strip()
    if preview.prepared is None:
        return
    if preview.prepared.after.day != datetime.now(UTC).date():
        st.session_state["said"] = speaker.say("publish.overnight")  # the run that follows makes it anew
        return
    try:
        vintage = opened.commit(preview.prepared, by, note)
    except ConflictError as error:
        st.session_state["said"] = speaker.say("publish.conflict", head=error.values["head"])
        _go(selection, opened.redraft(preview.draft, by).id)
        return
    except ObservatoryError as error:
        tell(error, selection)
        return
    st.session_state["said"] = briefs.published(vintage.id, preview.changes, speaker)
    _go(selection, 0)


def _discard(draft: Draft, selection: Selection, by: Pass) -> None:
    try:
        workspace.opened().discard(draft, by)
    except ObservatoryError as error:
        tell(error, selection)
        return
    _go(selection, 0)
