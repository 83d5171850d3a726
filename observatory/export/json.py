"""JSON export of a document: figures are numbers, keys are English and stable, texts are as on the page."""

import json
from typing import Any

from observatory.briefs.common.model import Figure, PlotData, TextTable
from observatory.export.common.cell_values import parse_cell
from observatory.export.document import Document, Section
from observatory.language import Language

_FORMAT_VERSION = 1  # raised when a key is removed or changes its meaning


def write_json(document: Document) -> bytes:
    """The file, in UTF-8."""
    return (json.dumps(_serialize_document(document), ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _serialize_document(document: Document) -> dict[str, Any]:
    """The document as JSON values."""
    return {
        "form": _FORMAT_VERSION,
        "page": document.page,
        "language": document.language,
        "title": document.title,
        "kicker": document.kicker,
        "lead": document.lead,
        "call": {"verdict": document.call, "label": document.call_label, "line": document.call_line}
        if document.call
        else None,
        "under": list(document.under),
        "sections": [_serialize_section(row, document.language) for row in document.sections],
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
        "edition": {"number": document.edition_number, "day": document.day.isoformat(), "words": document.edition_text},
        "link": document.link,
    }


def _serialize_section(section: Section, language: Language) -> dict[str, Any]:
    return {
        "id": section.id,
        "title": section.title,
        "subtitle": section.subtitle,
        "text": list(section.paragraphs),
        "terms": [{"term": term, "text": text} for term, text in section.terms],
        "tables": [_serialize_table(row, language) for row in section.tables],
        "figure": _serialize_figure(section.figure) if section.figure else None,
        "source": section.source,
    }


def _serialize_table(table: TextTable, language: Language) -> dict[str, Any]:
    """Cells as text (`rows`) and as numbers (`values`, with per cents as shares of 1; None for text)."""
    values = [[number.value if (number := parse_cell(cell, language)) else None for cell in row] for row in table.rows]
    return {
        "caption": table.caption,
        "heads": list(table.headers),
        "rows": [list(row) for row in table.rows],
        "values": values,
    }


def _serialize_figure(figure: Figure) -> dict[str, Any]:
    return {
        "indicator": figure.indicator,
        "geo": figure.geo,
        "item": figure.item,
        "role": figure.role,
        "alt": figure.alt,
        "plot": _serialize_plot(figure.plot_data) if figure.plot_data else None,
    }


def _serialize_plot(plot: PlotData) -> dict[str, Any]:
    return {
        "kind": plot.kind,
        "unit": plot.unit,
        "origin": plot.origin or None,
        "labels": list(plot.labels),
        "periods": list(plot.period_codes),
        "runs": [
            {
                "nature": run.nature,
                "name": run.name,
                "values": list(run.values),
                **({"low": list(run.low), "high": list(run.high)} if run.low else {}),
            }
            for run in plot.series
        ],
    }
