"""The first slides of the deck of a firm's mix."""

from dataclasses import replace

from observatory.briefs.common.context import Context
from observatory.briefs.deck.model import AnswerSlide, ChartSlide, DeckSlide
from observatory.briefs.deck.parts import build_groups, build_ranking_slide, build_record_slide
from observatory.briefs.firm_note import build_firm_note
from observatory.briefs.portfolio.model import PortfolioBrief
from observatory.mix import Mix


def build_portfolio_deck(context: Context, brief: PortfolioBrief, mix: Mix) -> tuple[DeckSlide, ...]:
    """The range with its figures, the markets in bars, the worst shock, how sure."""
    note = build_firm_note(context, mix)
    shares = {row.title: row.share_text for row in note.markets}
    ranking = build_ranking_slide(context, only=mix.normalized_shares)
    if ranking is not None:
        rows = tuple(replace(row, note=shares.get(row.title, "")) for row in ranking.rows)
        ranking = replace(ranking, rows=rows)
    groups = build_groups(context, shares)
    odds = context.localizer.text("export.firm.of_100")
    keys = tuple(
        replace(key, dots=int(key.value)) if key.unit == odds and key.value.isdecimal() else key for key in note.keys
    )
    slides = (
        AnswerSlide(brief.lead.removesuffix("."), " ".join(brief.under[:1]), keys, groups),
        ranking,
        _build_shock_slide(context, brief),
        build_record_slide(context),
    )
    return tuple(slide for slide in slides if slide is not None)


def _build_shock_slide(context: Context, brief: PortfolioBrief) -> ChartSlide | None:
    shock = brief.shock
    if shock is None or shock.figure is None or shock.figure.spec is None:
        return None
    text = shock.text
    effect, _, amount = text.effect.partition(". ")
    return ChartSlide(
        " ".join(part for part in (text.condition, effect) if part).removesuffix("."),
        "",
        shock.figure,
        reasons_title=shock.figure.title,
        reasons=(("", shock.others),) if shock.others else (),
        caution_title=context.localizer.text("export.deck.market.wrong"),
        caution=" ".join(part for part in (amount, text.caveat) if part) or shock.sentence,
    )
