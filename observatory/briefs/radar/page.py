"""What the radar of weak signals says: topics tied to our series, how strong their evidence is, when each is judged."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from observatory.briefs.common.disclosure import source_line
from observatory.briefs.common.methodology import how
from observatory.briefs.common.model import Chapter, Plot, Run, Table, Terms
from observatory.briefs.common.series_search import inputs_of, name_of
from observatory.briefs.common.units import amount, number
from observatory.briefs.radar.evidence import Evidence, evidence, month_of_level
from observatory.catalogue.models import EFFECTS, Topic
from observatory.catalogue.periods import MONTHS, month_of, ordinal, period
from observatory.charts.radar import Blip, radar
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.settings import LEVELS
from observatory.timeseries import Key

MEASURED = ("levels", "pace")
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
    pace: float | None  # growth a year over five years, in per cent
    how: Terms


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
    how: Terms
    plot: Plot | None  # what slides and workbooks draw, which have no half disc: the pace of each series


def page(outlook: Outlook, speaker: Speaker) -> Radar:
    """The page as of an outlook."""
    pairs = [
        (topic, found) for topic in outlook.catalogue.topics if (found := evidence(outlook, topic, speaker)) is not None
    ]
    pairs.sort(key=lambda pair: (EFFECTS.index(pair[0].effect), pair[0].segment))
    signals = tuple(_signal(outlook, topic, found, speaker) for topic, found in pairs)
    thin, total = sum(row.thin for row in signals), len(signals)
    unseen = len(outlook.catalogue.topics) - total
    under = [_thin(thin, total, speaker)] if thin else []
    under.append(speaker.say("radar.judgement"))
    if outlook.catalogue.topics and outlook.day < min(topic.declared for topic in outlook.catalogue.topics):
        under.append(speaker.say("radar.hindsight"))
    if unseen:
        under.append(speaker.count("radar.unseen", unseen))
    alt = speaker.say("radar.alt", list="; ".join(f"{row.title} ({row.segment}, {row.effect})" for row in signals))
    return Radar(
        kicker=speaker.say("radar.kicker", date=speaker.day(outlook.day)),
        lead=_lead(pairs, speaker),
        under=tuple(under),
        title=speaker.say("radar.title"),
        subtitle=speaker.say("radar.subtitle"),
        spec=_drawn(outlook, pairs, speaker) if pairs else None,
        alt=alt,
        table=_table(signals, speaker),
        signals=signals,
        absent=_absent(outlook, speaker),
        how=_how(outlook, [found.history.key for _topic, found in pairs], ("place", "thin"), speaker),
        plot=_paces(signals, speaker) if signals else None,
    )


def _lead(pairs: list[tuple[Topic, Evidence]], speaker: Speaker) -> str:
    """How many topics there are, and which of them come first with a large effect, on evidence that is not thin."""
    if not pairs:
        return speaker.say("radar.lead.none")
    lead = speaker.count("radar.lead", len(pairs))
    near = [
        speaker.of(topic, "title")
        for topic, found in pairs
        if topic.effect == EFFECTS[0] and topic.impact == "high" and not found.thin()
    ]
    return f"{lead} {speaker.count('radar.lead.near', len(near), list=speaker.list_of(near))}" if near else lead


def _thin(thin: int, total: int, speaker: Speaker) -> str:
    """On how many of the topics the evidence is thin."""
    return speaker.say("radar.thin.only") if total == 1 else speaker.count("radar.thin", thin, total=total)


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
    base = found.at(month_of_level(topic.base_period, found.row))
    assert now is not None
    assert base is not None
    text = [
        speaker.say(
            "radar.seen",
            title=name_of(outlook, found.history.key, speaker),
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
        doubts=_capital(speaker.list_of(speaker.say(f"radar.doubt.{name}") for name in doubts)),
        criterion=_criterion(outlook, topic, found, base, speaker),
        judged=_judged(outlook, topic, found, base, speaker),
        source_line=source_line(outlook, found.row, found.history, speaker, outlook.day),
        target=target,
        how=_how(outlook, [found.history.key], ("criterion", "thin"), speaker, _measured(speaker)),
        pace=None if growths[1][1] is None else round(growths[1][1] * 100, 1),
    )


def _how(outlook: Outlook, keys: list[Key], parts: tuple[str, ...], speaker: Speaker, measured: Terms = ()) -> Terms:
    """The series, the edition, and how what is said of them comes about."""
    formulas = ((speaker.say(f"radar.how.{part}"), speaker.say(f"radar.how.{part}.text")) for part in parts)
    return how(inputs_of(outlook, keys, speaker), (*measured, *formulas), outlook, speaker)


def _measured(speaker: Speaker) -> Terms:
    """How levels and growth are measured, in the words of the page that sets series side by side."""
    return tuple((speaker.say(f"compare.how.{part}"), speaker.say(f"compare.how.{part}.text")) for part in MEASURED)


def _criterion(outlook: Outlook, topic: Topic, found: Evidence, base: float, speaker: Speaker) -> str:
    said = speaker.say(
        "radar.criterion" if topic.factor != 1 else "radar.criterion.same",
        level=amount(base * topic.factor, found.unit, speaker, exact=False),
        when=_span(month_of_level(topic.judged_period, found.row), found, speaker),
        base=amount(base, found.unit, speaker, exact=False),
        base_when=_span(month_of_level(topic.base_period, found.row), found, speaker),
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
    came = found.at(month_of_level(topic.judged_period, found.row))
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


def _paces(signals: tuple[Signal, ...], speaker: Speaker) -> Plot:
    run = Run("past", speaker.say("radar.pace"), tuple(row.pace for row in signals))
    labels = tuple(row.title for row in signals)
    return Plot("bar", labels, (run,), "%", 1, signed=True, from_zero=True, subtitle=speaker.say("radar.pace.subtitle"))


def _absent(outlook: Outlook, speaker: Speaker) -> Chapter:
    terms = tuple((speaker.of(row, "title"), _capital(speaker.of(row, "missing"))) for row in outlook.catalogue.absent)
    return Chapter(speaker.say("radar.absent.title"), speaker.say("radar.absent.subtitle"), terms)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
