"""What the forecasts of series were worth: ranges held by horizon and level, and the gain on the reference."""

from observatory.briefs.common.disclosure import FEWEST_JUDGED, reference_name
from observatory.briefs.common.model import Chapter, Figure, Table, computed
from observatory.briefs.common.plots import bars, promised
from observatory.briefs.track_record.baselines import signed
from observatory.charts.interval_coverage import Level, Strip, Words, ranges
from observatory.language import Speaker, whole_percent
from observatory.outlook.outlook import Outlook
from observatory.settings import HORIZONS, LEVELS
from observatory.timeseries import Forecast

SHOWN = 5  # indicators at each end of the table of gains
FEWEST_FOLDS = 10  # past dates; fewer make a gain a matter of luck

Counts = dict[str, list[int]]  # by frequency: outcomes, then inside by level


def held(outlook: Outlook, speaker: Speaker) -> Figure | None:
    """How often the ranges of series held, by years ahead and level; None where none was judged."""
    stored = outlook.replay.get("ranges", {})
    by_years: dict[int, Counts] = {
        years: {name: rows[str(years)] for name, rows in stored.items() if rows.get(str(years), [0])[0]}
        for years in HORIZONS
    }
    by_years = {years: rows for years, rows in by_years.items() if rows}
    if not by_years:
        return None
    title = speaker.say("track.held.title")
    total = {years: [sum(column) for column in zip(*rows.values(), strict=True)] for years, rows in by_years.items()}
    takeaway = _takeaway(outlook, total, speaker)
    words = Words(*(speaker.say(f"ranges.{name}") for name in ("narrow", "wide", "held")))
    levels = [_level(place, by_years, total, speaker) for place in range(len(LEVELS))]
    return computed(
        title=title,
        subtitle=speaker.say("track.held.subtitle"),
        spec=ranges(levels, words, speaker.language),
        takeaway=takeaway,
        source_line=speaker.say("track.held.source", n=speaker.number(sum(row[0] for row in total.values()))),
        table=_table(by_years, total, title, speaker),
        plot=bars(
            [speaker.count("control.horizon.years", years) for years in total],
            [
                (f"held_{level}", level_name, [row[place + 1] / row[0] * 100 for row in total.values()])
                for place, (level, level_name) in enumerate(promised(speaker))
            ],
            speaker.say("export.held.subtitle"),
        ),
    )


def _takeaway(outlook: Outlook, total: dict[int, list[int]], speaker: Speaker) -> str:
    at = LEVELS.index(80)
    near, far = min(total), max(total)
    said = speaker.say(
        "track.held.takeaway",
        level=LEVELS[at],
        near=speaker.count("control.horizon.years", near),
        near_share=whole_percent(total[near][at + 1] / total[near][0]),
        far=speaker.count("control.horizon.years", far),
        far_share=whole_percent(total[far][at + 1] / total[far][0]),
    )
    calls = outlook.replay.get("all", {})
    if not calls.get("judged"):
        return said
    covered, judged = calls["covered"], calls["judged"]
    of_calls = speaker.say(
        "track.held.calls",
        level=LEVELS[at],
        covered=speaker.number(covered),
        judged=speaker.number(judged),
        share=whole_percent(covered / judged),
    )
    return f"{said} {of_calls}"


def _level(place: int, by_years: dict[int, Counts], total: dict[int, list[int]], speaker: Speaker) -> Level:
    strips = []
    for years, rows in by_years.items():
        share = total[years][place + 1] / total[years][0]
        each = [row[place + 1] / row[0] * 100 for row in rows.values()]
        shown = speaker.share(share)
        strips.append(Strip(speaker.count("control.horizon.years", years), each, share * 100, shown))
    return Level(LEVELS[place], speaker.say("ranges.promised", level=LEVELS[place]), strips)


def _table(by_years: dict[int, Counts], total: dict[int, list[int]], title: str, speaker: Speaker) -> Table:
    heads = [speaker.say(f"track.held.head.{name}") for name in ("horizon", "series", "n")]
    heads += [speaker.say("ranges.head.level", level=level) for level in LEVELS]
    rows = []
    for years, groups in by_years.items():
        named = [(speaker.say(f"ranges.{name}"), row) for name, row in groups.items()]
        for label, row in [(speaker.say("ranges.all"), total[years]), *named]:
            shares = [speaker.share(hits / row[0]) for hits in row[1:]]
            rows.append((speaker.count("control.horizon.years", years), label, speaker.number(row[0]), *shares))
    return Table(title, tuple(heads), tuple(rows))


def skill(outlook: Outlook, speaker: Speaker) -> tuple[Chapter | None, Table | None]:
    """The gain on the reference by indicator: the ends of the table, and all of it; None where nothing was compared."""
    catalogue = outlook.catalogue
    rows = [
        (speaker.of(row, "title"), made)
        for row in catalogue.indicators.values()
        if (made := outlook.forecasts.get(outlook.headline(row))) is not None and made.gain is not None
    ]
    if not rows:
        return None, None
    rows.sort(key=lambda row: (-(row[1].gain or 0.0), row[0]))
    firm = [row for row in rows if row[1].folds >= FEWEST_FOLDS]
    ends = (("best", firm[:SHOWN]), ("worst", firm[SHOWN:][-SHOWN:][::-1]))
    better = sum((made.gain or 0.0) > 0 for _title, made in rows)
    chapter = Chapter(
        speaker.say("track.skill.title"),
        speaker.say("track.skill.subtitle", min=FEWEST_FOLDS),
        ((speaker.say("track.skill.count"), _counted(better, len(rows), speaker)),),
        tuple(_gains(speaker.say(f"track.skill.{name}"), part, speaker) for name, part in ends if part),
    )
    return chapter, _gains(speaker.say("track.skill.all"), rows, speaker)


def _counted(better: int, total: int, speaker: Speaker) -> str:
    return speaker.say("track.skill.count.text", better=speaker.number(better), total=speaker.number(total))


def _gains(caption: str, rows: list[tuple[str, Forecast]], speaker: Speaker) -> Table:
    heads = tuple(speaker.say(f"track.skill.head.{name}") for name in ("indicator", "gain", "folds", "held"))
    at = LEVELS.index(80)
    lines = []
    for title, made in rows:
        enough = made.judged >= FEWEST_JUDGED
        share = speaker.share(made.hits[at] / made.judged) if enough else "\u2013"
        against = speaker.say("track.skill.against", title=title, reference=reference_name(made, speaker))
        lines.append((against, _gain(made.gain or 0.0, speaker), speaker.number(made.folds), share))
    return Table(caption, heads, tuple(lines))


def _gain(gain: float, speaker: Speaker) -> str:
    """A gain in whole per cent with its sign."""
    return f"{signed(whole_percent(gain), speaker, 0)}{speaker.percent_sign}"
