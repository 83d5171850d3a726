"""Builds the brief of the method page: limitations, coverage of past intervals, calls, forecasts, glossary."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict

from observatory.briefs.common import call_text
from observatory.briefs.common.context import Context
from observatory.briefs.common.glossary import list_terms
from observatory.briefs.common.model import Chapter, MethodBrief, TextTable
from observatory.briefs.common.standing import compare_shares, hit_rate_interval, standing_text
from observatory.briefs.track_record.reliability import build_forecast_coverage_figure, count_covered
from observatory.language import PROBABILITY_WORDS, Localizer, round_percent
from observatory.outlook.calls.scores import count_independent_markets
from observatory.settings import CALL_THRESHOLDS, HORIZONS, INTERVAL_LEVELS, MIN_OBSERVATIONS, STOPPED_AFTER_MONTHS
from observatory.timeseries import ForecastStatus

FORECAST_STATUSES: tuple[ForecastStatus, ...] = ("pool", "reference", "stopped", "too_short")
_FORECAST_TERMS = ("mean", "learned", "ranges", "test", "reference")
_OTHERS_TERMS = ("found", "once", "came", "reference", "ours", "guidance", "mend")


def build_method(context: Context) -> MethodBrief:
    """The method as of an outlook; its numbers come from the outlook and the settings."""
    localizer = context.localizer
    coverage = count_covered(list(context.outlook.forecasts.values()))
    level_index = INTERVAL_LEVELS.index(80)
    lead = localizer.text("method.lead.none")
    if coverage.evaluated_count:
        share = round_percent(coverage.covered_share(level_index))
        lead = localizer.text("method.lead", level=INTERVAL_LEVELS[level_index], share=share)
    return MethodBrief(
        kicker=localizer.text("method.kicker", date=localizer.day(context.outlook.day)),
        lead=lead,
        under=(localizer.text("method.under"),),
        limitations=_build_limitations_chapter(context),
        coverage_figure=build_forecast_coverage_figure(context),
        calls=_build_calls_chapter(context),
        forecasts=_build_forecasts_chapter(localizer),
        glossary=_build_glossary_chapter(localizer),
        others=_build_others_chapter(context),
    )


def _build_others_chapter(context: Context) -> Chapter | None:
    """How forecasts of others are judged; None in an edition that has none."""
    record, localizer = context.outlook.study.external_record, context.localizer
    if not record.rows:
        return None
    counts = {"n": localizer.number(len(record.rows)), "publishers": len(record.publishers)}
    texts = {name: localizer.text(f"method.others.{name}.text", **counts) for name in _OTHERS_TERMS}
    return _build_chapter("others", texts, (), localizer)


def _build_forecasts_chapter(localizer: Localizer) -> Chapter:
    texts = {name: localizer.text(f"method.forecasts.{name}.text") for name in _FORECAST_TERMS}
    return _build_chapter("forecasts", texts, (), localizer)


def _build_chapter(name: str, texts: Mapping[str, str], tables: tuple[TextTable, ...], localizer: Localizer) -> Chapter:
    """A chapter whose terms are the messages `method.NAME.TERM`; terms with an empty text are left out."""
    terms = tuple((localizer.text(f"method.{name}.{term}"), text) for term, text in texts.items() if text)
    return Chapter(localizer.text(f"method.{name}"), localizer.text(f"method.{name}.subtitle"), terms, tables)


def _build_limitations_chapter(context: Context) -> Chapter:
    """The limitations, one term each, and the table of how series are forecast."""
    outlook, localizer = context.outlook, context.localizer
    markets, independent = count_independent_markets(outlook.calls, min(HORIZONS))
    proxies = sum(row.proxy for row in outlook.catalogue.indicators.values())
    awaiting = len(outlook.catalogue.candidates)
    texts = {
        "turning": localizer.text("method.limits.turning.text", p=round_percent(CALL_THRESHOLDS.growing_from)),
        "far": _longest_horizon_text(context),
        "together": localizer.text("method.limits.together.text", n=markets, worth=localizer.number(independent)),
        "shock": localizer.text("method.limits.shock.text"),
        "naive": localizer.text(
            "method.limits.naive.drawn" if outlook.study.market_draws else "method.limits.naive.text",
            yearly=localizer.text("reference.yearly"),
            seasonal=localizer.text("reference.seasonal"),
            last=localizer.text("reference.last"),
        ),
        "revised": localizer.text("method.limits.revised.text"),
        "tuned": localizer.text("method.limits.tuned.text"),
        "proxy": localizer.plural(
            "method.limits.proxy.text", proxies, total=localizer.number(len(outlook.catalogue.indicators))
        ),
        "awaiting": localizer.plural("method.limits.awaiting.text", awaiting) if awaiting else "",
    }
    return _build_chapter("limits", texts, (_build_status_table(context),), localizer)


def _longest_horizon_text(context: Context) -> str:
    """The hit rate at the longest horizon compared with that of calling "growing" everywhere; empty without replays."""
    localizer = context.localizer
    horizon = max(HORIZONS)
    scores = context.outlook.study.horizon_scores.get(horizon)
    if scores is None or not scores.called:
        return ""
    text = localizer.text(
        "method.limits.far.text",
        years=localizer.plural("control.horizon.years", horizon),
        share=localizer.percent_digits(scores.hit_rate),
        base=localizer.percent_digits(scores.base),
    )
    interval = hit_rate_interval(context.outlook, horizon)
    text = f"{text} {standing_text(scores.hit_rate, scores.base, localizer, interval)}"
    if compare_shares(scores.hit_rate, scores.base) == "better":
        return text
    return f"{text} {localizer.text('method.limits.far.usual')}"


def _build_status_table(context: Context) -> TextTable:
    """The number of series by forecast status: forecast by the mean of models, by the reference, or not at all."""
    localizer = context.localizer
    counts, total = Counter(row.status for row in context.outlook.forecasts.values()), len(context.outlook.forecasts)
    values = {"months": STOPPED_AFTER_MONTHS, "min": MIN_OBSERVATIONS}
    rows = tuple(
        (
            localizer.text(f"method.status.{name}", **{key: values[key] for key in _list_placeholders(name)}),
            localizer.number(counts[name]),
        )
        for name in FORECAST_STATUSES
    )
    headers = tuple(localizer.text(f"method.status.head.{name}") for name in ("what", "series"))
    return TextTable(localizer.text("method.status", total=localizer.number(total)), headers, rows)


def _list_placeholders(status: str) -> tuple[str, ...]:
    """The placeholders in the message of a status."""
    return {"stopped": ("months",), "too_short": ("min",)}.get(status, ())


def _build_calls_chapter(context: Context) -> Chapter:
    localizer = context.localizer
    highest = round_percent(CALL_THRESHOLDS.highest_probability)
    texts = {
        "rule": localizer.text("method.calls.rule.text", band=call_text.flat_band_text(localizer)),
        "index": localizer.text("method.calls.index.text"),
        "pace": _pace_text(context),
        "judged": _example_text(context),
        "unsure": localizer.text(
            "method.calls.unsure.text",
            highest=highest,
            lowest=100 - highest,
            growing=round_percent(CALL_THRESHOLDS.growing_from),
        ),
        "record": _record_text(context),
    }
    return _build_chapter(
        "calls", texts, (_build_threshold_table(localizer), _build_probability_table(localizer)), localizer
    )


def _pace_text(context: Context) -> str:
    """How the pace and its range come about, in the way of the edition."""
    if context.outlook.study.market_draws:
        return context.localizer.text("method.calls.pace.drawn")
    return context.localizer.text("method.calls.pace.text")


def _record_text(context: Context) -> str:
    """The hit rate and Brier score of the replayed calls over all horizons; empty if none was replayed."""
    localizer = context.localizer
    scores = context.outlook.study.overall_scores
    if not scores.called:
        return ""
    hit_rate = localizer.text(
        "method.calls.record.text",
        since=context.outlook.study.since,
        right=localizer.number(scores.right),
        called=localizer.number(scores.called),
        share=localizer.percent_digits(scores.hit_rate),
        base=localizer.percent_digits(scores.base),
    )
    brier = localizer.text(
        "method.calls.brier",
        brier=localizer.number(scores.brier, 3),
        own=localizer.number(scores.brier_own, 3),
        coin=localizer.number(scores.brier_coin, 2),
    )
    interval = hit_rate_interval(context.outlook)
    return f"{hit_rate} {standing_text(scores.hit_rate, scores.base, localizer, interval)} {brier}"


def _example_text(context: Context) -> str:
    """The criterion and due date of the surest call, as on the page of its market; empty if all calls are unclear."""
    localizer = context.localizer
    calls = [row for row in context.outlook.calls.values() if row.horizon == context.selection.horizon and not row.why]
    if not calls:
        return ""
    surest = max(calls, key=lambda row: row.probability_clear or 0.0)
    title = localizer.field_text(context.outlook.catalogue.segments[surest.segment], "title")
    return localizer.text("method.calls.example", market=title, judged=call_text.criterion_text(surest, localizer))


def _build_threshold_table(localizer: Localizer) -> TextTable:
    """Every threshold of calls, with its value in the settings."""
    percent = {"flat_band", "growing_from", "highest_probability"}  # the thresholds that are shares
    rows = []
    for name, value in asdict(CALL_THRESHOLDS).items():
        text = localizer.number(value, 0 if value == round(value) else 1)
        text = localizer.percent_text(value) if name in percent else text
        rows.append((localizer.text(f"threshold.{name}"), localizer.text(f"threshold.{name}.value", value=text)))
    headers = tuple(localizer.text(f"threshold.head.{part}") for part in ("what", "value"))
    return TextTable(localizer.text("threshold.title"), headers, tuple(rows))


def _build_probability_table(localizer: Localizer) -> TextTable:
    """The words for probabilities, which all pages share, with their spans in per cent."""
    starts = [0, *(end + 1 for end, _key in PROBABILITY_WORDS)]
    rows = tuple(
        (localizer.text("words.span", low=start, high=end), localizer.text(key))
        for start, (end, key) in zip(starts, PROBABILITY_WORDS, strict=False)
    )
    headers = tuple(localizer.text(f"words.head.{part}") for part in ("chance", "word"))
    return TextTable(localizer.text("words.title"), headers, rows)


def _build_glossary_chapter(localizer: Localizer) -> Chapter:
    terms = tuple((row.title, row.text) for row in list_terms(localizer))
    return Chapter(localizer.text("glossary.title"), localizer.text("glossary.subtitle"), terms, ())
