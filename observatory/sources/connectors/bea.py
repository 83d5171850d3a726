"""US Bureau of Economic Analysis, bulk files: a register of series, and all values of a frequency."""

from collections.abc import Sequence

from observatory.catalogue.recipes import RefreshRecipe
from observatory.errors import SourceError
from observatory.sources.content import decode_text, read_table, require_columns
from observatory.sources.figures import ValuesByKey, add_value, build_figures, parse_period, parse_value
from observatory.sources.model import Answer, DataPoint, Request, Window, merge_requests

_FOLDER = "/national/Release/TXT/"
_CODE, _LINE = "%SeriesCode", "TableId:LineNo"
_ENCODINGS = ("utf-8-sig", "cp1252")


def build_requests(recipes: Sequence[RefreshRecipe], _window: Window) -> list[Request]:
    """The register, then the values."""
    return merge_requests(
        Request(recipe.host, f"{_FOLDER}{name}.txt", serves=(recipe.indicator,))
        for recipe in recipes
        for name in ("SeriesRegister", recipe.dataset)
    )


def read_figures(recipe: RefreshRecipe, answers: Sequence[Answer]) -> list[DataPoint]:
    """The values of the series that the register names for a line of a table (U50505:26)."""
    register, table = answers
    header, rows = read_table(decode_text(register, _ENCODINGS), is_framed=register.is_framed)
    require_columns(header, [_CODE, _LINE])
    codes: dict[str, str] = {}
    for row in rows:
        for line in row[_LINE].split("|"):
            codes.setdefault(line.strip(), row[_CODE])
    names: dict[str, str] = {}
    for series in recipe.series:
        if series.key not in codes:
            raise SourceError("error.source.series", series=series.key, seen=", ".join(sorted(codes)[:8])[:180])
        names[codes[series.key]] = series.key
    header, rows = read_table(decode_text(table, _ENCODINGS), is_framed=table.is_framed)
    require_columns(header, [_CODE, "Period", "Value"])
    values: ValuesByKey = {}
    for row in rows:
        if row[_CODE] in names:
            period = parse_period(row["Period"], recipe.frequency)
            add_value(values, names[row[_CODE]], period, parse_value(row["Value"], has_thousands=True))
    return build_figures(recipe, values)
