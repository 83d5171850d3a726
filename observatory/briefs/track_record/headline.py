"""The track record at a glance: its verdict, three key figures, hit rates by horizon as bars."""

from observatory.briefs.common.context import Context
from observatory.briefs.common.standing import compare_shares
from observatory.briefs.track_record.model import HitBar, KeyFigure
from observatory.language import round_percent


def headline_text(context: Context) -> str:
    """How our hit rate stands against that of calling "growing" everywhere; the figures are in the key figures."""
    scores = context.outlook.study.overall_scores
    if not scores.called:
        return context.localizer.text("track.lead.none")
    return context.localizer.text(f"track.headline.{compare_shares(scores.hit_rate, scores.base)}")


def build_key_figures(context: Context) -> tuple[KeyFigure, ...]:
    """Our hit rate, that of calling "growing" everywhere, and the share of outcomes inside the range of a call."""
    localizer, study = context.localizer, context.outlook.study
    scores = study.overall_scores
    if not scores.called:
        return ()
    right = localizer.text(
        "track.key.right",
        right=localizer.number(scores.right),
        called=localizer.number(scores.called),
        since=study.since,
    )
    shares = [(scores.hit_rate, right), (scores.base, localizer.text("track.key.always"))]
    if scores.judged:
        held = localizer.text("track.key.held", chances=localizer.chances(80), judged=localizer.number(scores.judged))
        shares.append((scores.covered / scores.judged, held))
    return tuple(
        KeyFigure(
            str(round_percent(share)), localizer.text("track.key.unit"), text, round_percent(share), is_expected=False
        )
        for share, text in shares
    )


def build_hit_bars(context: Context) -> tuple[HitBar, ...]:
    """Hit rates by horizon, each beside that of calling "growing" everywhere."""
    localizer = context.localizer
    bars = []
    for years, row in context.outlook.study.horizon_scores.items():
        if not row.called:
            continue
        right, always = round_percent(row.hit_rate), round_percent(row.base)
        text = localizer.text("track.hits.bar", right=right, always=always)
        bars.append(HitBar(localizer.plural("control.horizon.years", years), right, always, text))
    return tuple(bars)
