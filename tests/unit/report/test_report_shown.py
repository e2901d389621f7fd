"""What outputs may show comes from one place: writers take no other values, and nobody else makes these."""

import ast
import inspect
from dataclasses import replace
from pathlib import Path
from typing import get_type_hints

import pytest
from report_factory import a_project, an_assessment

import lhasaplan
from lhasaplan import report, workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.cli.tables import print_assessment
from lhasaplan.core.model.file_kinds import FORMATS
from lhasaplan.core.results.assessment import ShownAssessment, ShownProject
from lhasaplan.report.formats.json_data import write_json

WRITERS = {name: getattr(report, f"write_{name}") for name in FORMATS}
MAKER, PLACE = Path("report/redaction.py"), Path("workflow/drafting.py")


@pytest.mark.parametrize("name", WRITERS)
def test_that_a_writer_takes_no_other_values(name):
    hints = get_type_hints(WRITERS[name])
    assert (hints["project"], hints["assessment"]) == (ShownProject, ShownAssessment)
    assert "private" not in inspect.signature(WRITERS[name]).parameters


def test_that_json_and_screen_take_no_other_values():
    assert get_type_hints(write_json)["assessment"] is ShownAssessment
    assert get_type_hints(print_assessment)["shown"] is ShownAssessment


def callers_of(*names):
    """Return the files of the package that call what has one of the names; only those in which it stands are read on."""
    root = Path(lhasaplan.__file__).parent
    texts = {path: path.read_text("utf-8") for path in root.rglob("*.py")}
    trees = {path: ast.parse(text) for path, text in texts.items() if any(name in text for name in names)}
    called = {path: [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)] for path, tree in trees.items()}
    return {
        path.relative_to(root)
        for path, functions in called.items()
        if any(getattr(each, "id", getattr(each, "attr", "")) in names for each in functions)
    }


def test_that_these_values_are_made_in_one_place():
    assert callers_of("ShownAssessment", "ShownProject") == {MAKER}
    assert callers_of("public_values") == {PLACE}


def test_that_an_export_hands_every_writer_what_was_redacted(tmp_path):
    services, reported = open_services(), []

    def write(project, assessment, *_, **__):
        reported.append((project, assessment))
        return []

    services = workflow_services(services, write)
    shown = an_assessment()
    whole = an_assessment(disclosed=shown)
    workflow.export(services, a_project(), whole, ("docx", "gpkg"), tmp_path, language="en")
    assert [assessment.cameras for _, assessment in reported] == [shown.cameras] * 2
    assert all(assessment is not whole and assessment.disclosed is None for _, assessment in reported)


def workflow_services(services, write):
    return replace(services, writers=dict.fromkeys(services.writers, write))
