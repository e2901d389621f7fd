"""Sentences that call cameras by name: between quotes, the first few of many, the id where there is no other name."""

from dataclasses import replace

from lhasaplan.core.base.translations import Translations
from lhasaplan.core.results.finding import Certainty, Finding, Severity
from lhasaplan.report.text.finding_words import sentence

NAMES = {"HT-06": "Lane 200", "a": "Gate", "b": "Fixed camera, Quay", "c": "c", "d": "Bridge", "e": "Hall"}
ONE = Finding("f", "sign_missing", Severity.DUE, Certainty.CERTAIN, "eu-gdpr", "13", "HT-06", None, None, "", None, None)
MANY = replace(ONE, kind="sign_unknown", camera_id="", cameras=("a", "b", "c", "d", "e"), params={"count": 5})


def test_that_a_sentence_calls_its_camera_by_name():
    assert sentence(ONE, Translations(), NAMES.__getitem__) == "No sign announces camera “Lane 200”."
    assert sentence(ONE, Translations()) == "No sign announces camera HT-06."


def test_that_a_sentence_about_two_cameras_names_both():
    both = replace(ONE, kind="overlap", camera_id="a", params={"other": "d", "area_m2": 12.0, "demand": 3})
    said = sentence(both, Translations(), NAMES.__getitem__)
    assert said == "Cameras “Gate” and “Bridge” both see 12 m² and the same demand (3)."


def test_that_a_list_of_many_names_the_first_and_counts_the_rest():
    said = sentence(MANY, Translations(), NAMES.__getitem__)
    assert said.endswith("announces them: “Gate”, “Fixed camera, Quay”, c and 2 more.")


def test_that_a_day_is_written_as_in_a_letter_and_a_purpose_as_it_was_stated():
    ended = replace(ONE, kind="approval_expired", params={"until": "2026-05-01", "days": 3})
    assert sentence(ended, Translations()) == "The authorisation of camera HT-06 ended on 1 May 2026, 3 days ago."
    listed = replace(ONE, kind="purpose_not_listed", params={"purpose": "2026-05-01"})
    assert "does not have 2026-05-01, the purpose" in sentence(listed, Translations())
