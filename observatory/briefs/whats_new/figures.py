"""The figures that two editions say differently, as lists: revisions, new data, what was withdrawn, new indicators."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from observatory.briefs.common.model import Entry, Listing
from observatory.briefs.common.series_figure import COMMON_PLACES, title_of
from observatory.briefs.common.units import Unit, amount, unit_of
from observatory.briefs.whats_new.knowhow import entries as entries_of
from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import period
from observatory.language import MINUS, Speaker, decimals_for, round_to
from observatory.outlook.analysis.diff import Changes, Figures, Revision, Shift
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.timeseries import Key

SHOWN = 8  # rows in sight; the others are one click away
MOST = 500  # rows that a page sends; a revision of everything is in the files
MOST_DIGITS = 12
DASH = "\u2013"
FACTS = {
    "title_fr": "title",
    "title_en": "title",
    "description_fr": "description",
    "description_en": "description",
    "unit_fr": "unit",
    "unit_en": "unit",
    "frequency": "frequency",
    "segment": "segment",
    "role": "segment",
    "source": "source",
    "accessed": "source",
    "source_files": "source",
    "transformation": "source",
    "caveats_fr": "caveats",
    "caveats_en": "caveats",
    "confidence": "caveats",
    "gaps": "caveats",
}


@dataclass(frozen=True)
class Both:
    """Two outlooks as one place to look things up: the newer one, else the older one, which still has the rest."""

    before: Outlook
    after: Outlook
    base: Selection
    speaker: Speaker

    def home(self, key: Key) -> Outlook:
        """The outlook that has a series."""
        return self.after if key in self.after.panel else self.before

    def row(self, indicator: str) -> Indicator:
        """The facts of an indicator."""
        known = self.after.catalogue.indicators.get(indicator)
        return known or self.before.catalogue.indicators[indicator]

    def unit(self, key: Key) -> Unit:
        """The unit that shows the figures of a series as both outlooks have them."""
        values = [outlook.panel[key].values for outlook in (self.before, self.after) if key in outlook.panel]
        return unit_of(self.row(key[0]), np.concatenate(values), self.speaker)

    def target(self, key: Key) -> Selection:
        """The page of a series, as of the edition that still has it."""
        gone = {} if key in self.after.panel else {"asof": f"e{self.before.number}"}
        chosen = replace(self.base, segment=self.row(key[0]).segment, indicator=key[0], geo=key[1], item=key[2])
        return replace(chosen, **gone)  # type: ignore[arg-type]

    def below(self, key: Key, unit: Unit | None = None) -> str:
        """Where a series belongs: its market, its place, its unit."""
        place = self.speaker.of(self.home(key).catalogue.geographies[key[1]], "short")
        place = place[:1].lower() + place[1:] if key[1] in COMMON_PLACES else place
        parts = [self.market(key[0]), place, *([unit.noun] if unit else [])]
        return " \u00b7 ".join(parts)

    def market(self, indicator: str) -> str:
        """The title of the segment of an indicator."""
        return self.speaker.of(self.after.catalogue.segments[self.row(indicator).segment], "title")

    def order(self, indicator: str) -> tuple[int, int, str]:
        """Where an indicator stands in the catalogue: markets in their order, then its rank."""
        row = self.row(indicator)
        return list(self.after.catalogue.segments).index(row.segment), row.rank, indicator


def listings_of(
    before: Outlook, after: Outlook, found: Changes, base: Selection, speaker: Speaker
) -> tuple[tuple[str, Listing], ...]:
    """The lists of what differs, by name, those with something in them; links start from the selection `base`."""
    both = Both(before, after, base, speaker)
    fresh, gone = set(found.new_indicators), set(found.gone_indicators)
    added = [row for row in found.added if row.key[0] not in fresh]
    withdrawn = [row for row in found.withdrawn if row.key[0] not in gone]
    new = [row for row in found.added if row.key[0] in fresh]
    old = [row for row in found.withdrawn if row.key[0] in gone]
    shifts = [row for row in found.forecasts if row.key in found.touched and row.period is not None]
    heads = ("indicator", "period", "old", "new", "change")
    lists = (
        ("revised", heads, [_compared(row, both) for row in found.revised[:MOST]], len(found.revised)),
        ("data", ("indicator", "figures", "series", "last"), _data(added, both), 0),
        ("withdrawn", ("indicator", "figures", "periods"), [_withdrawn(row, both) for row in withdrawn], 0),
        ("new", ("indicator", "figures", "series", "last"), _data(new, both), 0),
        ("gone", ("indicator", "figures", "series", "last"), _data(old, both), 0),
        ("shifts", heads, [_compared(row, both) for row in shifts], 0),
        ("facts", ("indicator", "facts"), [_facts(*row, both) for row in found.facts], 0),
        ("knowhow", ("knowhow", "facts", "old", "new"), entries_of(found.knowhow, after, base, speaker), 0),
    )
    return tuple(
        (name, _listing(name, names, entries, total or len(entries), speaker))
        for name, names, entries, total in lists
        if entries
    )


def _listing(name: str, heads: Sequence[str], entries: Sequence[Entry], total: int, speaker: Speaker) -> Listing:
    rest = total - SHOWN
    said = speaker.count("news.rest", rest) if rest > 0 else ""
    if total > MOST:
        said = speaker.say("news.rest.most", n=speaker.number(rest), most=speaker.number(MOST))
    return Listing(
        speaker.say(f"news.{name}.title"),
        speaker.count(f"news.{name}.subtitle", total),
        tuple(speaker.say(f"news.head.{head}") for head in heads),
        tuple(entries[:MOST]),
        SHOWN,
        said,
    )


def _compared(row: Revision | Shift, both: Both) -> Entry:
    """A figure, observed or expected, before and after."""
    unit = both.unit(row.key)
    when = both.speaker.period(period(row.period or 0, row.frequency))
    if isinstance(row, Shift):
        unit = replace(unit, whole=False)  # what is expected of a count need not be one
    cells = (when, *apart(row.old or 0.0, row.new or 0.0, unit, both.speaker), _change(row, unit, both.speaker))
    title = title_of(both.home(row.key), row.key, both.speaker)
    return Entry(both.target(row.key), title, both.below(row.key, unit), cells)


def apart(old: float, new: float, unit: Unit, speaker: Speaker) -> tuple[str, str]:
    """Two figures in a unit with the same decimals, as few digits as let them be told apart (three at least)."""
    pair = unit.shown(old), unit.shown(new)
    texts = ("", "")
    for digits in range(3, MOST_DIGITS + 1):
        places = 0 if unit.whole else max(decimals_for(value, digits) for value in pair)
        rounded = pair if unit.whole else tuple(round_to(value, digits) for value in pair)
        texts = speaker.number(rounded[0], places), speaker.number(rounded[1], places)
        if texts[0] != texts[1]:
            break
    return texts


def _change(row: Revision | Shift, unit: Unit, speaker: Speaker) -> str:
    """The change in per cent, of a percentage in points."""
    if row.old is None or row.new is None:
        return DASH
    moved = row.new - row.old
    if unit.noun.startswith("%"):
        size = speaker.number(round_to(abs(moved), 2), decimals_for(moved, 2))
        return speaker.say("news.points", points=("+" if moved > 0 else MINUS) + size)
    if row.change is None:
        return DASH
    if abs(row.change) < 0.0005:
        return speaker.say("news.tiny")
    return speaker.growth(row.change)


def _data(rows: Sequence[Figures], both: Both) -> list[Entry]:
    """Figures by indicator in the order of the catalogue: how many, of how many series, and the newest of them."""
    grouped: dict[str, list[Figures]] = defaultdict(list)
    for row in rows:
        grouped[row.key[0]].append(row)
    entries = []
    for name in sorted(grouped, key=both.order):
        group, facts = grouped[name], both.row(name)
        first: Key = (name, facts.headline_geo, facts.headline_item)
        newest = max(group, key=lambda part: (part.key == first, part.periods[-1], part.key))
        last = both.speaker.say(
            "list.last",
            amount=amount(newest.values[-1], both.unit(newest.key), both.speaker),
            period=both.speaker.period(period(newest.periods[-1], newest.frequency)),
        )
        figures = sum(len(part.periods) for part in group)
        cells = (both.speaker.number(figures), both.speaker.number(len(group)), last)
        entries.append(Entry(both.target(newest.key), both.speaker.of(facts, "title"), both.market(name), cells))
    return entries


def _withdrawn(row: Figures, both: Both) -> Entry:
    speaker = both.speaker
    first, last = (speaker.period(period(at, row.frequency)) for at in (row.periods[0], row.periods[-1]))
    span = first if first == last else speaker.say("news.span", first=first, last=last)
    title = title_of(both.home(row.key), row.key, speaker)
    return Entry(both.target(row.key), title, both.below(row.key), (speaker.number(len(row.periods)), span))


def _facts(indicator: str, names: Sequence[str], both: Both) -> Entry:
    groups = dict.fromkeys(FACTS.get(name, "other") for name in names)
    said = both.speaker.list_of(both.speaker.say(f"news.fact.{group}") for group in groups)
    row = both.row(indicator)
    target = replace(both.base, segment=row.segment, indicator=indicator, geo="", item="")
    return Entry(target, both.speaker.of(row, "title"), both.market(indicator), (said,))
