"""Builds the brief of the radar of weak signals: topics, the evidence of their series, when each is scored."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from observatory.briefs.common.context import Context
from observatory.briefs.common.data_end import series_end_text
from observatory.briefs.common.model import Chapter, PlotData, PlotSeries, Terms, TextTable
from observatory.briefs.radar.evidence import TopicEvidence, build_evidence
from observatory.briefs.radar.signal import WeakSignal, build_signal, build_signal_methodology, build_target
from observatory.catalogue.models import EFFECT_YEARS, IMPACT_LEVELS, Topic
from observatory.charts.radar import Blip, build_radar_chart
from observatory.language import Localizer
from observatory.selection import DEFAULT_SELECTION, build_url
from observatory.typography import capitalize_first

SIGNAL_PARTS = ("thesis", "seen", "since", "doubts", "criterion", "judged")  # of a WeakSignal, in reading order


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
    signals = tuple(build_signal(context, topic, evidence) for topic, evidence in pairs)
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
        methodology=build_signal_methodology(
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
            build_url("/segment", build_target(context, topic, evidence), replace(DEFAULT_SELECTION, lang="")),
        )
        for topic, evidence in pairs
    ]
    rings = [localizer.text(f"radar.effect.{effect}") for effect in EFFECT_YEARS]
    return build_radar_chart(blips, [localizer.field_text(row, "title") for row in sectors], rings, localizer.language)


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
