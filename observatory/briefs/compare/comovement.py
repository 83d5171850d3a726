"""Comovement of the compared series in words: which pairs move together, and which series leads."""

from collections.abc import Sequence

from observatory.briefs.common.model import Chapter, TextTable
from observatory.language import NO_VALUE, Localizer, round_decimals
from observatory.outlook.analysis.comovement import Comovement
from observatory.outlook.leads.lead_lag import MAX_LAG_YEARS, MIN_COMMON_YEARS
from observatory.outlook.leads.leads import FALSE_DISCOVERY_RATE

MAX_LEAD_Q_VALUE = 0.05  # the lead is a single claim, so it takes a stricter limit than the list of pairs
_LEADING_STATES = ("useful", "ahead")


def lead_text(comovements: Sequence[Comovement], titles: Sequence[str], localizer: Localizer) -> str:
    """Which series leads, or that none does, and how many pairs move together; only significant pairs count."""
    if len(titles) < 2:
        return localizer.text("compare.lead.alone")
    tested = [pair for pair in comovements if pair.state not in ("same", "short")]
    if not tested:
        return localizer.text("compare.lead.short")
    related = [pair for pair in tested if pair.state != "chance"]
    if not related:
        return localizer.plural("compare.lead.chance", len(tested))
    significant = [pair for pair in related if pair.q_value is not None and pair.q_value <= MAX_LEAD_Q_VALUE]
    if not significant:
        return localizer.text("compare.lead.unsure", most=localizer.percent_text(MAX_LEAD_Q_VALUE))
    leading = next((pair for pair in significant if pair.state in _LEADING_STATES), None)
    if leading is not None:
        names = {"a": titles[leading.first], "b": titles[leading.second]}
        lag = localizer.plural("compare.months", leading.lag_months)
        return localizer.text(f"compare.lead.{leading.state}", lag=lag, **names)
    if len(significant) == len(tested) == 1:
        return localizer.text("compare.lead.both", a=titles[significant[0].first], b=titles[significant[0].second])
    if len(significant) == len(tested):
        return localizer.plural("compare.lead.all", len(tested))
    key = "compare.lead.unproved" if any(pair.state in _LEADING_STATES for pair in related) else "compare.lead.some"
    return localizer.plural(key, len(significant), total=localizer.number(len(tested)))


def build_comovement_chapter(
    comovements: Sequence[Comovement], letters: Sequence[str], names: Sequence[str], localizer: Localizer
) -> Chapter:
    """Table of all pairs, in the order given (most significant first), and how to read it."""
    headers = tuple(
        localizer.text(f"compare.ties.head.{name}") for name in ("pair", "verdict", "same", "chance", "years")
    )
    rows = tuple(_build_row(pair, letters, names, localizer) for pair in comovements)
    tested_count = sum(pair.state not in ("same", "short") for pair in comovements)
    subtitle = localizer.plural(
        "compare.ties.subtitle",
        tested_count,
        years=localizer.number(MAX_LAG_YEARS),
        share=localizer.number(round(FALSE_DISCOVERY_RATE * 100)),
        sure=localizer.number(round(MAX_LEAD_Q_VALUE * 100)),
    )
    if not tested_count and any(pair.state == "short" for pair in comovements):
        subtitle = localizer.text("compare.ties.none")
    tables = (TextTable(localizer.text("compare.ties.title"), headers, rows),) if rows else ()
    return Chapter(localizer.text("compare.ties.title"), subtitle if rows else "", (), tables)


def _build_row(
    comovement: Comovement, letters: Sequence[str], names: Sequence[str], localizer: Localizer
) -> tuple[str, ...]:
    first, second = (f"{letters[index]} {names[index]}" for index in (comovement.first, comovement.second))
    is_leading = comovement.state in _LEADING_STATES
    pair = localizer.text("compare.ties.before" if is_leading else "compare.ties.and", a=first, b=second)
    verdict = localizer.text(
        f"compare.state.{comovement.state}",
        a=letters[comovement.first],
        b=letters[comovement.second],
        lag=localizer.plural("compare.months", comovement.lag_months),
        min=localizer.number(MIN_COMMON_YEARS),
    )
    return (
        pair,
        verdict,
        _correlation_text(comovement.same_year_correlation, localizer),
        localizer.percent_text(comovement.q_value) if comovement.q_value is not None else NO_VALUE,
        localizer.text(
            "compare.ties.years",
            years=localizer.number(comovement.common_years),
            worth=localizer.number(comovement.effective_years),
        )
        if comovement.effective_years
        else NO_VALUE,
    )


def _correlation_text(value: float | None, localizer: Localizer) -> str:
    if value is None:
        return NO_VALUE
    return ("+" if round_decimals(value, 2) > 0 else "") + localizer.number(value, 2)
