"""Colour palette: one table for pages, charts and exports; tests check contrast and colour blindness."""

from collections.abc import Mapping

# Token: (light, dark). Charts and pages use var(--token); exports replace it by the light colour.
COLOUR_TOKENS: Mapping[str, tuple[str, str]] = {
    "paper": ("#FBFAF7", "#0E1722"),
    "sand": ("#F3F0E9", "#182430"),  # inputs, hover, the current tab
    "sky": ("#E6EEF5", "#152A3C"),  # what concerns the reader: own figures, hits of a search
    "mast": ("#10243A", "#08111A"),  # top bar and covers
    "on-mast": ("#F6F2EA", "#F6F2EA"),
    "on-mast-soft": ("#B9C5D0", "#B9C5D0"),
    "on-mast-forecast": ("#FF7CC4", "#FF7CC4"),
    "ink": ("#10243A", "#EFECE5"),
    "muted": ("#55606B", "#A9B4BE"),
    "rule": ("#DAD5CA", "#33424F"),
    "edge": ("#7B8590", "#6F7F8C"),  # borders of controls, zero lines
    "track": ("#C9D0D6", "#3B4B58"),  # empty dots, the idle part of a scale
    "forecast": ("#B0006A", "#FF7CC4"),
    "forecast-wash": ("#F3DDE9", "#47233A"),
    "forecast-mid": ("#E3B3CF", "#73345A"),
    "after": ("#6B7680", "#8B9AA6"),
    "crisis": ("#8C7B4F", "#C9B77F"),
    "growing": ("#1A6FC4", "#6AB4F7"),
    "flat": ("#646F79", "#8C97A1"),
    "shrinking": ("#BF450A", "#EC7030"),
    "unclear": ("#5B2C83", "#D9C2FF"),
    "on-call": ("#FFFFFF", "#0E1722"),
    "caution": ("#855700", "#F0C26B"),  # age, proxies, shocks: always with a triangle and words
    "caution-wash": ("#F8EBCF", "#33290F"),
    "focus": ("#1A6FC4", "#8CC8FF"),
    "market": ("#10243A", "#EFECE5"),
    "leading": ("#8A6200", "#F0C94E"),
    "activity": ("#007570", "#4DB39A"),
    "cost": ("#7A2525", "#B497F0"),
    "context": ("#55606B", "#A9B4BE"),
}


def css_var(token: str) -> str:
    """The CSS variable of a token, for style sheets and Vega. Raises KeyError for a token that is not in the table."""
    COLOUR_TOKENS[token]
    return f"var(--{token})"


def build_stylesheet() -> str:
    """The CSS declarations of all tokens; `light-dark()` follows the theme of the browser."""
    return "".join(f"--{name}:light-dark({light},{dark});" for name, (light, dark) in COLOUR_TOKENS.items())
