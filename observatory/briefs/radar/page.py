"""What the radar of weak signals says: topics tied to our series, how strong their evidence is, when each is judged."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from observatory.briefs.common.context import Context
from observatory.briefs.common.disclosure import source_line_text
from observatory.briefs.common.methodology import build_methodology
from observatory.briefs.common.model import Chapter, PlotData, PlotSeries, Terms, TextTable
from observatory.briefs.common.series_search import format_series_name, inputs_text
from observatory.briefs.common.units import format_amount, format_number
from observatory.briefs.radar.evidence import TopicEvidence, build_evidence, last_month_of_period
from observatory.catalogue.models import EFFECT_YEARS, Topic
from observatory.catalogue.periods import MONTHS_PER_PERIOD, month_ordinal, ordinal_to_period, period_to_ordinal
from observatory.charts.radar import Blip, build_radar_chart
from observatory.language import Localizer
from observatory.selection import Selection
from observatory.settings import INTERVAL_LEVELS
from observatory.timeseries import SeriesKey

_MEASURE_TERMS = ("levels", "pace")
SIGNAL_PARTS = ("thesis", "seen", "since", "doubts", "criterion", "judged")  # of a Signal, in the order of reading


@dataclass(frozen=True)
class WeakSignal:
    """One topic, ready to be read."""

    id: str
    title: str
    segment: str
    effect: str
    impact: str
    strength: str
    is_thin: bool
    thesis: str
    seen: str
    since: str
    doubts: str
    criterion: str
    judged: str
    source_line: str
    target: Selection
    growth_5y: float | None  # growth a year over five years, in per cent
    methodology: Terms


@dataclass(frozen=True)
class RadarBrief:
    """The page of weak signals: a drawing, a table that says the same, each topic, and what was left out."""

    kicker: str
    lead: str
    under: tuple[str, ...]
    title: str
    subtitle: str
    spec: Mapping[str, Any] | None
    alt: str
    table: TextTable
    signals: tuple[WeakSignal, ...]
    excluded_topics: Chapter
    methodology: Terms
    plot_data: PlotData | None  # what slides and workbooks draw, which have no half disc: the pace of each series


def build_radar(context: Context) -> RadarBrief:
    """The page as of an outlook."""
    outlook, localizer = context.outlook, context.localizer
    pairs = [
        (topic, found) for topic in outlook.catalogue.topics if (found := build_evidence(context, topic)) is not None
    ]
    pairs.sort(key=lambda pair: (EFFECT_YEARS.index(pair[0].effect), pair[0].segment))
    signals = tuple(_build_signal(context, topic, found) for topic, found in pairs)
    thin, total = sum(row.is_thin for row in signals), len(signals)
    unseen = len(outlook.catalogue.topics) - total
    under = [_thin_evidence_text(thin, total, localizer)] if thin else []
    under.append(localizer.text("radar.judgement"))
    if outlook.catalogue.topics and outlook.day < min(topic.declared for topic in outlook.catalogue.topics):
        under.append(localizer.text("radar.hindsight"))
    if unseen:
        under.append(localizer.plural("radar.unseen", unseen))
    alt = localizer.text("radar.alt", list="; ".join(f"{row.title} ({row.segment}, {row.effect})" for row in signals))
    return RadarBrief(
        kicker=localizer.text("radar.kicker", date=localizer.day(outlook.day)),
        lead=_lead_text(pairs, localizer),
        under=tuple(under),
        title=localizer.text("radar.title"),
        subtitle=localizer.text("radar.subtitle"),
        spec=_build_spec(context, pairs) if pairs else None,
        alt=alt,
        table=_build_table(signals, localizer),
        signals=signals,
        excluded_topics=_build_excluded_chapter(context),
        methodology=_build_methodology(context, [found.history.key for _topic, found in pairs], ("place", "thin")),
        plot_data=_build_growth_plot(signals, localizer) if signals else None,
    )


def _lead_text(pairs: list[tuple[Topic, TopicEvidence]], localizer: Localizer) -> str:
    """How many topics there are, and which of them come first with a large effect, on evidence that is not thin."""
    if not pairs:
        return localizer.text("radar.lead.none")
    lead = localizer.plural("radar.lead", len(pairs))
    near = [
        localizer.field_text(topic, "title")
        for topic, found in pairs
        if topic.effect == EFFECT_YEARS[0] and topic.impact == "high" and not found.list_doubts()
    ]
    return f"{lead} {localizer.plural('radar.lead.near', len(near), list=localizer.list_text(near))}" if near else lead


def _thin_evidence_text(thin_count: int, total: int, localizer: Localizer) -> str:
    """On how many of the topics the evidence is thin."""
    return localizer.text("radar.thin.only") if total == 1 else localizer.plural("radar.thin", thin_count, total=total)


def _build_spec(context: Context, pairs: list[tuple[Topic, TopicEvidence]]) -> Mapping[str, Any]:
    localizer = context.localizer
    present = {topic.segment for topic, _found in pairs}
    sectors = [row for row in context.outlook.catalogue.segments.values() if row.id in present]
    names = [row.id for row in sectors]
    blips = [
        Blip(
            names.index(topic.segment),
            EFFECT_YEARS.index(topic.effect),
            topic.impact,
            localizer.field_text(topic, "title"),
            bool(found.list_doubts()),
        )
        for topic, found in pairs
    ]
    rings = [localizer.text(f"radar.effect.{effect}") for effect in EFFECT_YEARS]
    return build_radar_chart(blips, [localizer.field_text(row, "title") for row in sectors], rings, localizer.language)


def _time_text(month: int, evidence: TopicEvidence, localizer: Localizer) -> str:
    """A yearly level's time in a sentence: the year, or the twelve months up to a month."""
    when = localizer.period_phrase(
        ordinal_to_period(
            (month + 1) // MONTHS_PER_PERIOD[evidence.indicator.frequency] - 1, evidence.indicator.frequency
        )
    )
    summed = evidence.indicator.frequency != "A" and evidence.indicator.kind != "stock"
    return localizer.text("radar.months", period_in=when) if summed else when


