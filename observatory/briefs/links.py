"""What a link must name for it to open on what a page shows, whatever the page would choose another day; no more."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from observatory.briefs.common.comparison_model import Compared, Countries
from observatory.briefs.common.model import News, Page
from observatory.briefs.purchasing.model import Purchasing
from observatory.catalogue.series_codes import BETWEEN
from observatory.outlook.outlook import Outlook
from observatory.outlook.purchasing.price_paths import SEGMENT
from observatory.selection import DEFAULT, Selection, basket_of

EVERYWHERE = ("lang", "horizon", "level", "asof", "after")
SERIES = ("segment", "indicator", "geo", "item")
# By the id of a page, what else it uses of a selection: its links, and those that lead to it, name nothing else.
USED: Mapping[str, tuple[str, ...]] = {
    "segment": (*SERIES, "first", "last", "unit"),
    "brief": (*SERIES, "first", "last", "unit"),
    "compare": ("first", "last", "unit", "series", "per", "base"),
    "countries": ("segment", "indicator", "geo", "measure"),
    "purchasing": ("segment", "indicator", "first", "last", "threshold", "side", "by", "basket"),
    "whats_new": ("since", "until"),
    "publish": ("draft",),
}


def used(page: str, selection: Selection) -> Selection:
    """What a page uses of a selection. A meeting keeps all of it: it leads back to where it was opened."""
    if selection.mode == "meeting":
        return selection
    parts: dict[str, Any] = {name: getattr(selection, name) for name in (*EVERYWHERE, *USED.get(page, ()))}
    return replace(DEFAULT, **parts)


def of_segment(brief: Page, selection: Selection) -> Selection:
    """The market and the series."""
    if brief.main is None:
        return replace(selection, segment=brief.segment)
    main = brief.main
    return replace(selection, segment=brief.segment, indicator=main.indicator, geo=main.geo, item=main.item)


def of_compare(brief: Compared, selection: Selection) -> Selection:
    """The series; as they were asked for, where each is divided by another one."""
    series = selection.series if selection.per and selection.series else BETWEEN.join(brief.codes)
    return replace(selection, series=series, segment="", indicator="", geo="", item="", measure=DEFAULT.measure)


def of_countries(brief: Countries, outlook: Outlook, selection: Selection) -> Selection:
    """The indicator, how it is measured, and the country of the profile."""
    segment = outlook.catalogue.indicators[brief.indicator].segment
    chosen = replace(_uncompared(selection), segment=segment, indicator=brief.indicator, geo=brief.geo, item="")
    return replace(chosen, measure=brief.measure)


def of_purchasing(brief: Purchasing, selection: Selection) -> Selection:
    """The input, its threshold, side and date, and the basket."""
    if not brief.indicator:
        return selection
    return replace(
        _uncompared(selection),
        segment=SEGMENT,
        indicator=brief.indicator,
        geo="",
        item="",
        threshold=brief.threshold,
        side=brief.side,
        by=brief.by,
        basket=basket_of({row.code: row.share for row in brief.shares}),
    )


def of_news(brief: News, selection: Selection) -> Selection:
    """The two editions."""
    return replace(selection, since=brief.since or 0, until=brief.until)


def _uncompared(selection: Selection) -> Selection:
    """Without what belongs to a comparison."""
    return replace(selection, series="", per="", base=0)
