"""The moment to negotiate and the worth of our chances: the rules that were tried, and said against came."""

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Chapter, TextTable
from observatory.briefs.purchasing.methodology import build_part_methodology
from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import ordinal_to_period
from observatory.language import round_percent
from observatory.outlook.purchasing import negotiation


def build_timing_chapter(context: Context, indicators: list[Indicator]) -> Chapter | None:
    """The rules that were tried: a usable one is said in a sentence with its past, and which inputs raise it today."""
    outlook, localizer = context.outlook, context.localizer
    found = outlook.study.purchasing.timing_rules
    if not found:
        return None
    terms = []
    for rule in (row for row in found if row.usable):
        names = [
            localizer.field_text(row, "title")
            for row in indicators
            if rule.rule in negotiation.list_raised_rules(outlook.panel[outlook.headline_key(row)])
        ]
        said = localizer.text(
            f"purchasing.rule.{rule.rule}.record",
            months=rule.months,
            followed=localizer.number(rule.followed),
            raised=localizer.number(rule.raised),
            base=localizer.percent_digits(rule.base),
        )
        now = (
            localizer.text("purchasing.rule.now", names="; ".join(names))
            if names
            else localizer.text("purchasing.rule.not_now")
        )
        terms.append((localizer.text(f"purchasing.rule.{rule.rule}"), f"{said} {now}"))
    titles = tuple(
        localizer.text(f"purchasing.timing.head.{name}") for name in ("rule", "ahead", "followed", "base", "usable")
    )
    lines = tuple(
        (
            localizer.text(f"purchasing.rule.{row.rule}"),
            localizer.text("purchasing.timing.months", n=row.months),
            localizer.text(
                "purchasing.timing.followed",
                followed=localizer.number(row.followed),
                raised=localizer.number(row.raised),
            ),
            localizer.percent_text(row.base),
            localizer.text("purchasing.yes" if row.usable else "purchasing.no"),
        )
        for row in found
    )
    usable = len(terms)
    subtitle = (
        localizer.plural("purchasing.timing.subtitle", usable)
        if usable
        else localizer.text("purchasing.timing.subtitle.none")
    )
    table = TextTable(localizer.text("purchasing.timing.caption"), titles, lines)
    return Chapter(
        localizer.text("purchasing.timing.title"),
        subtitle,
        tuple(terms),
        (table,),
        build_part_methodology(context, "timing", indicators),
    )


def build_odds_record_chapter(context: Context, indicators: list[Indicator]) -> Chapter | None:
    """What past chances were worth: said against came, by class, in plain words."""
    localizer = context.localizer
    found = context.outlook.study.purchasing.odds_record
    if found is None:
        return None
    tables = []
    for name, scores in (("some", found.some), ("then", found.then)):
        lines = tuple(
            (
                localizer.text("purchasing.record.class", low=round_percent(row.low), high=round_percent(row.high)),
                localizer.number(row.n),
                localizer.percent_text(row.mean_probability),
                localizer.percent_text(row.observed_frequency),
            )
            for row in scores.bins
        )
        names = tuple(localizer.text(f"purchasing.record.head.{part}") for part in ("class", "n", "said", "came"))
        tables.append(TextTable(localizer.text(f"purchasing.record.{name}"), names, lines))
    subtitle = localizer.text(
        "purchasing.record.subtitle",
        n=localizer.number(found.some.n),
        origins=localizer.number(found.origins),
        first=localizer.period(ordinal_to_period(found.first, "M")),
    )
    better = found.some.brier < found.some.reference * 0.95
    terms = (
        (localizer.text("purchasing.how"), localizer.text("purchasing.how.text")),
        (
            localizer.text("purchasing.limits"),
            localizer.text("purchasing.limits.better" if better else "purchasing.limits.text"),
        ),
    )
    return Chapter(
        localizer.text("purchasing.record.title"),
        subtitle,
        terms,
        tuple(tables),
        build_part_methodology(context, "record", indicators),
    )
