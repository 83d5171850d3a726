"""The example of a file: figures of the store, in the form that a French Excel writes."""

from datetime import date

from observatory.export.csv.example import build_example_rows, write_example_csv
from observatory.ingest.examine import examine_file
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.timeseries import find_value


def test_the_example_is_in_the_form_of_the_readers_spreadsheet(outlook: Outlook) -> None:
    """French: a mark for Excel, semicolons, decimal commas, French heads; English: commas and points."""
    french, english = (write_example_csv(outlook, language).decode("utf-8") for language in ("fr", "en"))  # type: ignore[arg-type]
    assert french.startswith("\ufeffindicateur;zone;poste;période;valeur\r\n")
    assert english.startswith("indicator,geo,item,period,value\r\n")
    figures = [line.rsplit(";", 1)[1] for line in french.splitlines()[1:]]
    assert len(figures) == 6
    assert any("," in figure for figure in figures)
    assert not any("." in figure for figure in figures)


def test_the_example_is_published_figures_and_nothing_else(outlook: Outlook, localizer: Localizer) -> None:
    """Sent back it is accepted without a finding, each value equal to the published one."""
    content = write_example_csv(outlook, localizer.language)
    report = examine_file("a.csv", content, outlook.catalogue, published=outlook.panel, today=date(2026, 11, 30))
    assert report.findings == ()
    assert report.is_publishable
    assert len(report.observations) == 6
    for row in report.observations:
        assert find_value(outlook.panel, (row.indicator, row.geo, row.item), row.period) == row.value
    assert report.observations[-1].period == build_example_rows(outlook, localizer.language)[-1].period
