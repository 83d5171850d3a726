"""Replayed calls beside their baselines: said and came, the Brier score, which baselines are beaten and which not."""

from collections.abc import Mapping, Sequence
from typing import Literal

from observatory.briefs.common.model import Figure, Table, computed
from observatory.briefs.common.plots import bars, intervals
from observatory.charts.reliability_diagram import Dot, Words, said
from observatory.charts.score_differences import Difference, Rival, against
from observatory.language import MINUS, Speaker, whole_percent
from observatory.outlook.calls.backtest import SINCE, Past
from observatory.outlook.calls.scores import BASELINES, BLOCK_YEARS, Scores, bins, by_horizon, counted, scores
from observatory.outlook.outlook import Outlook

LATE = 2005  # origins since then are scored apart: there the rate of all markets is hard to beat
DECIMALS = 3  # of a score, and of what decides who is ahead

Standing = Literal["ahead", "even", "behind"]
STANDINGS: tuple[Standing, ...] = ("ahead", "even", "behind")
Spans = Mapping[int, tuple[Scores, Mapping[int, Scores]]]  # by first year: all horizons together, and each


def spans(outlook: Outlook) -> Spans:
    """The scores since 1990 and since 2005, over all horizons and by horizon; a span without calls is left out."""
    found: dict[int, tuple[Scores, Mapping[int, Scores]]] = {}
    for since in (SINCE, LATE):
        rows = [row for row in counted(outlook.past) if row.origin >= since * 12]
        everything = scores(rows)
        if everything is not None:
            found[since] = (everything, by_horizon(rows))
    return found


def standing(row: Scores, baseline: str) -> Standing:
    """Ahead or behind only if the bootstrap range of the difference, as shown, excludes zero; else not told apart."""
    low, high = (round(end, DECIMALS) for end in row.ranges[baseline])
    return "ahead" if high < 0 else "behind" if low > 0 else "even"


def sentence(found: Spans, speaker: Speaker) -> str:
    """Which baselines are beaten and which are not, span by span; then each horizon where one does better than us."""
    parts = [_of_span(since, everything, speaker) for since, (everything, _horizons) in found.items()]
    for since, (_everything, horizons) in found.items():
        for years, row in horizons.items():
            lost = [name for name in BASELINES if standing(row, name) == "behind"]
            if lost:
                ahead = speaker.count("control.horizon.years", years)
                parts.append(speaker.say("track.behind.at", years=ahead, since=since, names=_names(lost, speaker)))
    return " ".join(parts)


def _of_span(since: int, row: Scores, speaker: Speaker) -> str:
    parts = [
        speaker.say("track.score", since=since, brier=speaker.number(row.brier, DECIMALS), n=speaker.number(row.n))
    ]
    for name in STANDINGS:
        rivals = [baseline for baseline in BASELINES if standing(row, baseline) == name]
        if rivals:
            parts.append(speaker.say(f"track.sentence.{name}", names=_names(rivals, speaker)))
    return " ".join(parts)


def _names(baselines: Sequence[str], speaker: Speaker) -> str:
    return speaker.list_of(speaker.say("track.quoted", name=speaker.say(f"track.baseline.{row}")) for row in baselines)


def figure(found: Spans, speaker: Speaker) -> Figure | None:
    """By how much our score differs from each baseline, over all horizons; None where nothing was replayed."""
    if not found:
        return None
    title = speaker.say("track.against.title")
    takeaway = sentence(found, speaker)
    rivals = [
        Rival(
            _capital(speaker.say(f"track.baseline.{name}")),
            [_difference(since, row, name, speaker) for since, (row, _horizons) in found.items()],
        )
        for name in BASELINES
    ]
    ends = (speaker.say("track.against.better"), speaker.say("track.against.worse"))
    return computed(
        title=title,
        subtitle=speaker.say("track.against.subtitle"),
        spec=against(rivals, *ends, speaker.language),
        takeaway=takeaway,
        notes=_notes(found, speaker),
        source_line=speaker.say("track.against.source", years=BLOCK_YEARS),
        table=_differences(found, title, speaker),
        plot=intervals(
            [f"{rival.label} ({one.label})" for rival in rivals for one in rival.rows],
            "difference",
            title,
            [(one.value, one.low, one.high) for rival in rivals for one in rival.rows],
            "",
            DECIMALS,
        ),
    )


def _notes(found: Spans, speaker: Speaker) -> tuple[str, ...]:
    """What a Brier score is, and why the recent years are the harder test (only if growth was more frequent there)."""
    notes = [speaker.say("track.against.note")]
    if found.keys() >= {SINCE, LATE}:
        base, late = (whole_percent(found[since][0].base) for since in (SINCE, LATE))
        if late > base:
            notes.append(speaker.say("track.against.frequent", since=LATE, late=late, first=SINCE, base=base))
    return tuple(notes)


