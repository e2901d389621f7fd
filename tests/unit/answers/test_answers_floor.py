"""What walls of floor plans do in answers: they hide ground and spots from indoor cameras, never a protected place.

A station of 20 x 10 m; the camera hangs 5 m before a wall across the hall, looks along it, and its lens is 90 degrees wide.
"""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from answers_town import X0, Y0, box, camera, layer, pack, reference_data, town

from lhasaplan.bootstrap import open_services
from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.context.audit_context import make_context
from lhasaplan.core.context.scenes import IN_PROCESS
from lhasaplan.core.exposure.who_sees import who_sees
from lhasaplan.core.model.camera import Mount
from lhasaplan.core.sight import densities
from lhasaplan.ports import NamedPoint
from lhasaplan.workflow.in_view import sight

HALL = ("way/1", box(0, 0, 20, 10), {"building": "train_station", "height": "8"})
ACROSS = layer("floor_walls", ("way/7", shapely.LineString([(X0 + 10, Y0), (X0 + 10, Y0 + 10)]), {"indoor": "wall"}))
CLINIC = layer("places", ("way/5", box(14, 2, 18, 8), {"amenity": "clinic"}))
INSIDE = camera("c1", 5, 5, azimuth=90.0, mount=Mount.INDOOR, mount_height_m=3.0, hfov_deg=90.0)


def station(walls=ACROSS, **places):
    return town(HALL, cameras=[INSIDE], **({"floor_walls": walls} if walls else {}), **places)


def known():
    return reference_data(pack())


def test_that_the_wall_ends_the_ground_that_is_seen():
    (open_hall,), (walled,) = (audit(station(walls), known()).cameras for walls in (None, ACROSS))
    assert open_hall.certain.geometry.bounds[2] == pytest.approx(X0 + 20)
    assert walled.certain.geometry.bounds[2] == pytest.approx(X0 + 10)
    assert walled.area_m2 < open_hall.area_m2


def test_that_the_wall_is_told_of_a_spot_behind_it():
    (reported,) = who_sees(make_context(station(), known(), with_planned=False), X0 + 15, Y0 + 5)
    assert (reported.certainty, reported.reason, reported.blocker_id) == ("not", "wall", "wall/way/7")


def test_that_a_spot_is_answered_alike_whether_a_protected_place_is_there_or_not():
    bare, clinic = (make_context(station(**places), known(), with_planned=False) for places in ({}, {"places": CLINIC}))
    assert (len(clinic.scene.floor), len(clinic.rooms.floor)) == (0, 1)
    (there,), (here,) = (who_sees(city, X0 + 16, Y0 + 5) for city in (bare, clinic))
    assert (there.certainty, there.reason) == ("not", "wall")
    assert here == replace(there, reason="", blocker_id="")


class Asked:
    """Sight that notes how many inner walls each question was asked with."""

    def __init__(self):
        self.walls_with, self.fields_with = [], []

    def seen_pieces(self, views, mounts, wall_rows, scene, least_px_m, progress):
        self.walls_with.append(len(scene.floor))
        return IN_PROCESS.seen_pieces(views, mounts, wall_rows, scene, least_px_m, progress)

    def visibility_fields(self, views, scene, target_height_m=1.5, progress=None):
        self.fields_with.append(len(scene.floor))
        return IN_PROCESS.visibility_fields(views, scene, target_height_m)


def test_that_an_audit_grades_protected_places_without_inner_walls_and_draws_the_ground_with_them():
    asked = Asked()
    audit(station(places=CLINIC), known(), sight=asked)
    assert set(asked.walls_with) == {0}
    assert set(asked.fields_with) == {1}


def test_that_parts_are_judged_with_inner_walls_among_trees_too():
    tree = layer("trees", ("node/3", shapely.Point(X0 + 5, Y0 - 5), {"natural": "tree"}))
    context = make_context(station(trees=tree), known(), with_planned=False)
    assert len(context.in_leaf.buildings) == 2
    assert len(context.in_leaf.floor) == 1
    behind = np.array([(X0 + 15, Y0 + 5, 1.5)])
    assert [densities(context.view_table.views, behind, scene).nnz for scene in (context.scene, context.in_leaf)] == [1, 0]


def test_that_a_camera_on_another_level_sees_past_the_wall():
    up = replace(INSIDE, level="1")
    ground_floor = replace(ACROSS, tags=({"indoor": "wall", "level": "0"},))
    project = replace(station(ground_floor), cameras=(up,))
    context = make_context(project, known(), with_planned=False)
    assert densities(context.view_table.views, np.array([(X0 + 15, Y0 + 5, 1.5)]), context.rooms).nnz == 1


def test_that_points_are_told_behind_the_wall_and_what_blocks_but_on_protected_ground():
    ward = ("way/2", box(30, 0, 50, 10), {"building": "hospital", "height": "8"})
    across = layer("floor_walls", ("way/8", shapely.LineString([(X0 + 40, Y0), (X0 + 40, Y0 + 10)]), {"indoor": "wall"}))
    both = [
        *zip(ACROSS.ids, ACROSS.geometry, ACROSS.tags, strict=True),
        *zip(across.ids, across.geometry, across.tags, strict=True),
    ]
    within = replace(INSIDE, camera_id="c2", x_m=X0 + 35)
    project = town(HALL, ward, cameras=[INSIDE, within], floor_walls=layer("floor_walls", *both))
    spots = {"ward": 45.0, "behind": 15.0, "before": 8.0, "bed": 38.0}
    points = [NamedPoint(name, X0 + x, Y0 + 5.0, False, 1.5) for name, x in spots.items()]
    reported = {(each.camera_id, each.point_id): each for each in sight(open_services(), project, points)}
    assert (reported["c1", "behind"].reason, reported["c1", "behind"].blocker_id) == ("wall", "wall/way/7")
    assert reported["c1", "before"].seen
    assert [(reported["c2", name].seen, reported["c2", name].blocker_id) for name in ("ward", "bed")] == [(False, ""), (True, "")]
    assert (reported["c2", "ward"].distance_m, reported["c2", "bed"].distance_m) == (10.0, 3.0)
    assert reported["c2", "bed"].density_high_px_m == pytest.approx(1920 / 2 / 3.0, rel=0.02)  # 3 m ahead, 90 degrees wide
