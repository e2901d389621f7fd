"""Levels of disclosure: no byte of a public file tells what a level drops; a final plan is refused with the reasons."""

import io
import json
import re
import sqlite3
import subprocess
import zipfile
from dataclasses import replace

import openpyxl
import pptx
import pytest
import samples
import shapely
from map_areas import features
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import IndirectObject, StreamObject
from report_factory import a_check, a_project, an_assessment, certain_camera

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.audit.disclosure import LEVELS, Level, against_final, tightened
from lhasaplan.core.base.translations import Translations
from lhasaplan.core.model.file_kinds import LAYER_FORMATS
from lhasaplan.errors import GateError, InputError
from lhasaplan.io.content.policy_files import load_disclosure
from lhasaplan.ports import DraftOrder
from lhasaplan.report.documents.audit_and_plan import compose_plan
from lhasaplan.report.formats import docx as word
from lhasaplan.report.formats import pdf
from lhasaplan.report.maps.map_layers import Lonlat
from lhasaplan.report.text.document import Document, Figure

FORMATS = ("docx", "xlsx", "gpkg", "html", "pdf", "pptx", "pages", "summary", "letter", "register", "impact", "minutes")
FORMATS = (*FORMATS, *LAYER_FORMATS)
CLERK = "Clerk Nobody-Else"
# What a mandate, a category or the format itself says to everybody, though something in the town is called so, too.
PUBLIC = frozenset({"city", "Hilltown", "Municipality of Hilltown", "Level crossing", "Library"})


@pytest.fixture(scope="module")
def public(tmp_path_factory):
    services, folder = open_services(), tmp_path_factory.mktemp("public")
    project = samples.sample("hilltown")
    project = replace(project, confirmations=tuple(replace(each, by=CLERK) for each in project.confirmations))
    named = tuple(replace(camera, name=f"Spot-Nobody-{n:02d}") for n, camera in enumerate(project.cameras))
    project = replace(project, cameras=named)
    assessment = workflow.check(services, project)
    files = workflow.export(services, project, assessment, FORMATS, folder, language="en", level="public", date="2026-11-27")
    return project, assessment, files


def content(path):
    """Give everything in a file as text: parts of packages with their names and what lies in them, streams, tables, the bytes."""
    yield path.name
    yield from reported(path.name, path.read_bytes())
    if path.name == "map.html":  # its shapes are steps from point to point
        yield json.dumps(features(path.read_text("utf-8")), ensure_ascii=False)
    if path.suffix == ".pdf":
        yield subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, text=True, check=True).stdout
        yield from streams(path)
    if path.suffix == ".gpkg":
        with sqlite3.connect(path) as store:
            yield "\n".join(store.iterdump())
            for (packed,) in store.execute("SELECT content FROM qgis_projects"):  # the project that QGIS opens
                yield from reported("project.qgz", bytes.fromhex(packed))


def reported(name, data):
    """Give what bytes say as text in either writing; of a package each part, and of a package in it each part again."""
    yield data.decode("latin-1")
    yield data.decode("utf-8", "replace")
    if name.endswith((".docx", ".xlsx", ".pptx", ".qgz")):
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            for part in parts.infolist():
                yield f"{part.filename} {part.comment!r} {part.extra!r}"
                yield from reported(part.filename, parts.read(part))
    if name.endswith((".png", ".jpg")):
        with Image.open(io.BytesIO(data)) as picture:
            yield str(picture.info)


def streams(path):
    """Give every object of a PDF as text, its streams unpacked: alternative texts, outline, titles, metadata."""
    reader = PdfReader(path)
    for number in range(1, int(reader.trailer["/Size"])):
        found = reader.get_object(IndirectObject(number, 0, reader))
        yield str(found)
        if isinstance(found, StreamObject):
            yield from reported("", found.get_data())


def secrets_of(project, assessment):
    """Return all that no public file may tell: places in degrees and metres, directions, fields of records, names, ids."""
    secrets = {CLERK, *(camera.camera_id for camera in project.cameras), *(camera.name for camera in project.cameras)}
    for result in assessment.cameras:
        camera = result.placed.camera
        for lon, lat in ((result.lon, result.lat), *project_points(result, assessment.crs)):
            secrets |= {f"{value:.{digits}f}" for value in (lon, lat) for digits in (4, 5, 6)}
        secrets |= {f"{value:.{digits}f}" for value in (camera.x_m, camera.y_m) for digits in (1, 2)}
        secrets |= {text for one in result.sightings for low, high in one.sector_deg for text in (f"{low:.0f}–{high:.0f}°",)}
        secrets |= {f"{low:.1f}, {high:.1f}" for one in result.sightings for low, high in one.sector_deg}
        secrets |= {camera.source, camera.owner}
    ids = {str(one) for name in ("buildings", "places") if name in project.layers for one in project.layers[name].ids}
    names = {str(tags["name"]) for layer in project.layers.values() for tags in layer.tags if tags.get("name")}
    return {secret for secret in secrets | ids | names if len(secret) > 3} - PUBLIC - {project.mandate.controller}


