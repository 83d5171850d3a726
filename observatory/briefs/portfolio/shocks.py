"""Replays past shocks on the mix of a firm: monthly path, depth, duration, recovery. An analogy, not a forecast."""

from dataclasses import dataclass

import numpy as np

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Figure, TextTable
from observatory.briefs.portfolio.model import MixShock, ShockText, build_part_methodology
from observatory.charts.shock_paths import ShockPathLine, build_shock_paths_chart
from observatory.language import NO_VALUE, Localizer, round_significant
from observatory.mix import Mix
from observatory.outlook.shocks.mix_shock import ShockReplay, replay_shock
from observatory.outlook.shocks.paths import MONTHS_AFTER, MONTHS_BEFORE

_AMOUNT_DIGITS = 2  # significant digits of the turnover lost
_YEARS_AFTER = MONTHS_AFTER // 12
_SMALL_DEPTH = 0.095  # up to there whole per cents would round a loss by a tenth of it and more


@dataclass(frozen=True, repr=False)
class _NamedReplay(ShockReplay):
    """One shock on a mix, with its name."""

    name: str

    @property
    def start_month(self) -> str:
        """The month in which it started: 2007-12."""
        return self.start[:7]


def build_mix_shock(context: Context, mix: Mix) -> MixShock | None:
    """All shocks on a mix, and a sentence on the one that the mix names; None in an edition without stored paths."""
    replays = _replay_shocks(context, mix)
    if not replays:
        return None
    deepest = max(replays, key=lambda row: (row.covered_share, row.drawdown[0] if row.drawdown else 0.0))
    shown = next((row for row in replays if row.start_month == mix.shock_month), deepest)
    with_path = [row for row in replays if row.path.size]
    return MixShock(
        _shock_text(context, shown, mix) if with_path else ShockText("", _no_shock_text(context, mix), ""),
        _others_text([row for row in with_path if row is not shown], context.localizer),
        _build_figure(with_path, shown, context.localizer) if with_path else None,
        {"": context.localizer.text("portfolio.shock.own")} | {row.start_month: row.name for row in replays},
        mix.shock_month if mix.shock_month == shown.start_month else "",
        build_part_methodology(context, "shock", mix.normalized_shares, years=_YEARS_AFTER),
    )


def _replay_shocks(context: Context, mix: Mix) -> list[_NamedReplay]:
    """The shocks that have a name, on a mix; none in a study from before paths were stored."""
    outlook, localizer = context.outlook, context.localizer
    names = {event.start.isoformat(): localizer.field_text(event, "short") for event in outlook.catalogue.events}
    return [
        _NamedReplay(**vars(replay), name=names[replay.start])
        for row in outlook.study.shocks
        if row.start in names and (replay := replay_shock(row, mix.normalized_shares)) is not None
    ]


def _shock_text(context: Context, replay: _NamedReplay, mix: Mix) -> ShockText:
    localizer = context.localizer
    missing = localizer.list_text(
        localizer.field_text(context.outlook.catalogue.segments[name], "title") for name in replay.missing_markets
    )
    if not replay.path.size:
        return ShockText("", localizer.text("portfolio.shock.nothing", shock=replay.name, list=missing), "")
    fields = {"shock": replay.name, "start": context.outlook.day.year + 1}
    condition, effect = "", localizer.text("portfolio.shock.none", **fields)
    if replay.drawdown is not None:
        depth, months_down, months_back = replay.drawdown
        condition = localizer.text("portfolio.shock.if", **fields)
        values = {"depth": _depth_text(depth, localizer), "fall": localizer.plural("shock.months", months_down)}
        key = "portfolio.shock" if months_back is not None else "portfolio.shock.not_back"
        effect = localizer.text(key, **values, back=localizer.plural("shock.months", months_back or 0))
        if mix.turnover:
            effect = f"{effect} {_amount_text(mix.turnover, replay, depth, localizer)}"
    if replay.missing_markets:
        # The coverage goes first, so that nobody takes the sentence for one on the whole mix.
        coverage = localizer.text(
            "portfolio.shock.part", share=localizer.percent_text(replay.covered_share), list=missing
        )
        condition = f"{coverage} {condition[:1].lower()}{condition[1:]}".strip()
    return ShockText(condition, effect, localizer.text("portfolio.shock.analogy"))


def _others_text(replays: list[_NamedReplay], localizer: Localizer) -> str:
    """The depth of the other shocks in a line; empty if none of them set the mix back."""
    falls = [_fall_text(row, localizer) for row in replays if row.drawdown is not None]
    return localizer.text("portfolio.shock.others", list=localizer.list_text(falls)) if falls else ""


