"""Drafts the document of the catalogue of indicators."""

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import TextTable
from observatory.briefs.data.page import build_data
from observatory.export.documents.draft import DocumentDraft
from observatory.export.documents.sections import build_table_section


def draft_data(context: Context) -> DocumentDraft:
    """The indicators that the selection finds: market, publisher, last figure, age, rhythm, licence."""
    localizer = context.localizer
    brief = build_data(context)
    names = ("indicator", "market", "role", "publisher", "latest", "age", "frequency", "licence")
    table = TextTable(
        brief.found,
        tuple(localizer.text(f"data.head.{name}") for name in names),
        tuple(
            (
                row.title,
                row.segment_title,
                row.role_label,
                row.publisher,
                row.latest,
                row.age or "\u2013",
                row.frequency_label,
                row.licence,
            )
            for row, _spark in brief.rows
        ),
    )
    return DocumentDraft(
        title=localizer.text("page.data"),
        kicker=brief.kicker,
        lead=brief.lead,
        under=brief.under,
        sections=(build_table_section("indicators", brief.found, table),),
        cover_id="",
        method=(localizer.text("data.files.method"),),
        sources=(),
        selection=context.selection,
    )
