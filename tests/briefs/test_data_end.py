"""The end of the data stands on pages where the date of the edition stood: a revision does not move it."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from observatory.briefs import cards
from observatory.briefs.common.context import Context
from observatory.briefs.common.data_end import calls_end_text, series_end_text
from observatory.briefs.compare.page import build_compare
from observatory.briefs.overview.page import build_overview
from observatory.briefs.purchasing.page import build_purchasing
from observatory.briefs.segment.page import build_segment
from observatory.catalogue.models import Catalogue
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.selection import DEFAULT_SELECTION
from tests.support.toys import build_toy_indicator, build_toy_outlook, build_toy_series


@pytest.mark.parametrize(
    ("period", "french", "english"),
    [
        ("2025", "jusqu’en 2025", "up to 2025"),
        ("2025-Q4", "jusqu’au quatrième trimestre 2025", "up to the fourth quarter of 2025"),
        ("2026-08", "jusqu’en août 2026", "up to August 2026"),
    ],
)
def test_a_period_as_an_end(period: str, french: str, english: str) -> None:
    """Years, quarters and months, as each language says them."""
    texts = [Localizer(language).period_until(period).replace("\u00a0", " ") for language in ("fr", "en")]
    assert texts == [french, english]


def test_the_end_is_the_latest_period_of_all(catalogue: Catalogue) -> None:
    """A month goes before the year that ends with it; series that are not there count nothing."""
    like = catalogue.indicators["brent_price"]
    rows = [
        build_toy_indicator(like, name, "flow", "space", frequency)
        for name, frequency in (("yearly", "A"), ("monthly", "M"))
    ]
    yearly = build_toy_series(("yearly", "FRA", ""), "A", range(1, 30))
    monthly = build_toy_series(("monthly", "FRA", ""), "M", range(1, 90))
    outlook = build_toy_outlook(catalogue, rows, {row.key: row for row in (yearly, monthly)})
    context = Context(outlook, DEFAULT_SELECTION, Localizer("en"), outlook.day)

    def end(*keys: tuple[str, str, str]) -> str:
        return series_end_text(context, keys).replace("\u00a0", " ")

    assert end(yearly.key) == "data up to 2025"
    assert end(yearly.key, monthly.key, ("none", "FRA", "")) == "data up to December 2025"
    assert end() == end(("none", "FRA", "")) == "no data"
    budget = replace(yearly, first=yearly.first + 1)  # the year of the outlook has not ended
    voted = replace(context, outlook=replace(outlook, panel={budget.key: budget}))
    assert series_end_text(voted, [budget.key]) == "data up to 2025"
    shorter = replace(monthly, values=np.asarray(monthly.values[:-1]))
    context = replace(context, outlook=replace(outlook, panel={monthly.key: shorter}))
    assert end(monthly.key) == "data up to November 2025"


def test_the_calls_end_with_the_latest_month_of_an_index(outlook: Outlook) -> None:
    """Of some calls the newest month counts; without a call nothing is said to be there."""
    latest = max(call.latest for call in outlook.calls.values())
    localizer = Localizer("en")
    assert calls_end_text(outlook.calls.values(), localizer) == f"data up to {localizer.period(latest)}"
    assert calls_end_text((), localizer) == "no data"


def test_an_edition_that_only_revises_makes_no_page_look_new(outlook: Outlook, localizer: Localizer) -> None:
    """Dated eight days later with the same periods: the kickers of pages and the dates of cards stay."""
    later = replace(outlook, published_at=outlook.published_at + timedelta(days=8))
    selection = replace(DEFAULT_SELECTION, segment="space", series="eur_usd.EMU")
    for build in (build_overview, build_segment, build_compare, build_purchasing):
        kickers = [build(Context(one, selection, localizer, one.day)).kicker for one in (outlook, later)]
        assert kickers[0] == kickers[1]
        assert localizer.day(outlook.day) not in kickers[0]
    for build_card in (cards.build_overview_card, cards.build_segment_card):
        dates = {build_card(Context(one, selection, localizer, one.day)).date for one in (outlook, later)}
        assert len(dates) == 1
