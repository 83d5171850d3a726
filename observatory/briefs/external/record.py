"""The record of others on the page of the track record: errors by lead time in one picture, all scores in a table."""

from collections.abc import Mapping

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Chapter, Figure, PlotData, PlotSeries, TextTable
from observatory.briefs.external.record_text import error_text, group_name, short_name, signed_number
from observatory.briefs.figures.methodology import build_formula, build_methodology
from observatory.charts.outlook_comparison import (
    Author,
    OutlookGroup,
    OutlookMark,
    OutlookRow,
    build_outlook_comparison,
)
from observatory.language import NO_VALUE, Localizer, round_decimals
from observatory.outlook.external.outcomes import RATE_MEASURES
from observatory.outlook.external.scores import (
    CRISIS_YEAR,
    ExternalScores,
    Lead,
    PairedErrors,
    ScoredGroup,
    compute_external_scores,
    find_lead,
    select_told_then,
)

_MIN_DRAWN = 5  # forecasts of a group at a lead time; fewer are in the table only
_SEVERAL_YEARS = ("total", "mean", "yearly_growth")
_CLAIMS: Mapping[str, tuple[Lead, ...]] = {
    "progress": ("current_early", "current_late"),
    "ahead": ("next_early", "next_late", "later", "window"),
}


def build_others_figure(context: Context) -> Figure | None:
    """Mean absolute errors by publisher and lead time: theirs, naive, ours where it knew as much."""
    groups = context.outlook.study.external_groups
    rows = [(group, lead, scores) for group in groups for lead, scores in _list_leads(group)]
    if not rows:
        return None
    localizer = context.localizer
    title, takeaway = localizer.text("others.title"), _standing_text(context, groups)
    return Figure(
        title=title,
        subtitle=localizer.text("others.figure.subtitle"),
        spec=_build_spec(context, rows),
        alt=takeaway,
        takeaway=takeaway,
        disclosures=tuple(part for part in (localizer.text("others.selection"), _own_text(context, groups)) if part),
        notes=(localizer.text("others.figure.note"), localizer.text("others.guidance.note")),
        source_line=localizer.text("others.source"),
        table=_build_lead_table(context, groups, title),
        plot_data=_build_plot(context, rows),
        methodology=build_methodology(
            context, localizer.text("others.how.inputs"), [build_formula("others.how.formula", localizer)]
        ),
    )


def build_others_chapter(context: Context) -> Chapter | None:
    """All scores by publisher and kind of figure, then what of each record was not found."""
    groups, localizer = context.outlook.study.external_groups, context.localizer
    if not groups:
        return None
    names = ("who", "n", "bias", "error", "naive", "gain", "own", "held")
    heads = tuple(localizer.text(f"others.scores.{name}") for name in names)
    title = localizer.text("others.scores.title")
    rows = tuple((group_name(context, group), *_score_cells(group, group.scores, localizer)) for group in groups)
    record = context.outlook.study.external_record
    missing = tuple(
        (row.title, localizer.field_text(row, "missing"))
        for name, row in record.publishers.items()
        if any(group.publisher == name for group in groups)
    )
    subtitle = localizer.text(
        "others.scores.subtitle",
        n=localizer.number(len(record.rows)),
        publishers=len(record.publishers),
        later=localizer.number(sum(group.scores.later for group in groups)),
        scored=localizer.number(sum(group.scores.n for group in groups)),
    )
    return Chapter(title, subtitle, missing, (TextTable(title, heads, rows),))


def _list_leads(group: ScoredGroup) -> list[tuple[Lead, ExternalScores]]:
    return [(lead, scores) for lead, scores in group.lead_scores.items() if scores.n >= _MIN_DRAWN]


def _build_spec(context: Context, rows: list[tuple[ScoredGroup, Lead, ExternalScores]]) -> dict[str, object]:
    localizer = context.localizer
    groups: dict[str, list[OutlookRow]] = {}
    for group, lead, scores in rows:
        marks = [OutlookMark("theirs", scores.mean_absolute)]
        naive = scores.naive.get(group.reference)
        marks += [OutlookMark("naive", naive.other)] if naive else []
        marks += [OutlookMark("ours", scores.own.other)] if scores.own and scores.own.n >= _MIN_DRAWN else []
        label = localizer.text("others.lead.label", lead=localizer.text(f"others.short.{lead}"), n=scores.n)
        unit = localizer.text("others.unit.points" if group.measure in RATE_MEASURES else "others.unit.percent")
        heading = localizer.text("others.heading", name=short_name(context, group), unit=unit)
        if group.measure in _SEVERAL_YEARS:
            heading = group_name(context, group)
        groups.setdefault(heading, []).append(OutlookRow(label, marks))
    keys: dict[Author, str] = {
        "theirs": localizer.text("others.key.theirs"),
        "naive": localizer.text("others.key.naive"),
        "ours": localizer.text("others.key.ours"),
    }
    return build_outlook_comparison(
        [OutlookGroup(name, members) for name, members in groups.items()], keys, localizer.language, signed=False
    )