def unbeaten(found: Spans, speaker: Speaker) -> str:
    """The rules that we do not clearly beat over the latest span; empty if there is none."""
    if not found:
        return ""
    since = max(found)
    names = [name for name in BASELINES if standing(found[since][0], name) != "ahead"]
    if not names:
        return ""
    return speaker.count("track.unbeaten", len(names), since=since, names=_names(names, speaker))


def _difference(since: int, row: Scores, name: str, speaker: Speaker) -> Difference:
    value = row.brier - row.baselines[name]
    low, high = row.ranges[name]
    return Difference(speaker.say("track.since", since=since), value, low, high, signed(value, speaker))


def signed(value: float, speaker: Speaker, decimals: int = DECIMALS) -> str:
    """A difference with its sign; none on what is shown as zero."""
    shown = speaker.number(abs(value), decimals)
    sign = "" if round(value, decimals) == 0 else "+" if value > 0 else MINUS
    return f"{sign}{shown}"


def _differences(found: Spans, title: str, speaker: Speaker) -> Table:
    """Every difference with its range, by span, horizon and baseline."""
    heads = tuple(
        speaker.say(f"track.against.head.{name}") for name in ("baseline", "when", "n", "difference", "range")
    )
    rows = []
    for name in BASELINES:
        for since, (everything, horizons) in found.items():
            each = [(speaker.say("track.all_horizons"), everything)]
            each += [(speaker.count("control.horizon.years", years), row) for years, row in horizons.items()]
            for label, row in each:
                low, high = (signed(end, speaker) for end in row.ranges[name])
                when = speaker.say("track.against.when", since=since, horizon=label)
                value = signed(row.brier - row.baselines[name], speaker)
                cells = (when, speaker.number(row.n), value, speaker.say("track.range", low=low, high=high))
                rows.append((_capital(speaker.say(f"track.baseline.{name}")), *cells))
    return Table(title, heads, tuple(rows))


def tables(found: Spans, speaker: Speaker) -> tuple[Table, ...]:
    """The Brier score by horizon beside each baseline's, with counts, ranges and who is ahead: one table a span."""
    return tuple(_table(since, everything, horizons, speaker) for since, (everything, horizons) in found.items())


def _table(since: int, everything: Scores, horizons: Mapping[int, Scores], speaker: Speaker) -> Table:
    heads = [speaker.say(f"track.scores.head.{name}") for name in ("horizon", "n", "brier", "range")]
    heads += [_capital(speaker.say(f"track.baseline.{name}")) for name in BASELINES]
    each = [(speaker.count("control.horizon.years", years), row) for years, row in horizons.items()]
    rows = []
    for label, row in [*each, (speaker.say("track.all_horizons"), everything)]:
        low, high = (speaker.number(end, DECIMALS) for end in row.ranges["brier"])
        cells = [
            speaker.say(
                "track.scores.cell",
                score=speaker.number(row.baselines[name], DECIMALS),
                standing=speaker.say(f"track.standing.{standing(row, name)}"),
            )
            for name in BASELINES
        ]
        shown = speaker.say("track.range", low=low, high=high)
        rows.append((label, speaker.number(row.n), speaker.number(row.brier, DECIMALS), shown, *cells))
    return Table(speaker.say("track.scores.title", since=since), tuple(heads), tuple(rows))


def reliability(past: Sequence[Past], speaker: Speaker) -> Figure | None:
    """Said and came, by bins of the probability of growth; None where nothing was replayed."""
    found = bins(counted(past))
    if not found:
        return None
    title = speaker.say("track.said.title")
    top = found[-1]
    takeaway = speaker.say(
        "track.said.takeaway",
        said=whole_percent(top.said),
        came=whole_percent(top.came),
        n=speaker.number(top.n),
        farthest_said=whole_percent((far := max(found, key=lambda row: abs(row.came - row.said))).said),
        farthest_came=whole_percent(far.came),
        farthest_n=speaker.number(far.n),
    )
    words = Words(*(speaker.say(f"track.said.{name}") for name in ("diagonal", "above", "below", "axis")))
    dots = [Dot(row.said * 100, row.came * 100, row.n, speaker.number(row.n)) for row in found]
    rows = tuple(
        (
            speaker.say("track.said.bin", low=whole_percent(row.low), high=whole_percent(row.high)),
            speaker.number(row.n),
            speaker.share(row.said),
            speaker.share(row.came),
        )
        for row in found
    )
    heads = tuple(speaker.say(f"track.said.head.{name}") for name in ("bin", "n", "said", "came"))
    return computed(
        title=title,
        subtitle=speaker.say("track.said.subtitle"),
        spec=said(dots, words, speaker.language),
        takeaway=takeaway,
        source_line=speaker.say("track.said.source", n=speaker.number(sum(row.n for row in found))),
        table=Table(title, heads, rows),
        plot=bars(
            [row[0] for row in rows],
            [
                ("said", heads[2], [row.said * 100 for row in found]),
                ("came", heads[3], [row.came * 100 for row in found]),
            ],
            speaker.say("export.said.subtitle"),
        ),
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
