"""HTML from Jinja templates, one file for each component, with autoescaping.

`templates/NAME.html.j2` defines a macro NAME, whose parameters are the values that the component takes. Files import
each other's macros; each is compiled once a process.
"""

import re
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from markupsafe import Markup

FOLDER = Path(__file__).with_name("templates")


def render(name: str, /, **values: object) -> Markup:
    """The HTML of a component; values are escaped unless they are Markup."""
    return _load_macro(name)(**values)


@cache
def _load_macro(name: str) -> Callable[..., Markup]:
    return cast(Callable[..., Markup], getattr(_ENVIRONMENT.get_template(f"{name}.html.j2").module, name))


class _JoinLines(Extension):
    """Jinja extension: removes line breaks between tags, which a browser would show as spaces."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002 - Jinja's
        return re.sub(r"\s*\n\s*", " ", re.sub(r"(?<=[>}])\s*\n\s*|\s*\n\s*(?=[<{])", "", source.strip()))


def _has_letter(text: str) -> bool:
    return any(char.isalpha() for char in text)


def _position(value: float, scale: tuple[float, float]) -> str:
    """The position of a value on a scale, in per cent of its width."""
    return f"{(value - scale[0]) / (scale[1] - scale[0]) * 100:.1f}%"


def _css_string(text: str) -> Markup:
    """A quoted CSS string with CSS escapes, as HTML entities have no meaning in a style sheet."""
    return Markup('"{}"').format(Markup(re.sub(r'["\\\\<>&\n\r\f]', lambda match: f"\\{ord(match[0]):x} ", text)))  # noqa: S704


def _strip_full_stop(sentence: str) -> str:
    """A sentence as a heading, which has no full stop at its end."""
    return sentence[:-1] if sentence.endswith(".") and not sentence.endswith("..") else sentence


def _make_environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        extensions=[_JoinLines],
    )
    environment.globals["zip"] = partial(zip, strict=True)
    environment.filters["css_string"] = _css_string
    environment.filters["heading"] = _strip_full_stop
    environment.filters["position"] = _position
    environment.tests["worded"] = _has_letter
    return environment


_ENVIRONMENT = _make_environment()
