"""Changes in the assessment of know-how: levels and texts before and after, markets whose neighbours change order."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from observatory.briefs.common.model import LinkTableEntry
from observatory.ingest.knowhow.table import USAGE_LEVELS
from observatory.language import LANGUAGES, NO_VALUE, Localizer
from observatory.outlook.analysis.diff import KnowHowChange
from observatory.outlook.analysis.neighbours import find_reordered
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection


def level_text(number: int, localizer: Localizer) -> str:
    """How much a market uses a know-how, as in the table: "au c\u0153ur", "un peu", or a dash."""
    return localizer.text(f"neighbours.level.{USAGE_LEVELS[number]}")


def build_knowhow_entries(
    rows: Sequence[KnowHowChange], outlook: Outlook, base: Selection, localizer: Localizer
) -> list[LinkTableEntry]:
    """One row per changed level or text, by know-how; a level links to its market."""
    return [entry for row in rows for entry in _build_entries(row, outlook, base, localizer)]


def _build_entries(
    change: KnowHowChange, outlook: Outlook, base: Selection, localizer: Localizer
) -> Iterator[LinkTableEntry]:
    segments, row = outlook.catalogue.segments, change.current
    title, markets = localizer.field_text(row, "title"), outlook.catalogue.markets
    subtitle = "" if change.old and change.new else localizer.text(f"news.knowhow.{'new' if change.new else 'gone'}")
    cells = [
        (name, localizer.field_text(segments[name], "title"), level_text(old, localizer), level_text(new, localizer))
        for name, old, new in change.changed_levels(markets)
    ]
    main_market = next((name for name in (*row.core, *row.some)), markets[0])
    for market, label, old, new in [
        *cells,
        *((main_market, *text) for text in _list_changed_texts(change, localizer, has_changes=bool(cells))),
    ]:
        target = replace(base, segment=market, indicator="", geo="", item="")
        yield LinkTableEntry(target, title, subtitle, (label, old, new))


def _list_changed_texts(
    change: KnowHowChange, localizer: Localizer, *, has_changes: bool
) -> Iterator[tuple[str, str, str]]:
    """The texts that differ; the date of the assessment only where nothing else does."""
    old, new = change.old, change.new
    if old is None or new is None:
        if not has_changes:
            titles = [localizer.field_text(row, "title") if row else NO_VALUE for row in (old, new)]
            yield localizer.text("news.knowhow.row"), titles[0], titles[1]
        for name in ("definition", "reason"):
            key = name if name == "definition" else f"{name}_{localizer.language}"
            texts = [localizer.typeset(str(getattr(row, key))) if row else NO_VALUE for row in (old, new)]
            yield localizer.text(f"news.knowhow.{name}"), texts[0], texts[1]
        return
    for name in ("title", "definition", "reason"):
        keys = [name] if name == "definition" else [f"{name}_{language}" for language in _order_languages(localizer)]
        changed = [key for key in keys if getattr(old, key) != getattr(new, key)]
        if changed:  # in the language of the reader if it changed there
            has_changes = True
            texts = [localizer.typeset(str(getattr(row, changed[0]))) for row in (old, new)]
            yield localizer.text(f"news.knowhow.{'title_text' if name == 'title' else name}"), texts[0], texts[1]
    if not has_changes:
        yield localizer.text("news.knowhow.judged"), localizer.day(old.judged), localizer.day(new.judged)


def _order_languages(localizer: Localizer) -> Iterable[str]:
    """The languages, with that of the reader first."""
    return sorted(LANGUAGES, key=lambda language: language != localizer.language)


def reordered_neighbours_text(before: Outlook, after: Outlook, localizer: Localizer) -> str:
    """The markets whose neighbours change order with the assessment of know-how."""
    reordered = find_reordered(before, after)
    if not reordered:
        return localizer.text("publish.neighbours.none")
    if len(reordered) == len(after.catalogue.markets):
        return localizer.text("publish.neighbours.all")
    names = localizer.list_text(localizer.field_text(after.catalogue.segments[name], "title") for name in reordered)
    return localizer.plural("publish.neighbours", len(reordered), list=names)
