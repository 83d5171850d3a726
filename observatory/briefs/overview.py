"""What the first page says: which markets grow, how sure that is, and how often such calls were right."""

from collections.abc import Sequence

from observatory.briefs.common import call_text
from observatory.briefs.common.index_figure import index_figure, path_of
from observatory.briefs.common.model import Bar, Figure, Overview, Ranked, Spark, Table
from observatory.catalogue.models import Segment
from observatory.catalogue.periods import month_of, ordinal
from observatory.charts.scatter import Mark, scatter
from observatory.language import Speaker, whole_percent
from observatory.outlook.calls.calls import PAST_YEARS, Call
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection

BARELY = 0.05  # a share of right calls that close to saying so everywhere is barely better
HOLLOW = (2020, 2021)  # growth since then starts from the hollow of Covid
CLEAR = 0.02  # growth a year that must separate past and expected before we call it faster or slower


def overview(outlook: Outlook, selection: Selection, speaker: Speaker) -> Overview:
    """The overview as of an outlook, for the horizon of the selection."""
    pairs, year = ranked(outlook, selection.horizon)
    base = pairs[0][1].base_year if pairs else outlook.day.year
    rows = tuple(_ranked(outlook, segment, call, speaker) for segment, call in pairs)
    title = speaker.say("overview.title")
    return Overview(
        kicker=speaker.say("overview.kicker", year=year, date=speaker.day(outlook.day)),
        lead=lead(pairs, year, speaker),
        under=_under(outlook, pairs, selection, speaker),
        title=title,
        subtitle=speaker.say(
            "overview.subtitle",
            base=base,
            year=year,
            chances=speaker.say("chances.of.80"),
            band=call_text.band(speaker),
        ),
        rows=rows,
        scale=_scale(rows),
        footnotes=_footnotes(outlook, pairs, speaker),
        scatter=_scatter(pairs, speaker),
        scatter_alt=_scatter_alt(pairs, speaker),
        scatter_title=speaker.say("scatter.title"),
        scatter_subtitle=speaker.say("scatter.subtitle", base=base, year=year),
        scatter_note=speaker.say("scatter.note"),
        reading=_reading(pairs, speaker),
        surest=_surest(outlook, pairs, speaker, bool(selection.after)),
        table=_table(rows, title, speaker),
        sections=tuple(
            (row.id, speaker.of(row, "title")) for row in outlook.catalogue.segments.values() if not row.market
        ),
    )


def ranked(outlook: Outlook, horizon: int) -> tuple[Sequence[tuple[Segment, Call]], int]:
    """The markets and their calls for a horizon, from the surest growth down, and the year that they speak of."""
    markets = [row for row in outlook.catalogue.segments.values() if row.market]
    pairs = [(row, outlook.calls[row.id, horizon]) for row in markets if (row.id, horizon) in outlook.calls]
    pairs.sort(key=lambda pair: (-(pair[1].probability_clear or 0), pair[0].title_fr))
    return pairs, pairs[0][1].year if pairs else outlook.day.year + horizon


def lead(pairs: Sequence[tuple[Segment, Call]], year: int, speaker: Speaker) -> str:
    """How many markets should grow, and the surest of them."""
    growing = [pair for pair in pairs if pair[1].call == "growing"]
    if not growing:
        return speaker.say("overview.lead.none", total=len(pairs), year=year)
    segment, call = growing[0]
    probability = call.probability_clear or 0.0
    return speaker.count(
        "overview.lead",
        len(growing),
        total=len(pairs),
        year=year,
        market_of=speaker.of(segment, "of"),
        word=speaker.chance(probability),
        p=speaker.odds(probability),
    )


def _under(
    outlook: Outlook, pairs: Sequence[tuple[Segment, Call]], selection: Selection, speaker: Speaker
) -> tuple[str, ...]:
    said = []
    unclear = sum(1 for _segment, call in pairs if call.call == "unclear")
    if unclear:
        said.append(speaker.count("overview.unclear", unclear))
    scores = outlook.replay.get("horizons", {}).get(str(selection.horizon))
    if scores and scores["called"]:
        right = scores["right"] / scores["called"]
        said.append(
            speaker.say(
                "overview.record",
                since=outlook.replay["since"],
                right=speaker.number(scores["right"]),
                called=speaker.number(scores["called"]),
                share=whole_percent(right),
                base=whole_percent(scores["base"]),
            )
        )
        if right - scores["base"] < BARELY:
            said.append(speaker.say("overview.record.barely"))
    if all(call.low is None or call.low < 0 for _segment, call in pairs):
        said.append(speaker.say("overview.crossing"))
    if selection.horizon >= 3:
        said.append(speaker.say("overview.far"))
    return tuple(said)


def _ranked(outlook: Outlook, segment: Segment, call: Call, speaker: Speaker) -> Ranked:
    word = percent = growth = span = ""
    bar = None
    if (
        call.probability_clear is not None
        and call.growth is not None
        and call.low is not None
        and call.high is not None
    ):
        word, percent = speaker.chance(call.probability_clear), speaker.odds(call.probability_clear)
        growth = speaker.growth(call.growth)
        span = speaker.say("ranking.range", low=speaker.growth(call.low), high=speaker.growth(call.high))
        bar = Bar(call.low * 100, call.growth * 100, call.high * 100)
    note = call_text.unclear(outlook, call, speaker) if call.why else call_text.warning(call, speaker)
    proxy = speaker.say("ranking.proxy") if call_text.mostly_proxy(outlook, call) else ""
    return Ranked(
        segment=segment.id,
        title=speaker.of(segment, "title"),
        call=call.call,
        label=call_text.label(call, speaker),
        word=word,
        percent=percent,
        growth=growth,
        range=span,
        bar=bar,
        past=speaker.growth(call.past) if call.past is not None else "",
        past_years=_past_years(call, speaker),
        past_rate=call.past,
        spark=_spark(outlook, segment, call, speaker),
        freshness=_fresh(outlook, call, speaker),
        warning=" ".join(part for part in (note, proxy) if part),
    )


