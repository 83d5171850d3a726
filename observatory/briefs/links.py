"""Permanent links: selections with all that a page shows pinned, where its own choice could change another day."""

from dataclasses import replace

from observatory.briefs.common.comparison_model import CompareBrief, CountriesBrief
from observatory.briefs.common.model import SegmentBrief
from observatory.briefs.purchasing.model import PurchasingBrief, list_forecast_inputs
from observatory.briefs.segment.model import MarketBrief
from observatory.briefs.whats_new.model import WhatsNewBrief
from observatory.catalogue.series_codes import SERIES_SEPARATOR
from observatory.outlook.outlook import Outlook
from observatory.outlook.purchasing.price_paths import PURCHASING_SEGMENT
from observatory.selection import DEFAULT_SELECTION, Selection, format_basket


def pin_segment(brief: SegmentBrief, _outlook: Outlook, selection: Selection) -> Selection:
    """Pins the market and the series of the main figure of a document."""
    main = brief.main_figure
    if main is None:
        return replace(selection, segment=brief.segment)
    return replace(selection, segment=brief.segment, indicator=main.indicator, geo=main.geo, item=main.item)


def pin_market(brief: MarketBrief, _outlook: Outlook, selection: Selection) -> Selection:
    """Pins the market and the series that its reader opened."""
    if brief.opened is None:
        return replace(selection, segment=brief.segment, indicator="", geo="", item="")
    main = brief.opened.figure
    return replace(selection, segment=brief.segment, indicator=main.indicator, geo=main.geo, item=main.item)


def pin_compare(brief: CompareBrief, _outlook: Outlook, selection: Selection) -> Selection:
    """Pins the series; in a comparison of ratios those that the reader chose, since the brief has their quotients."""
    series = selection.series if selection.per and selection.series else SERIES_SEPARATOR.join(brief.codes)
    return replace(
        selection, series=series, segment="", indicator="", geo="", item="", measure=DEFAULT_SELECTION.measure
    )


def pin_countries(brief: CountriesBrief, outlook: Outlook, selection: Selection) -> Selection:
    """Pins the indicator, its measure, and the country of the profile."""
    return replace(
        _clear_comparison(selection),
        segment=outlook.catalogue.indicators[brief.indicator].segment,
        indicator=brief.indicator,
        geo=brief.geo,
        item="",
        measure=brief.measure,
    )


def pin_purchasing(brief: PurchasingBrief, _outlook: Outlook, selection: Selection) -> Selection:
    """Pins the input, its currency, threshold, side and deadline, and the basket."""
    if not brief.indicator:
        return selection
    return replace(
        _clear_comparison(selection),
        segment=PURCHASING_SEGMENT,
        indicator=brief.indicator,
        geo="",
        item="",
        threshold=brief.threshold,
        side=brief.side,
        by=brief.deadline,
        currency=brief.currency,
        basket=format_basket({row.code: row.share for row in brief.basket_shares}),
    )


def lead_to_purchasing(outlook: Outlook, selection: Selection) -> Selection | None:
    """The selection with which the page of purchases answers a link to the section of purchases; None if it does not.

    It answers for the section and for each input. What else the section follows (production of trades, other countries)
    stays on the page of the section, and so does a dated link, which shows the figures that it has always shown.
    """
    if selection.segment != PURCHASING_SEGMENT or selection.asof:
        return None
    inputs = {outlook.headline_key(row) for row in list_forecast_inputs(outlook)}
    row = outlook.catalogue.indicators.get(selection.indicator)
    if row is not None:
        key = (row.id, selection.geo or row.headline_geo, selection.item or row.headline_item)
        if key not in inputs:
            return None
    return replace(selection, geo="", item="") if inputs else None


def pin_whats_new(brief: WhatsNewBrief, selection: Selection) -> Selection:
    """Pins the two editions."""
    return replace(selection, since=brief.since or 0, until=brief.until)


def _clear_comparison(selection: Selection) -> Selection:
    """Resets the fields that only the comparison uses."""
    return replace(selection, series="", per="", base=0)
