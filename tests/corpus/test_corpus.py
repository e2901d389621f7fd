"""Every file of the corpus is taken or refused as it should be, in words of use to a planner; a refusal changes nothing."""

import importlib.util
from collections import Counter

import pytest
from sources import ROOT

from corpus.awaiting import AWAITING
from corpus.case import REFUSED, REMARKED, Case
from corpus.every import CASES
from corpus.outcome import TECHNICAL, bare, distance_m, first_lonlat, judged, services
from lhasaplan import workflow


def marked(case: Case):
    marks = [pytest.mark.xfail(reason=AWAITING[case.key])] if case.key in AWAITING else []
    marks += [pytest.mark.nightly] if case.is_slow else []
    return pytest.param(case, id=case.key, marks=marks)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Return a folder with a project on disk, its bytes, and the project."""
    folder = tmp_path_factory.mktemp("corpus")
    services().stores.open(folder / "project.gpkg").save(bare())
    return folder, (folder / "project.gpkg").read_bytes(), workflow.open_project(services(), folder / "project.gpkg").project


@pytest.mark.parametrize("case", [marked(case) for case in CASES])
def test_that_a_file_is_taken_or_refused_as_it_should_be(case, home, tmp_path, capfd):
    folder, before, project = home
    outcome = judged(case, tmp_path, project if case.before is None else None)
    printed = "".join(capfd.readouterr())
    assert outcome.kind == case.outcome, outcome.text
    assert (dict(outcome.counts) == dict(case.counts)) or case.outcome == REFUSED, outcome.text
    _check_words(case, outcome)
    assert not printed, "readers say what they have to say in remarks"
    assert not outcome.warned
    assert not outcome.left, "nothing is written beside a source"
    assert str(tmp_path) not in outcome.text
    assert [path.name for path in folder.iterdir()] == ["project.gpkg"]
    assert (folder / "project.gpkg").read_bytes() == before
    if case.outcome != REFUSED:
        _check_values(case, outcome.project)


def _check_words(case, outcome):
    text = outcome.text.casefold()
    assert all(any(each in text for each in word.casefold().split("|")) for word in case.words), outcome.text
    assert not [word for word in (*TECHNICAL, *case.never) if word.casefold() in text], outcome.text
    places = [fault.where for fault in outcome.faults]
    assert set(case.rows) <= {place.row for place in places}, outcome.text
    assert set(case.columns) <= {place.column for place in places}, outcome.text
    assert all(any(item in (place.item or "") for place in places) for item in case.items), outcome.text
    if case.outcome == REFUSED and case.reader not in {"layer spec"}:
        assert all(place.file in {None, case.file} for place in places), outcome.text


def _check_values(case, project):
    if case.at is not None:
        assert distance_m(first_lonlat(project), case.at) < case.near_m, first_lonlat(project)
    first = (*project.cameras, *project.baseline)[:1]
    for name, value in case.values.items():
        found = getattr(first[0], name)
        assert found == (pytest.approx(value) if isinstance(value, float) else value), (name, found)
    if case.tags:
        tags = next(iter(project.layers.values())).tags[0]
        assert {key: tags.get(key) for key in case.tags} == dict(case.tags)


def test_that_the_corpus_is_large_and_each_file_another():
    assert len(CASES) >= 250
    assert not [key for key, count in Counter(case.key for case in CASES).items() if count > 1]
    assert {case.outcome for case in CASES} == {"taken", REMARKED, REFUSED}


def test_that_the_page_of_odd_files_is_what_the_corpus_says():
    spec = importlib.util.spec_from_file_location("make_corpus_doc", ROOT / "tools" / "make_corpus_doc.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.PAGE.read_text(encoding="utf-8") == tool.page(), "run python tools/make_corpus_doc.py"


def test_that_no_file_awaits_that_is_not_in_the_corpus():
    assert set(AWAITING) <= {case.key for case in CASES}