def _past_years(call: Call, speaker: Speaker) -> str:
    if call.past is None:
        return ""
    return speaker.say("ranking.past.years", first=call.index_last - PAST_YEARS, last=call.index_last)


def _fresh(outlook: Outlook, call: Call, speaker: Speaker) -> str:
    """The month up to which half of the index is known, and how long ago that was."""
    if not call.latest:
        return speaker.say("ranking.no_data")
    months = month_of(outlook.day) - ordinal(call.latest)
    return speaker.count("ranking.age", months, period=speaker.period(call.latest))


def _spark(outlook: Outlook, segment: Segment, call: Call, speaker: Speaker) -> Spark | None:
    if len(call.index) < 3:
        return None
    ahead = path_of(outlook, segment.id, call.horizon)
    text = speaker.say(
        "ranking.spark",
        market_of=speaker.of(segment, "of"),
        first=call.index_last - len(call.index) + 1,
        last=call.index_last,
        value=speaker.number(call.index[-1]),
    )
    return Spark(call.index, tuple((median, low, high) for _year, median, low, high in ahead), text)


def _scale(rows: Sequence[Ranked]) -> tuple[int, int]:
    """The common scale of the bars in per cent, in steps of five; never narrower than -10 to +20."""
    bars = [row.bar for row in rows if row.bar is not None]
    low = min([-10.0, *(bar.low for bar in bars)])
    high = max([20.0, *(bar.high for bar in bars)])
    return int(low // 5 * 5), int(-(-high // 5) * 5)


def _footnotes(outlook: Outlook, pairs: Sequence[tuple[Segment, Call]], speaker: Speaker) -> tuple[str, ...]:
    publishers: list[str] = []
    for _segment, call in pairs:
        for row in call.reasons:
            if row.share > 0.2:
                name = speaker.of(
                    outlook.catalogue.sources[outlook.catalogue.indicators[row.indicator].source], "publisher"
                )
                if name not in publishers:
                    publishers.append(name)
    said = [
        speaker.say(
            "overview.sources", sources=" ; ".join(publishers) if speaker.language == "fr" else "; ".join(publishers)
        )
    ]
    if any(not call.why for _segment, call in pairs):
        said.append(call_text.first_due(outlook, speaker))
    return tuple(part for part in said if part)


def _scatter(pairs: Sequence[tuple[Segment, Call]], speaker: Speaker) -> dict[str, object] | None:
    marks = [
        Mark(
            speaker.of(segment, "title"), call.call, call.past * 100, call.growth * 100, call.low * 100, call.high * 100
        )
        for segment, call in pairs
        if call.past is not None and call.growth is not None and call.low is not None and call.high is not None
    ]
    return scatter(marks, speaker.language, speaker.say("scatter.diagonal")) if len(marks) > 1 else None


def _scatter_alt(pairs: Sequence[tuple[Segment, Call]], speaker: Speaker) -> str:
    parts = [
        speaker.say(
            "scatter.alt.mark",
            market=speaker.of(segment, "title"),
            past=speaker.growth(call.past),
            expected=speaker.growth(call.growth),
        )
        for segment, call in pairs
        if call.past is not None and call.growth is not None
    ]
    return speaker.say("scatter.alt", marks="; ".join(parts))


def _reading(pairs: Sequence[tuple[Segment, Call]], speaker: Speaker) -> tuple[tuple[str, str], ...]:
    """The scatter in sentences: who should speed up, who should slow down."""
    faster: list[str] = []
    slower: list[str] = []
    for segment, call in pairs:
        if call.past is None or call.growth is None or call.why or abs(call.growth - call.past) < CLEAR:
            continue
        (faster if call.growth > call.past else slower).append(speaker.of(segment, "title"))
    said = []
    for key, names in (("reading.faster", faster), ("reading.slower", slower)):
        if names:
            said.append((speaker.say(key), speaker.list_of(names) + "."))
    if any(call.index_last - PAST_YEARS in HOLLOW for _segment, call in pairs):
        said.append((speaker.say("reading.base"), speaker.say("reading.base.text")))
    crossing = sum(
        1 for _segment, call in pairs if call.low is not None and call.high is not None and call.low < 0 < call.high
    )
    if crossing:
        said.append((speaker.say("reading.zero"), speaker.count("reading.zero.text", crossing)))
    return tuple(said)


def _surest(outlook: Outlook, pairs: Sequence[tuple[Segment, Call]], speaker: Speaker, after: bool) -> Figure | None:
    """The index of the market at the head of the ranking, with its fan."""
    if not pairs:
        return None
    segment, call = pairs[0]
    title = speaker.say("surest.title", market_of=speaker.of(segment, "of"))
    return index_figure(outlook, call, title, "surest.source", speaker, after)


def _table(rows: Sequence[Ranked], title: str, speaker: Speaker) -> Table:
    heads = ("market", "call", "probability", "growth", "range", "past", "freshness")
    return Table(
        title,
        tuple(speaker.say(f"ranking.head.{name}") for name in heads),
        tuple(
            (
                row.title,
                row.label,
                f"{row.percent}{speaker.percent_sign}" if row.percent else "\u2013",
                row.growth or "\u2013",
                row.range or "\u2013",
                f"{row.past} ({row.past_years})" if row.past else "\u2013",
                row.freshness,
            )
            for row in rows
        ),
    )
