"""Briefs, built once per vintage and selection and kept: a page view only sends them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache

from observatory import workspace
from observatory.briefs import overview as overviews
from observatory.briefs import segment as segments
from observatory.briefs.brief import Overview, Page
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.selection import DEFAULT, Selection

KEPT = 128


def overview(outlook: Outlook, selection: Selection) -> Overview:
    """The overview of an outlook; of a selection it needs the language and the horizon."""
    return _overview(
        outlook.number, replace(DEFAULT, lang=selection.lang, horizon=selection.horizon, asof=selection.asof)
    )


def segment(outlook: Outlook, selection: Selection) -> Page:
    """The segment page of an outlook; freshness is counted from today, or from the day that the link pins."""
    today = outlook.day if selection.asof else datetime.now(UTC).date()
    return _segment(outlook.number, selection, today)


def _speaker(selection: Selection) -> Speaker:
    return Speaker("fr" if selection.lang == "fr" else "en")


@lru_cache(maxsize=KEPT)
def _overview(_number: int, selection: Selection) -> Overview:
    return overviews.overview(workspace.opened().outlook(selection.moment()), selection, _speaker(selection))


@lru_cache(maxsize=KEPT)
def _segment(_number: int, selection: Selection, today: date) -> Page:
    outlook = workspace.opened().outlook(selection.moment())
    return segments.segment(outlook, selection, _speaker(selection), today)
