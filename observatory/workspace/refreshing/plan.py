"""Plan of a run: which indicators are asked for today, which are not due, which an analyst uploads."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from observatory.catalogue.models import Catalogue
from observatory.catalogue.periods import ordinal_to_period
from observatory.catalogue.recipes import DERIVED, MANUAL, RefreshRecipe
from observatory.catalogue.schedule import find_due_day
from observatory.errors import SettingsError
from observatory.settings import MAX_ECHOED_CHARS
from observatory.sources.model import Window
from observatory.store.refreshes import IndicatorResult, Reason, RefreshReport
from observatory.timeseries import SeriesKey, TimeSeries, find_last_places

# Days after which a figure that is due is asked for again, by how often its publisher has something new.
_DAYS_BETWEEN = {"day": 0, "week": 0, "month": 0, "quarter": 7, "year": 30}
_ANSWERED_STATES = ("fresh", "unchanged", "held")


@dataclass(frozen=True)
class Plan:
    """The recipes that are asked for, those computed from others, and a result for each of the others."""

    asked: tuple[RefreshRecipe, ...]
    derived: tuple[RefreshRecipe, ...]
    left_out: tuple[IndicatorResult, ...]
    window: Window


def build_plan(
    catalogue: Catalogue,
    panel: Mapping[SeriesKey, TimeSeries],
    reports: Sequence[RefreshReport],
    today: date,
    sources: Sequence[str] = (),
    indicators: Sequence[str] = (),
) -> Plan:
    """What a run does today. Sources and indicators that are named are asked, due or not; none: all that are due.

    `reports` are those of earlier runs, the newest first. Raises SettingsError for a name that is unknown.
    """
    is_named = bool(sources or indicators)
    asked, derived, left_out = [], [], []
    last_asked = _find_last_asked(reports)
    last_places = find_last_places(panel)
    for recipe in _select(catalogue, sources, indicators):
        facts = catalogue.indicators[recipe.indicator]
        place = last_places.get(recipe.indicator)
        due = find_due_day(facts, recipe, place)
        if recipe.connector == MANUAL:
            last = "" if place is None else ordinal_to_period(place, facts.frequency)
            left_out.append(_build_manual(recipe, last, due, today))
        elif recipe.connector == DERIVED:
            derived.append(recipe)
        elif is_named or _is_due(recipe, place, due, last_asked.get(recipe.indicator), today):
            asked.append(recipe)
        else:
            last = "" if place is None else ordinal_to_period(place, facts.frequency)
            left_out.append(_build_skipped(recipe, last, due, last_asked.get(recipe.indicator), today))
    return Plan(tuple(asked), tuple(derived), tuple(left_out), _build_window(asked, last_places, today))


def _select(catalogue: Catalogue, sources: Sequence[str], indicators: Sequence[str]) -> list[RefreshRecipe]:
    """The recipes of these sources and of these indicators; all, if none is named.

    A source is a host of data/refresh.toml or a source of the catalogue.
    """
    recipes = [row for row in catalogue.recipes.values() if row.indicator in catalogue.indicators]
    hosts = {row.host for row in recipes if row.host}
    _require_known("error.refresh.source", sources, hosts | catalogue.sources.keys())
    _require_known("error.refresh.indicator", indicators, catalogue.indicators)
    if not sources and not indicators:
        return recipes
    return [
        row
        for row in recipes
        if row.indicator in indicators or row.host in sources or catalogue.indicators[row.indicator].source in sources
    ]


def _require_known(key: str, names: Sequence[str], known: Iterable[str]) -> None:
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5) or [", ".join(sorted(known)[:12])]
            raise SettingsError(key, value=name[:MAX_ECHOED_CHARS], near=near[0])


def _find_last_asked(reports: Sequence[RefreshReport]) -> dict[str, date]:
    """The day on which the publisher of each indicator last answered."""
    days: dict[str, date] = {}
    for report in reports:
        for row in report.indicators:
            if row.state in _ANSWERED_STATES:
                days.setdefault(row.indicator, report.started.date())
    return days


def _is_due(recipe: RefreshRecipe, place: int | None, due: date | None, last_asked: date | None, today: date) -> bool:
    """Whether it is worth asking: never asked yet, or due and not asked for a while."""
    if last_asked is None:
        return True
    waited = (today - last_asked).days >= _DAYS_BETWEEN[recipe.every]
    return waited and recipe.state == "open" and (place is None or (due is not None and due <= today))


def _build_skipped(
    recipe: RefreshRecipe, last: str, due: date | None, last_asked: date | None, today: date
) -> IndicatorResult:
    if recipe.state != "open":
        reason = Reason(f"refresh.skipped.{recipe.state}")
    elif due is not None and due > today:
        reason = Reason("refresh.skipped.not_due", {"day": due.isoformat()})
    else:
        reason = Reason("refresh.skipped.asked", {"day": last_asked.isoformat() if last_asked else ""})
    day = due.isoformat() if due else ""
    return IndicatorResult(recipe.indicator, recipe.host, "skipped", last_period=last, due=day, reason=reason)


def _build_manual(recipe: RefreshRecipe, last: str, due: date | None, today: date) -> IndicatorResult:
    is_due = due is not None and due <= today
    return IndicatorResult(
        recipe.indicator,
        "",
        "manual",
        last_period=last,
        due=due.isoformat() if due else "",
        action="refresh.action.upload" if is_due else "",
    )


def _build_window(asked: Iterable[RefreshRecipe], last_places: Mapping[str, int], today: date) -> Window:
    """From the year of the oldest last period of a daily file, and no later than last year: publishers revise it."""
    years = [
        last_places[row.indicator] // 12 if row.indicator in last_places else int((row.first or str(today.year))[:4])
        for row in asked
        if row.rule == "sum_of_days"
    ]
    return Window(min([today.year - 1, *years]), today)
