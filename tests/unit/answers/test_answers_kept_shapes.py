"""Geometry of answers that lies in a file of its own is what outputs read, and nothing of it outlives or leaves the program."""

import sqlite3
import weakref
from dataclasses import replace
from types import SimpleNamespace

import pytest
import shapely
from answers_town import camera, house, layer, reference_data, town

from lhasaplan.bootstrap import open_services
from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.base.kept_shapes import Kept, as_kept, in_memory
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.project.project import Project
from lhasaplan.core.protection.drawn_places import count_drawn
from lhasaplan.files.spooled_shapes import ShapeSpool
from lhasaplan.ports import KeptProject
from lhasaplan.report import public_values, write_json
from lhasaplan.workflow import save
from lhasaplan.workflow.answers import FEW_CAMERAS, sink_of

TOWN = town(
    house(1, 0.0, 12.0, 10.0, 22.0),
    house(2, 20.0, 12.0, 30.0, 22.0, "retail"),
    cameras=[camera("a", 4.0, -6.0, 10.0), camera("b", 22.0, -6.0, 350.0)],
)
SHOWN = ("view_home", "view_protected", "view_unknown_use", "unasked_area")  # findings that draw what a camera sees


@pytest.fixture(scope="module")
def answers():
    data = reference_data()
    return {"memory": audit(TOWN, data), "file": audit(TOWN, data, keep=ShapeSpool())}


def rows(path, table):
    with sqlite3.connect(path) as source:
        return source.execute(f"SELECT * FROM {table}").fetchall()


def test_that_json_and_project_hold_the_same_whether_shapes_lay_in_memory_or_in_a_file(answers, tmp_path):
    for name, found in answers.items():
        write_json(public_values(TOWN, found)[1], tmp_path / f"{name}.json")
        save(KeptProject(TOWN, open_services().stores.open(tmp_path / f"{name}.gpkg")), found)
    assert (tmp_path / "file.json").read_bytes() == (tmp_path / "memory.json").read_bytes()
    for table in ("result_findings", "result_views"):
        kept = rows(tmp_path / "file.gpkg", table)
        assert kept
        assert kept == rows(tmp_path / "memory.gpkg", table)


def test_that_no_answer_holds_a_shape_that_was_put_away(answers):
    found = answers["file"]
    fields = [field for each in found.cameras for field in (each.certain, *each.possible) if field is not None]
    drawn = [(each, "geometry") for each in (*found.findings, *fields) if each in fields or each.kind in SHOWN]
    drawn += [(each, "geometry") for camera_result in found.cameras for each in camera_result.sightings]
    drawn += [(each, "unasked") for each in found.cameras]
    assert len(drawn) > 6
    assert all(isinstance(as_kept(*each), Kept) for each in drawn)
    assert all(isinstance(field.geometry, shapely.Geometry) for field in fields)


def test_that_bands_over_ground_that_lies_elsewhere_are_cut_alike_and_not_held(answers):
    bands, plain = (answers[name].cameras[0].certain.bands for name in ("file", "memory"))
    assert [(low, shapely.to_wkb(band)) for low, band in bands] == [(low, shapely.to_wkb(band)) for low, band in plain]
    assert bands[0][1] is not bands[0][1]
    assert plain[0][1] is plain[0][1]


def test_that_shapes_stay_in_memory_where_the_disk_takes_none(monkeypatch):
    spool, shape = ShapeSpool(), shapely.Point(1.0, 2.0)
    assert isinstance(spool([shape])[0], Kept)

    def full(content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(spool, "_file", SimpleNamespace(seek=lambda at: at, write=full))
    assert spool([shape])[0] is shape


def test_that_the_file_goes_with_the_last_answer_that_reads_from_it():
    spool = ShapeSpool()
    (kept,) = spool([shapely.Point(1.0, 2.0)])
    gone = weakref.ref(spool)
    del spool
    assert kept.read().equals(shapely.Point(1.0, 2.0))
    assert gone() is not None
    del kept
    assert gone() is None


@pytest.mark.parametrize(("passphrase", "opened", "cameras"), [(True, False, 5_000), (False, True, 5_000), (False, False, 5)])
def test_that_nothing_of_a_sealed_project_or_of_opened_places_is_written_plainly(passphrase, opened, cameras):
    some = tuple(Camera(f"c{k}", 0.0, 0.0) for k in range(cameras))
    closed = SimpleNamespace(lie_open=True, count=1) if opened else None
    project = replace(Project("p", "EPSG:32635"), cameras=some, closed=closed)
    store = SimpleNamespace(has_passphrase=passphrase)
    assert sink_of(open_services(), KeptProject(project, store)) is in_memory


def many_cameras(**changes):
    some = tuple(Camera(f"c{k}", 0.0, 0.0) for k in range(FEW_CAMERAS + 1))
    project = replace(Project("p", "EPSG:32635"), cameras=some, **changes)
    return KeptProject(project, SimpleNamespace(has_passphrase=False))


def test_that_answers_about_a_place_that_was_drawn_and_not_closed_yet_stay_in_memory():
    drawn = layer("areas", ("refuge", shapely.box(0, 0, 5, 5), {"lhasaplan": "protected"}))
    opened = many_cameras(layers={"areas": drawn})
    assert count_drawn(opened.project) == 1
    assert sink_of(open_services(), opened) is in_memory


def test_that_answers_stay_in_memory_where_no_file_can_be_made(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    assert sink_of(open_services(), many_cameras()) is in_memory


def test_that_many_answers_go_into_a_file():
    assert isinstance(sink_of(open_services(), many_cameras()), ShapeSpool)
