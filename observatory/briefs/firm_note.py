"""View model of the note for a bank about a firm: its mix, range, worst past shock, record, room for its own word.

The classes have no `repr`: their figures come from what a firm entered, and must not appear in logs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from observatory.briefs.common import call_text
from observatory.briefs.common.context import Context
from observatory.briefs.common.data_end import calls_end_text
from observatory.briefs.common.ranking_model import IntervalBar
from observatory.briefs.figures.disclosure import edition_text
from observatory.briefs.figures.ranking import compute_bar_scale, list_bar_ticks
from observatory.briefs.notes import NoteView, build_note, select_notes
from observatory.briefs.portfolio.amounts import LOSS_DIGITS, RANGE_DIGITS, format_amounts
from observatory.briefs.portfolio.growth import forecast_portfolio
from observatory.briefs.portfolio.model import PortfolioBrief
from observatory.briefs.portfolio.page import build_portfolio
from observatory.briefs.portfolio.summary import find_target_year
from observatory.briefs.track_record.model import KeyFigure
from observatory.language import NO_VALUE, Localizer
from observatory.mix import Mix
from observatory.outlook.calls.calls import Call
from observatory.outlook.portfolio.portfolio import MixForecast, compute_contributions
from observatory.outlook.shocks.mix_shock import MixDrawdown, find_deepest_shock
from observatory.store.notes import PublishedNote

_SMALL_DEPTH = 0.095  # up to there whole per cents would round a loss by a tenth of it and more
_MAX_PUBLISHERS = 8


@dataclass(frozen=True, repr=False)
class NoteMarket:
    """A market of the mix: its share (of one, and as text), odds, and growth with its range or why there is none."""

    title: str
    share: float
    share_text: str
    odds: str
    bar: IntervalBar | None
    middle: str
    low: str
    high: str
    missing: str


@dataclass(frozen=True, repr=False)
class FirmNote:
    """The note: heading, answer, key figures, mix and markets, worth of the figures, place for a word, foot.

    `cluster_note` is what the cluster says of the markets, apart from all that is computed; None if it says nothing.
    """

    firm: str
    logo: str
    dated: str
    title: str
    lead: str
    keys: tuple[KeyFigure, ...]
    mix_title: str
    markets_title: str
    heads: tuple[str, str, str]
    out_of: str
    markets: tuple[NoteMarket, ...]
    scale: tuple[int, int]
    ticks: tuple[tuple[int, str], ...]
    markets_note: str
    worth_title: str
    worth: tuple[tuple[str, ...], tuple[str, ...]]
    word_title: str
    word_hint: str
    foot: str
    code_text: str
    cluster_note: NoteView | None


def build_firm_note(context: Context, mix: Mix, publisher: str = "", notes: Sequence[PublishedNote] = ()) -> FirmNote:
    """The note of a mix at the horizon of the selection.

    `publisher` is who runs the site, empty if unnamed, and `notes` those of the cluster that stand, the newest first.
    """
    localizer, outlook = context.localizer, context.outlook
    brief = build_portfolio(context, mix)
    shares = mix.normalized_shares
    assumptions = {name: rate / 100 for name, rate in mix.assumed_growth.items() if name in shares}
    has_draws = any(outlook.joint_draws.growth.values())
    forecast = forecast_portfolio(outlook, shares, assumptions, context.selection.horizon) if has_draws else None
    calls = {name: outlook.calls.get((name, context.selection.horizon)) for name in shares}
    markets = _build_markets(context, shares, calls)
    low, high = compute_bar_scale(row.bar for row in markets)
    return FirmNote(
        firm=localizer.text("export.firm.name"),
        logo=localizer.text("export.firm.logo"),
        dated=localizer.text("export.firm.dated", date=localizer.day(outlook.day)),
        title=_title_text(context, forecast, brief, has_assumptions=bool(assumptions)),
        lead=_lead_text(context, forecast, brief),
        keys=_build_keys(context, mix, forecast),
        mix_title=localizer.text("export.firm.mix"),
        markets_title=localizer.text(
            "export.firm.markets", horizon=localizer.plural("control.horizon.years", context.selection.horizon)
        ),
        heads=(
            localizer.text("ranking.head.market"),
            localizer.text("export.firm.share"),
            localizer.text("export.firm.odds", band=call_text.flat_band_text(localizer)),
        ),
        out_of=localizer.text("export.firm.of_100"),
        markets=markets,
        scale=(low, high),
        ticks=list_bar_ticks((low, high), localizer),
        markets_note=" ".join((localizer.text("export.firm.bar"), *_caveat_texts(context, mix, assumptions, forecast))),
        worth_title=localizer.text("export.firm.worth"),
        worth=(_record_texts(context), _range_texts(brief, localizer)),
        word_title=localizer.text("export.firm.word"),
        word_hint=localizer.text("export.firm.word.hint"),
        foot=_foot_text(context, calls, publisher),
        code_text=localizer.text("export.firm.code"),
        cluster_note=_find_cluster_note(context, shares, notes),
    )


def _find_cluster_note(
    context: Context, shares: Mapping[str, float], notes: Sequence[PublishedNote]
) -> NoteView | None:
    """The newest note on the market with the largest share that has one, else on the whole: a sheet holds one."""
    markets = sorted(shares, key=lambda name: -shares[name])
    about = [select_notes(notes, "segment", name) for name in markets] + [select_notes(notes, "whole")]
    found = next((rows[0] for rows in about if rows), None)
    if found is None:
        return None
    return build_note(found.content, found.id, context.outlook.catalogue, context.localizer)


def _title_text(context: Context, forecast: MixForecast | None, brief: PortfolioBrief, *, has_assumptions: bool) -> str:
    if forecast is None:
        return brief.lead
    localizer = context.localizer
    return localizer.text(
        "export.firm.title.own" if has_assumptions else "export.firm.title",
        low=localizer.growth_digits(forecast.low),
        high=localizer.growth(forecast.high),
        year=find_target_year(context.outlook, context.selection),
    )


def _lead_text(context: Context, forecast: MixForecast | None, brief: PortfolioBrief) -> str:
    if forecast is None:
        return " ".join(brief.under)
    return context.localizer.text("export.firm.lead", middle=context.localizer.growth(forecast.median))


def _build_keys(context: Context, mix: Mix, forecast: MixForecast | None) -> tuple[KeyFigure, ...]:
    """The range in euros (in per cent without a turnover), the odds of a decline, the worst shock."""
    localizer = context.localizer
    keys = []
    if forecast is not None:
        keys.append(_build_range_key(context, mix, forecast))
        odds = localizer.probability_percent(forecast.decline_probability)
        keys.append(KeyFigure(odds, localizer.text("export.firm.of_100"), localizer.text("export.firm.decline")))
    shock = find_deepest_shock(context.outlook.study.shocks, mix.normalized_shares)
    if shock is not None:
        keys.append(_build_shock_key(context, mix, shock))
    return tuple(keys)


def _build_range_key(context: Context, mix: Mix, forecast: MixForecast) -> KeyFigure:
    localizer, year = context.localizer, find_target_year(context.outlook, context.selection)
    if not mix.turnover:
        value = localizer.growth(forecast.median)
        unit = localizer.text("export.firm.a_year")
        return KeyFigure(value, unit, localizer.text("export.firm.middle", year=year))
    start = mix.turnover * forecast.covered_share
    low, high = (start * (1 + rate) ** context.selection.horizon for rate in (forecast.low, forecast.high))
    (low_text, high_text), unit = _format_amounts((low, high), RANGE_DIGITS, localizer)
    (now_text,), now_unit = _format_amounts((start,), RANGE_DIGITS, localizer)
    key = "export.firm.turnover" if forecast.covered_share > 1 - 1e-9 else "export.firm.turnover.part"
    text = localizer.text(key, year=year, now=localizer.typeset(f"{now_text} {now_unit}"))
    return KeyFigure(localizer.text("export.firm.range", low=low_text, high=high_text), unit, text)


def _build_shock_key(context: Context, mix: Mix, shock: MixDrawdown) -> KeyFigure:
    """The loss at the trough a year in euros, or in per cent without a turnover; what part of the mix it covers."""
    localizer = context.localizer
    name = next(
        localizer.field_text(event, "short")
        for event in context.outlook.catalogue.events
        if event.start.isoformat() == shock.start
    )
    depth = localizer.number(shock.depth * 100, 1 if shock.depth < _SMALL_DEPTH else 0)
    fields = {"shock": name, "depth": depth, "fall": localizer.plural("shock.months", shock.months_down)}
    if shock.months_back is not None:
        fields["back"] = localizer.plural("shock.months", shock.months_back)
    end, measure = "back" if shock.months_back is not None else "not_back", "amount" if mix.turnover else "share"
    text = localizer.text(f"export.firm.shock.{end}.{measure}", **fields)
    if shock.covered_share < 1 - 1e-9:
        text = f"{text} {localizer.text('export.firm.shock.part', share=localizer.percent_text(shock.covered_share))}"
    if not mix.turnover:
        return KeyFigure(f"\u2212{depth}", localizer.percent_sign.strip("\u00a0"), text, is_expected=False)
    lost = mix.turnover * shock.covered_share * shock.depth
    (amount,), unit = _format_amounts((lost,), LOSS_DIGITS, localizer)
    return KeyFigure(f"\u2212{amount}", localizer.text("export.firm.loss", unit=unit), text, is_expected=False)


def _format_amounts(amounts: tuple[float, ...], digits: int, localizer: Localizer) -> tuple[tuple[str, ...], str]:
    """Amounts in one unit, and its sign."""
    texts, name = format_amounts(amounts, digits, localizer)
    return texts, localizer.text(f"export.firm.unit.{name}")


def _build_markets(
    context: Context, shares: Mapping[str, float], calls: Mapping[str, Call | None]
) -> tuple[NoteMarket, ...]:
    """The markets by share, the largest first."""
    localizer = context.localizer
    rows = []
    for name, share in sorted(shares.items(), key=lambda part: -part[1]):
        call = calls[name]
        title, share_text = context.market_title(name), localizer.percent_text(share)
        if call is None or call.growth is None or call.low is None or call.high is None:
            missing = localizer.text("ranking.no_data") if call is None else call_text.unclear_text(context, call)
            rows.append(NoteMarket(title, share, share_text, NO_VALUE, None, "", "", "", missing))
            continue
        odds = localizer.probability_percent(call.probability_clear) if call.probability_clear is not None else NO_VALUE
        bar = IntervalBar(call.low * 100, call.growth * 100, call.high * 100)
        low, high = (localizer.growth_digits(rate) for rate in (call.low, call.high))
        rows.append(NoteMarket(title, share, share_text, odds, bar, localizer.growth(call.growth), low, high, ""))
    return tuple(rows)


def _caveat_texts(
    context: Context, mix: Mix, assumptions: Mapping[str, float], forecast: MixForecast | None
) -> tuple[str, ...]:
    """Where most of the uncertainty comes from, the markets without a call, and the firm's own assumptions."""
    if forecast is None:
        return ()
    localizer, shares, horizon = context.localizer, mix.normalized_shares, context.selection.horizon
    contributions = compute_contributions(context.outlook.joint_draws, shares, assumptions, horizon)
    sentences = []
    if len(contributions) > 1 and contributions[0].risk_share > 0:
        first = contributions[0]
        of_market = localizer.field_text(context.outlook.catalogue.segments[first.market], "of")
        risk = localizer.percent_text(first.risk_share)
        sentences.append(localizer.text("export.firm.risk", risk=risk, market_of=of_market))
    covered = {row.market for row in contributions}
    for key, names in (
        ("export.firm.uncovered", [name for name in shares if name not in covered]),
        ("export.firm.own", [name for name in assumptions if name in covered]),
    ):
        if names:
            titles = localizer.list_text(context.market_title(name) for name in names)
            sentences.append(localizer.text(key, list=titles, share=localizer.percent_text(forecast.covered_share)))
    return tuple(sentences)


