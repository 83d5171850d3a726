"""A table of know-how: a row a know-how, a column a market, words in the cells, as the page shows it."""

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
    fold_text,
    is_knowhow_header,
    strip_formula_guard,
)
from observatory.ingest.decode.table import CellTable, CellValue, format_cell
from observatory.ingest.figures.layout import TableLayout
from observatory.ingest.figures.rows import RaggedRow, TableContext, build_ragged_row, pad_row
from observatory.language import LANGUAGES, Localizer, sanitize_text

USAGE_LEVELS = ("none", "some", "core")
_MAX_TITLE_CHARS = 120  # characters; what is longer is cut, as in the form of an indicator
# The heads of the texts, folded when compared; the first two are what a sentence calls them, in French and in English.
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
    """What a cell may say, folded: our words, and those of the page in either language; a dash folds to nothing."""
    said = {
        fold_text(Localizer(language).text(f"neighbours.level.{level}")): place
        for place, level in enumerate(USAGE_LEVELS)
        for language in LANGUAGES
    }
    return _LEVEL_WORDS | said


@dataclass(frozen=True)
class KnowHowRow:
    """A row of the table: what it calls its know-how, the one of the edition if it is one, the words of its markets.

    `twin` is the line of an earlier row on the same know-how.
    """

    context: TableContext
    line: int
    cells: tuple[CellValue, ...]
    text_columns: Mapping[str, int]
    market_columns: Mapping[int, str]
    rank: int
    duplicate_of_line: int | None = None

    def cell_text(self, name: str) -> str:
        """What the row says for a text, as it is kept; empty if nothing does."""
        if name not in self.text_columns:
            return ""
        most = _MAX_TITLE_CHARS if name in ("knowhow", "title_fr", "title_en") else MAX_TEXT_CHARS
        seen = sanitize_text(
            format_cell(self.cells[self.text_columns[name]]), most + 1
        )  # one more: the apostrophe that guards
        return sanitize_text(strip_formula_guard(seen), most)

    def header_text(self, name: str) -> str:
        """The head of the column of a text; empty if there is none."""
        return self.context.header_text(self.text_columns[name]) if name in self.text_columns else ""

    @cached_property
    def existing(self) -> KnowHow | None:
        """The know-how of the edition that the row is about; None if it is a new one."""
        found = self.context.name_index.find_knowhow(self.cell_text("knowhow"))
        return found or self.context.name_index.catalogue.knowhow.get(slugify(self.cell_text("knowhow")))

    @property
    def id(self) -> str:
        """The id of the know-how."""
        return self.existing.id if self.existing is not None else slugify(self.cell_text("knowhow"))

    @cached_property
    def usage_levels(self) -> dict[int, int | None]:
        """By column: how much its market uses the know-how (2 at its core, 1 some, 0 hardly); None for other words."""
        return {
            place: load_level_words().get(fold_text(strip_formula_guard(format_cell(self.cells[place]))))
            for place in self.market_columns
        }

    @cached_property
    def judged_on(self) -> date | None:
        """The day on which it was judged; None where no day is written, or none that there is."""
        cell = self.cells[self.text_columns["judged"]] if "judged" in self.text_columns else ""
        if isinstance(cell, date):
            return cell
        for form in _DAY_FORMATS:
            found = periods.parse_period(strip_formula_guard(format_cell(cell)), form)
            if found is not None and isinstance(found.period_or_day, date):
                return found.period_or_day
        return None

    def _resolve_text(self, name: str, language: str, neutral_text: str) -> str:
        """A text in a language: what is said in it, what is said in none, what stood before, what the other says."""
        said = self.cell_text(f"{name}_{language}") or neutral_text
        if said or self.existing is not None:
            return said or str(getattr(self.existing, f"{name}_{language}"))
        return next(filter(None, (self.cell_text(f"{name}_{other}") for other in LANGUAGES)), "")

    @cached_property
    def proposed(self) -> KnowHow:
        """The know-how as it would be; one that changes without a day is judged today."""
        core, some = (
            tuple(name for name in self.context.name_index.catalogue.markets if self._get_usage_level(name) == level)
            for level in (2, 1)
        )
        old, today = self.existing, self.context.today or date.min
        if old is not None:  # the order of an edition's own list says nothing, and is no change
            core = old.core if set(core) == set(old.core) else core
            some = old.some if set(some) == set(old.some) else some
        title, reason = "" if old is not None else self.cell_text("knowhow"), self.cell_text("reason")
        made = KnowHow(
            id=self.id,
            title_fr=self._resolve_text("title", "fr", title),
            title_en=self._resolve_text("title", "en", title),
            definition=self.cell_text("definition") or (old.definition if old is not None else ""),
            core=core,
            some=some,
            judged=self.judged_on or (old.judged if old is not None else today),
            reason_fr=self._resolve_text("reason", "fr", reason),
            reason_en=self._resolve_text("reason", "en", reason),
            rank=old.rank if old is not None else self.rank,
        )
        return made if self.judged_on is not None or made == old else replace(made, judged=today)

    def _get_usage_level(self, market: str) -> int:
        return next((self.usage_levels[place] or 0 for place, name in self.market_columns.items() if name == market), 0)


@dataclass(frozen=True)
class KnowHowTable:
    """A table of know-how as read: its rows, the lines that are none, the columns that name nothing we know."""

    context: TableContext
    market_columns: Mapping[int, str]
    unknown_columns: tuple[int, ...]
    rows: tuple[KnowHowRow, ...] = ()
    ragged_rows: tuple[RaggedRow, ...] = ()


def parse_knowhow_table(table: CellTable, name_index: NameIndex, today: date | None) -> KnowHowTable:
    """The table of know-how that a table is; its texts and markets by their heads, its rows by their first line."""
    columns: dict[str, int] = {}
    markets: dict[int, str] = {}
    doubled, strangers = [], []
    places: dict[str, int] = {}
    for place, head in enumerate(table.header_texts):
        name = "knowhow" if is_knowhow_header(head) else _TEXT_BY_HEADER.get(fold_text(head), "")
        market = name_index.find_market_id(head) if head and not name else None
        key = name or market
        if key is None:
            strangers += [place] if head else []
        elif key in places:
            doubled.append((places[key], place))
        else:
            places[key] = place
            columns |= {name: place} if name else {}
            markets |= {place: market} if market else {}
    frame = TableContext(
        table, TableLayout("knowhow", {}, tuple(markets), duplicate_columns=tuple(doubled)), name_index, today
    )
    rows: list[KnowHowRow] = []
    torn = []
    first: dict[str, int] = {}
    last = max((row.rank for row in name_index.catalogue.knowhow.values()), default=0)
    for line, read in table.rows:
        cells = pad_row(read, len(table.header), table.is_padded)
        if len(cells) != len(table.header):
            torn.append(build_ragged_row(line, cells, len(table.header)))
            continue
        row = KnowHowRow(frame, line, tuple(cells), columns, markets, last + len(rows) + 1)
        twin = first.setdefault(row.id, line) if row.cell_text("knowhow") else line
        rows.append(row if twin == line else KnowHowRow(frame, line, row.cells, columns, markets, row.rank, twin))
    return KnowHowTable(frame, markets, tuple(strangers), tuple(rows), tuple(torn))
