"""A weak signal of the radar: its evidence, its criterion, and what came of it."""

from dataclasses import dataclass, replace

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Terms
from observatory.briefs.common.series_names import format_series_name, inputs_text
from observatory.briefs.common.units import format_amount, format_number
from observatory.briefs.figures.disclosure import source_line_text
from observatory.briefs.figures.methodology import build_methodology
from observatory.briefs.radar.evidence import TopicEvidence, last_month_of_period
from observatory.catalogue.models import Topic
from observatory.catalogue.periods import MONTHS_PER_PERIOD, month_ordinal, ordinal_to_period, period_to_ordinal
from observatory.language import Localizer, round_decimals
from observatory.selection import Selection
from observatory.settings import INTERVAL_LEVELS
from observatory.timeseries import SeriesKey
from observatory.typography import NBSP, capitalize_first

_MEASURE_TERMS = ("levels", "pace")  # of the comparison page
_LONG_GROWTH_YEARS = 5


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


def _time_text(month: int, evidence: TopicEvidence, localizer: Localizer) -> str:
    """The period of a yearly level, for a sentence: the year, or the twelve months up to a month."""
    frequency = evidence.indicator.frequency
    when = localizer.period_phrase(ordinal_to_period((month + 1) // MONTHS_PER_PERIOD[frequency] - 1, frequency))
    is_sum = frequency != "A" and evidence.indicator.kind != "stock"
    return localizer.text("radar.months", period_in=when) if is_sum else when


def build_signal(context: Context, topic: Topic, evidence: TopicEvidence) -> WeakSignal:
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
        target=build_target(context, topic, evidence),
        methodology=build_signal_methodology(
            context, [evidence.history.key], ("criterion", "thin"), _build_measure_terms(localizer)
        ),
        growth_5y=None if growth_5y is None else round_decimals(growth_5y * 100, 1),
        summary=_summary_text(topic, evidence, localizer),
    )


def build_target(context: Context, topic: Topic, evidence: TopicEvidence) -> Selection:
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


def build_signal_methodology(
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