def _build_signal(context: Context, topic: Topic, evidence: TopicEvidence) -> WeakSignal:
    localizer = context.localizer
    now = evidence.level_at(evidence.last_month)
    doubts = evidence.list_doubts()
    base = evidence.level_at(last_month_of_period(topic.base_period, evidence.indicator))
    assert now is not None
    assert base is not None
    text = [
        localizer.text(
            "radar.seen",
            title=format_series_name(context, evidence.history.key),
            level=format_amount(now, evidence.unit, localizer, exact=False),
            when=_time_text(evidence.last_month, evidence, localizer),
        )
    ]
    growths = [(years, evidence.compute_yearly_growth(years)) for years in (1, 5)]
    text += [
        localizer.text(f"radar.grown.{years}", growth=localizer.growth(rate))
        for years, rate in growths
        if rate is not None
    ]
    rising = evidence.find_rise_start()
    since = localizer.text("radar.since.not")
    if rising is not None:
        years = (evidence.last_month - rising) // 12
        since = localizer.plural("radar.since", years, when=_time_text(rising, evidence, localizer))
    target = Selection(
        lang=localizer.language,
        segment=evidence.indicator.segment,
        indicator=topic.indicator,
        geo=topic.geo,
        item=topic.item,
    )
    return WeakSignal(
        id=topic.id,
        title=localizer.field_text(topic, "title"),
        segment=localizer.field_text(context.outlook.catalogue.segments[topic.segment], "title"),
        effect=localizer.text(f"radar.effect.{topic.effect}"),
        impact=localizer.text(f"radar.impact.{topic.impact}"),
        strength=localizer.text("radar.strength.thin" if doubts else "radar.strength.some"),
        is_thin=bool(doubts),
        thesis=localizer.field_text(topic, "thesis"),
        seen=" ".join(text),
        since=since,
        doubts=_capitalize(localizer.list_text(localizer.text(f"radar.doubt.{name}") for name in doubts)),
        criterion=_criterion_text(context, topic, evidence, base),
        judged=_outcome_text(context, topic, evidence, base),
        source_line=source_line_text(replace(context, today=context.outlook.day), evidence.indicator, evidence.history),
        target=target,
        methodology=_build_methodology(
            context, [evidence.history.key], ("criterion", "thin"), _build_measure_terms(localizer)
        ),
        growth_5y=None if growths[1][1] is None else round(growths[1][1] * 100, 1),
    )


