"""Builds the table of neighbouring markets: call, closeness in know-how, record of past calls, reason of the rank."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from observatory.briefs.common import call_text
from observatory.briefs.common.context import Context
from observatory.briefs.common.model import TextTable
from observatory.briefs.common.standing import compare_shares
from observatory.briefs.portfolio.model import NeighbourRow, NeighbourTable, build_part_methodology
from observatory.briefs.whats_new.knowhow import level_text
from observatory.catalogue.models import KnowHow
from observatory.language import Localizer, round_percent
from observatory.outlook.analysis.neighbours import (
    MIN_JUDGED_CALLS,
    NeighbourMarket,
    classify_closeness,
    rank_neighbours,
)

_MAX_NAMED_KNOWHOW = 3  # items of know-how that a sentence names


def build_neighbours(
    context: Context, shares: Mapping[str, float], chosen: Collection[str] = ()
) -> NeighbourTable | None:
    """The markets near a mix by rank; None in an edition without an assessment of know-how.

    `chosen` is the know-how that the firm names; without any, that of its markets stands in for it.
    """
    outlook, localizer = context.outlook, context.localizer
    own = [row for row in outlook.knowhow if row.id in chosen]
    ranked = rank_neighbours(outlook, shares, context.selection.horizon, [row.id for row in own])
    if not ranked:
        return None
    near = [row for row in ranked if classify_closeness(row.closeness) != "far"]
    far = [row for row in ranked if row not in near]
    far_text = ""
    if far:
        names = localizer.list_text(context.market_title(row.market) for row in far)
        far_text = localizer.text("neighbours.far", list=names)
    assessed = max(row.judged for row in outlook.knowhow)
    return NeighbourTable(
        localizer.text("neighbours.title"),
        localizer.text("neighbours.subtitle.own" if own else "neighbours.subtitle"),
        tuple(localizer.text(f"neighbours.head.{name}") for name in ("market", "call", "near", "record")),
        tuple(_build_row(context, row, rank) for rank, row in enumerate(near, 1)),
        far_text,
        localizer.text("neighbours.judgement", date=localizer.day(assessed)),
        _build_matrix(context),
        tuple(_build_reason(row, localizer) for row in outlook.knowhow),
        build_part_methodology(context, "neighbours", shares),
        foot=localizer.text("neighbours.foot", band=call_text.flat_band_text(localizer), date=localizer.day(assessed)),
        is_by_choice=bool(own),
    )


def _build_row(context: Context, neighbour: NeighbourMarket, rank: int) -> NeighbourRow:
    localizer = context.localizer
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
    closeness = localizer.text(
        f"neighbours.near.{classify_closeness(neighbour.closeness)}", share=localizer.percent_text(neighbour.closeness)
    )
    record, caution = _record_texts(neighbour, localizer)
    rank_sentence = localizer.text(
        "neighbours.sentence" if odds else "neighbours.sentence.unknown",
        place=rank,
        label=label.lower(),
        near=localizer.text(f"neighbours.word.{classify_closeness(neighbour.closeness)}"),
        knowhow=localizer.list_text(
            _lower_first_letter(localizer.field_text(item, "title"))
            for item in neighbour.shared_knowhow[:_MAX_NAMED_KNOWHOW]
        ),
    )
    return NeighbourRow(
        target=replace(context.selection, segment=neighbour.market, indicator="", geo="", item=""),
        title=context.market_title(neighbour.market),
        call=neighbour.call.call,
        call_label=label,
        odds_text=odds,
        closeness=closeness,
        track_record=record,
        explanation=f"{rank_sentence} {caution}".strip(),
        odds=localizer.probability_percent(probability) if probability is not None else "",
        summary=_summary_text(neighbour, localizer),
    )


def _summary_text(neighbour: NeighbourMarket, localizer: Localizer) -> str:
    """What the know-how does in a market, then our record there, or that we make no call on it."""
    sentences = []
    for level, name in ((2, "core"), (1, "some")):
        titles = [
            _lower_first_letter(localizer.field_text(row, "title"))
            for row in neighbour.shared_knowhow
            if row.usage_level(neighbour.market) == level
        ][:_MAX_NAMED_KNOWHOW]
        if titles:
            sentences.append(localizer.text(f"neighbours.used.{name}", list=localizer.list_text(titles)))
    if neighbour.call.call == "unclear":
        sentences.append(localizer.text("neighbours.undecided"))
    if neighbour.growing_calls >= MIN_JUDGED_CALLS:
        hit_rate = neighbour.right_calls / neighbour.growing_calls
        standing = compare_shares(hit_rate, neighbour.base_rate)
        rates = {"p": round_percent(hit_rate), "base": round_percent(neighbour.base_rate)}
        sentences.append(localizer.text("neighbours.worth", **rates))
        sentences.append(localizer.text(f"neighbours.worth.{standing}"))
    else:
        sentences.append(localizer.text("neighbours.worth.none"))
    return " ".join(sentences)


def _record_texts(neighbour: NeighbourMarket, localizer: Localizer) -> tuple[str, str]:
    """Our record on a market against always calling growth; and, where it was no better, a caution on the rank."""
    if neighbour.growing_calls < MIN_JUDGED_CALLS:
        return localizer.text("neighbours.record.none"), ""
    hit_rate = neighbour.right_calls / neighbour.growing_calls
    standing = compare_shares(hit_rate, neighbour.base_rate)
    shares = {"share": localizer.percent_text(hit_rate), "base": localizer.percent_text(neighbour.base_rate)}
    record = localizer.text(
        f"neighbours.record.{standing}",
        right=localizer.number(neighbour.right_calls),
        said=localizer.number(neighbour.growing_calls),
        **shares,
    )
    caution = localizer.text(f"neighbours.caution.{standing}", **shares) if standing in ("even", "worse") else ""
    return record, caution


def _lower_first_letter(title: str) -> str:
    """A title as written within a sentence; one that begins with an acronym is unchanged."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def _build_matrix(context: Context) -> TextTable:
    """How much each market uses each know-how, in words: core, some, or a dash."""
    localizer = context.localizer
    markets = context.outlook.catalogue.markets
    return TextTable(
        localizer.text("neighbours.matrix"),
        (localizer.text("neighbours.head.knowhow"), *(context.market_title(name) for name in markets)),
        tuple(
            (localizer.field_text(row, "title"), *(level_text(row.usage_level(name), localizer) for name in markets))
            for row in context.outlook.knowhow
        ),
    )


def _build_reason(knowhow: KnowHow, localizer: Localizer) -> tuple[str, str]:
    return localizer.field_text(
        knowhow, "title"
    ), f"{localizer.field_text(knowhow, 'reason')} {knowhow.definition.rstrip('.')}."
