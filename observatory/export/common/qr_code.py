"""QR codes of links in files: as modules to draw, or as a picture."""

import io

import segno

BORDER = 2  # modules of quiet around a code
_PIXELS_PER_MODULE = 8


def build_modules(url: str) -> list[list[bool]]:
    """The modules of the code of a link by row, dark ones true, its quiet border included."""
    code = segno.make(url, error="m")
    return [[bool(dark) for dark in row] for row in code.matrix_iter(border=BORDER)]


def render_code_png(url: str) -> bytes:
    """The code of a link as a picture, dark on white."""
    out = io.BytesIO()
    segno.make(url, error="m").save(out, kind="png", scale=_PIXELS_PER_MODULE, border=BORDER)
    return out.getvalue()
