"""What pages say of others: live forecasts beside ours with their record, and the record itself."""

import pytest

from observatory.briefs.common.context import Context
from observatory.briefs.external.coming_years import build_coming_years_figure, describe_coming_years
from observatory.briefs.external.record import build_others_chapter, build_others_figure
from observatory.briefs.external.record_text import record_words
from observatory.briefs.method import build_method
from observatory.charts.outlook_comparison import _CHAR_WIDTH_PX, _MAX_LABEL_PX
from observatory.language import Language, Localizer
from observatory.outlook.external.scores import LEADS, group_forecasts
from observatory.outlook.outlook import Outlook
from observatory.selection import DEFAULT_SELECTION
from observatory.workspace import Workspace
from tests.support.charts import assert_chart_is_valid


@pytest.fixture
def context(outlook: Outlook, localizer: Localizer) -> Context:
    return Context(outlook, DEFAULT_SELECTION, localizer, outlook.day)


def test_live_forecasts_stand_beside_ours(context: Context) -> None:
    """A market has those of its series that are not due, one row for a publisher, series and target, on one scale."""
    figure = build_coming_years_figure(context, "electronics")
    assert figure is not None
    assert figure.spec is not None
    assert_chart_is_valid(figure.spec)
    rows = [
        row.forecast
        for row in context.outlook.study.external_record.rows
        if row.is_first and row.outcome is None and row.forecast.publisher == "wsts"
    ]
    assert len(figure.table.rows) == len({row.target for row in rows})
    assert all(row[0].startswith("WSTS") for row in figure.table.rows)
    assert len(describe_coming_years(context, "electronics")) == len(figure.table.rows)
    pages = [text for _name, text in figure.methodology]
    assert all(any(row.page in text for text in pages) for row in rows if row.published == "2026-06")


def test_a_market_of_which_nobody_says_anything_has_no_block(context: Context) -> None:
    """Without a live forecast there is no figure and no sentence."""
    assert build_coming_years_figure(context, "space") is None
    assert describe_coming_years(context, "space") == ()


def test_a_record_in_a_few_words(context: Context) -> None:
    """Eight too high out of eight are said so; a record that misses both ways is a mean error; none is said too."""
    groups = {(row.publisher, row.measure): row for row in group_forecasts(context.outlook.study.external_record.rows)}
    french = context.localizer.language == "fr"
    jets = record_words(groups["honeywell_jets", "total"], context.localizer)
    assert jets == context.localizer.typeset("trop haut 8 fois sur 8" if french else "too high 8 times out of 8")
    assert "6,8" in record_words(groups["wsts", "growth"], Localizer("fr"))
    assert record_words(None, Localizer("en")) == "never judged here"


def test_the_record_says_its_selection_first(context: Context) -> None:
    """Figure and chapter count all rows, name what is missing, and claim nothing for a record told afterwards."""
    figure, chapter = build_others_figure(context), build_others_chapter(context)
    assert figure is not None
    assert figure.spec is not None
    assert chapter is not None
    assert_chart_is_valid(figure.spec)
    assert figure.disclosures[0] == context.localizer.text("others.selection")
    assert "WSTS" in figure.takeaway
    assert "Rafale" not in figure.takeaway  # seven of its eight rows are known from pages that look back
    assert len(chapter.tables[0].rows) == len(group_forecasts(context.outlook.study.external_record.rows))
    assert dict(chapter.terms)["Boeing"] == context.localizer.field_text(
        context.outlook.study.external_record.publishers["boeing"], "missing"
    )


def test_a_former_edition_stays_as_it_was(workspace: Workspace, localizer: Localizer) -> None:
    """The first edition stores no forecast of others: no block, no part, no chapter appears in its pages."""
    first = workspace.get_outlook_by_number(1)
    context = Context(first, DEFAULT_SELECTION, localizer, first.day)
    assert "external" not in first.study.as_json()
    assert all(build_coming_years_figure(context, name) is None for name in first.catalogue.segments)
    assert build_others_figure(context) is None
    assert build_others_chapter(context) is None
    assert build_method(context).others is None
    assert build_method(Context(workspace.get_outlook(), DEFAULT_SELECTION, localizer, first.day)).others is not None


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_label_of_a_lead_time_fits_beside_its_mark(language: Language) -> None:
    """With a count of two digits no label is longer than what the axis shows whole."""
    text = Localizer(language).text
    labels = [text("others.lead.label", lead=text(f"others.short.{lead}"), n=18) for lead in LEADS]
    assert max(map(len, labels)) <= _MAX_LABEL_PX / _CHAR_WIDTH_PX
