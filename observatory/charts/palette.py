"""Colour palette: one table for pages, charts and exports; tests check contrast and colour blindness."""

from collections.abc import Mapping

# Token: (light, dark). Charts and pages use var(--token); exports replace it by the light colour.
COLOUR_TOKENS: Mapping[str, tuple[str, str]] = {
    "paper": ("#FAFBFB", "#0D1620"),
    "panel": ("#EDF1F4", "#17232F"),
    "ink": ("#10243A", "#E8EEF3"),
    "muted": ("#52606D", "#A3B1BD"),
    "rule": ("#C5CFD6", "#34434F"),
    "border": ("#7A8794", "#667684"),
    "forecast": ("#B0006A", "#FF7CC4"),
    "after": ("#6F7B86", "#8796A3"),
    "crisis": ("#8C7B4F", "#C9B77F"),
    "growing": ("#1F7FD6", "#62B0F5"),
    "flat": ("#6B7782", "#7E8B96"),
    "shrinking": ("#D1500F", "#E8702A"),
    "unclear": ("#5B2C83", "#E0CBFF"),
    "market": ("#10243A", "#E8EEF3"),
    "leading": ("#8A6200", "#F0C94E"),
    "activity": ("#00807A", "#4DB39A"),
    "cost": ("#7A2525", "#B497F0"),
    "context": ("#52606D", "#A3B1BD"),
}


def css_var(token: str) -> str:
    """The CSS variable of a token, for style sheets and Vega. Raises KeyError for a token that is not in the table."""
    COLOUR_TOKENS[token]
    return f"var(--{token})"


def build_stylesheet() -> str:
    """The CSS declarations of all tokens; `light-dark()` follows the theme of the browser."""
    return "".join(f"--{name}:light-dark({light},{dark});" for name, (light, dark) in COLOUR_TOKENS.items())
