"""Severity, verdict and basis have one order each, and are stored as they always were."""

import ast
import json

import pytest
from translation_keys import ROOT

from lhasaplan.core.model.place import NOT_MET, UNMEASURED, Verdict
from lhasaplan.core.results.finding import GRAVE, GRAVEST_FIRST, Severity, SightingBasis, rank


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


def name_of(node):
    """Return what a constant, or a member of an enum, is called in a literal."""
    return str(node.value if isinstance(node, ast.Constant) else getattr(node, "attr", "")).lower()


def orders_in(tree, words, least):
    """Give the literals that order these words anew: tuples and lists of them alone, and tables of their ranks."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Tuple | ast.List) and len(node.elts) > 1:
            names = {name_of(each) for each in node.elts}
            is_order = names <= words and len(names) >= least
        elif isinstance(node, ast.Dict):
            ranks = [isinstance(getattr(each, "value", None), int) for each in node.values]
            is_order = all(ranks) and len({name_of(key) for key in node.keys if key} & words) >= least
        else:
            continue
        if is_order:
            yield node.lineno


@pytest.mark.parametrize(("words", "least", "home"), [({"note", "due", "error"}, 2, "finding.py"), (set(Verdict), 3, "place.py")])
def test_that_no_module_orders_severities_or_verdicts_anew(words, least, home):
    package = ROOT / "lhasaplan"
    texts = {path: path.read_text("utf-8") for path in package.rglob("*.py") if path.name != home}
    found = [
        f"{path.relative_to(package)}:{line}"
        for path, text in texts.items()
        if sum(word in text.lower() for word in words) >= least  # the others have none, and are not read on
        for line in orders_in(ast.parse(text), words, least)
    ]
    assert not found