def project_points(result, crs):
    """Give corners of what a camera can see, in degrees."""
    shape = Lonlat(crs).geometry(result.certain.geometry if result.certain else None)
    return [] if shape is None else shapely.get_coordinates(shape)[:40].tolist()


def said_of(secrets, text):
    """Return the secrets that stand in a text; figures stand in runs of digits, each of which is looked through once."""
    text = "\n".join(set(text.split("\n")))  # most is said twice, since bytes are read in two ways
    runs = "\n".join(set(re.findall(r"[-.0-9]{4,}", text)))
    return [secret for secret in sorted(secrets) if secret in (runs if re.fullmatch(r"[-.0-9]+", secret) else text)]


def test_that_a_secret_is_found_in_a_longer_figure_and_a_longer_word():
    text = "24.94 at 0124.94125, Spot-Nobody-0177"
    assert said_of({"24.9412", "Spot-Nobody-01", "24.9413", "Spot-02"}, text) == ["24.9412", "Spot-Nobody-01"]


def test_that_no_byte_of_a_public_file_tells_a_coordinate_a_direction_a_name_or_an_id(public):
    project, assessment, files = public
    secrets = secrets_of(project, assessment)
    assert len(secrets) > 200
    for path in files:
        text = "\n".join(content(path))
        assert said_of(secrets, text) == [], path.name


def test_that_the_scan_finds_what_is_told_in_each_kind_of_file(tmp_path):
    """A scan that could not read a format would find nothing in it: each says a secret where nobody looks."""
    said = "Spot-Nobody-77"
    draft = Document("T", "S", "en", (), (Figure(small(), "A map", alt=said),), "")
    pdf.write_document(draft, tmp_path / "alt.pdf", Translations())
    word.write_document(draft, tmp_path / "alt.docx", Translations())
    book = openpyxl.Workbook()
    book.create_sheet("hidden").append([said])
    book["hidden"].sheet_state = "hidden"
    book.save(tmp_path / "hidden.xlsx")
    deck = pptx.Presentation()
    deck.slides.add_slide(deck.slide_layouts[6]).notes_slide.notes_text_frame.text = said
    deck.save(tmp_path / "notes.pptx")
    for path in sorted(tmp_path.iterdir()):
        assert any(said in text for text in content(path)), path.name


def small():
    stream = io.BytesIO()
    Image.new("RGB", (4, 4)).save(stream, "PNG")
    return stream.getvalue()


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
    for level, reported in (("council", ""), ("internal", "city")):
        project, assessment = workflow.shown(services, a_project(), an_assessment(), level=level)
        assert project.cameras[0].source == reported
        assert assessment.cameras[0].placed.camera.source == reported


def test_that_what_is_private_is_written_for_the_office_alone(tmp_path):
    with pytest.raises(InputError, match="Private content"):
        workflow.export(
            open_services(), a_project(), an_assessment(), ("register",), tmp_path, language="en", private=True, level="public"
        )
    assert not list(tmp_path.iterdir())


def test_that_a_final_plan_is_refused_with_all_that_stands_against_it(tmp_path):
    services = open_services()
    project, assessment = samples.sample("hilltown"), samples.checked()
    with pytest.raises(GateError) as refused:
        workflow.export(services, project, assessment, ("docx",), tmp_path, language="en", is_final=True)
    said = [str(fault) for fault in refused.value.faults]
    assert any("by camera Lane 200" in text for text in said)
    assert any("No answer yet for" in text for text in said)
    assert any("is missing in the data" in text for text in said)
    assert not list(tmp_path.iterdir())


def test_that_a_plan_is_final_once_nothing_stands_against_it():
    assert against_final(a_project(), a_check(cameras=(certain_camera(),))) == ()
    assert against_final(a_project(), an_assessment()) != ()
    text = compose_plan(a_project(), a_check(cameras=(certain_camera(),)), Translations(), DraftOrder(is_final=True)).text()
    assert "FINAL, FOR DECISION" in text
    assert "DRAFT, NOT APPROVED" not in text
