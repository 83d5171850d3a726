"""A document as plain data (JSON): figures are numbers, keys are English and stable, words are as on the page."""

import json
from typing import Any

from observatory.briefs.common.model import Figure, Plot, Table
from observatory.export.common.cell_values import number_of
from observatory.export.document import Document, Section
from observatory.language import Language

FORM = 1  # raised when a key changes its meaning or goes


def json_of(document: Document) -> bytes:
    """The file, in UTF-8."""
    return (json.dumps(data_of(document), ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def data_of(document: Document) -> dict[str, Any]:
    """The document as JSON values."""
    return {
        "form": FORM,
        "page": document.page,
        "language": document.language,
        "title": document.title,
        "kicker": document.kicker,
        "lead": document.lead,
        "call": {"verdict": document.call, "label": document.call_label, "line": document.call_line}
        if document.call
        else None,
        "under": list(document.under),
        "sections": [_section(row, document.language) for row in document.sections],
        "method": list(document.method),
        "sources": [
            {
                "series": row.series,
                "publisher": row.publisher,
                "licence": row.licence,
                "attribution": row.attribution,
                "origin": row.origin,
                "taken": row.taken,
                "page": row.page,
            }
            for row in document.sources
        ],
        "edition": {"number": document.number, "day": document.day.isoformat(), "words": document.edition},
        "link": document.link,
    }


def _section(section: Section, language: Language) -> dict[str, Any]:
    return {
        "id": section.id,
        "title": section.title,
        "subtitle": section.subtitle,
        "text": list(section.text),
        "terms": [{"term": term, "text": text} for term, text in section.terms],
        "tables": [_table(row, language) for row in section.tables],
        "figure": _figure(section.figure) if section.figure else None,
        "source": section.source,
    }


def _table(table: Table, language: Language) -> dict[str, Any]:
    """Cells in words, and beside them the figures that they are (shares of 1 for per cents)."""
    values = [[found.value if (found := number_of(cell, language)) else None for cell in row] for row in table.rows]
    return {
        "caption": table.caption,
        "heads": list(table.heads),
        "rows": [list(row) for row in table.rows],
        "values": values,
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "indicator": figure.indicator,
        "geo": figure.geo,
        "item": figure.item,
        "role": figure.role,
        "alt": figure.alt,
        "plot": _plot(figure.plot) if figure.plot else None,
    }


def _plot(plot: Plot) -> dict[str, Any]:
    return {
        "kind": plot.kind,
        "unit": plot.unit,
        "origin": plot.origin or None,
        "labels": list(plot.labels),
        "periods": list(plot.codes),
        "runs": [
            {
                "nature": run.nature,
                "name": run.name,
                "values": list(run.values),
                **({"low": list(run.low), "high": list(run.high)} if run.low else {}),
            }
            for run in plot.runs
        ],
    }