def _fall_text(replay: _NamedReplay, localizer: Localizer) -> str:
    assert replay.drawdown is not None
    return localizer.text(
        "portfolio.shock.other.part" if replay.missing_markets else "portfolio.shock.other",
        shock=replay.name,
        depth=_depth_text(replay.drawdown[0], localizer),
        share=localizer.percent_text(replay.covered_share),
    )


def _depth_text(depth: float, localizer: Localizer) -> str:
    """A loss as a share, with a decimal below ten per cent, so that it agrees with the amount beside it."""
    decimals = 1 if depth < _SMALL_DEPTH else 0
    return f"{localizer.number(depth * 100, decimals)}{localizer.percent_sign}"


def _amount_text(turnover: float, replay: _NamedReplay, depth: float, localizer: Localizer) -> str:
    """The turnover lost a year at the trough, from what the firm has at the start in the markets that have a path."""
    start = turnover * replay.covered_share
    return localizer.text(
        "portfolio.shock.amount.part" if replay.missing_markets else "portfolio.shock.amount",
        turnover=localizer.number(round_significant(start, _AMOUNT_DIGITS + 1) if replay.missing_markets else start),
        lost=localizer.number(round_significant(start * depth, _AMOUNT_DIGITS)),
    )


def _no_shock_text(context: Context, mix: Mix) -> str:
    """Sentence for a mix none of whose markets has a path."""
    localizer = context.localizer
    names = localizer.list_text(
        localizer.field_text(context.outlook.catalogue.segments[name], "title") for name in mix.normalized_shares
    )
    return localizer.text("portfolio.shock.nothing.any", list=names)


def _build_figure(replays: list[_NamedReplay], chosen: _NamedReplay, localizer: Localizer) -> Figure:
    lines = [
        ShockPathLine(
            row.name,
            [(month - MONTHS_BEFORE, float(value) * 100) for month, value in enumerate(row.path) if np.isfinite(value)],
            row is chosen,
        )
        for row in replays
    ]
    takeaway = " ".join(_alt_text(row, localizer) for row in replays)
    return Figure(
        indicator="shocks",
        title=localizer.text("portfolio.shock.title"),
        subtitle=localizer.text("portfolio.shock.subtitle"),
        spec=build_shock_paths_chart(
            lines,
            (
                localizer.text("portfolio.shock.axis.start"),
                *(localizer.plural("control.horizon.years", year) for year in range(1, _YEARS_AFTER + 1)),
            ),
            localizer.language,
        ),
        takeaway=takeaway,
        source_line=localizer.text("portfolio.shock.source"),
        table=TextTable(
            localizer.text("portfolio.shock.title"),
            tuple(
                localizer.text(f"portfolio.shock.head.{name}") for name in ("shock", "depth", "trough", "back", "part")
            ),
            tuple(_build_row(row, localizer) for row in replays),
        ),
        alt=takeaway,
        notes=_partial_notes(replays, localizer),
    )


def _partial_notes(replays: list[_NamedReplay], localizer: Localizer) -> tuple[str, ...]:
    """Note on the shocks with paths for a part of the mix only."""
    names = [row.name for row in replays if row.missing_markets]
    return (localizer.text("portfolio.shock.partial", list=localizer.list_text(names)),) if names else ()


def _build_row(replay: _NamedReplay, localizer: Localizer) -> tuple[str, ...]:
    if replay.drawdown is None:
        return replay.name, NO_VALUE, NO_VALUE, NO_VALUE, localizer.percent_text(replay.covered_share)
    depth, months_down, months_back = replay.drawdown
    recovery = localizer.number(months_back) if months_back is not None else localizer.text("shock.not_back")
    return (
        replay.name,
        _depth_text(depth, localizer),
        localizer.number(months_down),
        recovery,
        localizer.percent_text(replay.covered_share),
    )


def _alt_text(replay: _NamedReplay, localizer: Localizer) -> str:
    """A shock in a few words, for the text alternative of the chart."""
    if replay.drawdown is None:
        return localizer.text("portfolio.shock.said.none", shock=replay.name)
    text = localizer.text(
        "portfolio.shock.said",
        shock=replay.name,
        depth=_depth_text(replay.drawdown[0], localizer),
        fall=localizer.plural("shock.months", replay.drawdown[1]),
    )
    return (
        f"{text} {localizer.text('portfolio.shock.said.part', share=localizer.percent_text(replay.covered_share))}"
        if replay.missing_markets
        else text
    )
