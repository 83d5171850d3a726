"""What the radar of weak signals says: topics tied to our series, how strong their evidence is, when each is judged."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from observatory.briefs.brief import Chapter, Table
from observatory.briefs.honesty import source_line
from observatory.briefs.units import Unit, amount, number, unit_of
from observatory.catalogue.nouns import EFFECTS, Indicator, Topic
from observatory.catalogue.periods import MONTHS, last_month, month_of, ordinal, overdue, period
from observatory.charts.radar import Blip, radar
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.settings import LEVELS, STOPPED_AFTER_MONTHS
from observatory.tables import Floats, History, yearly

FEW_YEARS = 10  # of figures: fewer are thin evidence
PARTS = ("thesis", "seen", "since", "doubts", "criterion", "judged")  # of a Signal, in the order of reading


@dataclass(frozen=True)
class Signal:
    """One topic, ready to be read."""

    id: str
    title: str
    segment: str
    effect: str
    impact: str
    strength: str
    thin: bool
    thesis: str
    seen: str
    since: str
    doubts: str
    criterion: str
    judged: str
    source_line: str
    target: Selection


@dataclass(frozen=True)
class Radar:
    """The page of weak signals: a drawing, a table that says the same, each topic, and what was left out."""

    kicker: str
    lead: str
    under: tuple[str, ...]
    title: str
    subtitle: str
    spec: Mapping[str, Any] | None
    alt: str
    table: Table
    signals: tuple[Signal, ...]
    absent: Chapter


@dataclass(frozen=True)
class Evidence:
    """The yearly levels of the series of a topic: by month (ordinal), and what is odd about it."""

    row: Indicator
    history: History
    first: int
    levels: Floats
    unit: Unit
    stopped: bool

    def at(self, month: int) -> float | None:
        """The yearly level at the end of a month; None where it is not known, or not above zero."""
        place = month - self.first
        if not 0 <= place < len(self.levels) or not np.isfinite(self.levels[place]) or self.levels[place] <= 0:
            return None
        return float(self.levels[place])

    @property
    def last(self) -> int:
        """The last month with a level."""
        return self.first + int(np.flatnonzero(np.isfinite(self.levels))[-1])

    def grown(self, years: int) -> float | None:
        """Growth a year up to the last level."""
        now, then = self.at(self.last), self.at(self.last - 12 * years)
        return None if now is None or then is None else (now / then) ** (1 / years) - 1

    def rising_since(self) -> int | None:
        """The month from which it has risen from year to year, up to the last level; None if it did not rise last."""
        month = self.last
        while (now := self.at(month)) is not None and (then := self.at(month - 12)) is not None and now > then:
            month -= 12
        return month if month < self.last else None

    def thin(self) -> list[str]:
        """Keys of what makes the evidence thin."""
        years = int(np.isfinite(self.history.values).sum()) * MONTHS[self.history.frequency] / 12
        found = [
            ("proxy", self.row.proxy),
            ("confidence", self.row.confidence == "low"),
            ("stopped", self.stopped),
            ("short", years < FEW_YEARS),
        ]
        return [name for name, there in found if there]


def evidence(outlook: Outlook, topic: Topic, speaker: Speaker) -> Evidence | None:
    """What the series of a topic shows as of an outlook; None where the base of its criterion is not known yet."""
    history = outlook.panel.get((topic.indicator, topic.geo, topic.item))
    row = outlook.catalogue.indicators.get(topic.indicator)
    if history is None or row is None:
        return None
    first, levels = yearly(history, row.kind)
    if not np.isfinite(levels).any():
        return None
    late = overdue(history.last, history.frequency, row.publication_lag_months, outlook.day)
    found = Evidence(row, history, first, levels, unit_of(row, levels, speaker), late > STOPPED_AFTER_MONTHS)
    return found if found.at(_month(topic.base_period, row)) is not None else None


def _month(when: str, row: Indicator) -> int:
    return last_month(ordinal(when), row.frequency)


def page(outlook: Outlook, speaker: Speaker) -> Radar:
    """The page as of an outlook."""
    pairs = [
        (topic, found) for topic in outlook.catalogue.topics if (found := evidence(outlook, topic, speaker)) is not None
    ]
    pairs.sort(key=lambda pair: (EFFECTS.index(pair[0].effect), pair[0].segment))
    signals = tuple(_signal(outlook, topic, found, speaker) for topic, found in pairs)
    thin, total = sum(row.thin for row in signals), len(signals)
    unseen = len(outlook.catalogue.topics) - total
    under = [speaker.say("radar.judgement")]
    if outlook.catalogue.topics and outlook.day < min(topic.declared for topic in outlook.catalogue.topics):
        under.append(speaker.say("radar.hindsight"))
    if unseen:
        under.append(speaker.count("radar.unseen", unseen))
    alt = speaker.say("radar.alt", list="; ".join(f"{row.title} ({row.segment}, {row.effect})" for row in signals))
    return Radar(
        kicker=speaker.say("radar.kicker", date=speaker.day(outlook.day)),
        lead=_lead(total, thin, speaker),
        under=tuple(under),
        title=speaker.say("radar.title"),
        subtitle=speaker.say("radar.subtitle"),
        spec=_drawn(outlook, pairs, speaker) if pairs else None,
        alt=alt,
        table=_table(signals, speaker),
        signals=signals,
        absent=_absent(outlook, speaker),
    )


def _lead(total: int, thin: int, speaker: Speaker) -> str:
    if not total:
        return speaker.say("radar.lead.none")
    lead = speaker.count("radar.lead", total)
    return f"{lead} {speaker.count('radar.lead.thin', thin)}" if thin else lead


def _drawn(outlook: Outlook, pairs: list[tuple[Topic, Evidence]], speaker: Speaker) -> Mapping[str, Any]:
    present = {topic.segment for topic, _found in pairs}
    sectors = [row for row in outlook.catalogue.segments.values() if row.id in present]
    names = [row.id for row in sectors]
    blips = [
        Blip(
            names.index(topic.segment),
            EFFECTS.index(topic.effect),
            topic.impact,
            speaker.of(topic, "title"),
            bool(found.thin()),
        )
        for topic, found in pairs
    ]
    rings = [speaker.say(f"radar.effect.{effect}") for effect in EFFECTS]
    return radar(blips, [speaker.of(row, "title") for row in sectors], rings, speaker.language)


def _span(month: int, found: Evidence, speaker: Speaker) -> str:
    """A yearly level's time in a sentence: the year, or the twelve months up to a month."""
    when = speaker.period_in(period((month + 1) // MONTHS[found.row.frequency] - 1, found.row.frequency))
    summed = found.row.frequency != "A" and found.row.kind != "stock"
    return speaker.say("radar.months", period_in=when) if summed else when


def _signal(outlook: Outlook, topic: Topic, found: Evidence, speaker: Speaker) -> Signal:
    now = found.at(found.last)
    doubts = found.thin()
    base = found.at(_month(topic.base_period, found.row))
    assert now is not None
    assert base is not None
    text = [
        speaker.say(
            "radar.seen",
            title=_title(outlook, topic, speaker),
            level=amount(now, found.unit, speaker, exact=False),
            when=_span(found.last, found, speaker),
        )
    ]
    growths = [(years, found.grown(years)) for years in (1, 5)]
    text += [
        speaker.say(f"radar.grown.{years}", growth=speaker.growth(rate)) for years, rate in growths if rate is not None
    ]
    rising = found.rising_since()
    since = speaker.say("radar.since.not")
    if rising is not None:
        years = (found.last - rising) // 12
        since = speaker.count("radar.since", years, when=_span(rising, found, speaker))
    target = Selection(
        lang=speaker.language,
        segment=found.row.segment,
        indicator=topic.indicator,
        geo=topic.geo,
        item=topic.item,
    )
    return Signal(
        id=topic.id,
        title=speaker.of(topic, "title"),
        segment=speaker.of(outlook.catalogue.segments[topic.segment], "title"),
        effect=speaker.say(f"radar.effect.{topic.effect}"),
        impact=speaker.say(f"radar.impact.{topic.impact}"),
        strength=speaker.say("radar.strength.thin" if doubts else "radar.strength.some"),
        thin=bool(doubts),
        thesis=speaker.of(topic, "thesis"),
        seen=" ".join(text),
        since=since,
        doubts=speaker.list_of(speaker.say(f"radar.doubt.{name}") for name in doubts),
        criterion=_criterion(outlook, topic, found, base, speaker),
        judged=_judged(outlook, topic, found, base, speaker),
        source_line=source_line(outlook, found.row, found.history, speaker, outlook.day),
        target=target,
    )


def _title(outlook: Outlook, topic: Topic, speaker: Speaker) -> str:
    title = speaker.of(outlook.catalogue.indicators[topic.indicator], "title")
    item = f" \u2013 {speaker.of(outlook.catalogue.items[topic.item], 'title')}" if topic.item else ""
    return f"{title}{item} ({speaker.of(outlook.catalogue.geographies[topic.geo], 'short')})"


def _criterion(outlook: Outlook, topic: Topic, found: Evidence, base: float, speaker: Speaker) -> str:
    said = speaker.say(
        "radar.criterion",
        level=amount(base * topic.factor, found.unit, speaker, exact=False),
        when=_span(_month(topic.judged_period, found.row), found, speaker),
        base=amount(base, found.unit, speaker, exact=False),
        base_when=_span(_month(topic.base_period, found.row), found, speaker),
        change=speaker.growth(topic.factor - 1),
    )
    return f"{said} {ranged}" if (ranged := _ranged(outlook, topic, found, speaker)) else said


def _ranged(outlook: Outlook, topic: Topic, found: Evidence, speaker: Speaker) -> str:
    """What we expect by then, of a yearly series that is forecast so far: a sum of months has no published range."""
    forecast = outlook.forecasts.get(found.history.key)
    if forecast is None or found.row.frequency != "A":
        return ""
    step = ordinal(topic.judged_period) - forecast.origin
    if not 1 <= step <= len(forecast.median):
        return ""
    at = LEVELS.index(80)
    low, high = (
        number(found.unit.shown(float(part[step - 1, at])), speaker, whole=found.unit.whole)
        for part in (forecast.low, forecast.high)
    )
    return speaker.say("radar.range", low=low, high=high, chances=speaker.say("chances.80"))


def _judged(outlook: Outlook, topic: Topic, found: Evidence, base: float, speaker: Speaker) -> str:
    """When it is judged; or what came of it, once that is known."""
    came = found.at(_month(topic.judged_period, found.row))
    if came is not None:
        key = "radar.judged.yes" if came >= base * topic.factor else "radar.judged.no"
        return speaker.say(key, level=amount(came, found.unit, speaker, exact=False))
    if month_of(topic.judge_on) < month_of(outlook.day):
        return speaker.say("radar.judged.late", date=speaker.day(topic.judge_on))
    return speaker.say("radar.judged.on", date=speaker.day(topic.judge_on))


def _table(signals: tuple[Signal, ...], speaker: Speaker) -> Table:
    heads = tuple(
        speaker.say(f"radar.head.{name}") for name in ("topic", "segment", "effect", "impact", "strength", "judged")
    )
    rows = tuple((row.title, row.segment, row.effect, row.impact, row.strength, row.judged) for row in signals)
    return Table(speaker.say("radar.title"), heads, rows)


def _absent(outlook: Outlook, speaker: Speaker) -> Chapter:
    terms = tuple((speaker.of(row, "title"), speaker.of(row, "missing")) for row in outlook.catalogue.absent)
    return Chapter(speaker.say("radar.absent.title"), speaker.say("radar.absent.subtitle"), terms)
