"""Builds the record in real time: forecasts from the figures of the time beside the same ones from revised figures."""

from datetime import date

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Chapter, Terms, TextTable
from observatory.briefs.track_record.baselines import format_signed
from observatory.language import Localizer, round_percent
from observatory.outlook.real_time_scores import RealTimeCall, RealTimeScores, summarize_vintages

_ERROR_DECIMALS = 1  # of errors in per cent, and of their differences in points


def build_real_time(context: Context) -> tuple[Chapter | None, TextTable | None]:
    """What the figures of the time change in errors, ranges and calls, and errors by indicator; None without any."""
    localizer, record = context.localizer, context.outlook.study.real_time
    scores = summarize_vintages(record.vintages)
    if scores is None:
        return None, None
    indicators = {row.indicator for row in record.vintages}
    terms = [
        ("error", _error_text(scores, len(indicators), localizer)),
        ("difference", _difference_text(scores, localizer)),
        ("held", _held_text(scores, localizer)),
        ("first", _first_text(scores, localizer)),
        ("calls", _calls_text(record.calls, localizer)),
    ]
    chapter = Chapter(
        localizer.text("track.real.title"),
        localizer.text("track.real.subtitle", date=localizer.day(date.fromisoformat(record.day))),
        _name_terms(terms, localizer),
    )
    return chapter, _build_table(context)


def _name_terms(terms: list[tuple[str, str]], localizer: Localizer) -> Terms:
    return tuple((localizer.text(f"track.real.{name}"), text) for name, text in terms if text)


def _error_text(scores: RealTimeScores, indicator_count: int, localizer: Localizer) -> str:
    return localizer.text(
        "track.real.error.text",
        real=_error_digits(scores.real_error, localizer),
        final=_error_digits(scores.final_error, localizer),
        n=localizer.number(scores.outcomes),
        vintages=localizer.number(scores.vintages),
        indicators=localizer.number(indicator_count),
    )


def _difference_text(scores: RealTimeScores, localizer: Localizer) -> str:
    """The interval of the difference and whether it excludes zero as shown; without one, that years are too few."""
    if not scores.difference:
        return localizer.plural("track.real.few", scores.years)
    low, high = (round(end * 100, _ERROR_DECIMALS) for end in scores.difference)
    standing = "luck" if low <= 0 <= high else "clear"
    ends = {name: format_signed(end, localizer, _ERROR_DECIMALS) for name, end in (("low", low), ("high", high))}
    return localizer.plural(f"track.real.{standing}", scores.years, **ends)


def _held_text(scores: RealTimeScores, localizer: Localizer) -> str:
    shares = {"real": scores.real_held, "final": scores.final_held}
    digits = {name: round_percent(held / scores.outcomes) for name, held in shares.items()}
    return localizer.text("track.real.held.text", **digits)


def _first_text(scores: RealTimeScores, localizer: Localizer) -> str:
    """The errors against the first known values; empty where no later vintage holds an outcome."""
    if not scores.first_count:
        return ""
    return localizer.text(
        "track.real.first.text",
        first=_error_digits(scores.first_error, localizer),
        same=_error_digits(scores.same_error, localizer),
        n=localizer.number(scores.first_count),
    )


def _calls_text(calls: tuple[RealTimeCall, ...], localizer: Localizer) -> str:
    """How many calls the figures of the time leave as they are, and the largest change of a probability."""
    if not calls:
        return ""
    largest = max(abs(round_percent(row.chance) - round_percent(row.final_chance)) for row in calls)
    return localizer.plural(
        "track.real.calls.text",
        len(calls),
        same=localizer.number(sum(row.call == row.final_call for row in calls)),
        dates=localizer.number(len({row.origin for row in calls})),
        points=localizer.plural("track.real.points", largest),
    )


def _build_table(context: Context) -> TextTable:
    """Copies, outcomes, errors and ranges by indicator, in the order of the catalogue."""
    localizer, record = context.localizer, context.outlook.study.real_time
    rows = []
    for indicator in context.outlook.catalogue.indicators.values():
        scores = summarize_vintages([row for row in record.vintages if row.indicator == indicator.id])
        if scores is not None:
            rows.append(
                (
                    localizer.field_text(indicator, "title"),
                    localizer.number(scores.vintages),
                    localizer.number(scores.outcomes),
                    *(
                        f"{_error_digits(error, localizer)}{localizer.percent_sign}"
                        for error in (scores.real_error, scores.final_error)
                    ),
                    *(
                        f"{round_percent(held / scores.outcomes)}{localizer.percent_sign}"
                        for held in (scores.real_held, scores.final_held)
                    ),
                )
            )
    names = ("indicator", "vintages", "n", "real", "final", "real_held", "final_held")
    heads = tuple(localizer.text(f"track.real.head.{name}") for name in names)
    return TextTable(localizer.text("track.real.all"), heads, tuple(rows))


def _error_digits(share: float, localizer: Localizer) -> str:
    return localizer.number(share * 100, _ERROR_DECIMALS)
