"""HTML comes from templates, and templates escape: no module of the pages writes a tag itself."""

import ast
import re
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest
from markupsafe import Markup

from observatory.language import Localizer
from observatory.pages.components.templates import _ENVIRONMENT, FOLDER, render
from tests.support.paths import ROOT

PAGES = ROOT / "observatory" / "pages"
HOSTILE = "<script>alert(1)</script>\"'{{ 7 * 7 }}{% raw %}</style>"
TAG = re.compile(r"</?[a-zA-Z!][^>]*>?")
ALLOWED = {
    "auth/session_cookie.py": "the script holds a path of ours and a ticket as JSON",
    "server/html_middleware.py": "replaces parts of Streamlit's own HTML",
}


class Hostile(Localizer):
    """A localizer whose every sentence is hostile."""

    def text(self, key: str, **values: object) -> str:  # type: ignore[override]
        """The same for every key."""
        return HOSTILE

    def plural(self, key: str, n: int, **values: object) -> str:  # type: ignore[override]
        """The same for every key."""
        return HOSTILE

    def number(self, value: float, digits: int = 0) -> str:  # type: ignore[override]
        """The same for every number."""
        return HOSTILE


class Anything(SimpleNamespace):
    """A row whose every field is hostile text, or something small of the right kind."""

    KINDS: Mapping[str, object] = {"low": 1.0, "median": 2.0, "high": 3.0, "scale": (0, 10)}
    TUPLES: tuple[str, ...] = ("cells", "notes", "disclosures", "headers", "heads")

    def __getattr__(self, name: str) -> object:
        if name in ("bar", "provenance"):
            return Anything()
        if name in ("methodology",):
            return ((HOSTILE, HOSTILE),)
        if name in ("rows", "map_classes"):
            return (Anything(),)
        if name in ("old", "new"):
            return ("flat", HOSTILE, HOSTILE)
        if name == "call":
            return "growing"
        if name in self.TUPLES:
            return (HOSTILE, HOSTILE, HOSTILE, HOSTILE)
        return self.KINDS.get(name, HOSTILE)


TABLE = SimpleNamespace(caption=HOSTILE, headers=(HOSTILE,) * 2, rows=((HOSTILE,) * 2,))
BARS = SimpleNamespace(
    title=HOSTILE,
    subtitle=HOSTILE,
    scale=(0, 10),
    heads=(HOSTILE,) * 3,
    notes=(HOSTILE,),
    rows=(
        SimpleNamespace(
            label=HOSTILE, note=HOSTILE, cells=(HOSTILE,) * 2, interval=None, value=1.0, colour_token=HOSTILE
        ),
    ),
)
ROW = SimpleNamespace(
    **dict.fromkeys(("title", "subtitle", "horizon", "letter", "short_title", "segment_title", "geo", "note"), HOSTILE),
    **dict.fromkeys(("rank", "role_label", "latest", "expected", "flag", "explanation", "odds_text"), HOSTILE),
    **dict.fromkeys(("call_label", "closeness", "track_record", "growth_range"), HOSTILE),
    cells=(HOSTILE,),
    call="growing",
    old=("flat", HOSTILE, HOSTILE),
    new=("", HOSTILE, HOSTILE),
    is_pinned=True,
    bar=SimpleNamespace(low=1, median=2, high=3),
    past_rate=0.1,
)
NOTE = SimpleNamespace(
    **dict.fromkeys(("title", "subject", "language", "language_label", "signature", "day"), HOSTILE),
    paragraphs=(HOSTILE,),
    link=(HOSTILE, HOSTILE),
)


class Opened(Anything):
    """An indicator that is open: its pairs are hostile on both sides."""

    terms = downloads = ((HOSTILE, HOSTILE),)


class Market(Anything):
    """The brief of a market's page: its figures, points and reasons are hostile."""

    key_figures = (Anything(value=HOSTILE, dots=75), Anything(value="", dots=None))
    bridge = SimpleNamespace(sentence=HOSTILE, points=(Anything(place=18.0), Anything(place=50.0, is_ours="")))
    cautions = (HOSTILE,)
    causes = (Anything(),)
    risk = Anything()


