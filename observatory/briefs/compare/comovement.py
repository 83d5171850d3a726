"""Whether compared series move together, and which one leads, in words."""

from collections.abc import Sequence

from observatory.briefs.common.model import Chapter, TextTable
from observatory.language import Localizer
from observatory.outlook.analysis.comovement import Comovement
from observatory.outlook.leads.lead_lag import MAX_LAG_YEARS, MIN_COMMON_YEARS
from observatory.outlook.leads.leads import FALSE_DISCOVERY_RATE

_NO_VALUE = "\u2013"
MAX_LEAD_Q_VALUE = 0.05  # the head of the page is one claim, not a list of which one in ten may be chance
_LEADING_STATES = ("useful", "ahead")


def lead_text(comovements: Sequence[Comovement], titles: Sequence[str], localizer: Localizer) -> str:
    """The answer: which one leads, or that none does, and how many move together; only of what is sure."""
    if len(titles) < 2:
        return localizer.text("compare.lead.alone")
    judged = [tie for tie in comovements if tie.state not in ("same", "short")]
    if not judged:
        return localizer.text("compare.lead.short")
    kept = [tie for tie in judged if tie.state != "chance"]
    if not kept:
        return localizer.plural("compare.lead.chance", len(judged))
    sure = [tie for tie in kept if tie.q_value is not None and tie.q_value <= MAX_LEAD_Q_VALUE]
    if not sure:
        return localizer.text("compare.lead.unsure", most=localizer.percent_text(MAX_LEAD_Q_VALUE))
    first = next((tie for tie in sure if tie.state in _LEADING_STATES), None)
    if first is not None:
        names = {"a": titles[first.first], "b": titles[first.second]}
        lag = localizer.plural("compare.months", first.lag_months)
        return localizer.text(f"compare.lead.{first.state}", lag=lag, **names)
    if len(sure) == len(judged) == 1:
        return localizer.text("compare.lead.both", a=titles[sure[0].first], b=titles[sure[0].second])
    if len(sure) == len(judged):
        return localizer.plural("compare.lead.all", len(judged))
    key = "compare.lead.unproved" if any(tie.state in _LEADING_STATES for tie in kept) else "compare.lead.some"
    return localizer.plural(key, len(sure), total=localizer.number(len(judged)))


def build_comovement_chapter(
    comovements: Sequence[Comovement], letters: Sequence[str], names: Sequence[str], localizer: Localizer
) -> Chapter:
    """Every pair in a table, the surest first, and how to read it."""
    heads = tuple(
        localizer.text(f"compare.ties.head.{name}") for name in ("pair", "verdict", "same", "chance", "years")
    )
    rows = tuple(_build_row(tie, letters, names, localizer) for tie in comovements)
    count = sum(tie.state not in ("same", "short") for tie in comovements)
    subtitle = localizer.plural(
        "compare.ties.subtitle",
        count,
        years=localizer.number(MAX_LAG_YEARS),
        share=localizer.number(round(FALSE_DISCOVERY_RATE * 100)),
        sure=localizer.number(round(MAX_LEAD_Q_VALUE * 100)),
    )
    if not count and any(tie.state == "short" for tie in comovements):
        subtitle = localizer.text("compare.ties.none")
    tables = (TextTable(localizer.text("compare.ties.title"), heads, rows),) if rows else ()
    return Chapter(localizer.text("compare.ties.title"), subtitle if rows else "", (), tables)


def _build_row(
    comovement: Comovement, letters: Sequence[str], names: Sequence[str], localizer: Localizer
) -> tuple[str, ...]:
    one, two = (f"{letters[place]} {names[place]}" for place in (comovement.first, comovement.second))
    ahead = comovement.state in _LEADING_STATES
    pair = localizer.text("compare.ties.before" if ahead else "compare.ties.and", a=one, b=two)
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
        localizer.percent_text(comovement.q_value) if comovement.q_value is not None else _NO_VALUE,
        localizer.text(
            "compare.ties.years",
            years=localizer.number(comovement.common_years),
            worth=localizer.number(comovement.effective_years),
        )
        if comovement.effective_years
        else _NO_VALUE,
    )


def _correlation_text(value: float | None, localizer: Localizer) -> str:
    if value is None:
        return _NO_VALUE
    return ("+" if round(value, 2) > 0 else "") + localizer.number(value, 2)
