"""Second step of a publication: the report on a file, with the questions and unknown names that are to be settled."""

import streamlit as st

from observatory import workspace
from observatory.briefs.publish import findings
from observatory.briefs.publish.page import accepted_text, build_answer_labels, question_text
from observatory.ingest.report import Question, Report
from observatory.language import Localizer
from observatory.pages.components import html, link_tables
from observatory.pages.components.url_widgets import escape_markdown, make_label_formatter
from observatory.pages.publish.draft_address import redraft
from observatory.pages.publish.unknown_names import show_names
from observatory.selection import Selection
from observatory.store.uploads import UploadDraft
from observatory.workspace import AnalystSession


def show_report(
    draft: UploadDraft, report: Report, selection: Selection, access_pass: AnalystSession, localizer: Localizer
) -> None:
    """Shows what was found in the file of a draft, how it was read, and what is to be answered about it."""
    errors = sum(row.level == "error" for row in report.findings)
    counts = findings.build_count_texts(errors, len(report.findings) - errors, localizer)
    with st.container(key="fig_report"):
        accepted = accepted_text(report, localizer)
        st.html(html.render_heading(localizer.text("publish.step.report", **counts, accepted=accepted), ""))
        show_questions(draft, report, selection, access_pass, localizer)
        show_names(draft, report, selection, access_pass, localizer)
        if report.findings:
            st.html(link_tables.render_text_table(findings.build_findings_table(report.findings, localizer)))
        rest = len(report.findings) - findings.MAX_LISTED_FINDINGS
        if rest > 0:
            st.html(html.render_paragraphs("o-source", localizer.plural("news.rest", rest)))
        st.html(
            html.render_details(
                localizer.text("report.read"),
                html.render_terms(
                    (
                        *findings.build_inferred_terms(report.inferred, localizer),
                        *findings.build_ignored_terms(report.ignored_columns, localizer),
                    )
                ),
            )
        )
        if errors and report.observations and not report.questions:
            st.checkbox(
                localizer.plural("publish.without", errors),
                value=bool(draft.choices.get("without_faults")),
                key=f"w_without_{draft.id}",
                on_change=_on_choice,
                args=(draft, "without_faults", f"w_without_{draft.id}", selection, access_pass),
            )


def show_questions(
    draft: UploadDraft, report: Report, selection: Selection, access_pass: AnalystSession, localizer: Localizer
) -> None:
    """Questions that the file leaves open; an answer creates a new draft of the same file."""
    for number, question in enumerate(report.questions):
        if question.name in ("total", "aggregate"):
            key = f"w_{question.name}_{draft.id}_{number}"
            st.checkbox(
                escape_markdown(question_text(question, localizer)),
                key=key,
                on_change=_on_tick,
                args=(draft, question, key, selection, access_pass),
            )
            continue
        key = f"w_{question.name}_{draft.id}"
        titles = {
            row.id: localizer.field_text(row, "title")
            for row in workspace.get_workspace().get_full_catalogue().indicators.values()
        }
        names = build_answer_labels(titles if question.name == "indicator" else {}, question.options, localizer)
        if question.name == "sheet":
            names = {option: option for option in question.options}
        st.selectbox(
            localizer.text(f"publish.question.{question.name}"),
            list(names),
            index=None,
            format_func=make_label_formatter(names),
            placeholder=localizer.text("publish.question.choose"),
            key=key,
            on_change=_on_choice,
            args=(draft, question.name, key, selection, access_pass),
            width=420,
        )


def _on_tick(
    draft: UploadDraft, question: Question, key: str, selection: Selection, access_pass: AnalystSession
) -> None:
    """Takes the one option of a question; filters that are confirmed add up."""
    if st.session_state.get(key):
        confirmed = [draft.choices["total"]] if question.name == "total" and draft.choices.get("total") else []
        redraft(draft, {question.name: "\n".join((*confirmed, question.options[0]))}, selection, access_pass)


def _on_choice(draft: UploadDraft, name: str, key: str, selection: Selection, access_pass: AnalystSession) -> None:
    value = st.session_state.get(key)
    redraft(draft, {name: "yes" if value is True else value or ""}, selection, access_pass)
