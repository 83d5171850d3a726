"""The commands on a long file of anybody's series, forecast and backtest: each imports what it needs when it runs."""

import argparse
from typing import TYPE_CHECKING, Any

from observatory.cli.output import GOOD, WRONG_DATA, as_json, bar, print_json, sentence, tell
from observatory.errors import Finding, ObservatoryError
from observatory.language import Speaker
from observatory.settings import SHOWN

if TYPE_CHECKING:
    from observatory.catalogue.periods import Frequency
    from observatory.forecast.evaluation import Score
    from observatory.ingest.long.table import Reading
    from observatory.timeseries import LongTable
    from observatory.workspace import Workspace

USUAL_HORIZONS = {"A": 3, "Q": 4, "M": 12}  # periods ahead where nobody says
LISTED = 20  # findings that are shown to people; programs get them all


def forecast(asked: argparse.Namespace, speaker: Speaker) -> int:
    """Forecasts every series of a file that can be, names the rows and series that cannot."""
    from observatory.export.csv import forecasts as forecasts_csv
    from observatory.forecast.batch import Engines, forecastable, forecasts

    if asked.format == "json" and asked.output is None:
        raise ObservatoryError("error.forecast.output")
    read = _read(asked, speaker)
    levels = list(dict.fromkeys(asked.level))
    _good, few = forecastable(read.table)
    findings = [*read.findings, *_short(read.table, few.tolist(), asked.file.name)]
    draw = bar(speaker)
    done = 0
    with forecasts_csv.whole(asked.output) as file:
        file.write(forecasts_csv.header(levels))
        engines = Engines(asked.jobs, asked.cluster)
        for batch in forecasts(
            read.table, asked.horizon, levels, engines, lambda part: draw("progress.forecasting", part)
        ):
            for lines in forecasts_csv.lines(read.table, batch):
                file.write(lines)
            done += len(batch.places)
            findings += [_finding(read.table, place, asked.file.name, "long_refused") for place in batch.refused]
    if asked.format == "json":
        print_json({**_facts(read, done), **_listed(read, findings, speaker)})
    else:
        _tell(read, findings, speaker)
        tell(speaker.count("cli.forecast.done", done, rows=speaker.count("cli.forecast.rows", read.rows)))
    return WRONG_DATA if findings or read.more else GOOD


def backtest(asked: argparse.Namespace, speaker: Speaker) -> int:
    """Scores of every model on the past of a file's own series."""
    from observatory.export.csv import forecasts as forecasts_csv
    from observatory.export.csv import scores as scores_csv
    from observatory.forecast.batch import Engines, forecastable
    from observatory.forecast.evaluation import backtest as scored

    if asked.calls:
        return _calls(asked, speaker)
    read = _read(asked, speaker) if asked.file else _own(asked, speaker)
    _good, few = forecastable(read.table)
    findings = [*read.findings, *(_short(read.table, few.tolist(), asked.file.name) if asked.file else ())]
    draw = bar(speaker)
    engines = Engines(asked.jobs, asked.cluster)
    steps = asked.horizon or USUAL_HORIZONS[read.table.frequency]
    scores = scored(read.table, steps, asked.origins, engines, lambda part: draw("progress.scoring", part))
    if asked.output is not None:
        with forecasts_csv.whole(asked.output) as file:
            file.write(scores_csv.scores_csv(scores))
    judged = max((row.series for row in scores), default=0)
    if asked.format == "json":
        rows = {} if asked.output is not None else {"scores": scores_csv.score_rows(scores)}
        print_json({**_facts(read, judged), **rows, **_listed(read, findings, speaker)})
    else:
        _tell(read, findings, speaker)
        if asked.output is None:
            _summary(scores, speaker)
        tell(speaker.count("cli.backtest.done", judged, rows=speaker.count("cli.forecast.rows", read.rows)))
    return WRONG_DATA if findings or read.more or not judged else GOOD


def _read(asked: argparse.Namespace, speaker: Speaker) -> "Reading":
    from observatory.ingest.long.table import read

    draw = bar(speaker)
    found = read(asked.file, asked.frequency, lambda part: draw("progress.reading", part))
    if found.inferred and asked.format == "text":
        tell(speaker.say("cli.frequency", frequency=speaker.say(f"cli.frequency.{found.table.frequency}")))
    return found


