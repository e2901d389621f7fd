"""Outside the gate nothing is planned: no confirmation and no planned camera enters a project."""

from dataclasses import replace

import pytest
from project_values import small_town

from lhasaplan import workflow
from lhasaplan.bootstrap import open_rooms
from lhasaplan.cli import main
from lhasaplan.core.camera import Status
from lhasaplan.core.place import HandMadePart
from lhasaplan.errors import GateError, InputError

CAMERA = "camera_id,x_m,y_m,mount_height_m,status\nP1,385000,6669980,5,{status}\n"


@pytest.fixture(scope="module")
def hilltown():
    rooms = open_rooms()
    return workflow.open_sample(rooms, rooms.read_sample("hilltown"))


def confirm_again(project):
    part_id = project.confirmations[0].part_id
    fresh = replace(project, confirmations=project.confirmations[1:])
    grounds = {"purpose": "flow and safety of traffic", "reason": "two collisions", "milder": "signs", "by": "A. B."}
    return workflow.confirm(open_rooms(), fresh, workflow.Selection((part_id,)), **grounds)


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
    workflow.save(open_rooms(), small_town(), project)
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
        workflow.check(open_rooms(), replace(hilltown, hand_made_parts=(drawn,)))
