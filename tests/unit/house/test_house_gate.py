"""Outside the gate nothing is planned: no confirmation and no planned camera enters a project."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from project_values import small_town

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.cli import main
from lhasaplan.core.gate.decide import GateTask, task_of
from lhasaplan.core.model.camera import Status
from lhasaplan.core.model.place import HandMadePart
from lhasaplan.errors import GateError, InputError

CAMERA = "camera_id,x_m,y_m,mount_height_m,status\nP1,385000,6669980,5,{status}\n"


@pytest.fixture(scope="module")
def hilltown():
    services = open_services()
    return workflow.open_sample(services, services.content.read_sample("hilltown"))


def confirm_again(project):
    part_id = project.confirmations[0].part_id
    fresh = replace(project, confirmations=project.confirmations[1:])
    grounds = {"purpose": "flow and safety of traffic", "reason": "two collisions", "milder": "signs", "by": "A. B."}
    return workflow.confirm(open_services(), fresh, workflow.CandidateSelection((part_id,)), **grounds)


def test_that_a_candidate_is_confirmed_inside_the_gate(hilltown):
    changed, parts = confirm_again(hilltown)
    assert len(changed.confirmations) == len(hilltown.confirmations)
    assert len(parts) == 1


def test_that_nothing_is_confirmed_without_a_mandate(hilltown):
    with pytest.raises(GateError, match="no mandate"):
        confirm_again(replace(hilltown, mandate=None))


def test_that_nothing_is_confirmed_under_a_pack_that_never_plans(hilltown):
    with pytest.raises(GateError, match="cn-limits"):
        confirm_again(replace(hilltown, packs=(*hilltown.packs, "cn-limits")))


def test_that_no_planned_camera_is_imported_outside_the_gate_and_the_file_stays_as_it_was(tmp_path, capsys):
    project, table = tmp_path / "town.gpkg", tmp_path / "cameras.csv"
    open_services().stores.open(project).save(small_town())
    before = project.read_bytes()
    table.write_text(CAMERA.format(status="planned"))
    assert main(["import", str(project), str(table), "--as", "cameras"]) == 3
    said = capsys.readouterr().err
    assert "P1" in said
    assert "impact_assessment" in said or "mandate" in said.lower()
    assert project.read_bytes() == before
    table.write_text(CAMERA.format(status="operating"))
    assert main(["import", str(project), str(table), "--as", "cameras"]) == 0


def test_that_planned_cameras_are_imported_inside_the_gate(hilltown):
    assert any(camera.status is Status.PLANNED for camera in hilltown.cameras)


def test_that_a_drawn_part_that_cannot_be_read_is_told_as_a_fault(hilltown):
    drawn = HandMadePart("drawn/1", "", "junction", "junction", "area", "POLYGON((nonsense", 25.0, 1, 0.9, "A. B.", "2026-01-01")
    with pytest.raises(InputError, match="drawn/1"):
        workflow.check(open_services(), replace(hilltown, hand_made_parts=(drawn,)))


def test_that_a_file_with_longitude_and_latitude_swapped_is_told(tmp_path):
    table = tmp_path / "cameras.csv"
    table.write_text("camera_id,lon,lat\nA,60.17,24.94\nB,60.18,24.95\n")
    with pytest.raises(InputError, match="2 positions lie more than 1000 km"):
        workflow.import_file(open_services(), small_town(), table, kind="cameras")


def test_that_an_outline_that_crosses_itself_lies_where_it_is(tmp_path):
    # The two halves of a bow tie cancel, so that its centroid is nowhere.
    ring = [[24.94, 60.17], [24.941, 60.171], [24.941, 60.17], [24.94, 60.171], [24.94, 60.17]]
    bow = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    path = tmp_path / "plan.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [bow]}))
    project, _ = workflow.import_file(open_services(), small_town(), path, kind="floor_walls")
    assert len(project.layers["floor_walls"]) == 1


def test_that_the_shipped_town_stays_fictitious_whatever_its_file_says(hilltown, tmp_path):
    open_services().stores.open(tmp_path / "town.gpkg").save(replace(hilltown, synthetic=False))
    assert workflow.open_project(open_services(), tmp_path / "town.gpkg").project.synthetic


@pytest.mark.parametrize(("key", "value"), [("packs", "junk"), ("packs", '"eu-gdpr"'), ("crs", '"EPSG:4326"'), ("layers", "{}")])
def test_that_facts_broken_in_another_program_are_told(key, value, tmp_path):
    path = tmp_path / "town.gpkg"
    open_services().stores.open(path).save(small_town())
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE lhasaplan_project SET value = ? WHERE key = ?", (value, key))
        connection.commit()
    with pytest.raises(InputError):
        workflow.open_project(open_services(), path)


@pytest.mark.parametrize("change", ["geom = x'00'", "camera_id = 'C1'", "mount_height_m = 9e999"])
def test_that_cameras_broken_in_another_program_are_told(change, tmp_path):
    path = tmp_path / "town.gpkg"
    open_services().stores.open(path).save(small_town())
    with closing(sqlite3.connect(path)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute(f"UPDATE cameras SET {change}")
        connection.commit()
    with pytest.raises(InputError):
        workflow.open_project(open_services(), path)


def test_that_the_steps_to_an_open_gate_are_told_without_an_audit(hilltown):
    services, town = open_services(), hilltown
    assert workflow.planning_state(services, town).gate.open
    empty = workflow.planning_state(services, replace(town, mandate=None))
    assert task_of(empty.gate.missing[0]) == (GateTask.MANDATE, "controller")
    assert empty.authorities == ("Data Protection Commissioner of Hilltown (fictitious)",)
    wide = "POLYGON ((-27.0044 44.9974, -26.9856 44.9974, -26.9856 45.0035, -27.0044 45.0035, -27.0044 44.9974))"  # fields
    town = replace(town, mandate=replace(town.mandate, plan_area_wkt=wide, building_extent_wkt=wide))
    bare = workflow.planning_state(services, town)
    assert [task_of(each)[0] for each in bare.gate.missing] == [GateTask.CELLS]
    assert bare.cells
    said = workflow.Said("no_buildings", "meadow", "A. Example")
    reported = workflow.declare(services, town, [cell for cell, _ in bare.cells], said)
    assert workflow.planning_state(services, reported).gate.open


def test_that_the_mandate_of_another_city_is_told_when_it_is_read(hilltown):
    services, town = open_services(), hilltown
    other = workflow.state_mandate(
        services, town, replace(town.mandate, plan_area_wkt="POLYGON ((24.93 60.16, 24.95 60.16, 24.95 60.17, 24.93 60.16))")
    )
    (remark,) = workflow.remarks_on_mandate(services, other)
    assert "of another city" in remark.template
    assert workflow.remarks_on_mandate(services, town) == ()
