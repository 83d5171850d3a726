"""Names that a person said to mean an entity of the catalogue: kept as lines of text, applied wherever names stand."""

import pytest

from observatory.catalogue.models import Catalogue
from observatory.cli.check import collect_choices
from observatory.cli.parser import build_parser
from observatory.ingest.decode.aliases import Alias, format_aliases, parse_alias, parse_aliases
from observatory.ingest.examine import examine_file
from observatory.ingest.report import Choices, Report, UnknownName
from tests.ingest.corpus import TODAY

LONG = "indicateur;zone;poste;période;valeur\nCommande ATR;Mondde;;2024;56\n"


def examine(catalogue: Catalogue, text: str, names: str = "") -> Report:
    return examine_file("a.csv", text.encode(), catalogue, today=TODAY, choices=Choices(names=names))


def test_an_alias_reads_back_from_its_line() -> None:
    """Colons and equals signs of the name are its own; only an item may have no id: it is the total."""
    aliases = (Alias("indicator", "a: b = c", "atr_orders"), Alias("geo", "Mondde", "WORLD"), Alias("item", "Tout", ""))
    assert parse_aliases(format_aliases(aliases)) == aliases
    for line in ("", "indicator:=x", "indicator:x=", "geo:x=", "place:x=FRA", "x=y", "item:=total"):
        assert parse_alias(line) is None


def test_the_last_answer_about_a_name_counts() -> None:
    """Another answer replaces the one before; a line that says nothing is left out."""
    assert parse_aliases("geo:x=FRA\nnonsense\ngeo:x=DEU") == (Alias("geo", "x", "DEU"),)


def test_unknown_names_are_listed_with_the_nearest_ones(catalogue: Catalogue) -> None:
    """One entry a name whatever the number of its lines, the nearest id first, at most three."""
    report = examine(catalogue, LONG + "Commande ATR;Mondde;;2025;60\n")
    assert [(row.kind, row.name) for row in report.unknown_names] == [("indicator", "Commande ATR"), ("geo", "Mondde")]
    indicator, place = report.unknown_names
    assert indicator.near[0] == "atr_orders"
    assert len(indicator.near) == len(set(indicator.near)) <= 3
    assert place.near[0] == "WORLD"


def test_a_name_like_nothing_has_no_suggestion(catalogue: Catalogue) -> None:
    """What is not similar is not suggested."""
    report = examine(catalogue, "indicateur;zone;période;valeur\nqqqqq wwwww;FRA;2024;1\n")
    assert report.unknown_names == (UnknownName("indicator", "qqqqq wwwww"),)


def test_a_country_without_a_series_is_no_slip_of_the_pen(catalogue: Catalogue) -> None:
    """No other place is suggested for a country that the catalogue lacks: its figures would go elsewhere."""
    report = examine(catalogue, "indicateur;zone;période;valeur\nairbus_deliveries;Mongolie;2024;1\n")
    assert [row.code for row in report.findings] == ["unknown_geo"]
    assert report.unknown_names == ()
    assert report.findings[0].values["near_fr"] == ""


def test_with_aliases_the_figures_are_those_of_the_entities(catalogue: Catalogue) -> None:
    """The same row as with the names of the catalogue; the report says what was read as what."""
    names = "indicator:commande  ATR=atr_orders\ngeo:Mondde=WORLD"
    report = examine(catalogue, LONG, names)
    (row,) = report.observations
    assert (row.indicator, row.geo, row.item, row.value) == ("atr_orders", "WORLD", "", 56.0)
    assert report.unknown_names == ()
    assert report.inferred["names"] == "commande  ATR = atr_orders, Mondde = WORLD"


def test_an_item_may_be_the_total(catalogue: Catalogue) -> None:
    """A word for the total that nobody declared is read as the empty cell."""
    text = "indicateur;zone;poste;période;valeur\nairbus_deliveries;Monde;tous modèles;2024;766\n"
    assert [row.code for row in examine(catalogue, text).findings] == ["unknown_item"]
    assert [row.item for row in examine(catalogue, text, "item:tous modèles=").observations] == [""]


@pytest.mark.parametrize("names", ["indicator:Commande ATR=nowhere", "geo:Commande ATR=FRA"])
def test_an_alias_of_nothing_changes_nothing(catalogue: Catalogue, names: str) -> None:
    """An id that the catalogue lacks, or of another kind, leaves the name unknown."""
    assert "Commande ATR" in [row.name for row in examine(catalogue, LONG, names).unknown_names]


def test_a_name_of_the_catalogue_keeps_its_meaning(catalogue: Catalogue) -> None:
    """An alias never takes a name away from the entity that has it."""
    text = "indicateur;zone;période;valeur\nairbus_deliveries;Monde;2024;766\n"
    report = examine(catalogue, text, "indicator:airbus_deliveries=atr_orders\ngeo:Monde=FRA")
    assert [(row.indicator, row.geo) for row in report.observations] == [("airbus_deliveries", "WORLD")]


def test_heads_of_a_wide_table_are_names_too(catalogue: Catalogue) -> None:
    """A head that is no indicator is one of the unknown names; with its alias the column is read."""
    text = "année;airbus_deliveries;Commande ATR\n2023;735;40\n2024;766;56\n"
    assert [(row.kind, row.name) for row in examine(catalogue, text).unknown_names] == [("indicator", "Commande ATR")]
    report = examine(catalogue, text, "indicator:Commande ATR=atr_orders")
    assert {row.indicator for row in report.observations} == {"airbus_deliveries", "atr_orders"}


def test_the_commands_take_aliases(capsys: pytest.CaptureFixture[str]) -> None:
    """Each --name is one alias; what is none is refused with the form that it needs."""
    call = ["check", "a.csv", "--name", "indicator:Commande ATR=atr_orders", "--name", "item:Tout="]
    assert collect_choices(build_parser().parse_args(call)) == {
        "names": "indicator:Commande ATR=atr_orders\nitem:Tout="
    }
    with pytest.raises(SystemExit):
        build_parser().parse_args(["check", "a.csv", "--name", "Commande ATR=atr_orders"])
    assert "indicator:NAME=ID" in capsys.readouterr().err