def _build_methodology(
    context: Context, keys: list[SeriesKey], parts: tuple[str, ...], measure_terms: Terms = ()
) -> Terms:
    """The series, the edition, and how what is said of them comes about."""
    formulas = (
        (context.localizer.text(f"radar.how.{part}"), context.localizer.text(f"radar.how.{part}.text"))
        for part in parts
    )
    return build_methodology(context, inputs_text(context, keys), (*measure_terms, *formulas))


def _build_measure_terms(localizer: Localizer) -> Terms:
    """How levels and growth are measured, in the words of the page that sets series side by side."""
    return tuple(
        (localizer.text(f"compare.how.{part}"), localizer.text(f"compare.how.{part}.text")) for part in _MEASURE_TERMS
    )


def _criterion_text(context: Context, topic: Topic, evidence: TopicEvidence, base: float) -> str:
    localizer = context.localizer
    said = localizer.text(
        "radar.criterion" if topic.factor != 1 else "radar.criterion.same",
        level=format_amount(base * topic.factor, evidence.unit, localizer, exact=False),
        when=_time_text(last_month_of_period(topic.judged_period, evidence.indicator), evidence, localizer),
        base=format_amount(base, evidence.unit, localizer, exact=False),
        base_when=_time_text(last_month_of_period(topic.base_period, evidence.indicator), evidence, localizer),
        change=localizer.growth(topic.factor - 1),
    )
    return f"{said} {ranged}" if (ranged := _expected_range_text(context, topic, evidence)) else said


def _expected_range_text(context: Context, topic: Topic, evidence: TopicEvidence) -> str:
    """What we expect by then, of a yearly series that is forecast so far: a sum of months has no published range."""
    localizer = context.localizer
    forecast = context.outlook.forecasts.get(evidence.history.key)
    if forecast is None or evidence.indicator.frequency != "A":
        return ""
    step = period_to_ordinal(topic.judged_period) - forecast.origin
    if not 1 <= step <= len(forecast.median):
        return ""
    at = INTERVAL_LEVELS.index(80)
    low, high = (
        format_number(evidence.unit.convert(float(part[step - 1, at])), localizer, whole=evidence.unit.whole)
        for part in (forecast.low, forecast.high)
    )
    return localizer.text("radar.range", low=low, high=high, chances=localizer.text("chances.80"))


def _outcome_text(context: Context, topic: Topic, evidence: TopicEvidence, base: float) -> str:
    """When it is judged; or what came of it, once that is known."""
    localizer = context.localizer
    came = evidence.level_at(last_month_of_period(topic.judged_period, evidence.indicator))
    if came is not None:
        key = "radar.judged.yes" if came >= base * topic.factor else "radar.judged.no"
        return localizer.text(key, level=format_amount(came, evidence.unit, localizer, exact=False))
    if month_ordinal(topic.judge_on) < month_ordinal(context.outlook.day):
        return localizer.text("radar.judged.late", date=localizer.day(topic.judge_on))
    return localizer.text("radar.judged.on", date=localizer.day(topic.judge_on))


def _build_table(signals: tuple[WeakSignal, ...], localizer: Localizer) -> TextTable:
    heads = tuple(
        localizer.text(f"radar.head.{name}") for name in ("topic", "segment", "effect", "impact", "strength", "judged")
    )
    rows = tuple((row.title, row.segment, row.effect, row.impact, row.strength, row.judged) for row in signals)
    return TextTable(localizer.text("radar.title"), heads, rows)


def _build_growth_plot(signals: tuple[WeakSignal, ...], localizer: Localizer) -> PlotData:
    run = PlotSeries("past", localizer.text("radar.pace"), tuple(row.growth_5y for row in signals))
    labels = tuple(row.title for row in signals)
    return PlotData(
        "bar", labels, (run,), "%", 1, signed=True, starts_at_zero=True, subtitle=localizer.text("radar.pace.subtitle")
    )


def _build_excluded_chapter(context: Context) -> Chapter:
    localizer = context.localizer
    terms = tuple(
        (localizer.field_text(row, "title"), _capitalize(localizer.field_text(row, "missing")))
        for row in context.outlook.catalogue.excluded_topics
    )
    return Chapter(localizer.text("radar.absent.title"), localizer.text("radar.absent.subtitle"), terms)


def _capitalize(text: str) -> str:
    return text[:1].upper() + text[1:]
