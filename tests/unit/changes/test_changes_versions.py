"""Versions of a plan: what leads to one, in whole or in part, what changes in words, and two of them compared in a town."""

from dataclasses import replace

import pytest
from answers_town import box, camera, house, layer, town
from live_town import check_of, city, live_of, reference_data

from lhasaplan.core.base.translations import Translations
from lhasaplan.core.changes.camera_change import ChangeStatus, TurnCamera
from lhasaplan.core.changes.proposal import apply, difference
from lhasaplan.core.changes.work import in_words
from lhasaplan.core.live.plan_options import compare
from lhasaplan.core.model.camera import Camera, Kind, Mount, Status
from lhasaplan.core.project.plan_step import PlanVersion, leading_to, only
from lhasaplan.errors import GateError
from lhasaplan.io.content.catalogue import load_translations

ENGLISH = Translations()
STANDS = Camera("a", 0.0, 0.0, azimuth_deg=10.0, tilt_deg=5.0, hfov_deg=60.0, mount=Mount.POLE, mount_height_m=4.0, range_m=40.0)


def words(before, after, translations=ENGLISH):
    known = {one.camera_id: one for one in before}
    return [in_words(change, known.get(change.camera_id), translations) for change in difference(before, after).changes]


def test_that_each_change_is_said_from_what_to_what():
    moved = replace(STANDS, x_m=3.0, y_m=4.0, azimuth_deg=35.5, tilt_deg=None, hfov_deg=90.0, range_m=60.0, mount_height_m=5.5)
    assert words((STANDS,), (replace(moved, status=Status.PLANNED, mask_sector_deg=((1.0, 2.0),)),)) == [
        "moved by 5 m",
        "turned from 10° to 35.5°",
        "tilted below the horizon from 5° to not recorded",
        "another lens: angle changed from 60° to 90°",
        "range changed from 40 m to 60 m",
        "masks: 0 before, 1 now",
        "mount height changed from 4 m to 5.5 m",
        "operating before, planned now",
    ]


def test_that_cameras_that_come_and_go_are_said_and_french_has_its_decimal_mark():
    wall = replace(STANDS, camera_id="b", mount=Mount.WALL, mount_height_m=3.5)
    assert words((STANDS,), (wall,)) == ["taken out", "new: wall, 3.5 m high, looking to 10°"]
    assert "3,5" in words((), (wall,), load_translations("fr"))[0]


def test_that_what_leads_to_a_version_gives_it_and_keeps_what_operates_on_record():
    planned = replace(STANDS, camera_id="p", status=Status.PLANNED)
    version = PlanVersion("B", (replace(STANDS, azimuth_deg=90.0),))
    later = replace(STANDS, camera_id="later")
    proposal = leading_to(version, (STANDS, planned, later))
    assert (proposal.about, str(proposal.source)) == ("B", "plan_version")
    after = apply(proposal, (STANDS, planned, later))
    assert [(one.camera_id, one.azimuth_deg, one.status) for one in after] == [
        ("a", 90.0, Status.OPERATING),
        ("later", 10.0, Status.REMOVED),
    ]
    assert ChangeStatus("later", Status.REMOVED) in proposal.changes


def test_that_a_version_can_be_taken_in_part():
    other = replace(STANDS, camera_id="b")
    version = PlanVersion("B", (replace(STANDS, azimuth_deg=90.0), replace(other, azimuth_deg=180.0)))
    part = only(leading_to(version, (STANDS, other)), ["b"])
    assert part.changes == (TurnCamera("b", 180.0),)
    assert apply(part, (STANDS, other))[0] is STANDS


HOMES = (house(1, -8, 12, 8, 24), house(2, 40, 12, 56, 24))


def compared(project, one, other):
    known = reference_data()
    return compare(live_of(project, known), project, one, other)


def test_that_two_versions_neither_of_which_stands_now_are_compared():
    project = city()
    turned, away = (tuple(replace(each, azimuth_deg=azimuth) for each in project.cameras) for azimuth in (90.0, 180.0))
    found = compared(project, turned, away)
    for cameras, answers in zip((turned, away), found.answers, strict=True):
        check = check_of(replace(project, cameras=cameras), reference_data())
        reported = {each.placed.camera.camera_id: each for each in check.cameras}
        assert answers.results.keys() == reported.keys()
        for key, result in answers.results.items():
            assert result.unasked_m2 == pytest.approx(reported[key].unasked_m2)
    unasked = [sum(each.unasked_m2 for each in answers.results.values()) for answers in found.answers]
    certain, possible = found.effect.unasked_m2, found.effect.unasked_possible_m2
    changed_only = [certain[k] + possible[k] for k in (0, 1)]
    assert changed_only[1] - changed_only[0] == pytest.approx(unasked[1] - unasked[0])
    back = compared(project, away, turned)
    assert [(a, b) for b, a in (back.effect.unasked_m2,)] == [found.effect.unasked_m2]
    assert (back.effect.gained, back.effect.lost) == (found.effect.lost, found.effect.gained)


def test_that_a_plan_compared_with_itself_changes_nothing():
    project = city()
    found = compared(project, project.cameras, project.cameras)
    assert found.changes.changes == ()
    assert found.effect.parts == ()
    assert found.answers[0] is found.answers[1]


def test_that_outside_the_gate_no_planned_camera_is_compared():
    project = replace(town(*HOMES, cameras=[camera("a")], places=layer("places", ("way/9", box(0, -9, 5, -5), {}))), packs=())
    from lhasaplan.core.context.audit_context import set_up
    from lhasaplan.core.live.live_answers import make_live, with_cameras

    live = with_cameras(make_live(set_up(project, reference_data())), project.cameras)
    planned = (*project.cameras, camera("p", y=-30.0, status=Status.PLANNED))
    with pytest.raises(GateError):
        compare(live, project, project.cameras, planned)


def test_that_kinds_and_mounts_have_their_words():
    for mount in Mount:
        for kind in Kind:
            assert "new" in words((), (replace(STANDS, mount=mount, kind=kind),))[0]