def _record_texts(context: Context) -> tuple[str, ...]:
    """How often calls at this horizon came true."""
    scores = context.outlook.study.horizon_scores.get(context.selection.horizon)
    if scores is None or not scores.called:
        return (context.localizer.text("export.bank.few"),)
    return (call_text.hit_rate_text(context, context.selection.horizon, scores),)


def _range_texts(brief: PortfolioBrief, localizer: Localizer) -> tuple[str, ...]:
    """How often the ranges of past mixes held, and what the observatory cannot do."""
    held = brief.growth.notes[:-1] if brief.growth is not None else ()  # the last note is on how it is computed
    return (*held, localizer.text("export.firm.limits"))


def _foot_text(context: Context, calls: Mapping[str, Call | None], publisher: str) -> str:
    """Name of the site, edition, end of the data, publishers by weight, and that the mix is in the link only."""
    localizer, catalogue = context.localizer, context.outlook.catalogue
    weights: dict[str, float] = {}
    for call in calls.values():
        for row in call.reasons if call else ():
            source = catalogue.indicators[row.indicator].source
            weights[source] = weights.get(source, 0.0) + row.share
    ordered = sorted((name for name in weights if weights[name] > 0), key=lambda name: (-weights[name], name))
    publishers = dict.fromkeys(localizer.field_text(catalogue.sources[name], "publisher") for name in ordered)
    names = list(publishers)[:_MAX_PUBLISHERS]
    known = [call for call in calls.values() if call is not None]
    site = f"{localizer.text('app.name')} ({publisher})" if publisher else localizer.text("app.name")
    sentences = [f"{site} \u00b7 {edition_text(context.outlook, localizer)}, {calls_end_text(known, localizer)}."]
    sentences.append(localizer.text("export.firm.private"))
    if names:
        sentences.append(localizer.text("export.firm.publishers", list=localizer.join_clauses(names)))
    return localizer.typeset(" ".join(sentences))
