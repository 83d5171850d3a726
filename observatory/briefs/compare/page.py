"""What a comparison says: how series move together, which one leads, what each grew by and should grow by."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from observatory.briefs.common.comparison_model import Compared, Member
from observatory.briefs.common.levels import OUTPUT, Shown, common_unit
from observatory.briefs.common.methodology import how
from observatory.briefs.common.model import Chapter, Figure, Table, Terms
from observatory.briefs.common.series_figure import figure
from observatory.briefs.common.series_search import inputs_of, name_of, peers, told_apart
from observatory.briefs.common.series_view import YEARS_SHOWN
from observatory.briefs.common.units import amount, unit_of
from observatory.briefs.compare import comovement
from observatory.briefs.compare.chart import chart
from observatory.briefs.countries.standings import NOTHING, expected, rate
from observatory.catalogue.series_codes import code_of, key_of
from observatory.charts.comparison import dash, token
from observatory.language import Speaker
from observatory.outlook.analysis.comovement import Tie, ties
from observatory.outlook.analysis.yearly_series import Line, common_year, divided, line_of, pace
from observatory.outlook.outlook import Outlook
from observatory.selection import UNITS, Selection
from observatory.settings import MOST_SERIES
from observatory.timeseries import Key

LETTERS = "ABCDEFGH"
# The page's own choice: traffic, the aircraft it needs, the parts that these need.
OWN = ("world_passenger_kilometres.WORLD", "airliner_deliveries_airbus_boeing.WORLD", "us_aerospace_production.USA")
PACES = (1, 3, 5, 10)  # years
SMALL_HEIGHT = 250
FORMULAS = ("levels", "index", "pace", "ahead", "ties", "worth")


def compare(
    outlook: Outlook, selection: Selection, speaker: Speaker, today: date, found: Sequence[Tie] | None = None
) -> Compared:
    """The comparison of `selection.series`, or of the page's own choice where it names none that is known.

    `found` is what `tied_part` says of the same series; it is computed where it is not given.
    """
    keys, notices = chosen(outlook, selection, speaker)
    base_year = next(iter(outlook.calls.values())).base_year if outlook.calls else outlook.day.year
    until = base_year + selection.horizon
    lines = [line_of(outlook, key, until, selection.level) for key in keys]
    lines, told = _divided(outlook, lines, selection, speaker)
    notices += told
    last = max(line.last for line in lines) // 12
    since, end = selection.first or last - YEARS_SHOWN + 1, selection.last or last
    unit = common_unit(lines, outlook.catalogue, speaker)
    shown, displays = _shown(lines, selection, unit is None, since, end)
    shown = replace(shown, unit=unit if shown.display in ("level", "log") else None)
    letters = LETTERS[: len(lines)]
    titles = told_apart(outlook, [line.key for line in lines], speaker)
    found = ties(lines) if found is None else found
    growth, members = _members(outlook, lines, letters, titles, selection, until, speaker)
    return Compared(
        kicker=_kicker(outlook, keys, speaker),
        lead=comovement.lead_of(found, titles, speaker),
        under=_under(lines, titles, found, speaker),
        notices=tuple(notices),
        codes=tuple(code_of(line.key) for line in lines),
        display=shown.display,
        displays=displays,
        base=shown.base if shown.unit is None and not shown.signed else 0,
        bases=_bases(lines, since, end),
        per=selection.per,
        divisors=_divisors(outlook, lines, letters, selection, speaker),
        chart=replace(
            chart(outlook, lines, letters, shown, (since, end, until), selection, speaker),
            how=_how(outlook, lines, ("levels", "pace" if shown.signed else "index", "ahead"), speaker),
        ),
        growth=growth,
        members=members,
        ties=replace(
            comovement.chapter(found, letters, titles, speaker),
            how=_how(outlook, lines, ("levels", "ties", "worth"), speaker),
        ),
        smalls=_smalls(outlook, keys, selection, shown, base_year, speaker, today),
        how=Chapter(speaker.say("compare.how"), "", _how(outlook, lines, FORMULAS, speaker)),
        growth_how=_how(outlook, lines, ("levels", "pace", "ahead"), speaker),
    )


def tied_part(outlook: Outlook, selection: Selection, speaker: Speaker) -> tuple[Tie, ...]:
    """How the series move together: half the work of a comparison of eight, and the same in every display of them."""
    keys, _told = chosen(outlook, selection, speaker)
    lines, _told = _divided(outlook, [line_of(outlook, key, 0) for key in keys], selection, speaker)
    return ties(lines)


def _kicker(outlook: Outlook, keys: Sequence[Key], speaker: Speaker) -> str:
    """Where we are; the indicator too, where the series are one indicator in several places."""
    day = speaker.day(outlook.day)
    if len(keys) > 1 and len({key[0] for key in keys}) == 1:
        title = speaker.of(outlook.catalogue.indicators[keys[0][0]], "title")
        return speaker.say("compare.kicker.places", title=title, date=day)
    return speaker.say("compare.kicker", date=day)


def chosen(outlook: Outlook, selection: Selection, speaker: Speaker) -> tuple[list[Key], list[str]]:
    """The series to compare, and a sentence for each that has no figure in this edition."""
    keys = [key for key in selection.keys if key in outlook.panel]
    told = [
        speaker.say("compare.absent", series=name_of(outlook, key, speaker))
        for key in selection.keys
        if key not in outlook.panel and key[0] in outlook.catalogue.indicators
    ]
    if keys:
        return keys, told
    own = [key for key in map(key_of, OWN) if key in outlook.panel]
    rows = [row for row in outlook.catalogue.indicators.values() if outlook.headline(row) in outlook.panel]
    return own or [outlook.headline(row) for row in rows[: len(OWN)]], told


def _divided(
    outlook: Outlook, lines: Sequence[Line], selection: Selection, speaker: Speaker
) -> tuple[list[Line], list[str]]:
    """The lines per unit of the series that the reader chose, at the place of each if it is an indicator alone."""
    if not selection.per or (selection.per not in outlook.catalogue.indicators and "." not in selection.per):
        return list(lines), []
    indicator, geo, item = key_of(selection.per)
    found, absent = [], []
    for line in lines:
        key = (indicator, geo or line.key[1], item)
        parted = divided(line, line_of(outlook, key, 0)) if key in outlook.panel and key != line.key else line
        if parted.over is not None and parted.last >= 0:
            found.append(parted)
        else:
            absent.append(name_of(outlook, line.key, speaker))
    title = speaker.of(outlook.catalogue.indicators[indicator], "title")
    told = [speaker.say("compare.per.absent", title=title, list=speaker.list_of(absent))] if absent else []
    return (found, told) if found else (list(lines), told)


def _shown(
    lines: Sequence[Line], selection: Selection, several: bool, since: int, end: int
) -> tuple[Shown, tuple[str, ...]]:
    """The display, and those on offer: of several units there is no level to draw on one axis, only an index."""
    base = selection.base if any(line.of_year(selection.base) > 0 for line in lines) else 0
    base = base or common_year(lines, since, end)
    displays = tuple(name for name in UNITS if not (several and name == "level"))
    if not all(line.positive for line in lines):
        displays = tuple(name for name in displays if name != "log")
    wanted = "index" if several and selection.unit == "level" else selection.unit
    if wanted not in displays:
        wanted = displays[0]
    return Shown(wanted, base, None), displays


def _bases(lines: Sequence[Line], since: int, end: int) -> tuple[int, ...]:
    """The years in which at least one series could be 100."""
    return tuple(year for year in range(since, end + 1) if any(line.of_year(year) > 0 for line in lines))


def _divisors(
    outlook: Outlook, lines: Sequence[Line], letters: str, selection: Selection, speaker: Speaker
) -> tuple[tuple[str, str], ...]:
    """What the series can be divided by: nothing, the output of each country, one of them, or what a link names."""
    rows = [("", speaker.say("compare.per.none"))]
    same = outlook.catalogue.indicators.get(OUTPUT)
    if same is not None and any((OUTPUT, line.key[1], "") in outlook.panel for line in lines):
        title = speaker.of(same, "title")
        rows.append((OUTPUT, speaker.say("compare.per.same_place", title=title)))
    rows += [
        (code_of(line.key), f"{letter} {name_of(outlook, line.key, speaker)}")
        for letter, line in zip(letters, lines, strict=True)
    ]
    if selection.per not in dict(rows):
        indicator, geo, item = key_of(selection.per)
        row = outlook.catalogue.indicators.get(indicator)
        if row is not None:
            named = name_of(outlook, (indicator, geo, item), speaker) if geo else speaker.of(row, "title")
            rows.append((selection.per, named))
    return tuple(rows)


def _members(
    outlook: Outlook,
    lines: Sequence[Line],
    letters: str,
    titles: Sequence[str],
    selection: Selection,
    until: int,
    speaker: Speaker,
) -> tuple[Table, tuple[Member, ...]]:
    """What each series grew by over 1, 3, 5 and 10 years, and should grow by: as a table, and as rows that lead on."""
    heads = (
        speaker.say("compare.head.series"),
        speaker.say("compare.head.latest"),
        *(speaker.count("compare.head.pace", years) for years in PACES),
        speaker.say("compare.head.ahead", year=until, chances=speaker.say(f"chances.{selection.level}")),
    )
    members = []
    for place, line in enumerate(lines):
        segment = outlook.catalogue.segments[line.indicator.segment]
        name = name_of(outlook, line.key, speaker)
        cells = (_latest(outlook, line, speaker), *(rate(pace(line, years), speaker) for years in PACES))
        members.append(
            Member(
                code=code_of(line.key),
                letter=letters[place],
                token=token(place),
                dash=dash(place),
                title=name,
                short=titles[place],
                below=speaker.of(segment, "title"),
                target=Selection(
                    speaker.language, line.indicator.segment, *line.key, horizon=selection.horizon, asof=selection.asof
                ),
                cells=(*cells, expected(line, speaker)),
                peers=peers(outlook, line.key),
            )
        )
    rows = tuple((f"{row.letter} {row.title}", *row.cells) for row in members)
    return Table(speaker.say("compare.growth.title"), heads, rows), tuple(members)


def _latest(outlook: Outlook, line: Line, speaker: Speaker) -> str:
    """The latest yearly level and what it covers."""
    if line.last < 0:
        return NOTHING
    year = str(line.last // 12)
    when = year if line.last % 12 == 11 else speaker.period_short(f"{year}-{line.last % 12 + 1:02d}")
    if line.over is not None:
        unit = common_unit([line], outlook.catalogue, speaker)
        assert unit is not None
    else:
        unit = unit_of(line.indicator, line.levels, speaker)
    return f"{amount(line.latest, unit, speaker)} ({when})"


def _under(lines: Sequence[Line], titles: Sequence[str], found: Sequence[Tie], speaker: Speaker) -> tuple[str, ...]:
    """Which one grew most, and a word of caution where something is ahead or together."""
    said = []
    rates = [(rate, title) for line, title in zip(lines, titles, strict=True) if (rate := pace(line, 5)) is not None]
    if len(rates) > 1:
        (best, first), (least, last) = max(rates), min(rates)
        said.append(
            speaker.say("compare.under.pace", a=first, best=speaker.growth(best), b=last, least=speaker.growth(least))
        )
    judged = sum(tie.state not in ("same", "short") for tie in found)
    if any(tie.state in ("useful", "ahead") for tie in found):
        said.append(speaker.count("compare.under.ahead", judged))
    elif any(tie.state == "together" for tie in found):
        said.append(speaker.say("compare.under.caution"))
    return tuple(said)


def _smalls(
    outlook: Outlook,
    keys: Sequence[Key],
    selection: Selection,
    shown: Shown,
    base_year: int,
    speaker: Speaker,
    today: date,
) -> tuple[Figure, ...]:
    """Each series alone in its own unit, with its forecast; growth and logarithms as on the large chart."""
    unit = shown.display if shown.display in ("growth", "log") else "level"
    alone = replace(selection, unit=unit)
    return tuple(figure(outlook, key, alone, speaker, SMALL_HEIGHT, base_year, today) for key in keys[:MOST_SERIES])


def _how(outlook: Outlook, lines: Sequence[Line], names: Sequence[str], speaker: Speaker) -> Terms:
    """How it is computed: inputs, edition, formulas."""
    keys = [key for line in lines for key in (line.key, line.over) if key is not None]
    told = (*names, *(("per",) if lines[0].over else ()))
    formulas = ((speaker.say(f"compare.how.{name}"), speaker.say(f"compare.how.{name}.text")) for name in told)
    return how(inputs_of(outlook, keys, speaker), formulas, outlook, speaker)
