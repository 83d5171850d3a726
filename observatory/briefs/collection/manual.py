"""Files that an analyst uploads: one a publication, with the indicators it holds and since when it is due."""

from collections.abc import Sequence
from dataclasses import dataclass

from observatory.briefs.common.context import Context
from observatory.briefs.common.data_end import latest_period
from observatory.briefs.common.model import LinkTable, LinkTableEntry
from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import Frequency
from observatory.catalogue.recipes import MANUAL
from observatory.catalogue.schedule import count_overdue_periods, find_due_day
from observatory.language import Localizer
from observatory.selection import Selection
from observatory.timeseries import find_last_places
from observatory.typography import NBSP, capitalize_first

_MAX_TITLES = 3
_VISIBLE_FILES = 10


@dataclass(frozen=True)
class ManualFile:
    """A file of a publisher: what it is, its indicators, from which day it is due, and the age of what it brings."""

    text: str  # as in the recipe: which file, then what is in it
    indicators: tuple[Indicator, ...]
    due: str  # ISO 8601
    overdue: int  # periods of the indicator that lacks most
    period: str  # the last one of its figures
    is_due: bool


def list_manual_files(context: Context) -> tuple[ManualFile, ...]:
    """The files, those that are due first, the longest overdue at their head."""
    outlook, language = context.outlook, context.localizer.language
    last_places = find_last_places(outlook.panel)
    groups: dict[str, list[Indicator]] = {}
    for recipe in outlook.catalogue.recipes.values():
        row = outlook.catalogue.indicators.get(recipe.indicator)
        if recipe.connector == MANUAL and recipe.state == "open" and row is not None and row.id in last_places:
            groups.setdefault(str(getattr(recipe, f"upload_{language}")), []).append(row)
    files = [_build_file(context, text, rows, last_places) for text, rows in groups.items()]
    return tuple(sorted(files, key=lambda row: (not row.is_due, row.due, row.text)))


def _build_file(context: Context, text: str, rows: Sequence[Indicator], last_places: dict[str, int]) -> ManualFile:
    recipes = context.outlook.catalogue.recipes
    days = [day for row in rows if (day := find_due_day(row, recipes[row.id], last_places[row.id])) is not None]
    overdue = max(count_overdue_periods(row, recipes[row.id], last_places[row.id], context.today) for row in rows)
    places: list[tuple[Frequency, int]] = [(row.frequency, last_places[row.id]) for row in rows]
    due = min(days)
    return ManualFile(text, tuple(rows), due.isoformat(), overdue, latest_period(places), due <= context.today)


def count_due_files(files: Sequence[ManualFile]) -> int:
    """The number of files that are due."""
    return sum(row.is_due for row in files)


def build_manual_table(context: Context, files: Sequence[ManualFile]) -> LinkTable:
    """The files as rows that lead to the page on which they are published; the longest overdue in sight."""
    localizer = context.localizer
    visible = min(count_due_files(files), _VISIBLE_FILES)
    return LinkTable(
        localizer.text("collection.manual.title"),
        localizer.text("collection.manual.subtitle"),
        tuple(
            localizer.text(f"collection.manual.head.{name}") for name in ("file", "content", "due", "overdue", "until")
        ),
        tuple(_build_entry(row, localizer) for row in files),
        visible,
        localizer.plural("collection.manual.more", len(files) - visible),
    )


def _build_entry(file: ManualFile, localizer: Localizer) -> LinkTableEntry:
    name, _separator, content = file.text.partition(" : " if localizer.language == "fr" else ": ")
    titles = [localizer.field_text(row, "title") for row in file.indicators]
    rest = len(titles) - _MAX_TITLES
    if rest > 1:
        titles = [*titles[:_MAX_TITLES], localizer.plural("collection.manual.others", rest)]
    return LinkTableEntry(
        Selection(lang=localizer.language),
        localizer.typeset(name),
        f"{NBSP}· ".join(titles),
        (
            localizer.typeset(capitalize_first(content)) or "\u2013",
            localizer.period(file.due[:7]),
            localizer.number(file.overdue),
            localizer.period(file.period),
        ),
    )