def _build_plot(context: Context, rows: list[tuple[ScoredGroup, Lead, ExternalScores]]) -> PlotData:
    localizer = context.localizer
    labels = tuple(
        f"{group_name(context, group)}, {localizer.text(f'others.lead.{lead}')}" for group, lead, _scores in rows
    )
    naive = [scores.naive.get(group.reference) for group, _lead, scores in rows]
    own = [scores.own if scores.own and scores.own.n >= _MIN_DRAWN else None for _group, _lead, scores in rows]
    series = (
        ("theirs", tuple(round_decimals(scores.mean_absolute, 1) for _group, _lead, scores in rows)),
        ("naive", tuple(None if row is None else round_decimals(row.other, 1) for row in naive)),
        ("ours", tuple(None if row is None else round_decimals(row.other, 1) for row in own)),
    )
    runs = tuple(PlotSeries(name, localizer.text(f"others.key.{name}"), values) for name, values in series)
    return PlotData("bar", labels, runs, localizer.text("others.figure.unit"), 1, starts_at_zero=True)


def _build_lead_table(context: Context, groups: tuple[ScoredGroup, ...], title: str) -> TextTable:
    """Every group and lead time, however few its forecasts."""
    localizer = context.localizer
    names = ("who", "lead", "n", "bias", "error", "naive", "gain", "own", "held")
    heads = tuple(localizer.text(f"others.scores.{name}") for name in names)
    rows = tuple(
        (
            group_name(context, group),
            localizer.text(f"others.lead.{lead}"),
            *_score_cells(group, scores, localizer),
        )
        for group in groups
        for lead, scores in group.lead_scores.items()
    )
    return TextTable(title, heads, rows)


def _score_cells(group: ScoredGroup, scores: ExternalScores, localizer: Localizer) -> tuple[str, ...]:
    naive = scores.naive.get(group.reference)
    held = localizer.text("others.of", count=scores.held, n=scores.ranges) if scores.ranges else NO_VALUE
    return (
        localizer.plural("others.count", scores.later, count=scores.n) if scores.later else localizer.number(scores.n),
        error_text(scores.mean_error, group.measure, localizer, signed=True),
        error_text(scores.mean_absolute, group.measure, localizer),
        _pair_text(naive, localizer),
        _gain_text(naive, localizer),
        _pair_text(scores.own, localizer),
        held,
    )


def _pair_text(pair: PairedErrors | None, localizer: Localizer) -> str:
    if pair is None:
        return NO_VALUE
    figures = {name: localizer.number(getattr(pair, name), 1) for name in ("theirs", "other")}
    return localizer.text("others.pair", n=pair.n, **figures)


def _gain_text(pair: PairedErrors | None, localizer: Localizer) -> str:
    """The gain over a naive forecast with its range; the gain alone with too few target years for one."""
    if pair is None:
        return NO_VALUE
    gain = signed_number(pair.gain, localizer)
    if pair.low is None or pair.high is None:
        return gain
    return localizer.text(
        "others.gain", gain=gain, low=signed_number(pair.low, localizer), high=signed_number(pair.high, localizer)
    )


def _standing_text(context: Context, groups: tuple[ScoredGroup, ...]) -> str:
    """Who did better than the reference, and who worse, beyond chance: on the year in progress, then on later ones.

    Only forecasts that a page of the time gives count here, where there are enough of them, without the targets of
    2020: nobody foresaw that year, and a claim must not rest on it.
    """
    localizer = context.localizer
    sentences, even = [], 0
    for name, leads in _CLAIMS.items():
        standings: dict[str, list[str]] = {}
        for group in groups:
            rows = [
                row
                for row in select_told_then(group.rows)
                if find_lead(row) in leads and row.forecast.target_year != CRISIS_YEAR
            ]
            scores = compute_external_scores(rows)
            pair = scores.naive.get(group.reference) if scores and scores.n >= _MIN_DRAWN else None
            if pair is not None:
                standings.setdefault(pair.standing, []).append(short_name(context, group))
        for standing in ("better", "worse"):
            names = list(dict.fromkeys(standings.get(standing, ())))
            if names:
                sentences.append(localizer.text(f"others.{name}.{standing}", names=localizer.list_text(names)))
        even += len(standings.get("even", ()))
    if even:
        sentences.append(localizer.plural("others.standing.even", even))
    return " ".join(sentences)


def _own_text(context: Context, groups: tuple[ScoredGroup, ...]) -> str:
    """How others stand against our own engine where it knew as much; empty where it never did."""
    localizer = context.localizer
    pairs = [(group, group.scores.own) for group in groups if group.scores.own is not None]
    if not pairs:
        return ""
    by_standing = {
        standing: [short_name(context, group) for group, pair in pairs if pair and pair.standing == standing]
        for standing in ("better", "worse")
    }
    sentences = [
        localizer.text(f"others.own.{standing}", names=localizer.list_text(dict.fromkeys(names)))
        for standing, names in by_standing.items()
        if names
    ]
    rest = len(pairs) - sum(len(names) for names in by_standing.values())
    if rest:
        sentences.append(localizer.plural("others.own.even", rest))
    return " ".join(sentences)
