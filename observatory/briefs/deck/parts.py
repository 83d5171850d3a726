"""Slides that several decks share: markets in bars, and how sure we are."""

from collections.abc import Collection, Mapping

from observatory.briefs.common import call_text
from observatory.briefs.common.context import Context
from observatory.briefs.common.ranking_model import IntervalBar
from observatory.briefs.deck.model import BarRow, CallGroup, HorizonHits, RankingSlide, RecordSlide, ReliabilityPoint
from observatory.briefs.figures.ranking import compute_bar_scale, list_bar_ticks
from observatory.briefs.overview.ranking import rank_markets
from observatory.briefs.track_record.model import KeyFigure
from observatory.catalogue.models import Segment
from observatory.language import Localizer, round_percent
from observatory.outlook.calls.calls import Call
from observatory.outlook.calls.scores import ReliabilityBin, compute_reliability, select_scored
from observatory.outlook.calls.verdict import VERDICTS
from observatory.settings import CALL_THRESHOLDS, HORIZONS


def build_groups(context: Context, shares: Mapping[str, str] | None = None) -> tuple[CallGroup, ...]:
    """The markets by call, by their titles; with shares, those that have one, and it."""
    localizer = context.localizer
    pairs, _year = rank_markets(context.outlook, context.selection.horizon)
    groups = []
    for name in VERDICTS:
        titles = [localizer.field_text(segment, "title") for segment, call in pairs if call.call == name]
        if shares is not None:
            titles = [f"{title} {shares[title]}" for title in titles if title in shares]
        if titles:
            groups.append(CallGroup(name, localizer.text(f"export.deck.group.{name}"), tuple(titles)))
    return tuple(groups)


def build_ranking_slide(context: Context, marked: str = "", only: Collection[str] = ()) -> RankingSlide | None:
    """The markets by call and odds, those of `only` alone if any are named; None without a market."""
    localizer = context.localizer
    pairs, year = rank_markets(context.outlook, context.selection.horizon)
    pairs = [pair for pair in pairs if not only or pair[0].id in only]
    if not pairs:
        return None
    rows: list[BarRow] = []
    for name in VERDICTS:
        group = [_build_row(context, segment, call, marked) for segment, call in pairs if call.call == name]
        if group:
            rows += [BarRow(localizer.text(f"export.deck.group.{name}"), call=name), *group]
    low, high = compute_bar_scale(row.bar for row in rows)
    band = call_text.flat_band_text(localizer)
    return RankingSlide(
        title=_ranking_title(context, pairs[0]),
        lead=localizer.text("export.deck.ranking.lead", band=band, year=year),
        odds_head=localizer.text("export.firm.odds", band=band),
        out_of=localizer.text("export.firm.of_100"),
        rows=tuple(rows),
        scale=(low, high),
        ticks=list_bar_ticks((low, high), localizer),
    )


def _ranking_title(context: Context, first: tuple[Segment, Call]) -> str:
    segment, call = first
    localizer = context.localizer
    if call.probability_clear is None:
        return localizer.text("overview.title")
    return localizer.text(
        "export.deck.ranking.title",
        market_of=localizer.field_text(segment, "of"),
        p=localizer.probability_percent(call.probability_clear),
    )


def _build_row(context: Context, segment: Segment, call: Call, marked: str) -> BarRow:
    localizer = context.localizer
    title, is_marked = localizer.field_text(segment, "title"), segment.id == marked
    if call.growth is None or call.low is None or call.high is None or call.probability_clear is None:
        return BarRow(title, missing=call_text.unclear_text(context, call), is_marked=is_marked)
    return BarRow(
        title,
        odds=localizer.probability_percent(call.probability_clear),
        bar=IntervalBar(call.low * 100, call.growth * 100, call.high * 100),
        low=localizer.growth_digits(call.low),
        middle=localizer.growth(call.growth),
        high=localizer.growth_digits(call.high),
        is_marked=is_marked,
    )


def build_record_key(context: Context) -> KeyFigure | None:
    """How often calls at this horizon came true, in a hundred; None where none was made."""
    localizer = context.localizer
    scores = context.outlook.study.horizon_scores.get(context.selection.horizon)
    if scores is None or not scores.called:
        return None
    text = localizer.text(
        "export.deck.key.record",
        right=localizer.number(scores.right),
        called=localizer.number(scores.called),
        base=localizer.percent_digits(scores.base),
    )
    dots = round_percent(scores.hit_rate)
    return KeyFigure(str(dots), localizer.text("export.firm.of_100"), text, is_expected=False, dots=dots)


def build_record_slide(context: Context) -> RecordSlide | None:
    """Said against came, the record by horizon and three limits; None where nothing was replayed."""
    outlook, localizer = context.outlook, context.localizer
    bins = compute_reliability(select_scored(outlook.replayed_calls))
    if not bins:
        return None
    farthest = max(bins, key=lambda row: abs(row.observed_frequency - row.mean_probability))
    points = tuple(
        ReliabilityPoint(
            row.mean_probability * 100,
            row.observed_frequency * 100,
            row.n,
            _count_calls(row, localizer),
        )
        for row in bins
    )
    hits = tuple(
        HorizonHits(
            localizer.plural("control.horizon.years", horizon),
            round_percent(scores.hit_rate),
            round_percent(scores.base),
        )
        for horizon in HORIZONS
        if (scores := outlook.study.horizon_scores.get(horizon)) is not None and scores.called
    )
    count = localizer.number(sum(row.count for row in points))
    return RecordSlide(
        title=localizer.text("export.deck.record.title", **_bin_fields(bins[-1])),
        lead=localizer.text(
            "export.deck.record.farthest", **_bin_fields(farthest), calls=_count_calls(farthest, localizer)
        ),
        points_title=localizer.text("export.deck.record.points", n=count, since=outlook.study.since),
        points=points,
        said_axis=localizer.text("export.deck.record.said"),
        came_axis=localizer.text("export.deck.record.came"),
        hits_title=localizer.text("export.deck.record.hits"),
        hits_name=localizer.text("export.deck.record.ours"),
        base_name=localizer.text("export.deck.record.always"),
        hits=hits,
        limits=_limit_texts(context),
    )


def _bin_fields(row: ReliabilityBin) -> dict[str, int]:
    return {"said": round_percent(row.mean_probability), "came": round_percent(row.observed_frequency)}


def _count_calls(row: ReliabilityBin, localizer: Localizer) -> str:
    return localizer.plural("export.deck.record.calls", row.n)


def _limit_texts(context: Context) -> tuple[str, ...]:
    localizer = context.localizer
    indicators = context.outlook.catalogue.indicators.values()
    proxies = sum(bool(row.proxy) for row in indicators)
    texts = [
        localizer.text("method.limits.turning.text", p=round_percent(CALL_THRESHOLDS.growing_from)),
        localizer.text("method.limits.shock.text"),
    ]
    if proxies:
        texts.append(localizer.plural("export.deck.record.proxies", proxies, total=localizer.number(len(indicators))))
    return tuple(texts)
