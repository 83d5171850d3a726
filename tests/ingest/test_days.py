"""Days: one in each period is that period; several are never one of them, and are added up or averaged on request."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from observatory.catalogue.models import Catalogue
from observatory.ingest.examine import examine_file
from observatory.ingest.report import Choices, Report
from tests.ingest.corpus import TODAY


def examine(catalogue: Catalogue, *lines: str, aggregate: str = "") -> Report:
    content = "\n".join(lines).encode()
    return examine_file("a.csv", content, catalogue, today=TODAY, choices=Choices(aggregate=aggregate))


def days_between(first: date, last: date, step: int = 1) -> list[date]:
    return [first + timedelta(days=n) for n in range(0, (last - first).days + 1, step)]


def table(name: str, days: Iterable[date], form: str = "%Y-%m-%d") -> tuple[str, ...]:
    """A table of an indicator by day; the figure of a day is a hundred times its number in the month."""
    return (f"date,{name}", *(f"{day:{form}},{day.day * 100}" for day in days))


FLOW, RATE = "us_tsa_passengers", "eur_gbp"
AUGUST = (date(2026, 8, 1), date(2026, 8, 31))


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%Y%m%d"])
def test_no_row_of_a_daily_table_is_a_month(catalogue: Catalogue, form: str) -> None:
    """The first and the last day of a month are no month while others stand beside them; the sum is offered."""
    report = examine(catalogue, *table(FLOW, days_between(*AUGUST), form))
    assert [(row.level, row.code, row.line) for row in report.findings] == [("error", "daily_table", 2)]
    assert report.findings[0].values["days"] == 31
    assert report.observations == ()
    assert [(row.name, row.options) for row in report.questions] == [("aggregate", ("sum",))]


def test_two_days_are_enough(catalogue: Catalogue) -> None:
    """The first and the last day of one month make a table daily, in a wide table, a quarter and a year too."""
    for lines in (
        ("date,us_tsa_passengers", "2026-08-01,1", "2026-08-31,2"),
        ("indicator,2026-08-01,2026-08-31", "us_tsa_passengers,1,2"),
        ("date,semiconductor_sales_quarterly", "2026-04-01,1", "2026-06-30,2"),
        ("date,esa_budget", "2025-01-01,7", "2025-07-01,7", "2025-12-31,7"),
    ):
        report = examine(catalogue, *lines)
        assert [row.code for row in report.findings if row.level == "error"] == ["daily_table"]
        assert report.observations == ()


def test_complete_months_of_a_flow_are_summed_on_request(catalogue: Catalogue) -> None:
    """August is the sum of its 31 days; July and September, which lack days, are named and not taken."""
    days = [day for day in days_between(date(2026, 7, 2), date(2026, 9, 30)) if day != date(2026, 9, 14)]
    report = examine(catalogue, *table(FLOW, days), aggregate="sum")
    assert [(row.period, row.value) for row in report.observations] == [("2026-08", 100 * 31 * 32 / 2)]
    assert [(row.level, row.code, row.values["period"], row.values["missing"]) for row in report.findings] == [
        ("warning", "incomplete_period", "2026-07", 1),
        ("warning", "incomplete_period", "2026-09", 1),
    ]
    assert report.inferred["aggregate"] == "sum"
    assert report.is_publishable


def test_a_rate_is_the_mean_of_its_quotations(catalogue: Catalogue) -> None:
    """Weekdays make a month of a rate, a holiday left out; a month that is cut is not taken."""
    days = [day for day in days_between(date(2026, 8, 3), date(2026, 10, 15)) if day.weekday() < 5]
    days.remove(date(2026, 8, 31))  # a bank holiday, followed by September
    report = examine(catalogue, *table(RATE, days), aggregate="mean")
    august = [day.day * 100 for day in days if day.month == 8]
    assert report.observations[0].value == pytest.approx(sum(august) / len(august), abs=1e-9)
    assert [row.period for row in report.observations] == ["2026-08", "2026-09"]
    assert [row.values["period"] for row in report.findings if row.code == "incomplete_period"] == ["2026-10"]


def test_only_the_rule_of_the_indicator_is_applied(catalogue: Catalogue) -> None:
    """A mean of a flow and a sum of a rate are not made, even if somebody asks for them."""
    for name, other, rule in ((FLOW, "mean", "sum"), (RATE, "sum", "mean")):
        report = examine(catalogue, *table(name, days_between(*AUGUST)), aggregate=other)
        assert [row.code for row in report.findings] == ["daily_table"]
        assert report.observations == ()
        assert report.questions[0].options == (rule,)


def test_nothing_is_offered_where_no_rule_is_plain(catalogue: Catalogue) -> None:
    """Weeks lie across months, an index has no sum, and two indicators may need two rules."""
    weeks = table(FLOW, days_between(date(2026, 7, 5), date(2026, 10, 25), 7))
    index = table(
        "us_ppi_aerospace" if "us_ppi_aerospace" in catalogue.indicators else _an_index(catalogue),
        days_between(*AUGUST),
    )
    both = ("date,us_tsa_passengers,eur_gbp", *(f"{day},1,2" for day in days_between(*AUGUST)))
    for lines in (weeks, index, both):
        for aggregate in ("", "sum", "mean"):
            report = examine(catalogue, *lines, aggregate=aggregate)
            assert [row.code for row in report.findings] == ["daily_table"]
            assert report.observations == ()
            assert report.questions == ()


def _an_index(catalogue: Catalogue) -> str:
    return next(row.id for row in catalogue.indicators.values() if row.kind == "index" and row.frequency == "M")


def test_a_day_that_is_there_twice_or_cannot_be_read_spoils_its_month(catalogue: Catalogue) -> None:
    """Neither is the month taken with a day counted twice, nor with one that is no number."""
    lines = table(FLOW, days_between(*AUGUST))
    twice = examine(catalogue, *lines, "2026-08-03,300", aggregate="sum")
    assert twice.observations == ()
    assert [row.code for row in twice.findings] == ["incomplete_period"]
    unread = examine(catalogue, *lines[:-1], "2026-08-31,beaucoup", aggregate="sum")
    assert unread.observations == ()
    assert {row.code for row in unread.findings} == {"not_a_number", "incomplete_period"}


def test_each_place_has_its_own_months(catalogue: Catalogue) -> None:
    """Days are added up by series: a month that is whole in one place may lack days in another."""
    rows = [
        f"{place},{day},1" for place in ("FR", "DE") for day in days_between(*AUGUST) if (place, day.day) != ("DE", 9)
    ]
    report = examine(catalogue, "geo,date,ifr_flights", *rows, aggregate="sum")
    assert [(row.geo, row.period, row.value) for row in report.observations] == [("FRA", "2026-08", 31)]


@pytest.mark.parametrize(
    ("name", "days", "periods"),
    [
        ("brent_price", ("15/07/2026", "15/08/2026", "15/09/2026"), ("2026-07", "2026-08", "2026-09")),
        ("brent_price", ("17/07/2026", "21/08/2026", "18/09/2026"), ("2026-07", "2026-08", "2026-09")),
        ("brent_price", ("30/07/2026", "28/08/2026", "30/09/2026"), ("2026-07", "2026-08", "2026-09")),
        ("brent_price", ("03/08/2026", "01/09/2026", "02/10/2026"), ("2026-08", "2026-09", "2026-10")),
        (
            "semiconductor_sales_quarterly",
            ("15/02/2025", "15/05/2025", "14/08/2025"),
            ("2025-Q1", "2025-Q2", "2025-Q3"),
        ),
        ("esa_budget", ("30/06/2023", "30/06/2024", "30/06/2025"), ("2023", "2024", "2025")),
    ],
)
def test_one_row_a_period_is_that_period(
    catalogue: Catalogue, name: str, days: tuple[str, ...], periods: tuple[str, ...]
) -> None:
    """A day inside its period stands for it where every period has one such row; the report tells it."""
    report = examine(catalogue, f"date;{name}", *(f"{day};80,5" for day in days))
    assert [row.period for row in report.observations] == list(periods)
    assert report.findings == ()
    assert report.inferred["day"] == "single"


def test_a_day_among_months_is_a_slip(catalogue: Catalogue) -> None:
    """One or two days, or one in the middle among first days, do not show what their rows mean."""
    for days in (["15/08/2026"], ["15/08/2026", "15/09/2026"], ["01/07/2026", "15/08/2026", "01/09/2026"]):
        report = examine(catalogue, "date;brent_price", *(f"{day};80,5" for day in days))
        assert "day_inside" in {row.code for row in report.findings}
        assert "day" not in report.inferred


def test_first_and_last_days_remain_months(catalogue: Catalogue) -> None:
    """Files by first or last days are read as ever, without a word."""
    for days in (("01/08/2026", "01/09/2026"), ("31/08/2026", "30/09/2026")):
        report = examine(catalogue, "date;brent_price", *(f"{day};80,5" for day in days))
        assert [row.period for row in report.observations] == ["2026-08", "2026-09"]
        assert "day" not in report.inferred
