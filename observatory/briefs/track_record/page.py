"""What the track record says: the worst misses first, then every score beside its baselines, with counts and ranges."""

from observatory.briefs.common import call_text
from observatory.briefs.common.model import Chapter, Table, Track
from observatory.briefs.track_record import baselines, coverage
from observatory.briefs.track_record.misses import wrong
from observatory.language import Speaker, whole_percent
from observatory.outlook.calls.backtest import SINCE, Past
from observatory.outlook.calls.independence import worth
from observatory.outlook.calls.scores import by_segment, counted
from observatory.outlook.outlook import Outlook
from observatory.settings import HORIZONS

FEWEST_ALONE = 10  # outcomes that do not overlap; fewer say nothing of a market


def track_record(outlook: Outlook, speaker: Speaker) -> Track:
    """The track record as of an outlook: the replay apart from the calls that were published."""
    found = baselines.spans(outlook)
    skill, skill_all = coverage.skill(outlook, speaker)
    misses = wrong(outlook, speaker)
    return Track(
        kicker=speaker.say("track.kicker", date=speaker.day(outlook.day)),
        lead=lead(outlook, speaker),
        under=_under(outlook, found, speaker),
        misses=Chapter(speaker.say("track.misses.title"), speaker.say("track.misses.subtitle", n=len(misses)), ()),
        wrong=misses,
        said=baselines.reliability(outlook.past, speaker),
        hits=_hits(outlook, found, speaker),
        against=baselines.figure(found, speaker),
        scores=baselines.tables(found, speaker),
        markets=_markets(outlook, speaker),
        held=coverage.held(outlook, speaker),
        skill=skill,
        skill_all=skill_all,
        published=_published(outlook, found, speaker),
    )


def lead(outlook: Outlook, speaker: Speaker) -> str:
    """The hits of all horizons with their count, beside what "growing" everywhere would have scored.

    All calls judged are counted first: charts and scores rest on them, whatever they said.
    """
    quoted = outlook.replay.get("all", {})
    if not quoted.get("called"):
        return speaker.say("track.lead.none")
    return speaker.say(
        "track.lead",
        since=outlook.replay["since"],
        n=speaker.number(quoted["n"]),
        called=speaker.number(quoted["called"]),
        right=speaker.number(quoted["right"]),
        share=whole_percent(quoted["right"] / quoted["called"]),
        base=whole_percent(quoted["base"]),
    )


def _under(outlook: Outlook, found: baselines.Spans, speaker: Speaker) -> tuple[str, ...]:
    said = []
    if SINCE in found:
        everything, _horizons = found[SINCE]
        low, high = everything.ranges.get("hits", (0.0, 1.0))
        shares = {"low": whole_percent(low), "high": whole_percent(high), "base": whole_percent(everything.base)}
        said.append(speaker.say("track.luck", **shares) if low <= everything.base <= high else "")
        said.append(baselines.unbeaten(found, speaker))
        said.append(speaker.say("track.under"))
    first = call_text.first_due(outlook, speaker)
    return tuple(part for part in (*said, first) if part)


def _hits(outlook: Outlook, found: baselines.Spans, speaker: Speaker) -> Chapter | None:
    """The hit rate by horizon with counts and range; "always growing" stands beside it in every row."""
    if SINCE not in found:
        return None
    everything, horizons = found[SINCE]
    each = [
        (speaker.count("control.horizon.years", years), row, outlook.replay["horizons"][str(years)])
        for years, row in horizons.items()
    ]
    rows = []
    for label, row, quoted in [*each, (speaker.say("track.all_horizons"), everything, outlook.replay["all"])]:
        called, right = quoted["called"], quoted["right"]
        if not called:
            continue
        low, high = row.ranges["hits"]
        rows.append(
            (
                label,
                speaker.share(right / called),
                speaker.share(quoted["base"]),
                speaker.say("track.hits.range", low=whole_percent(low), high=whole_percent(high)),
                _of(right, called, speaker),
            )
        )
    heads = tuple(speaker.say(f"track.hits.head.{name}") for name in ("horizon", "share", "always", "range", "of"))
    table = Table(speaker.say("track.hits.title"), heads, tuple(rows))
    subtitle = f"{speaker.say('track.hits.subtitle')} {_behind(outlook, speaker)}".strip()
    return Chapter(table.caption, subtitle, (), (table,))


