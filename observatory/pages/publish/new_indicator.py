"""The facts of an indicator that nobody watches yet: what can be read off its file is filled in, the rest is asked."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import streamlit as st

from observatory import workspace
from observatory.briefs.publish import findings
from observatory.catalogue.codec import NAMED
from observatory.catalogue.indicator_input import about, slug
from observatory.catalogue.models import KINDS, ROLES
from observatory.catalogue.periods import FREQUENCIES
from observatory.errors import ObservatoryError, public
from observatory.ingest.report import Report
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.pages.components import html, link_tables
from observatory.pages.components.url_widgets import asked, go
from observatory.settings import SHOWN
from observatory.store.uploads import Draft
from observatory.workspace import Pass
from observatory.workspace.drafts import choices_of, inferred

TEXTS = ("title_fr", "title_en", "unit_fr", "unit_en", "publisher", "licence", "page", "description")
ASKED = (*TEXTS, "segment", "role", "frequency", "kind", "desired_direction", "in_call")
OPTIONAL = ("title_en", "unit_en", "page", "description")


def describe(draft: Draft, report: Report, outlook: Outlook, by: Pass, speaker: Speaker) -> None:
    """The form for the first indicator of a file that the catalogue lacks."""
    name = report.unknown[0]
    key = f"w_about_{draft.id}_"
    known = _inferred(draft.id, name)
    with st.container(key="fig_about"):
        title = speaker.say("about.title", name=name[:SHOWN])
        st.html(html.heading(title, speaker.count("about.hint", len(report.unknown))))
        with st.form(f"about_{draft.id}", border=False):
            left, right = st.columns(2)
            with left:
                st.text_input(speaker.say("about.title_fr"), value=name[:120], key=key + "title_fr", max_chars=120)
                st.text_input(speaker.say("about.title_en"), key=key + "title_en", max_chars=120)
                st.text_input(speaker.say("about.unit_fr"), key=key + "unit_fr", max_chars=60)
                st.text_input(speaker.say("about.unit_en"), key=key + "unit_en", max_chars=60)
                segments = {row.id: speaker.of(row, "title") for row in outlook.catalogue.segments.values()}
                _one(key, "segment", segments, next(iter(segments)), speaker)
                _one(key, "role", {role: speaker.say(f"role.{role}") for role in ROLES}, "market", speaker)
            with right:
                _one(
                    key,
                    "frequency",
                    {one: speaker.say(f"frequency.{one}") for one in FREQUENCIES},
                    str(known.get("frequency", "A")),
                    speaker,
                )
                _one(key, "kind", {kind: speaker.say(f"about.kind.{kind}") for kind in KINDS}, "flow", speaker)
                directions = {way: speaker.say(f"about.direction.{way}") for way in ("up", "down", "neutral")}
                _one(key, "desired_direction", directions, "up", speaker)
                st.text_input(speaker.say("about.publisher"), key=key + "publisher", max_chars=120)
                st.text_input(speaker.say("about.licence"), key=key + "licence", max_chars=120)
                st.text_input(speaker.say("about.page"), key=key + "page", max_chars=300, placeholder="https://")
            st.text_area(speaker.say("about.description"), key=key + "description", max_chars=600, height=90)
            st.checkbox(speaker.say("about.in_call"), key=key + "in_call")
            st.form_submit_button(
                speaker.say("about.button"),
                type="primary",
                on_click=_describe,
                args=(draft, name, key, known, by, speaker),
            )
        faults = st.session_state.pop(key + "faults", ())
        if faults:
            st.html(link_tables.plain(findings.listed(faults, speaker)))


def _one(key: str, name: str, options: dict[str, str], value: str, speaker: Speaker) -> None:
    st.selectbox(
        speaker.say(f"about.{name}"),
        list(options),
        index=list(options).index(value),
        format_func=lambda option: options.get(option, option),
        key=key + name,
        placeholder=speaker.say("control.placeholder"),
    )


@lru_cache(maxsize=8)
def _inferred(number: int, name: str) -> dict[str, Any]:
    """What the file of a draft tells of the indicator: the same at every run."""
    opened = workspace.opened()
    draft = opened.store.uploads.get(number)
    content = opened.store.uploads.content(draft.file) or b""
    return inferred(draft.name, content, opened.numbered(draft.parent), choices_of(draft), name)


def _describe(draft: Draft, name: str, key: str, known: dict[str, Any], by: Pass, speaker: Speaker) -> None:
    state, opened = st.session_state, workspace.opened()
    texts = {field: str(state.get(key + field, "")).strip() for field in TEXTS}
    given: dict[str, Any] = {field: text for field, text in texts.items() if text or field not in OPTIONAL}
    given |= {field: state.get(key + field) for field in ("segment", "role", "frequency", "kind", "desired_direction")}
    given["in_call"] = bool(state.get(key + "in_call"))
    given["caveats_fr"] = given["caveats_en"] = ""
    catalogue = opened.numbered(draft.parent).catalogue
    facts, faults = about(slug(name), given, catalogue, known, datetime.now(UTC).date(), speaker.say("about.form"))
    if facts is None:
        labels = {_label(row.column, speaker): row for row in reversed(faults)}
        state[key + "faults"] = [replace(row, column=label) for label, row in reversed(labels.items())]
        return
    try:
        made = opened.redraft(draft, by, about={**draft.about, slug(name): facts | {NAMED: name}})
    except ObservatoryError as error:
        state["said"] = speaker.explain(error.key, public(error.values))
        return
    chosen, _notices, _outlook = asked(opened)
    go(replace(chosen, draft=made.id))


def _label(column: str, speaker: Speaker) -> str:
    """What the form calls a key: the publisher and the licence are asked for once, for both languages."""
    name = "publisher" if column == "attribution" else column
    name = name if name.startswith(("title", "unit")) else name.removesuffix("_fr").removesuffix("_en")
    return speaker.say(f"about.{name}") if name in ASKED else column
