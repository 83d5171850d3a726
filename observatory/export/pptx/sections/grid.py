"""Where the body of a slide begins, and its columns, in points."""

from observatory.export.pptx.parts import CONTENT_WIDTH

BODY_TOP = 118.0  # points, as all sizes here
MAIN_WIDTH, GAP = 610.0, 26.0  # of a chart, and between it and its text
SIDE_WIDTH = CONTENT_WIDTH - MAIN_WIDTH - GAP
