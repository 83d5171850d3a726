"""A table of know-how: a row a know-how, a column a market, words in the cells, as the page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache

from observatory.catalogue.indicator_input import LONGEST, slug
from observatory.catalogue.models import KnowHow
from observatory.ingest.decode import periods
from observatory.ingest.decode.name_index import KNOWHOW_HEADS, Names, bare, fold, names_knowhow
from observatory.ingest.decode.table import Scalar, Table, written
from observatory.ingest.figures.layout import Layout
from observatory.ingest.figures.rows import Frame, Ragged, as_wide, ragged
from observatory.language import LANGUAGES, Speaker, legible

LEVELS = ("none", "some", "core")
LONGEST_TITLE = 120  # characters; what is longer is cut, as in the form of an indicator
# The heads of the texts, folded when compared; the first two are what a sentence calls them, in French and in English.
TEXTS: Mapping[str, tuple[str, ...]] = {
    "knowhow": KNOWHOW_HEADS,
    "title_fr": ("titre_fr", "title_fr"),
    "title_en": ("titre_en", "title_en"),
    "definition": ("définition", "definition"),
    "reason": ("raison", "reason"),
    "reason_fr": ("raison_fr", "reason_fr"),
    "reason_en": ("raison_en", "reason_en"),
    "judged": ("jugé le", "judged", "juge", "judged on", "date"),
}
_TEXTS = {fold(head): name for name, heads in TEXTS.items() for head in heads}
_DAYS = tuple(form for form in periods.PERIOD_FORMATS if form.name in periods.DAYS)
_WORDS = {"coeur": 2, "core": 2, "un peu": 1, "partiel": 1, "some": 1, "": 0, "\u2212": 0}


@lru_cache(maxsize=1)
def words() -> Mapping[str, int]:
    """What a cell may say, folded: our words, and those of the page in either language; a dash folds to nothing."""
    said = {
        fold(Speaker(language).say(f"neighbours.level.{level}")): place
        for place, level in enumerate(LEVELS)
        for language in LANGUAGES
    }
    return _WORDS | said


@dataclass(frozen=True)
class Judgement:
    """A row of the table: what it calls its know-how, the one of the edition if it is one, the words of its markets.

    `twin` is the line of an earlier row on the same know-how.
    """

    frame: Frame
    line: int
    cells: tuple[Scalar, ...]
    columns: Mapping[str, int]
    markets: Mapping[int, str]
    rank: int
    twin: int | None = None

    def said(self, name: str) -> str:
        """What the row says for a text, as it is kept; empty if nothing does."""
        if name not in self.columns:
            return ""
        most = LONGEST_TITLE if name in ("knowhow", "title_fr", "title_en") else LONGEST
        seen = legible(written(self.cells[self.columns[name]]), most + 1)  # one more: the apostrophe that guards
        return legible(bare(seen), most)

    def head(self, name: str) -> str:
        """The head of the column of a text; empty if there is none."""
        return self.frame.head(self.columns[name]) if name in self.columns else ""

    @cached_property
    def known(self) -> KnowHow | None:
        """The know-how of the edition that the row is about; None if it is a new one."""
        found = self.frame.names.knowhow(self.said("knowhow"))
        return found or self.frame.names.catalogue.knowhow.get(slug(self.said("knowhow")))

    @property
    def id(self) -> str:
        """The id of the know-how."""
        return self.known.id if self.known is not None else slug(self.said("knowhow"))

    @cached_property
    def levels(self) -> dict[int, int | None]:
        """By column: how much its market uses the know-how (2 at its core, 1 some, 0 hardly); None for other words."""
        return {place: words().get(fold(bare(written(self.cells[place])))) for place in self.markets}

    @cached_property
    def day(self) -> date | None:
        """The day on which it was judged; None where no day is written, or none that there is."""
        cell = self.cells[self.columns["judged"]] if "judged" in self.columns else ""
        if isinstance(cell, date):
            return cell
        for form in _DAYS:
            found = periods.read(bare(written(cell)), form)
            if found is not None and isinstance(found.when, date):
                return found.when
        return None

    def _text(self, name: str, language: str, alone: str) -> str:
        """A text in a language: what is said in it, what is said in none, what stood before, what the other says."""
        said = self.said(f"{name}_{language}") or alone
        if said or self.known is not None:
            return said or str(getattr(self.known, f"{name}_{language}"))
        return next(filter(None, (self.said(f"{name}_{other}") for other in LANGUAGES)), "")

    @cached_property
    def knowhow(self) -> KnowHow:
        """The know-how as it would be; one that changes without a day is judged today."""
        core, some = (
            tuple(name for name in self.frame.names.catalogue.markets if self._level(name) == level) for level in (2, 1)
        )
        old, today = self.known, self.frame.today or date.min
        if old is not None:  # the order of an edition's own list says nothing, and is no change
            core = old.core if set(core) == set(old.core) else core
            some = old.some if set(some) == set(old.some) else some
        title, reason = "" if old is not None else self.said("knowhow"), self.said("reason")
        made = KnowHow(
            id=self.id,
            title_fr=self._text("title", "fr", title),
            title_en=self._text("title", "en", title),
            definition=self.said("definition") or (old.definition if old is not None else ""),
            core=core,
            some=some,
            judged=self.day or (old.judged if old is not None else today),
            reason_fr=self._text("reason", "fr", reason),
            reason_en=self._text("reason", "en", reason),
            rank=old.rank if old is not None else self.rank,
        )
        return made if self.day is not None or made == old else replace(made, judged=today)

    def _level(self, market: str) -> int:
        return next((self.levels[place] or 0 for place, name in self.markets.items() if name == market), 0)


@dataclass(frozen=True)
class Matrix:
    """A table of know-how as read: its rows, the lines that are none, the columns that name nothing we know."""

    frame: Frame
    markets: Mapping[int, str]
    strangers: tuple[int, ...]
    rows: tuple[Judgement, ...] = ()
    ragged: tuple[Ragged, ...] = ()


def matrix_of(table: Table, names: Names, today: date | None) -> Matrix:
    """The table of know-how that a table is; its texts and markets by their heads, its rows by their first line."""
    columns: dict[str, int] = {}
    markets: dict[int, str] = {}
    doubled, strangers = [], []
    places: dict[str, int] = {}
    for place, head in enumerate(table.heads):
        name = "knowhow" if names_knowhow(head) else _TEXTS.get(fold(head), "")
        market = names.market(head) if head and not name else None
        key = name or market
        if key is None:
            strangers += [place] if head else []
        elif key in places:
            doubled.append((places[key], place))
        else:
            places[key] = place
            columns |= {name: place} if name else {}
            markets |= {place: market} if market else {}
    frame = Frame(table, Layout("knowhow", {}, tuple(markets), doubled=tuple(doubled)), names, today)
    rows: list[Judgement] = []
    torn = []
    first: dict[str, int] = {}
    last = max((row.rank for row in names.catalogue.knowhow.values()), default=0)
    for line, read in table.rows:
        cells = as_wide(read, len(table.head), table.padded)
        if len(cells) != len(table.head):
            torn.append(ragged(line, cells, len(table.head)))
            continue
        row = Judgement(frame, line, tuple(cells), columns, markets, last + len(rows) + 1)
        twin = first.setdefault(row.id, line) if row.said("knowhow") else line
        rows.append(row if twin == line else Judgement(frame, line, row.cells, columns, markets, row.rank, twin))
    return Matrix(frame, markets, tuple(strangers), tuple(rows), tuple(torn))
