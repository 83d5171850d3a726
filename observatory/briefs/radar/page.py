"""Builds the brief of the radar of weak signals: topics, the evidence of their series, when each is scored."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from observatory.briefs.common.context import Context
from observatory.briefs.common.data_end import series_end_text
from observatory.briefs.common.model import Chapter, PlotData, PlotSeries, Terms, TextTable
from observatory.briefs.common.series_names import format_series_name, inputs_text
from observatory.briefs.common.units import format_amount, format_number
from observatory.briefs.figures.disclosure import source_line_text
from observatory.briefs.figures.methodology import build_methodology
from observatory.briefs.radar.evidence import TopicEvidence, build_evidence, last_month_of_period
from observatory.catalogue.models import EFFECT_YEARS, IMPACT_LEVELS, Topic
from observatory.catalogue.periods import MONTHS_PER_PERIOD, month_ordinal, ordinal_to_period, period_to_ordinal
from observatory.charts.radar import Blip, build_radar_chart
from observatory.language import NBSP, Localizer, capitalize_first, round_decimals
from observatory.selection import DEFAULT_SELECTION, Selection, build_url
from observatory.settings import INTERVAL_LEVELS
from observatory.timeseries import SeriesKey

_MEASURE_TERMS = ("levels", "pace")  # of the comparison page
_LONG_GROWTH_YEARS = 5
SIGNAL_PARTS = ("thesis", "seen", "since", "doubts", "criterion", "judged")  # of a WeakSignal, in reading order


@dataclass(frozen=True)
class WeakSignal:
    """A topic of the radar with its evidence, as text to print."""

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
    summary: str


@dataclass(frozen=True)
class RadarBrief:
    """The page of weak signals: radar chart, table of the same content, each topic, and the topics left out."""

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
    plot_data: PlotData | None  # growth of each series: slides and workbooks have no radar chart of this kind


def build_radar(context: Context) -> RadarBrief:
    """The page as of an outlook; a topic whose criterion has no base value yet is counted but not shown."""
    outlook, localizer = context.outlook, context.localizer
    pairs = [
        (topic, evidence)
        for topic in outlook.catalogue.topics
        if (evidence := build_evidence(context, topic)) is not None
    ]
    pairs.sort(key=_rank_topic)
    signals = tuple(_build_signal(context, topic, evidence) for topic, evidence in pairs)
    thin_count, total = sum(row.is_thin for row in signals), len(signals)
    hidden_count = len(outlook.catalogue.topics) - total
    under = [_thin_evidence_text(thin_count, total, localizer)] if thin_count else []
    under.append(localizer.text("radar.judgement"))
    if outlook.catalogue.topics and outlook.day < min(topic.declared for topic in outlook.catalogue.topics):
        under.append(localizer.text("radar.hindsight"))
    if hidden_count:
        under.append(localizer.plural("radar.unseen", hidden_count))
    alt = localizer.text("radar.alt", list="; ".join(f"{row.title} ({row.segment}, {row.effect})" for row in signals))
    return RadarBrief(
        kicker=localizer.text(
            "radar.kicker", data=series_end_text(context, (evidence.history.key for _topic, evidence in pairs))
        ),
        lead=_lead_text(pairs, localizer),
        under=tuple(under),
        title=localizer.text("radar.title"),
        subtitle=localizer.text("radar.subtitle"),
        spec=_build_spec(context, pairs) if pairs else None,
        alt=alt,
        table=_build_table(signals, localizer),
        signals=signals,
        excluded_topics=_build_excluded_chapter(context),
        methodology=_build_methodology(
            context, [evidence.history.key for _topic, evidence in pairs], ("place", "thin")
        ),
        plot_data=_build_growth_plot(signals, localizer) if signals else None,
    )


def _rank_topic(pair: tuple[Topic, TopicEvidence]) -> tuple[int, int, bool, str]:
    """The nearest topics first, then those with the largest effect, then those whose evidence is not thin."""
    topic, evidence = pair
    is_thin = bool(evidence.list_doubts())
    return EFFECT_YEARS.index(topic.effect), -IMPACT_LEVELS.index(topic.impact), is_thin, topic.segment


def _lead_text(pairs: list[tuple[Topic, TopicEvidence]], localizer: Localizer) -> str:
    """The number of topics, and those with a large effect in the near term and evidence that is not thin."""
    if not pairs:
        return localizer.text("radar.lead.none")
    lead = localizer.plural("radar.lead", len(pairs))
    near = [
        localizer.field_text(topic, "title")
        for topic, evidence in pairs
        if topic.effect == EFFECT_YEARS[0] and topic.impact == "high" and not evidence.list_doubts()
    ]
    return f"{lead} {localizer.plural('radar.lead.near', len(near), list=localizer.list_text(near))}" if near else lead


def _thin_evidence_text(thin_count: int, total: int, localizer: Localizer) -> str:
    """The number of topics with thin evidence."""
    return localizer.text("radar.thin.only") if total == 1 else localizer.plural("radar.thin", thin_count, total=total)


def _build_spec(context: Context, pairs: list[tuple[Topic, TopicEvidence]]) -> Mapping[str, Any]:
    """The radar chart (Vega-Lite): a sector for each segment that has topics, a ring for each time to effect."""
    localizer = context.localizer
    present = {topic.segment for topic, _evidence in pairs}
    sectors = [row for row in context.outlook.catalogue.segments.values() if row.id in present]
    sector_ids = [row.id for row in sectors]
    blips = [
        Blip(
            sector_ids.index(topic.segment),
            EFFECT_YEARS.index(topic.effect),
            topic.impact,
            localizer.field_text(topic, "title"),
            bool(evidence.list_doubts()),
            build_url("/segment", _build_target(context, topic, evidence), replace(DEFAULT_SELECTION, lang="")),
        )
        for topic, evidence in pairs
    ]
    rings = [localizer.text(f"radar.effect.{effect}") for effect in EFFECT_YEARS]
    return build_radar_chart(blips, [localizer.field_text(row, "title") for row in sectors], rings, localizer.language)


def _time_text(month: int, evidence: TopicEvidence, localizer: Localizer) -> str:
    """The period of a yearly level, for a sentence: the year, or the twelve months up to a month."""
    frequency = evidence.indicator.frequency
    when = localizer.period_phrase(ordinal_to_period((month + 1) // MONTHS_PER_PERIOD[frequency] - 1, frequency))
    is_sum = frequency != "A" and evidence.indicator.kind != "stock"
    return localizer.text("radar.months", period_in=when) if is_sum else when


def _build_signal(context: Context, topic: Topic, evidence: TopicEvidence) -> WeakSignal:
    """A topic with its evidence as text."""
    localizer = context.localizer
    doubts = evidence.list_doubts()
    growth_5y = evidence.compute_yearly_growth(_LONG_GROWTH_YEARS)
    return WeakSignal(
        id=topic.id,
        title=localizer.field_text(topic, "title"),
        segment=localizer.field_text(context.outlook.catalogue.segments[topic.segment], "title"),
        effect=localizer.text(f"radar.effect.{topic.effect}"),
        impact=localizer.text(f"radar.impact.{topic.impact}"),
        strength=localizer.text("radar.strength.thin" if doubts else "radar.strength.some"),
        is_thin=bool(doubts),
        thesis=localizer.field_text(topic, "thesis"),
        seen=_evidence_text(context, evidence),
        since=_rise_text(evidence, localizer),
        doubts=capitalize_first(localizer.list_text(localizer.text(f"radar.doubt.{name}") for name in doubts)),
        criterion=_criterion_text(context, topic, evidence),
        judged=_outcome_text(context, topic, evidence),
        source_line=source_line_text(replace(context, today=context.outlook.day), evidence.indicator, evidence.history),
        target=_build_target(context, topic, evidence),
        methodology=_build_methodology(
            context, [evidence.history.key], ("criterion", "thin"), _build_measure_terms(localizer)
        ),
        growth_5y=None if growth_5y is None else round_decimals(growth_5y * 100, 1),
        summary=_summary_text(topic, evidence, localizer),
    )


def _build_target(context: Context, topic: Topic, evidence: TopicEvidence) -> Selection:
    """The page of the series of a topic, in the edition of the view."""
    return Selection(
        lang=context.localizer.language,
        segment=evidence.indicator.segment,
        indicator=topic.indicator,
        geo=topic.geo,
        item=topic.item,
        asof=context.selection.asof,
    )


def _summary_text(topic: Topic, evidence: TopicEvidence, localizer: Localizer) -> str:
    """The effect, the evidence and the growth of the series, for the row of a topic."""
    growth = evidence.compute_yearly_growth(_LONG_GROWTH_YEARS)
    return f"{NBSP}\u00b7 ".join(
        (
            localizer.text("radar.impact", impact=localizer.text(f"radar.impact.{topic.impact}")),
            localizer.text("radar.strength.thin" if evidence.list_doubts() else "radar.strength.some"),
            *([] if growth is None else [localizer.text("radar.row.growth", growth=localizer.growth(growth))]),
        )
    )


def _evidence_text(context: Context, evidence: TopicEvidence) -> str:
    """The last yearly level, and its growth over one and five years where it is known."""
    localizer = context.localizer
    level = evidence.level_at(evidence.last_month)
    assert level is not None
    sentences = [
        localizer.text(
            "radar.seen",
            title=format_series_name(context, evidence.history.key),
            level=format_amount(level, evidence.unit, localizer, exact=False),
            when=_time_text(evidence.last_month, evidence, localizer),
        )
    ]
    for years in (1, _LONG_GROWTH_YEARS):
        rate = evidence.compute_yearly_growth(years)
        if rate is not None:
            sentences.append(localizer.text(f"radar.grown.{years}", growth=localizer.growth(rate)))
    return " ".join(sentences)


def _rise_text(evidence: TopicEvidence, localizer: Localizer) -> str:
    """For how many years the level has been rising, or that it is not."""
    start = evidence.find_rise_start()
    if start is None:
        return localizer.text("radar.since.not")
    years = (evidence.last_month - start) // 12
    return localizer.plural("radar.since", years, when=_time_text(start, evidence, localizer))


def _base_level(topic: Topic, evidence: TopicEvidence) -> float:
    """The level that the criterion is a multiple of; `build_evidence` leaves out topics without it."""
    base = evidence.level_at(last_month_of_period(topic.base_period, evidence.indicator))
    assert base is not None
    return base


def _build_methodology(
    context: Context, keys: list[SeriesKey], parts: tuple[str, ...], measure_terms: Terms = ()
) -> Terms:
    """The series, the edition, and the rules by which signals are described."""
    formulas = (
        (context.localizer.text(f"radar.how.{part}"), context.localizer.text(f"radar.how.{part}.text"))
        for part in parts
    )
    return build_methodology(context, inputs_text(context, keys), (*measure_terms, *formulas))


def _build_measure_terms(localizer: Localizer) -> Terms:
    """How levels and growth are measured, in the texts of the comparison page."""
    return tuple(
        (localizer.text(f"compare.how.{part}"), localizer.text(f"compare.how.{part}.text")) for part in _MEASURE_TERMS
    )


def _criterion_text(context: Context, topic: Topic, evidence: TopicEvidence) -> str:
    """The level that confirms a topic, by when, and the range that we expect then if there is one."""
    localizer, base = context.localizer, _base_level(topic, evidence)
    criterion = localizer.text(
        "radar.criterion" if topic.factor != 1 else "radar.criterion.same",
        level=format_amount(base * topic.factor, evidence.unit, localizer, exact=False),
        when=_time_text(last_month_of_period(topic.judged_period, evidence.indicator), evidence, localizer),
        base=format_amount(base, evidence.unit, localizer, exact=False),
        base_when=_time_text(last_month_of_period(topic.base_period, evidence.indicator), evidence, localizer),
        change=localizer.growth(topic.factor - 1),
    )
    expected_range = _expected_range_text(context, topic, evidence)
    return f"{criterion} {expected_range}" if expected_range else criterion


def _expected_range_text(context: Context, topic: Topic, evidence: TopicEvidence) -> str:
    """The interval of a yearly series in the period of its criterion; empty if it is not forecast so far.

    Sums of months or quarters have no stored interval.
    """
    localizer = context.localizer
    forecast = context.outlook.forecasts.get(evidence.history.key)
    if forecast is None or evidence.indicator.frequency != "A":
        return ""
    step = period_to_ordinal(topic.judged_period) - forecast.origin
    if not 1 <= step <= len(forecast.median):
        return ""
    level_index = INTERVAL_LEVELS.index(80)
    low, high = (
        format_number(evidence.unit.convert(float(part[step - 1, level_index])), localizer, whole=evidence.unit.whole)
        for part in (forecast.low, forecast.high)
    )
    return localizer.text("radar.range", low=low, high=high, chances=localizer.chances(80))


def _outcome_text(context: Context, topic: Topic, evidence: TopicEvidence) -> str:
    """The day on which a topic is scored; afterwards, whether it met its criterion."""
    localizer = context.localizer
    outcome = evidence.level_at(last_month_of_period(topic.judged_period, evidence.indicator))
    if outcome is not None:
        is_met = outcome >= _base_level(topic, evidence) * topic.factor
        key = "radar.judged.yes" if is_met else "radar.judged.no"
        return localizer.text(key, level=format_amount(outcome, evidence.unit, localizer, exact=False))
    if month_ordinal(topic.judge_on) < month_ordinal(context.outlook.day):
        return localizer.text("radar.judged.late", date=localizer.day(topic.judge_on))
    return localizer.text("radar.judged.on", date=localizer.day(topic.judge_on))


def _build_table(signals: tuple[WeakSignal, ...], localizer: Localizer) -> TextTable:
    headers = tuple(
        localizer.text(f"radar.head.{name}") for name in ("topic", "segment", "effect", "impact", "strength", "judged")
    )
    rows = tuple((row.title, row.segment, row.effect, row.impact, row.strength, row.judged) for row in signals)
    return TextTable(localizer.text("radar.title"), headers, rows)


def _build_growth_plot(signals: tuple[WeakSignal, ...], localizer: Localizer) -> PlotData:
    """Bars of the growth a year of each series over five years."""
    growth = PlotSeries("past", localizer.text("radar.pace"), tuple(row.growth_5y for row in signals))
    labels = tuple(row.title for row in signals)
    return PlotData(
        "bar",
        labels,
        (growth,),
        "%",
        1,
        signed=True,
        starts_at_zero=True,
        subtitle=localizer.text("radar.pace.subtitle"),
    )


def _build_excluded_chapter(context: Context) -> Chapter:
    """The topics without a series of ours, each with what is missing."""
    localizer = context.localizer
    terms = tuple(
        (localizer.field_text(row, "title"), capitalize_first(localizer.field_text(row, "missing")))
        for row in context.outlook.catalogue.excluded_topics
    )
    return Chapter(localizer.text("radar.absent.title"), localizer.text("radar.absent.subtitle"), terms)
