"""Builds the chapters on when to negotiate (rules tested on past prices) and on the record of past odds."""

from collections.abc import Sequence

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Chapter, TextTable
from observatory.briefs.common.standing import Standing, compare_errors, compare_interval
from observatory.briefs.purchasing.methodology import build_part_methodology, describe_odds
from observatory.briefs.purchasing.price_units import short_titles
from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import ordinal_to_period
from observatory.language import Localizer, round_percent
from observatory.outlook.purchasing import negotiation
from observatory.outlook.study_parts import OddsScores, TimingRule

_SCORE_DECIMALS = 3  # of a Brier score, as docs and pages show it


def build_timing_chapter(context: Context, indicators: list[Indicator]) -> Chapter | None:
    """The negotiation rules tested on past prices: each usable one with its record and the inputs it applies to today.

    None where no rule was tested.
    """
    localizer = context.localizer
    rules = context.outlook.study.purchasing.timing_rules
    if not rules:
        return None
    terms = tuple(_build_rule_term(context, rule, indicators) for rule in rules if rule.usable)
    subtitle = (
        localizer.plural("purchasing.timing.subtitle", len(terms))
        if terms
        else localizer.text("purchasing.timing.subtitle.none")
    )
    return Chapter(
        localizer.text("purchasing.timing.title"),
        subtitle,
        terms,
        (_build_rules_table(rules, localizer),),
        build_part_methodology(context, "timing", indicators),
    )


def build_timing_lines(context: Context, indicators: list[Indicator]) -> tuple[str, ...]:
    """When to negotiate in short lines: the signal of today, the record of each usable rule, what it is not."""
    localizer = context.localizer
    rules = context.outlook.study.purchasing.timing_rules
    usable = [rule for rule in rules if rule.usable]
    if not rules:
        return ()
    if not usable:
        return (localizer.text("purchasing.timing.subtitle.none"),)
    titles = short_titles(indicators, localizer)
    names = dict.fromkeys(titles[row.id] for rule in usable for row in _list_raised_inputs(context, rule, indicators))
    today = (
        localizer.text("purchasing.timing.today", names="; ".join(names))
        if names
        else localizer.text("purchasing.timing.not_today")
    )
    records = (
        localizer.text(
            f"purchasing.timing.line.{rule.rule}",
            months=rule.months,
            followed=localizer.number(rule.followed),
            raised=localizer.number(rule.raised),
            base=localizer.percent_digits(rule.base),
        )
        for rule in usable
    )
    return (today, *records, localizer.plural("purchasing.timing.frequency", len(usable)))


def _list_raised_inputs(context: Context, rule: TimingRule, indicators: list[Indicator]) -> list[Indicator]:
    """The inputs that meet the condition of a rule today."""
    outlook = context.outlook
    return [
        row
        for row in indicators
        if rule.rule in negotiation.list_raised_rules(outlook.panel[outlook.headline_key(row)])
    ]


def _build_rule_term(context: Context, rule: TimingRule, indicators: list[Indicator]) -> tuple[str, str]:
    """The name of a usable rule; its past record, and the inputs that meet its condition today."""
    localizer = context.localizer
    names = [localizer.field_text(row, "title") for row in _list_raised_inputs(context, rule, indicators)]
    record = localizer.text(
        f"purchasing.rule.{rule.rule}.record",
        months=rule.months,
        followed=localizer.number(rule.followed),
        raised=localizer.number(rule.raised),
        base=localizer.percent_digits(rule.base),
    )
    today = (
        localizer.text("purchasing.rule.now", names="; ".join(names))
        if names
        else localizer.text("purchasing.rule.not_now")
    )
    return localizer.text(f"purchasing.rule.{rule.rule}"), f"{record} {today}"


def _build_rules_table(rules: Sequence[TimingRule], localizer: Localizer) -> TextTable:
    """All rules tested, usable or not, with their record."""
    headers = tuple(
        localizer.text(f"purchasing.timing.head.{name}") for name in ("rule", "ahead", "followed", "base", "usable")
    )
    rows = tuple(
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
        for row in rules
    )
    return TextTable(localizer.text("purchasing.timing.caption"), headers, rows)


def _odds_standing(scores: OddsScores) -> Standing:
    """How past odds stand against the past frequency of such moves; level where their scores do not differ clearly."""
    if scores.difference:
        low, high = (round(end, _SCORE_DECIMALS) for end in scores.difference)
        if compare_interval(-high, -low) == "even":
            return "even"
    return compare_errors(scores.brier, scores.reference, _SCORE_DECIMALS)


def build_odds_record_chapter(context: Context, indicators: list[Indicator]) -> Chapter | None:
    """Past odds against outcomes, by class of odds, in plain words; None where none were evaluated."""
    localizer = context.localizer
    record = context.outlook.study.purchasing.odds_record
    if record is None:
        return None
    tables = []
    for name, scores in (("some", record.some), ("then", record.then)):
        rows = tuple(
            (
                localizer.text("purchasing.record.class", low=round_percent(row.low), high=round_percent(row.high)),
                localizer.number(row.n),
                localizer.percent_text(row.mean_probability),
                localizer.percent_text(row.observed_frequency),
            )
            for row in scores.bins
        )
        headers = tuple(localizer.text(f"purchasing.record.head.{part}") for part in ("class", "n", "said", "came"))
        tables.append(TextTable(localizer.text(f"purchasing.record.{name}"), headers, rows))
    subtitle = localizer.text(
        "purchasing.record.subtitle",
        n=localizer.number(record.some.n),
        origins=localizer.number(record.origins),
        first=localizer.period(ordinal_to_period(record.first, "M")),
    )
    window = "waited" if context.outlook.study.purchasing.asked is not None else "next"
    subtitle = f"{subtitle} {localizer.text(f'purchasing.record.{window}')}"
    standing = _odds_standing(record.some)
    terms = (
        (localizer.text("purchasing.how"), describe_odds(context)),
        (
            localizer.text("purchasing.limits"),
            f"{localizer.text(f'purchasing.limits.{standing}')} {localizer.text('purchasing.limits.ends')}",
        ),
    )
    return Chapter(
        localizer.text("purchasing.record.title"),
        subtitle,
        terms,
        tuple(tables),
        build_part_methodology(context, "record", indicators),
    )
