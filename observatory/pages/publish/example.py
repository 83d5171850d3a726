"""An example of a file, made of published figures, and what its columns hold."""

from functools import partial

import streamlit as st

from observatory.briefs.common.model import TextTable
from observatory.export.csv.example import EXAMPLE_COLUMNS, ExampleRow, build_example_rows, write_example_csv
from observatory.language import NO_VALUE, Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages.components import html, link_tables
from observatory.pages.components.sheet import render_sheet


def show_example(outlook: Outlook, localizer: Localizer) -> None:
    """Shows the download of the example, and the columns folded; nothing of a store without series."""
    rows = build_example_rows(outlook, localizer.language)
    if not rows:
        return
    with st.container(key="example"):
        st.download_button(
            localizer.text("columns.download"),
            partial(write_example_csv, outlook, localizer.language),
            file_name=localizer.text("columns.file"),
            mime="text/csv",
            key="w_example",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
        )
        content = (
            link_tables.render_text_table(_build_columns_table(rows[-1], localizer))
            + html.render_paragraphs("o-source", localizer.text("columns.wide"), localizer.text("columns.form"))
            + html.render_paragraphs("o-source", localizer.text("columns.example", title=rows[-1].indicator))
        )
        st.html(render_sheet(localizer.text("columns.title"), content))


def _build_columns_table(row: ExampleRow, localizer: Localizer) -> TextTable:
    """The columns of a file by their heads: what each holds, and the cell of the example."""
    cells = {
        "indicator": row.indicator,
        "geo": row.geo,
        "item": row.item or NO_VALUE,
        "period": row.period,
        "value": localizer.number(row.value, len(repr(row.value).partition(".")[2]) if row.value % 1 else 0),
    }
    return TextTable(
        localizer.text("columns.title"),
        tuple(localizer.text(f"columns.head.{name}") for name in ("column", "holds", "example")),
        tuple(
            (localizer.text(f"columns.heads.{name}"), localizer.text(f"columns.{name}"), cells[name])
            for name in EXAMPLE_COLUMNS
        ),
    )
