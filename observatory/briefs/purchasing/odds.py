"""Odds in words and numbers on the page on purchases, within the bounds that past odds support."""

from observatory.language import Localizer, round_percent

# Odds beyond these bounds, in per cent, proved overconfident in the past: texts show "less than 5" and "more than 95".
_MIN_ODDS_PERCENT, _MAX_ODDS_PERCENT = 5, 95
_PLAIN_FRACTIONS = (
    *((1, 20), (1, 10), (1, 5), (1, 4), (1, 3), (2, 5), (1, 2)),
    *((3, 5), (2, 3), (3, 4), (4, 5), (9, 10), (19, 20)),
)


def odds_text(probability: float, localizer: Localizer) -> str:
    """Odds as a natural frequency, capped at the bounds that past odds support."""
    percent = round_percent(probability)
    if percent < _MIN_ODDS_PERCENT:
        return localizer.text("purchasing.odds.least", p=_MIN_ODDS_PERCENT)
    if percent > _MAX_ODDS_PERCENT:
        return localizer.text("purchasing.odds.most", p=_MAX_ODDS_PERCENT)
    return localizer.text("purchasing.odds", p=percent)


def odds_percent(probability: float, localizer: Localizer) -> tuple[int, str]:
    """Odds out of a hundred as a whole number within the bounds that past odds support, and its text: less than 5."""
    percent = round_percent(probability)
    if percent < _MIN_ODDS_PERCENT:
        return _MIN_ODDS_PERCENT, localizer.text("purchasing.odds.number.least", p=_MIN_ODDS_PERCENT)
    if percent > _MAX_ODDS_PERCENT:
        return _MAX_ODDS_PERCENT, localizer.text("purchasing.odds.number.most", p=_MAX_ODDS_PERCENT)
    return percent, str(percent)


def natural_frequency(probability: float) -> tuple[int, int]:
    """The nearest of the plain fractions by which people count chances: .19 is 1 of 5."""
    return min(_PLAIN_FRACTIONS, key=lambda pair: abs(pair[0] / pair[1] - probability))


def frequency_text(probability: float, localizer: Localizer) -> str:
    """Odds as the nearest plain fraction: about 1 chance in 5; beyond the bounds, as their bound."""
    if not _MIN_ODDS_PERCENT <= round_percent(probability) <= _MAX_ODDS_PERCENT:
        return odds_text(probability, localizer)
    part, whole = natural_frequency(probability)
    return localizer.plural("purchasing.frequency", part, whole=whole)


def short_odds_text(probability: float, localizer: Localizer) -> str:
    """Odds as a number alone, for a cell of a table."""
    percent = round_percent(probability)
    if not _MIN_ODDS_PERCENT <= percent <= _MAX_ODDS_PERCENT:
        return localizer.text(
            "purchasing.odds.under" if percent < _MIN_ODDS_PERCENT else "purchasing.odds.over",
            p=min(max(percent, _MIN_ODDS_PERCENT), _MAX_ODDS_PERCENT),
        )
    return localizer.percent_text(probability)
