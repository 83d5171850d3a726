"""The study of a vintage: typed to its readers, and in the store the very JSON that it was."""

import json

from observatory.outlook.outlook import Outlook
from observatory.outlook.study import Study
from observatory.settings import HORIZONS
from tests.support.stores import find_file, read_study_text


def test_what_is_stored_is_the_document_byte_for_byte(outlook: Outlook, seeded_address: str) -> None:
    """Read and written again, a stored study is the same text; every part of it has been read in between."""
    text = read_study_text(find_file(seeded_address), outlook.edition)
    study = Study.from_json(json.loads(text))
    assert study == outlook.study
    assert study.horizon_scores.keys() == set(HORIZONS)
    assert study.overall_scores.hit_rate > study.overall_scores.base
    assert len(study.replayed_calls) > 1_000
    assert len(study.shocks) == 3
    assert all(shock.has_paths for shock in study.shocks)
    assert study.calm_periods.keys() >= study.shocks[-1].markets.keys()
    assert {row.indicator for row in study.raised_flags} <= outlook.catalogue.indicators.keys()
    assert study.leads.keys() == set(outlook.catalogue.markets)
    assert study.scenarios.keys() < study.leads.keys()
    assert study.interval_hits.keys() == {"A", "Q", "M"}
    assert study.purchasing.paths is not None
    assert study.purchasing.odds_record is not None
    assert study.purchasing.basket_record is not None
    assert study.purchasing.timing_rules
    assert study.joint_draws.growth[1]
    assert json.dumps(study.as_json()) == text


def test_a_study_of_an_older_edition_reads_as_empty_and_keeps_what_nobody_knows() -> None:
    """Parts that an edition was too old to have are empty; keys that no reader knows stay as they are."""
    fall = {"count": 2, "fell": 0, "depth": 0.0, "trough_months": None, "back_months": None}
    shock = {"start": "2001-03-01", "end": "", "segments": {"space": fall}}
    document = {"knowhow": [{"id": "machining"}], "shocks": {"shocks": [shock]}}
    study = Study.from_json(document)
    assert json.dumps(study.as_json()) == json.dumps(document)
    assert (study.replayed_calls, study.raised_flags, study.purchasing.timing_rules) == ((), (), ())
    parts = (study.horizon_scores, study.leads, study.scenarios, study.interval_hits, study.calm_periods)
    assert not any(parts)
    assert (study.overall_scores.called, study.overall_scores.hit_rate) == (0, 0.0)
    assert not any(study.joint_draws.growth.values())
    assert study.purchasing.paths is None
    assert not study.shocks[0].has_paths
    assert study.shocks[0].markets["space"].monthly_path is None
