"""The first slides of the deck of purchases."""

from observatory.briefs.common.context import Context
from observatory.briefs.deck.model import AnswerSlide, ChartSlide, DeckSlide
from observatory.briefs.purchasing.model import PurchasingBrief


def build_purchasing_deck(context: Context, brief: PurchasingBrief) -> tuple[DeckSlide, ...]:
    """The price with its range, then its chart with the odds of the threshold; nothing without a price."""
    answer, figure = brief.answer, brief.threshold_figure
    if answer is None or figure is None or figure.spec is None:
        return ()
    localizer = context.localizer
    reasons = [(localizer.text("export.deck.purchasing.worth"), " ".join(brief.under))]
    reasons += [(localizer.text("export.deck.purchasing.window"), answer.window)]
    reasons += [(localizer.text("export.deck.purchasing.euros"), answer.conversion)]
    phrase, sentence = answer.warning
    return (
        AnswerSlide(answer.lead.removesuffix("."), " ".join(brief.notices[:1]), answer.key_figures),
        ChartSlide(
            brief.threshold_text.removesuffix(".") or figure.title,
            "",
            figure,
            figure.title,
            tuple(reason for reason in reasons if reason[1]),
            phrase,
            sentence,
        ),
    )
