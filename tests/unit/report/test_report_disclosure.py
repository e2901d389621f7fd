"""Levels of disclosure: no byte of a public file tells what a level drops; a final plan is refused with the reasons."""

import sqlite3
import subprocess
import zipfile
from dataclasses import replace

import pytest
from report_factory import a_check, a_project, an_assessment, certain_camera

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.audit.disclosure import LEVELS, Level, tightened
from lhasaplan.core.audit.final_marking import against_final
from lhasaplan.core.base.wording import Wording
from lhasaplan.errors import GateError, InputError
from lhasaplan.io.content.disclosure import load_disclosure
from lhasaplan.ports import DraftOrder
from lhasaplan.report.city_plan.compose import compose_plan

FORMATS = ("docx", "xlsx", "gpkg", "html", "pdf", "pptx", "pages", "summary", "letter", "register")
CLERK = "Clerk Nobody-Else"


@pytest.fixture(scope="module")
def public(tmp_path_factory):
    services, folder = open_services(), tmp_path_factory.mktemp("public")
    project = workflow.open_sample(services, services.read_sample("hilltown"))
    project = replace(project, confirmations=tuple(replace(each, by=CLERK) for each in project.confirmations))
    named = tuple(replace(camera, name=f"Spot-Nobody-{n:02d}") for n, camera in enumerate(project.cameras))
    project = replace(project, cameras=named)
    assessment = workflow.check(services, project)
    files = workflow.export(services, project, assessment, FORMATS, folder, language="en", level="public", date="2026-11-27")
    return project, assessment, files


def content(path):
    """Give everything in a file as text: parts of packages with their names, pages, tables, and the bytes themselves."""
    yield path.name
    yield path.read_bytes().decode("latin-1")
    if path.suffix in (".docx", ".xlsx", ".pptx"):
        with zipfile.ZipFile(path) as parts:
            yield from (name + parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    if path.suffix == ".pdf":
        yield subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, text=True, check=True).stdout
    if path.suffix == ".gpkg":
        with sqlite3.connect(path) as store:
            yield "\n".join(store.iterdump())


def test_that_no_byte_of_a_public_file_tells_a_coordinate_a_direction_a_name_or_an_id(public):
    project, assessment, files = public
    secrets = {CLERK, *(camera.camera_id for camera in project.cameras), *(camera.name for camera in project.cameras)}
    for result in assessment.cameras:
        camera = result.placed.camera
        secrets |= {f"{result.lon:.4f}", f"{result.lat:.4f}", f"{camera.x_m:.1f}", f"{camera.y_m:.1f}"}
        secrets |= {text for one in result.sightings for low, high in one.sector_deg for text in (f"{low:.0f}–{high:.0f}°",)}
    secrets |= {camera.source for camera in project.cameras}
    for path in files:
        for text in content(path):
            assert not [secret for secret in secrets if len(secret) > 3 and secret in text], path.name


def test_that_the_mandate_stands_in_a_public_plan_without_a_person_and_a_place(public):
    text = next("".join(content(path)) for path in public[2] if path.name == "plan.docx")
    assert "Municipality of Hilltown" in text
    assert "For the public" in text
    assert "A. Example" not in text


def test_that_data_may_tighten_a_level_and_never_loosen_it(tmp_path):
    path = tmp_path / "disclosure.toml"
    path.write_text('[levels.public]\ndrops = []\nprecision_deg = 0.00001\n[levels.council]\ndrops = ["people"]\n')
    levels = load_disclosure(path)
    assert set(levels) == set(LEVELS)
    assert levels["public"] == Level(frozenset({"sources", "people"}), 0.001)
    assert levels["council"].drops == {"sources", "people"}
    assert tightened("internal", Level()) == Level()
    path.write_text('[levels.neighbours]\ndrops = ["people"]\n')
    with pytest.raises(InputError):
        load_disclosure(path)


def test_that_a_council_is_told_no_sources_and_the_office_is(tmp_path):
    services = open_services()
    for level, told in (("council", ""), ("internal", "city")):
        project, assessment = workflow.shown(services, a_project(), an_assessment(), level=level)
        assert project.cameras[0].source == told
        assert assessment.cameras[0].placed.camera.source == told


def test_that_what_is_private_is_written_for_the_office_alone(tmp_path):
    with pytest.raises(InputError, match="private"):
        workflow.export(
            open_services(), a_project(), an_assessment(), ("register",), tmp_path, language="en", private=True, level="public"
        )
    assert not list(tmp_path.iterdir())


def test_that_a_final_plan_is_refused_with_all_that_stands_against_it(tmp_path):
    services = open_services()
    project = workflow.open_sample(services, services.read_sample("hilltown"))
    assessment = workflow.check(services, project)
    with pytest.raises(GateError) as refused:
        workflow.export(services, project, assessment, ("docx",), tmp_path, language="en", is_final=True)
    said = [str(fault) for fault in refused.value.faults]
    assert any("by camera HT-06" in text for text in said)
    assert any("It is not answered for" in text for text in said)
    assert any("the data lack it" in text for text in said)
    assert not list(tmp_path.iterdir())


def test_that_a_plan_is_final_once_nothing_stands_against_it():
    assert against_final(a_project(), a_check(cameras=(certain_camera(),))) == ()
    assert against_final(a_project(), an_assessment()) != ()
    text = compose_plan(a_project(), a_check(cameras=(certain_camera(),)), Wording(), DraftOrder(is_final=True)).text()
    assert "FINAL, FOR DECISION" in text
    assert "DRAFT, NOT APPROVED" not in text