VALUES: dict[str, dict[str, object]] = {
    "indicator_heads": {"group": Anything()},
    "indicator_row": {"row": Anything(), "is_open": True},
    "market_head": {"brief": Market()},
    "market_icons": {"icons": [(HOSTILE, HOSTILE)]},
    "market_why": {"brief": Market()},
    "bar_table": {"content": BARS, "ticks": (0, 5)},
    "brand": {},
    "call_changes": {"rows": [(ROW, HOSTILE)], "heads": (HOSTILE,) * 3},
    "captioned_tables": {"tables": [(HOSTILE, HOSTILE)]},
    "chip": {"call": "growing"},
    "cluster_note": {"note": NOTE},
    "cluster_notes": {"notes": [NOTE, NOTE]},
    "compared_names": {"rows": [(ROW, HOSTILE)]},
    "country_bars": {"rows": [(Anything(value=1.0), HOSTILE)]},
    "country_ranking": {"rows": [(ROW, HOSTILE, HOSTILE)], "heads": (HOSTILE,) * 4},
    "dots": {"count": 75},
    "firm_changes": {"rows": [SimpleNamespace(move=HOSTILE, middle=HOSTILE, odds=HOSTILE)]},
    "firm_contributions": {"rows": [(BARS.rows[0], HOSTILE)], "notes": [HOSTILE]},
    "firm_horizons": {"rows": [Anything(interval=SimpleNamespace(low=1, median=2, high=3))], "ticks": (0, 5)},
    "firm_neighbours": {"rows": [(Anything(), HOSTILE, HOSTILE)]},
    "firm_sheet": {"parts": [(HOSTILE, HOSTILE)]},
    "firm_shock": {"text": Anything()},
    "footer": {"links": [(HOSTILE, HOSTILE)], "language_links": [(HOSTILE, HOSTILE, HOSTILE)]},
    "icon": {"size": 24},
    "range_bar": {"low": 1, "middle": 2, "high": 3},
    "dot_plot": {"rows": [ROW], "ticks": (0, 5)},
    "downloads": {"links": [(HOSTILE, HOSTILE)]},
    "glossary": {"terms": [Anything()]},
    "growth_table": {"rows": [(ROW, HOSTILE, HOSTILE, HOSTILE)], "heads": (HOSTILE,) * 2},
    "hit_bars": {"rows": [Anything(right=73, always=67)]},
    "interval_bar": {"interval": ROW.bar, "past_percent": 1.0},
    "key_figures": {"rows": [Anything(dots=73), Anything(value="", dots=None)]},
    "languages": {"links": [(HOSTILE, HOSTILE, HOSTILE)]},
    "lead": {"under": [HOSTILE]},
    "catalogue_files": {"files": [(HOSTILE, HOSTILE, HOSTILE)]},
    "catalogue_indicator": {"row": Opened()},
    "catalogue_rows": {"rows": [(Anything(), HOSTILE, HOSTILE)], "heads": (HOSTILE,)},
    "link_row": {"links": [(HOSTILE, HOSTILE)]},
    "link_table": {"rows": [(ROW, HOSTILE)], "heads": (HOSTILE,) * 2, "figures": [False, True]},
    "meeting_cover": {"cover": Anything(markets=[(HOSTILE, HOSTILE)])},
    "meeting_message": {"card": Anything()},
    "meeting_note": {"note": NOTE},
    "meeting_ranking": {"brief": Anything(), "ticks": (0, 5)},
    "meta_tags": {"rows": [(HOSTILE, HOSTILE, HOSTILE)], "feeds": [(HOSTILE, HOSTILE)]},
    "mix_bar": {"parts": [(HOSTILE,) * 4]},
    "mores": {"parts": [HOSTILE]},
    "neighbours": {"content": Anything(rows=()), "rows": [(ROW, HOSTILE)], "matrix": HOSTILE},
    "note_links": {"rows": [(NOTE, HOSTILE)]},
    "presenter_note": {"notes": [NOTE]},
    "paragraphs": {"sentences": [HOSTILE]},
    "price_answer": {
        "warning": (HOSTILE, HOSTILE),
        "figures": [SimpleNamespace(value=HOSTILE, unit=HOSTILE, text=HOSTILE, is_expected=True, dots=42)],
    },
    "price_rows": {"rows": [(Anything(), HOSTILE, HOSTILE)], "rest": [(Anything(), HOSTILE, HOSTILE)]},
    "believe": {"record": Anything(share=75, base=66, texts=(HOSTILE,) * 2, details=(HOSTILE,))},
    "overview_changes": {"sentences": [HOSTILE]},
    "overview_head": {"brief": Anything(record=Anything(), limits=(HOSTILE,))},
    "page_links": {"links": [(HOSTILE,) * 4]},
    "ranking": {
        "brief": Anything(scale=(0, 10)),
        "groups": [(Anything(), [(Anything(limit_texts=(HOSTILE,) * 3, cautions=(HOSTILE,)), *(HOSTILE,) * 3)])],
        "ticks": (0, 5),
        "horizon": 2,
    },
    "reader_rows": {"rows": [(HOSTILE,) * 5]},
    "ranking_group": {"group": Anything()},
    "ranking_heads": {"brief": Anything(), "ticks": (0, 5), "expected_years": 2},
    "ranking_row": {"row": Anything(limit_texts=(HOSTILE,) * 3, cautions=(HOSTILE,))},
    "section_links": {"links": [(HOSTILE, HOSTILE)]},
    "scale_marks": {"ticks": (0, 5)},
    "stacked_table": {"heads": (HOSTILE,), "figures": (True,), "caller": lambda: HOSTILE},
    "table": {"content": TABLE, "figures": [False, True]},
    "text_table": {"content": TABLE},
    "figure_footer": {"figure": Anything()},
    "map_legend": {"brief": Anything()},
}
COMMON = {"localizer": Hostile("en"), "lines": [(HOSTILE, HOSTILE)], "scale": (0, 10), "source": Anything()}
IN_STYLE = ("document_language", "upload_label")  # strings of a style sheet: its escapes, not HTML's
NAMES = sorted(path.name.removesuffix(".html.j2") for path in FOLDER.glob("*.html.j2"))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_raw_gets_through(name: str) -> None:
    """Each component, given hostile text for every value, has no tag and no end of an attribute that is not its own."""
    macro = getattr(_ENVIRONMENT.get_template(f"{name}.html.j2").module, name)
    own = VALUES.get(name, {})
    values = {argument: own.get(argument, COMMON.get(argument, HOSTILE)) for argument in macro.arguments}
    made = render(name, **values, **({"caller": own["caller"]} if "caller" in own else {}))
    assert isinstance(made, Markup)
    assert "alert(1)" in made
    assert "<script>alert" not in made
    assert '</style>"' not in made
    if name not in IN_STYLE:
        assert "\"'" not in made