def _behind(outlook: Outlook, speaker: Speaker) -> str:
    """The horizons at which "growing" everywhere would have been right more often; empty if there is none."""
    late = [
        speaker.count("control.horizon.years", int(years))
        for years, row in outlook.replay["horizons"].items()
        if row["called"] and row["right"] / row["called"] < row["base"]
    ]
    return speaker.say("track.hits.behind", years=speaker.list_of(late)) if late else ""


def _markets(outlook: Outlook, speaker: Speaker) -> Chapter | None:
    """Scores by market, all horizons together; of a market with too few outcomes it says only that."""
    rows = counted(outlook.past)
    if not rows:
        return None
    scored = by_segment(rows)
    lines = []
    for name in outlook.catalogue.markets:
        title = speaker.of(outlook.catalogue.segments[name], "title")
        row, own = scored.get(name), alone([past for past in rows if past.segment == name])
        if row is None or own < FEWEST_ALONE:
            few = speaker.say("track.markets.few", market=title)
            counts = (speaker.number(row.n if row else 0), speaker.number(own))
            lines.append((few, *counts, *["\u2013"] * 6))
            continue
        lines.append(
            (
                title,
                speaker.number(row.n),
                speaker.number(own),
                speaker.number(row.brier, 3),
                speaker.number(row.baselines["own"], 3),
                speaker.number(row.baselines["pooled"], 3),
                _of(row.right, row.called, speaker),
                speaker.share(row.base),
                speaker.share(row.covered / row.judged) if row.judged else "\u2013",
            )
        )
    names = ("market", "n", "alone", "brier", "own", "pooled", "hits", "always", "held")
    heads = tuple(speaker.say(f"track.markets.head.{name}") for name in names)
    title = speaker.say("track.markets.title")
    return Chapter(title, speaker.say("track.markets.subtitle", since=SINCE), (), (Table(title, heads, tuple(lines)),))


def alone(rows: list[Past]) -> float:
    """Outcomes that do not overlap: two origins a year, spans of h years, so each counts 1/(2h)."""
    return sum(1 / (2 * row.horizon) for row in rows)


def _published(outlook: Outlook, found: baselines.Spans, speaker: Speaker) -> Chapter:
    """The calls really published, and what all the replayed ones are worth as independent judgements."""
    decided = sum(not call.why for call in outlook.calls.values())
    none = speaker.say("track.published.none", date=speaker.day(outlook.day))
    published = (
        none
        if outlook.rebuilt
        else speaker.say(
            "track.published.text",
            id=outlook.number,
            date=speaker.day(outlook.day),
            n=speaker.number(len(outlook.calls)),
            decided=speaker.number(decided),
        )
    )
    terms = [(speaker.say("track.published.calls"), f"{published} {call_text.first_due(outlook, speaker)}".strip())]
    tables = []
    markets, independent = worth(outlook.calls, min(HORIZONS))
    if SINCE in found and markets:
        share = independent / markets
        text = speaker.say("track.independent.text", n=markets, worth=speaker.number(independent))
        terms.append((speaker.say("track.independent"), text))
        terms.append((speaker.say("track.order"), _order(found, speaker)))
        tables.append(_independent(found, share, speaker))
    title, subtitle = speaker.say("track.published.title"), speaker.say("track.published.subtitle")
    return Chapter(title, subtitle, tuple(row for row in terms if row[1]), tuple(tables))


def _order(found: baselines.Spans, speaker: Speaker) -> str:
    """Whether the probabilities put the markets in the order that came: rank correlations, span by span."""
    parts = [
        speaker.say("track.order.part", since=since, rank=baselines.signed(everything.rank, speaker, 2))
        for since, (everything, _horizons) in found.items()
        if everything.rank is not None
    ]
    return speaker.say("track.order.text", ranks=speaker.list_of(parts)) if parts else ""


def _independent(found: baselines.Spans, share: float, speaker: Speaker) -> Table:
    """By horizon: calls judged, those whose spans do not overlap, what they are worth as markets move together."""
    rows = []
    for years, row in found[SINCE][1].items():
        apart = row.n / (2 * years)
        cells = (speaker.number(row.n), speaker.number(apart), speaker.number(apart * share))
        rows.append((speaker.count("control.horizon.years", years), *cells))
    heads = tuple(speaker.say(f"track.independent.head.{name}") for name in ("horizon", "n", "apart", "worth"))
    return Table(speaker.say("track.independent.title"), heads, tuple(rows))


def _of(right: int, called: int, speaker: Speaker) -> str:
    """Right and called; a dash where nothing was called."""
    if not called:
        return "\u2013"
    return speaker.say("track.hits.of", right=speaker.number(right), called=speaker.number(called))
