"""A folder holds the drafts of one project: another's are refused by name before anything is written."""

from dataclasses import replace

import pytest
from report_factory import a_project, an_assessment

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.base.translations import LANGUAGES
from lhasaplan.errors import InputError
from lhasaplan.io.content.catalogue import load_translations


def written(folder, name):
    """Write the register of a project of this name into the folder."""
    project, answers = replace(a_project(), name=name), replace(an_assessment(), project=name)
    return workflow.export(open_services(), project, answers, ("register",), folder, language="en", date="2026-12-01")


def test_that_drafts_of_another_project_are_refused_and_kept(tmp_path):
    first = written(tmp_path, "Northtown")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(InputError) as refused:
        written(tmp_path, "Southtown")
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
    (fault,) = refused.value.faults
    assert fault.params == {"other": "Northtown", "project": "Southtown", "file": min(path.name for path in first)}
    assert fault.where.file == str(tmp_path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_the_refusal_names_both_projects_in_each_language(tmp_path, language):
    written(tmp_path, "Northtown")
    with pytest.raises(InputError) as refused:
        written(tmp_path, "Southtown")
    (fault,) = refused.value.faults
    words = load_translations(language)
    said = words.fault(fault)
    assert language == "en" or "Name another folder" not in said
    assert "Northtown" in said
    assert "Southtown" in said


def test_that_a_project_writes_its_own_drafts_anew(tmp_path):
    assert written(tmp_path, "Northtown") == written(tmp_path, "Northtown")


def test_that_a_folder_that_was_emptied_takes_another_project(tmp_path):
    for path in written(tmp_path, "Northtown"):
        path.unlink()
    assert written(tmp_path, "Southtown")


def test_that_a_folder_of_other_files_is_no_drafts(tmp_path):
    (tmp_path / "register.csv").write_text("mine")
    (tmp_path / ".lhasaplan-drafts.json").write_text("no note")
    assert written(tmp_path, "Southtown")
