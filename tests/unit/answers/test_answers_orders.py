"""Severity, verdict and basis have one order each, and are stored as they always were."""

import json

from lhasaplan.core.results.finding import GRAVE, GRAVEST_FIRST, Severity, rank
from lhasaplan.core.results.sighting_basis import SightingBasis
from lhasaplan.core.results.verdict import NOT_MET, UNMEASURED, Verdict


def test_that_a_graver_finding_ranks_higher_and_no_grade_lowest():
    assert sorted(["error", "", "note", "due"], key=rank) == ["", "note", "due", "error"]
    assert rank(None) == rank("") == 0
    assert [rank(grade) for grade in GRAVEST_FIRST] == [3, 2, 1]
    assert [grade for grade in Severity if rank(grade) > rank(Severity.NOTE)] == list(GRAVE)


def test_that_every_verdict_is_met_or_is_missed_or_is_not_measured():
    assert {Verdict.MET, *NOT_MET, *UNMEASURED} == set(Verdict)
    assert len(NOT_MET) + len(UNMEASURED) + 1 == len(Verdict)


def test_that_json_holds_the_words_that_it_always_held():
    values = {Severity.DUE: [Verdict.MET, SightingBasis.ASSUMED, SightingBasis.RECORDED]}
    assert json.dumps(values, indent=1) == json.dumps({"due": ["met", "assumed", "recorded"]}, indent=1)
