"""All inputs side by side: last price, year on year, range expected, typical swing, the chance of being dearer."""

from dataclasses import replace

import numpy as np

from observatory.briefs.common.model import Entry, Listing
from observatory.briefs.common.units import number
from observatory.briefs.purchasing.methodology import of_part
from observatory.briefs.purchasing.model import asked, brief_odds, digits_of, swing, typical
from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import period
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.outlook.purchasing.price_paths import SEGMENT
from observatory.selection import Selection
from observatory.settings import LEVELS

NOTHING = "\u2013"


def listing(outlook: Outlook, rows: list[Indicator], selection: Selection, speaker: Speaker) -> Listing:
    """One row an input, at the page's own threshold of each; a row leads to its input."""
    entries = tuple(_entry(outlook, row, selection, speaker) for row in rows)
    plain = replace(selection, threshold="", side="")
    names = ("input", "now", "year", "range", "typical", "odds")
    some = asked(outlook, rows[0], plain, speaker)
    head = tuple(speaker.say(f"purchasing.list.head.{name}", until=speaker.period_short(some.until)) for name in names)
    subtitle = speaker.say("purchasing.list.subtitle", until=speaker.period(some.until))
    how = of_part("list", outlook, rows, speaker)
    return Listing(speaker.say("purchasing.list.title"), subtitle, head, entries, len(entries), how=how)


def _entry(outlook: Outlook, row: Indicator, selection: Selection, speaker: Speaker) -> Entry:
    target = replace(selection, segment=SEGMENT, indicator=row.id, geo="", item="", threshold="", side="")
    ask = asked(outlook, row, target, speaker)
    values, digits = ask.history.values, digits_of(ask.unit)
    year = values[-1] / values[-13] - 1 if len(values) > 12 and np.isfinite(values[-13]) else None
    move = typical(ask.history)
    at = LEVELS.index(80)
    low, high = (
        number(ask.unit.shown(float(part[ask.step - 1, at])), speaker, digits)
        for part in (ask.forecast.low, ask.forecast.high)
    )
    found = ask.odds()
    return Entry(
        target,
        speaker.of(row, "title"),
        ask.unit.noun,
        (
            speaker.say(
                "purchasing.list.now",
                value=number(ask.unit.shown(ask.now), speaker, digits, exact=True),
                period=speaker.period_short(period(ask.history.last, "M")),
            ),
            NOTHING if year is None else speaker.growth(float(year)),
            speaker.say("purchasing.list.range", low=low, high=high),
            NOTHING
            if move is None
            else speaker.say(
                "purchasing.list.typical", word=speaker.say(f"purchasing.swing.{swing(move)}"), move=speaker.share(move)
            ),
            NOTHING if found is None else brief_odds(found[0], speaker),
        ),
    )
