"""The feeds that pages offer, and the titles of feeds."""

from observatory.briefs.common.context import Context
from observatory.briefs.feed.entries import describe_threshold
from observatory.briefs.feed.model import FeedFilter, Threshold
from observatory.catalogue.models import Catalogue
from observatory.outlook.purchasing.quotes import read_quote
from observatory.selection import Selection


def describe_filter(context: Context, feed_filter: FeedFilter) -> str:
    """What a feed is narrowed to, in words; part of its title."""
    localizer, catalogue = context.localizer, context.outlook.catalogue
    parts = []
    if feed_filter.flips:
        parts.append(localizer.text("api.feed.of.flips"))
    elif feed_filter.segment:
        parts.append(localizer.text("api.feed.of.segment", market=context.market_title(feed_filter.segment)))
    if feed_filter.indicator:
        title = localizer.field_text(catalogue.indicators[feed_filter.indicator], "title")
        parts.append(localizer.text("api.feed.of.indicator", title=title))
    parts += [describe_threshold(context, row) for row in feed_filter.thresholds]
    return localizer.join_clauses(parts)


def build_price_filter(indicator: str, threshold: str, side: str, catalogue: Catalogue) -> FeedFilter:
    """The feed of a threshold on the page of purchases."""
    row = catalogue.indicators[indicator]
    return FeedFilter(
        thresholds=(Threshold((row.id, row.headline_geo, row.headline_item), side != "below", threshold),)
    )


def choose_page_filter(page: str, selection: Selection, catalogue: Catalogue) -> FeedFilter:
    """The feed that the head of a page names besides that of everything; an empty one where the link has none."""
    if page == "segment":
        return FeedFilter(segment=selection.segment)
    if page == "whats_new":
        return FeedFilter(flips=True)
    if page == "purchasing" and selection.indicator and selection.threshold and selection.side:
        row = catalogue.indicators.get(selection.indicator)
        if row is not None and selection.shown_currency == "eur" and read_quote(row).is_convertible:
            return FeedFilter(indicator=row.id)  # feeds follow prices as they are published
        return build_price_filter(selection.indicator, selection.threshold, selection.side, catalogue)
    return FeedFilter()