def _docstrings(tree: ast.AST) -> set[int]:
    """The ids of the expressions that are docstrings."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, kinds) and node.body and isinstance(node.body[0], ast.Expr)
    }


@pytest.mark.parametrize("path", sorted(PAGES.rglob("*.py")), ids=lambda path: str(path.relative_to(PAGES)))
def test_no_module_writes_html(path: Path) -> None:
    """No string of a module holds a tag, and none imports html.escape; what is allowed has its reason here."""
    tree = ast.parse(path.read_text("utf-8"))
    assert not any(isinstance(node, ast.ImportFrom) and node.module == "html" for node in ast.walk(tree))
    skipped = _docstrings(tree)
    tags = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in skipped
        and TAG.search(node.value)
    ]
    assert bool(tags) == (str(path.relative_to(PAGES)) in ALLOWED), tags


def test_every_first_heading_goes_through_the_filter_of_headings() -> None:
    """No template writes an h1 past `heading`, and only templates write one: the rule holds on all pages."""
    headings = [
        content
        for path in FOLDER.glob("*.j2")
        for content in re.findall(r"<h1[^\n]*?>(\{\{.*?)</h1>", path.read_text())
    ]
    assert len(headings) == sum(path.read_text().count("<h1") for path in FOLDER.glob("*.j2")) > 0
    assert all(content.endswith("| heading }}") for content in headings)


@pytest.mark.parametrize(
    ("sentence", "heading"),
    [
        ("5 marchés sur 9 devraient croître.", "5 marchés sur 9 devraient croître"),
        ("Analysts add an indicator here.", "Analysts add an indicator here"),
        ("Édition du 22 nov. 2026", "Édition du 22 nov. 2026"),
        ("Où sont les marchés ?", "Où sont les marchés ?"),
        ("À suivre...", "À suivre..."),
    ],
)
def test_a_heading_has_no_full_stop(sentence: str, heading: str) -> None:
    """A sentence that is a heading loses the full stop at its end, and nothing else."""
    assert f'<h1 class="o-lead">{heading}</h1>' in render("page_title", sentence=sentence)
