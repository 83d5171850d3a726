"""What is folded: other thresholds, all inputs as a table, past odds, rules tried, sources and calculation."""

from dataclasses import replace

from markupsafe import Markup

from observatory.briefs.common.model import Chapter, Figure
from observatory.briefs.figures.methodology import FIRST_FORMULA_INDEX
from observatory.briefs.purchasing.model import PurchasingBrief
from observatory.language import Localizer
from observatory.pages.components import bar_table, html, link_tables
from observatory.pages.components.sheet import render_sheet
from observatory.pages.components.templates import render
from observatory.pages.components.url_widgets import method_url
from observatory.pages.purchasing.controls import PATH
from observatory.selection import Selection


def render_sheets(brief: PurchasingBrief, figure: Figure, selection: Selection, localizer: Localizer) -> Markup:
    """What is folded: other thresholds, all inputs as a table, past odds, rules tried, sources and calculation."""
    sheets = []
    if brief.threshold_ladder is not None:
        sheets.append(
            (localizer.text("purchasing.ladder.title"), link_tables.render_text_table(brief.threshold_ladder))
        )
    listing = link_tables.render_listing(brief.price_table, PATH)
    table = html.render_paragraphs("o-unit", brief.price_table.subtitle) + listing
    sheets.append(
        (localizer.text("purchasing.fold.table"), table + _fold_methodology(brief.price_table.methodology, localizer))
    )
    for chapter, title in ((brief.odds_record, ""), (brief.timing, localizer.text("purchasing.fold.rules"))):
        if chapter is not None:
            content = _render_chapter(chapter) + _fold_methodology(chapter.methodology, localizer)
            sheets.append((title or chapter.title, content))
    download = html.download_url(figure, localizer.language, selection.asof) if figure.provenance.publisher else ""
    said = brief.answer.conversion if brief.answer is not None else ""
    rest = replace(figure, notes=tuple(note for note in figure.notes if note != said))
    footer = html.render_figure_footer(rest, download, localizer, method_url(selection))
    sheets.append((localizer.text("purchasing.fold.method"), footer + _render_methodology(brief, localizer)))
    return Markup().join(render_sheet(title, content) for title, content in sheets)


def _fold_methodology(terms: tuple[tuple[str, str], ...], localizer: Localizer) -> Markup:
    return bar_table.render_methodology_block(terms, localizer)


def _render_methodology(brief: PurchasingBrief, localizer: Localizer) -> Markup:
    """The methodology of the sentences of the lead: probability, its track record, timing."""
    own = {
        term
        for chapter in (brief.odds_record, brief.timing)
        if chapter is not None
        for term in chapter.methodology[FIRST_FORMULA_INDEX:]
    }
    terms = brief.threshold_figure.methodology if brief.threshold_figure is not None else ()
    return bar_table.render_methodology_block((*terms, *sorted(own - set(terms))), localizer)


def _render_chapter(chapter: Chapter) -> Markup:
    """A chapter: terms, then tables; a single table is folded and takes the whole width."""
    text = html.render_heading(chapter.title, chapter.subtitle)
    if chapter.terms:
        text += html.render_terms(chapter.terms)
    if len(chapter.tables) == 1:
        return text + html.render_details(chapter.tables[0].caption, link_tables.render_text_table(chapter.tables[0]))
    tables = [(table.caption, link_tables.render_text_table(table)) for table in chapter.tables]
    return text + render("captioned_tables", tables=tables)
