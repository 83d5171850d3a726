"""A chart's specification as an SVG drawing: in the light colours, with our fonts, without a browser."""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from threading import Lock
from typing import Any

from observatory.charts.palette import TOKENS
from observatory.export.common.fonts import FOLDER
from observatory.export.document import cleaned

VEGA_LITE = "6.4"  # of the specifications that Altair writes
_VARIABLE = re.compile(r"var\(--(\w+)\)")
_ONE_AT_A_TIME = Lock()  # the engine has one thread of its own


def svg_of(spec: Mapping[str, Any], width: int) -> str:
    """The SVG of a specification, `width` px wide and as high as it says."""
    text = json.dumps(spec, ensure_ascii=False)
    plain = json.loads(cleaned(_VARIABLE.sub(lambda match: TOKENS[match[1]][0], text)))
    with _ONE_AT_A_TIME:
        drawn = _engine().vegalite_to_svg({**plain, "width": width}, vl_version=VEGA_LITE, allowed_base_urls=[])
    return str(drawn)


def png_of(svg: str, scale: float) -> bytes:
    """An SVG of ours as PNG, so many pixels a px."""
    with _ONE_AT_A_TIME:
        return bytes(_engine().svg_to_png(svg, scale=scale))


@lru_cache(maxsize=1)
def _engine() -> Any:
    """The chart engine with our fonts; imported at the first click, not when the server starts."""
    import vl_convert

    vl_convert.register_font_directory(str(FOLDER))
    return vl_convert
