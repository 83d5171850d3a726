"""Checks of data/topics.toml: the series of a topic exists, its criterion can be judged."""

import csv
from datetime import date

from observatory.catalogue.files import EditionFiles
from observatory.catalogue.models import Catalogue, Indicator, Topic
from observatory.catalogue.periods import last_month_ordinal, month_ordinal, parse_frequency, period_to_ordinal
from observatory.errors import Finding, MessageValue

_TOPICS_FILE = "topics.toml"
_FACTOR_RANGE = (0.5, 4.0)  # plausible criteria


def check_topics(catalogue: Catalogue, files: EditionFiles) -> list[Finding]:
    """All errors of all topics."""
    findings: list[Finding] = []
    ids: set[str] = set()
    for topic in catalogue.topics:
        if topic.id in ids:
            findings.append(_build_error("catalogue_not_allowed", topic, "id", topic.id, allowed="-"))
        ids.add(topic.id)
        findings += _check_references(topic, catalogue) or _check_criterion(
            topic, catalogue.indicators[topic.indicator], files
        )
    return findings


def _build_error(code: str, topic: Topic, key: str, value: object, **values: MessageValue) -> Finding:
    return Finding("error", code, _TOPICS_FILE, column=f"{topic.id}.{key}", value=str(value)[:200], values=values)


def _check_references(topic: Topic, catalogue: Catalogue) -> list[Finding]:
    references = (
        ("segment", topic.segment, catalogue.segments),
        ("indicator", topic.indicator, catalogue.indicators),
        ("geo", topic.geo, catalogue.geographies),
        *((("item", topic.item, catalogue.items),) if topic.item else ()),
    )
    return [
        _build_error("catalogue_unknown_reference", topic, key, value, near="-")
        for key, value, defined in references
        if value not in defined
    ]


def _check_criterion(topic: Topic, indicator: Indicator, files: EditionFiles) -> list[Finding]:
    """The periods are of the series' frequency, the first is observed, the second can be known when it is judged."""
    findings = [
        _build_error("catalogue_not_allowed", topic, key, getattr(topic, key), allowed=indicator.frequency)
        for key in ("base_period", "judged_period")
        if parse_frequency(getattr(topic, key)) != indicator.frequency
    ]
    if findings:
        return findings
    if topic.base_period not in _read_observed_periods(topic, files):
        findings.append(
            _build_error("catalogue_topic_unseen", topic, "base_period", topic.base_period, indicator=indicator.id)
        )
    known_month = (
        last_month_ordinal(period_to_ordinal(topic.judged_period), indicator.frequency)
        + indicator.publication_lag_months
    )
    if (
        period_to_ordinal(topic.judged_period) <= period_to_ordinal(topic.base_period)
        or month_ordinal(topic.judge_on) < known_month
    ):
        first_month = date(known_month // 12, known_month % 12 + 1, 1).isoformat()[:7]
        findings.append(_build_error("catalogue_topic_early", topic, "judge_on", topic.judge_on, first=first_month))
    if not _FACTOR_RANGE[0] <= topic.factor <= _FACTOR_RANGE[1]:
        findings.append(_build_error("catalogue_not_allowed", topic, "factor", topic.factor, allowed="0.5-4"))
    return findings


def _read_observed_periods(topic: Topic, files: EditionFiles) -> set[str]:
    """The periods of the series of a topic; none if its file cannot be read (another check says so)."""
    try:
        with files.locate(f"observations/{topic.indicator}.csv").open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines)
            return {
                str(row.get("period")) for row in rows if (row.get("geo"), row.get("item")) == (topic.geo, topic.item)
            }
    except (OSError, UnicodeDecodeError, csv.Error):
        return set()
