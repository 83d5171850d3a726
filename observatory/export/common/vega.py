"""Rendering of Vega-Lite specifications to SVG and PNG: light colours, our fonts, no browser."""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from threading import Lock
from typing import Any

from observatory.charts.palette import COLOUR_TOKENS
from observatory.export.common.fonts import FONT_FOLDER, replace_undrawable
from observatory.export.document import clean_text

_VEGA_LITE_VERSION = "6.4"  # of the specifications that Altair writes
_CSS_VARIABLE = re.compile(r"var\(--([\w-]+)\)")
_CLIP_ID = re.compile(r'(?<=id="clip)\d+(?=")|(?<=url\(#clip)\d+(?=\))')
_ENGINE_LOCK = Lock()  # vl-convert runs on one thread


def render_svg(spec: Mapping[str, Any], width: int) -> str:
    """The SVG of a specification, `width` px wide; its height is that of the specification."""
    text = json.dumps(spec, ensure_ascii=False)
    plain = json.loads(clean_text(_CSS_VARIABLE.sub(lambda match: COLOUR_TOKENS[match[1]][0], text)))
    with _ENGINE_LOCK:
        svg = _load_engine().vegalite_to_svg(
            {**plain, "width": width}, vl_version=_VEGA_LITE_VERSION, allowed_base_urls=[]
        )
    return _renumber_clips(str(svg))


def _renumber_clips(svg: str) -> str:
    """The same drawing with its clip paths counted from 1: the engine counts on from those that it drew before."""
    numbers = {name: str(place) for place, name in enumerate(dict.fromkeys(_CLIP_ID.findall(svg)), start=1)}
    return _CLIP_ID.sub(lambda match: numbers[match[0]], svg)


def render_png(svg: str, scale: float) -> bytes:
    """An SVG as PNG, with `scale` pixels per px; what no font draws is replaced."""
    drawable = replace_undrawable(svg)
    with _ENGINE_LOCK:
        return bytes(_load_engine().svg_to_png(drawable, scale=scale))


@lru_cache(maxsize=1)
def _load_engine() -> Any:
    """The vl_convert module with our fonts registered."""
    import vl_convert  # heavy: loads at the first export, not when a server starts

    vl_convert.register_font_directory(str(FONT_FOLDER))
    return vl_convert
