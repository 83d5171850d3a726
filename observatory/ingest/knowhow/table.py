"""Know-how table: a row for each know-how, a column for each market, words in the cells, as on the page."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache

from observatory.catalogue.indicator_input import MAX_TEXT_CHARS, slugify
from observatory.catalogue.models import KnowHow
from observatory.ingest.decode import periods
from observatory.ingest.decode.name_index import (
    KNOWHOW_HEADERS,
    NameIndex,
    is_knowhow_header,
    strip_formula_guard,
)
from observatory.ingest.decode.table import CellTable, CellValue, format_cell
from observatory.ingest.decode.text import fold_text
from observatory.ingest.figures.context import TableContext
from observatory.ingest.figures.layout import TableLayout
from observatory.ingest.figures.rows import RaggedRow, build_ragged_row, pad_row
from observatory.language import LANGUAGES, Localizer
from observatory.typography import sanitize_text

USAGE_LEVELS = ("none", "some", "core")
_MAX_TITLE_CHARS = 120  # characters; what is longer is cut, as in the form of an indicator
# Headers of the texts, compared folded; the first two are used in messages, in French and in English.
TEXT_HEADERS: Mapping[str, tuple[str, ...]] = {
    "knowhow": KNOWHOW_HEADERS,
    "title_fr": ("titre_fr", "title_fr"),
    "title_en": ("titre_en", "title_en"),
    "definition": ("définition", "definition"),
    "reason": ("raison", "reason"),
    "reason_fr": ("raison_fr", "reason_fr"),
    "reason_en": ("raison_en", "reason_en"),
    "judged": ("jugé le", "judged", "juge", "judged on", "date"),
}
_TEXT_BY_HEADER = {fold_text(head): name for name, heads in TEXT_HEADERS.items() for head in heads}
_DAY_FORMATS = tuple(form for form in periods.PERIOD_FORMATS if form.name in periods.DAY_FORMATS)
_LEVEL_WORDS = {"coeur": 2, "core": 2, "un peu": 1, "partiel": 1, "some": 1, "": 0, "\u2212": 0}


@lru_cache(maxsize=1)
def load_level_words() -> Mapping[str, int]:
    """Usage levels by folded word: our own, and those of the page in either language; a dash folds to ""."""
    page_words = {
        fold_text(Localizer(language).text(f"neighbours.level.{level}")): level_number
        for level_number, level in enumerate(USAGE_LEVELS)
        for language in LANGUAGES
    }
    return _LEVEL_WORDS | page_words


@dataclass(frozen=True)
class KnowHowRow:
    """A row of the table: its texts, its usage levels by market, the published know-how that it changes.

    `duplicate_of_line` is the line of an earlier row on the same know-how.
    """

    context: TableContext
    line: int
    cells: tuple[CellValue, ...]
    text_columns: Mapping[str, int]
    market_columns: Mapping[int, str]
    rank: int
    duplicate_of_line: int | None = None

    def cell_text(self, name: str) -> str:
        """A text of the row, sanitised for the store; empty if it has none."""
        if name not in self.text_columns:
            return ""
        max_chars = _MAX_TITLE_CHARS if name in ("knowhow", "title_fr", "title_en") else MAX_TEXT_CHARS
        guarded_text = sanitize_text(
            format_cell(self.cells[self.text_columns[name]]), max_chars + 1
        )  # one more for the apostrophe of the formula guard
        return sanitize_text(strip_formula_guard(guarded_text), max_chars)

    def header_text(self, name: str) -> str:
        """The header of the column of a text; empty if there is none."""
        return self.context.header_text(self.text_columns[name]) if name in self.text_columns else ""

    @cached_property
    def existing(self) -> KnowHow | None:
        """The published know-how that the row names; None for a new one."""
        named = self.context.name_index.find_knowhow(self.cell_text("knowhow"))
        return named or self.context.name_index.catalogue.knowhow.get(slugify(self.cell_text("knowhow")))

    @property
    def id(self) -> str:
        """The id of the know-how."""
        return self.existing.id if self.existing is not None else slugify(self.cell_text("knowhow"))

    @cached_property
    def usage_levels(self) -> dict[int, int | None]:
        """Usage level by column (2 core, 1 some, 0 hardly); None for other words."""
        return {
            column: load_level_words().get(fold_text(strip_formula_guard(format_cell(self.cells[column]))))
            for column in self.market_columns
        }

    @cached_property
    def judged_on(self) -> date | None:
        """The day of the judgement; None if there is no valid one."""
        cell = self.cells[self.text_columns["judged"]] if "judged" in self.text_columns else ""
        if isinstance(cell, date):
            return cell
        for day_format in _DAY_FORMATS:
            parsed = periods.parse_period(strip_formula_guard(format_cell(cell)), day_format)
            if parsed is not None and isinstance(parsed.period_or_day, date):
                return parsed.period_or_day
        return None

    def _resolve_text(self, name: str, language: str, neutral_text: str) -> str:
        """A text in a language: given, else neutral, else published, else that of the other language."""
        own_text = self.cell_text(f"{name}_{language}") or neutral_text
        if own_text or self.existing is not None:
            return own_text or str(getattr(self.existing, f"{name}_{language}"))
        return next(filter(None, (self.cell_text(f"{name}_{other}") for other in LANGUAGES)), "")

    @cached_property
    def proposed(self) -> KnowHow:
        """The know-how as it would be published; one that changes without a day is judged today."""
        core, some = (
            tuple(name for name in self.context.name_index.catalogue.markets if self._get_usage_level(name) == level)
            for level in (2, 1)
        )
        existing, today = self.existing, self.context.today or date.min
        if existing is not None:  # another order of the same markets is no change
            core = existing.core if set(core) == set(existing.core) else core
            some = existing.some if set(some) == set(existing.some) else some
        title, reason = "" if existing is not None else self.cell_text("knowhow"), self.cell_text("reason")
        knowhow = KnowHow(
            id=self.id,
            title_fr=self._resolve_text("title", "fr", title),
            title_en=self._resolve_text("title", "en", title),
            definition=self.cell_text("definition") or (existing.definition if existing is not None else ""),
            core=core,
            some=some,
            judged=self.judged_on or (existing.judged if existing is not None else today),
            reason_fr=self._resolve_text("reason", "fr", reason),
            reason_en=self._resolve_text("reason", "en", reason),
            rank=existing.rank if existing is not None else self.rank,
        )
        return knowhow if self.judged_on is not None or knowhow == existing else replace(knowhow, judged=today)

    def _get_usage_level(self, market: str) -> int:
        return next(
            (self.usage_levels[column] or 0 for column, name in self.market_columns.items() if name == market), 0
        )


@dataclass(frozen=True)
class KnowHowTable:
    """A know-how table as read: rows, lines of the wrong width, columns with an unknown header."""

    context: TableContext
    market_columns: Mapping[int, str]
    unknown_columns: tuple[int, ...]
    rows: tuple[KnowHowRow, ...] = ()
    ragged_rows: tuple[RaggedRow, ...] = ()


def parse_knowhow_table(table: CellTable, name_index: NameIndex, today: date | None) -> KnowHowTable:
    """Parses a know-how table: texts and markets by header; of rows on the same know-how the first counts."""
    text_columns: dict[str, int] = {}
    market_columns: dict[int, str] = {}
    duplicates, unknown_columns = [], []
    column_by_key: dict[str, int] = {}
    for column, header in enumerate(table.header_texts):
        name = "knowhow" if is_knowhow_header(header) else _TEXT_BY_HEADER.get(fold_text(header), "")
        market = name_index.find_market_id(header) if header and not name else None
        key = name or market
        if key is None:
            unknown_columns += [column] if header else []
        elif key in column_by_key:
            duplicates.append((column_by_key[key], column))
        else:
            column_by_key[key] = column
            text_columns |= {name: column} if name else {}
            market_columns |= {column: market} if market else {}
    context = TableContext(
        table, TableLayout("knowhow", {}, tuple(market_columns), duplicate_columns=tuple(duplicates)), name_index, today
    )
    rows: list[KnowHowRow] = []
    ragged_rows = []
    first_line_by_id: dict[str, int] = {}
    last_rank = max((row.rank for row in name_index.catalogue.knowhow.values()), default=0)
    for line, read_cells in table.rows:
        cells = pad_row(read_cells, len(table.header), is_padded=table.is_padded)
        if len(cells) != len(table.header):
            ragged_rows.append(build_ragged_row(line, cells, len(table.header)))
            continue
        row = KnowHowRow(context, line, tuple(cells), text_columns, market_columns, last_rank + len(rows) + 1)
        first_line = first_line_by_id.setdefault(row.id, line) if row.cell_text("knowhow") else line
        rows.append(
            row
            if first_line == line
            else KnowHowRow(context, line, row.cells, text_columns, market_columns, row.rank, first_line)
        )
    return KnowHowTable(context, market_columns, tuple(unknown_columns), tuple(rows), tuple(ragged_rows))
