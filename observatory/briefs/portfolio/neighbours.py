"""Neighbouring markets in words: our call, how close they are, what our calls were worth there; each rank explained."""

from collections.abc import Mapping
from dataclasses import replace

from observatory.briefs.common import call_text
from observatory.briefs.common.model import TextTable
from observatory.briefs.portfolio.model import NeighbourRow, NeighbourTable, build_part_methodology
from observatory.briefs.whats_new.knowhow import level_text
from observatory.catalogue.models import KnowHow
from observatory.language import Localizer
from observatory.outlook.analysis.neighbours import (
    MIN_JUDGED_CALLS,
    NeighbourMarket,
    classify_closeness,
    rank_neighbours,
)
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection

_MAX_NAMED_KNOWHOW = 3  # know-how that a sentence names


def build_neighbours(
    outlook: Outlook, shares: Mapping[str, float], selection: Selection, localizer: Localizer
) -> NeighbourTable | None:
    """The markets beside a mix; None in an edition that holds no judgement on know-how."""
    found = rank_neighbours(outlook, shares, selection.horizon)
    if not found:
        return None
    near = [row for row in found if classify_closeness(row.closeness) != "far"]
    far = [row for row in found if row not in near]
    rest = ""
    if far:
        names = localizer.list_text(_market_title(outlook, row.market, localizer) for row in far)
        rest = localizer.text("neighbours.far", list=names)
    judged = max(row.judged for row in outlook.knowhow)
    return NeighbourTable(
        localizer.text("neighbours.title"),
        localizer.text("neighbours.subtitle"),
        tuple(localizer.text(f"neighbours.head.{name}") for name in ("market", "call", "near", "record")),
        tuple(_build_row(outlook, row, place, selection, localizer) for place, row in enumerate(near, 1)),
        rest,
        localizer.text("neighbours.judgement", date=localizer.day(judged)),
        _build_matrix(outlook, localizer),
        tuple(_build_reason(row, localizer) for row in outlook.knowhow),
        build_part_methodology("neighbours", outlook, shares, localizer),
    )


def _build_row(
    outlook: Outlook, neighbour: NeighbourMarket, rank: int, selection: Selection, localizer: Localizer
) -> NeighbourRow:
    probability = neighbour.call.probability_clear
    odds = (
        localizer.text(
            "neighbours.odds",
            band=call_text.flat_band_text(localizer),
            word=localizer.probability_word(probability),
            p=localizer.probability_percent(probability),
        )
        if probability is not None
        else ""
    )
    label = call_text.label_text(neighbour.call, localizer)
    near = localizer.text(
        f"neighbours.near.{classify_closeness(neighbour.closeness)}", share=localizer.percent_text(neighbour.closeness)
    )
    known = neighbour.growing_calls >= MIN_JUDGED_CALLS
    right, said, base = (
        localizer.number(neighbour.right_calls),
        localizer.number(neighbour.growing_calls),
        localizer.percent_text(neighbour.base_rate),
    )
    record = (
        localizer.text("neighbours.record", right=right, said=said, base=base)
        if known
        else localizer.text("neighbours.record.none")
    )
    return NeighbourRow(
        target=replace(selection, segment=neighbour.market, indicator="", geo="", item=""),
        title=_market_title(outlook, neighbour.market, localizer),
        call=neighbour.call.call,
        call_label=label,
        odds_text=odds,
        closeness=near,
        track_record=record,
        explanation=localizer.text(
            "neighbours.sentence" if odds else "neighbours.sentence.unknown",
            place=rank,
            label=label.lower(),
            near=localizer.text(f"neighbours.word.{classify_closeness(neighbour.closeness)}"),
            knowhow=localizer.list_text(
                _lower_first_letter(localizer.field_text(one, "title"))
                for one in neighbour.shared_knowhow[:_MAX_NAMED_KNOWHOW]
            ),
        ),
    )


def _lower_first_letter(title: str) -> str:
    """A title within a sentence; one that begins with an acronym stays as it is."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def _build_matrix(outlook: Outlook, localizer: Localizer) -> TextTable:
    """Every know-how and market, in words: core, some, or a dash."""
    names = outlook.catalogue.markets
    return TextTable(
        localizer.text("neighbours.matrix"),
        (localizer.text("neighbours.head.knowhow"), *(_market_title(outlook, name, localizer) for name in names)),
        tuple(
            (localizer.field_text(row, "title"), *(level_text(row.usage_level(name), localizer) for name in names))
            for row in outlook.knowhow
        ),
    )


def _build_reason(knowhow: KnowHow, localizer: Localizer) -> tuple[str, str]:
    return localizer.field_text(
        knowhow, "title"
    ), f"{localizer.field_text(knowhow, 'reason')} {knowhow.definition.rstrip('.')}."


def _market_title(outlook: Outlook, market: str, localizer: Localizer) -> str:
    return localizer.field_text(outlook.catalogue.segments[market], "title")
