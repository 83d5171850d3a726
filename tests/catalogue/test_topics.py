"""The topics of the radar: the curated ones are sound, and each fault of a broken one is told."""

import shutil
from pathlib import Path

import pytest

from observatory.catalogue import loader
from observatory.catalogue.models import EFFECT_YEARS, IMPACT_LEVELS, Catalogue
from tests.support.paths import ROOT


def test_the_curated_topics_are_tied_to_series(catalogue: Catalogue) -> None:
    """Each has a series, a criterion, a date and a declared judgement; ids are unique."""
    assert len(catalogue.topics) >= 6
    assert len({topic.id for topic in catalogue.topics}) == len(catalogue.topics)
    for topic in catalogue.topics:
        assert topic.indicator in catalogue.indicators
        assert topic.effect in EFFECT_YEARS
        assert topic.impact in IMPACT_LEVELS
        assert topic.judge_on > topic.declared


@pytest.mark.parametrize(
    ("old", "new", "code", "key"),
    [
        ('indicator = "esa_budget"', 'indicator = "esa_buget"', "catalogue_unknown_reference", "indicator"),
        ('geo = "ESA"', 'geo = "MOON"', "catalogue_unknown_reference", "geo"),
        ('item = "spacex"', 'item = "acme"', "catalogue_unknown_reference", "item"),
        ('base_period = "2026"', 'base_period = "1900"', "catalogue_topic_unseen", "base_period"),
        ('base_period = "2026"', 'base_period = "2026-01"', "catalogue_not_allowed", "base_period"),
        (
            'judge_on = 2030-05-31\neffect = "2-5"',
            'judge_on = 2029-05-31\neffect = "2-5"',
            "catalogue_topic_early",
            "judge_on",
        ),
        ("factor = 1.15", "factor = 15.0", "catalogue_not_allowed", "factor"),
        ('effect = "2-5"', 'effect = "soon"', "catalogue_not_allowed", "effect"),
        ('impact = "high"', 'impact = "huge"', "catalogue_not_allowed", "impact"),
        ('id = "chips"', 'id = "drones"', "catalogue_not_allowed", "id"),
    ],
)
def test_a_broken_topic_is_told(tmp_path: Path, old: str, new: str, code: str, key: str) -> None:
    """A topic without a series, observed base, later judgement or known class stops the catalogue."""
    folder = Path(shutil.copytree(ROOT / "data", tmp_path / "data"))
    path = folder / "topics.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = [(row.code, row.file, row.column.rpartition(".")[2]) for row in loader.read_catalogue(folder).findings]
    assert (code, "topics.toml", key) in found


def test_a_folder_without_topics_is_sound(tmp_path: Path) -> None:
    """An older catalogue has no such file; its radar is empty."""
    folder = Path(shutil.copytree(ROOT / "data", tmp_path / "data"))
    (folder / "topics.toml").unlink()
    catalogue = loader.load_catalogue(folder)
    assert catalogue.topics == ()
