"""Drafts the document of the last collection."""

from observatory.briefs.collection.page import build_collection, select_reports
from observatory.briefs.common.context import Context
from observatory.briefs.common.model import LinkTable, TextTable
from observatory.export.document import Section
from observatory.export.documents.draft import DocumentDraft
from observatory.export.documents.sections import build_table_section, drop_missing
from observatory.workspace import Workspace
from observatory.workspace.collections import read_reports


def draft_collection(context: Context, workspace: Workspace) -> DocumentDraft:
    """What needs a look, what is uploaded by hand, the sources, and the indicators without figures yet.

    A file is that of an edition: it knows the runs until then, so that the same link gives the same file.
    """
    localizer = context.localizer
    brief = build_collection(context, select_reports(read_reports(workspace), context.outlook))
    awaiting = brief.awaiting
    sections = (
        _build_listing_section("attention", brief.attention),
        _build_listing_section("manual", brief.manual),
        build_table_section("sources", brief.sources.caption, brief.sources, brief.sources_subtitle),
        build_table_section("awaiting", awaiting.caption, awaiting) if awaiting is not None else None,
    )
    return DocumentDraft(
        title=localizer.text("page.collection"),
        kicker=brief.kicker,
        lead=brief.lead,
        under=brief.under,
        sections=drop_missing(sections),
        cover_id="",
        method=(localizer.text("collection.sources.subtitle"),),
        sources=(),
    )


def _build_listing_section(name: str, listing: LinkTable | None) -> Section | None:
    if listing is None:
        return None
    rows = tuple(
        (f"{row.title} ({row.subtitle})" if row.subtitle else row.title, *row.cells) for row in listing.entries
    )
    return build_table_section(name, listing.title, TextTable(listing.title, listing.headers, rows), listing.subtitle)