def _calls(asked: argparse.Namespace, speaker: Speaker) -> int:
    """The replay of all past calls, computed anew from what is published: a row a call, and its record in words."""
    from observatory.export.csv import calls
    from observatory.export.csv import forecasts as forecasts_csv
    from observatory.outlook.calls.scores import summary

    opened = _opened(speaker)
    draw = bar(speaker)
    past = opened.replayed(lambda part: draw("progress.scoring", part))
    if asked.horizon:
        past = tuple(row for row in past if row.horizon == asked.horizon)
    if asked.format == "json":
        print_json({"calls": calls.rows(past), "scores": summary(past)})
        return GOOD
    with forecasts_csv.whole(asked.output) as file:
        file.write(calls.calls_csv(past))
    for line in calls.words(summary(past), speaker):
        tell(line)
    return GOOD


def _opened(speaker: Speaker) -> "Workspace":
    from observatory import workspace

    opened = workspace.opened()
    if not opened.seeded():
        opened.publish_curated(bar(speaker))
    return opened


def _own(asked: argparse.Namespace, speaker: Speaker) -> "Reading":
    """The observatory's own series of one frequency, as they stand in the store; years unless asked otherwise."""
    from observatory.ingest.long.table import Reading
    from observatory.timeseries import LongTable

    frequency: Frequency = asked.frequency or "A"
    opened = _opened(speaker)
    table = LongTable.of(frequency, opened.outlook().panel.values())
    tell(speaker.say("cli.backtest.own", frequency=speaker.say(f"cli.frequency.{frequency}")))
    return Reading(table, int(table.known.sum()), False, (), 0)


def _short(table: "LongTable", places: list[int], file: str) -> list[Finding]:
    from observatory.forecast.batch import FEWEST_VALUES

    known = table.known
    return [_finding(table, k, file, "long_too_short", found=int(known[k]), wanted=FEWEST_VALUES) for k in places]


def _finding(table: "LongTable", place: int, file: str, code: str, **values: int) -> Finding:
    """A finding on a whole series, at the line that first names it."""
    name = table.ids[place]
    return Finding("error", code, file, int(table.lines[place]), "", name[:SHOWN], {"series": name[:SHOWN], **values})


def _facts(read: "Reading", done: int) -> dict[str, Any]:
    return {"series": done, "rows": read.rows, "frequency": read.table.frequency, "inferred": read.inferred}


def _listed(read: "Reading", findings: list[Finding], speaker: Speaker) -> dict[str, Any]:
    """All findings for programs; `more` counts those beyond the thousands that are kept."""
    rows = [as_json(row, speaker) | {"series": row.values.get("series", "")} for row in _by_line(findings)]
    return {"findings": rows, "more": read.more}


def _tell(read: "Reading", findings: list[Finding], speaker: Speaker) -> None:
    """The first findings as sentences, and how many there are beyond them."""
    for row in _by_line(findings)[:LISTED]:
        tell(sentence(row, speaker))
    more = len(findings[LISTED:]) + read.more
    if more:
        tell(speaker.count("cli.findings.more", more))


def _by_line(findings: list[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda row: row.line or 0)


def _summary(scores: "list[Score]", speaker: Speaker) -> None:
    """One line a model, all horizons together, then in words whether the naive forecast is beaten."""
    from observatory.forecast.evaluation import ALL, OURS
    from observatory.settings import LEVELS

    heads = [speaker.say("cli.backtest.model"), "sMAPE", "MASE", speaker.say("cli.backtest.skill")]
    rows = [row for row in scores if row.horizon == ALL]
    if not rows:
        return
    print(f"{heads[0]:<22}" + "".join(f"{head:>12}" for head in heads[1:]))
    for row in rows:
        figures = (speaker.number(row.smape, 2), speaker.number(row.mase, 3))
        skill = "-" if row.skill is None else speaker.number(row.skill, 3)
        print(f"{row.model:<22}" + "".join(f"{figure:>12}" for figure in (*figures, skill)))
    own = next(row for row in rows if row.model == OURS)
    for level, share in zip(LEVELS, own.coverage, strict=True):
        print(speaker.say("cli.backtest.coverage", level=level, coverage=speaker.percent(share)))
    better = own.skill is not None and own.skill > 0
    print(speaker.say("cli.backtest.better") if better else speaker.say("cli.backtest.not_better"))
