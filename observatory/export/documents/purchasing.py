"""Drafts the document of the page on purchases."""

from dataclasses import replace

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import LinkTable, TextTable
from observatory.briefs.deck.purchasing import build_purchasing_deck
from observatory.briefs.links import pin_purchasing
from observatory.briefs.purchasing.methodology import describe_odds
from observatory.briefs.purchasing.model import PurchasingBrief, build_threshold_query
from observatory.briefs.purchasing.page import build_purchasing
from observatory.briefs.purchasing.threshold import build_threshold_figure, build_threshold_ladder
from observatory.export.document import Section
from observatory.export.documents.draft import DocumentDraft
from observatory.export.documents.sections import (
    build_chapter_section,
    build_figure_section,
    build_table_section,
    drop_missing,
    list_sources,
)
from observatory.export.documents.segment import describe_method


def draft_purchasing(context: Context) -> DocumentDraft:
    """One input against its threshold, the basket, all inputs, when to negotiate, as of the day of the edition."""
    localizer = context.localizer
    brief = build_purchasing(context)
    rows = [context.outlook.catalogue.indicators[name] for name, _title in brief.input_options]
    return DocumentDraft(
        title=localizer.text("page.purchasing"),
        kicker=brief.kicker,
        lead=brief.lead,
        under=_list_sentences(brief),
        sections=_build_sections(context, brief),
        cover_id="main",
        method=(
            *((describe_odds(context),) if brief.odds_record else ()),
            *describe_method(localizer, has_call=False),
        ),
        sources=list_sources(context, rows),
        selection=pin_purchasing(brief, context.outlook, context.selection),
        deck=build_purchasing_deck(context, brief),
    )


def _list_sentences(brief: PurchasingBrief) -> tuple[str, ...]:
    """Age and window of the price, how it was converted, the odds of the threshold, notices."""
    answer = brief.answer
    first = (
        () if answer is None else (" ".join(part for part in answer.warning if part), answer.window, answer.conversion)
    )
    return tuple(part for part in (*first, brief.threshold_text, *brief.under, *brief.notices) if part)


def _build_other_currency(context: Context, brief: PurchasingBrief) -> tuple[Section, ...]:
    """Chart and thresholds in the other currency: as published where the page shows euros, else in euros."""
    other = next((code for code, _label in brief.currency_options if code != brief.currency), "")
    if not other:
        return ()
    indicator = context.outlook.catalogue.indicators[brief.indicator]
    chosen = replace(
        context,
        selection=replace(context.selection, currency=other, threshold=brief.other_threshold, side=brief.other_side),
    )
    query = build_threshold_query(chosen, indicator)
    figure, ladder = build_threshold_figure(chosen, query), build_threshold_ladder(query, context.localizer)
    title = context.localizer.text("purchasing.ladder.title")
    return drop_missing(
        (
            build_figure_section(f"main_{other}", figure, context.localizer),
            build_table_section(f"ladder_{other}", title, ladder, ladder.caption) if ladder is not None else None,
        )
    )


def _build_sections(context: Context, brief: PurchasingBrief) -> tuple[Section, ...]:
    localizer = context.localizer
    title = localizer.text("purchasing.ladder.title")
    return drop_missing(
        (
            build_figure_section("main", brief.threshold_figure, localizer) if brief.threshold_figure else None,
            build_table_section("ladder", title, brief.threshold_ladder, brief.threshold_ladder.caption)
            if brief.threshold_ladder
            else None,
            build_figure_section("basket", brief.basket_figure, localizer) if brief.basket_figure else None,
            build_table_section(
                "inputs", brief.price_table.title, _build_table(brief.price_table), brief.price_table.subtitle
            )
            if brief.price_table.entries
            else None,
            build_chapter_section("timing", brief.timing) if brief.timing else None,
            build_chapter_section("record", brief.odds_record) if brief.odds_record else None,
            *_build_other_currency(context, brief),
        )
    )


def _build_table(table: LinkTable) -> TextTable:
    """A table with links as a table of texts."""
    rows = tuple((f"{row.title} ({row.subtitle})" if row.subtitle else row.title, *row.cells) for row in table.entries)
    return TextTable(table.title, table.headers, rows)
