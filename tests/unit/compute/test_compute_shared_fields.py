"""Fields that somebody holds are given again, and are those that are computed anew; another scene has its own."""

import gc
from dataclasses import replace

import pytest
import shapely
from answers_town import camera, house, reference_data, town

from lhasaplan.compute.batched import FieldsInUse
from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.context.audit_context import make_context, set_up
from lhasaplan.core.context.scenes import IN_PROCESS
from lhasaplan.core.live.near_camera import coverage_preview

HOUSES = (house(1, -10, 12, 10, 24), house(2, 14, 8, 30, 24))
PROJECT = town(*HOUSES, cameras=[camera("a"), camera("b", x=12.0, azimuth=40.0)])


class Counting:
    """Sight in this process that notes how many fields it computed."""

    def __init__(self):
        self.computed = 0

    def visibility_fields(self, views, scene, target_height_m=1.5, progress=None):
        self.computed += len(views)
        return IN_PROCESS.visibility_fields(views, scene, target_height_m)

    def densities(self, views, xyz_m, scene, progress):
        return IN_PROCESS.densities(views, xyz_m, scene, progress)

    def seen_pieces(self, views, mounts, wall_rows, scene, least_px_m, progress):
        return IN_PROCESS.seen_pieces(views, mounts, wall_rows, scene, least_px_m, progress)


@pytest.fixture
def shared():
    counting = Counting()
    return counting, FieldsInUse().shared(counting)


def context_of(project):
    return make_context(project, reference_data(), with_planned=False)


def wkb(fields):
    return [shapely.to_wkb(field.geometry) for field in fields]


def test_that_a_view_is_computed_once_while_its_field_is_held_and_anew_when_nobody_holds_it(shared):
    counting, sight = shared
    context = context_of(PROJECT)
    views = context.view_table.views
    first = sight.visibility_fields(views[:1], context.rooms)
    both = sight.visibility_fields(views, context.rooms)
    assert both[0] is first[0]
    assert counting.computed == 2
    assert wkb(both) == wkb(IN_PROCESS.visibility_fields(views, context.rooms))
    del first, both
    gc.collect()
    sight.visibility_fields(views, context.rooms)
    assert counting.computed == 4


def test_that_a_view_that_turned_and_one_at_another_height_are_others(shared):
    counting, sight = shared
    context = context_of(PROJECT)
    view = context.view_table.views[0]
    held = [sight.visibility_fields([each], context.rooms) for each in (view, replace(view, azimuth_deg=view.azimuth_deg + 1.0))]
    held.append(sight.visibility_fields([view], context.rooms, 0.5))
    assert counting.computed == 3
    assert len({geometry for fields in held for geometry in wkb(fields)}) == 3


def test_that_another_town_is_looked_at_anew_even_from_the_same_place(shared):
    _, sight = shared
    one, other = context_of(PROJECT), context_of(replace(PROJECT, layers=town(HOUSES[1]).layers))
    held = sight.visibility_fields(one.view_table.views, one.rooms)
    there = sight.visibility_fields(other.view_table.views, other.rooms)
    assert wkb(there) == wkb(IN_PROCESS.visibility_fields(other.view_table.views, other.rooms)) != wkb(held)
    assert wkb(sight.visibility_fields(one.view_table.views, one.rooms)) == wkb(held)


def test_that_an_audit_takes_the_cones_that_are_drawn_already(shared):
    _, sight = shared
    city = set_up(PROJECT, reference_data(), sight)
    drawn = coverage_preview(city, PROJECT.cameras)
    found = audit(PROJECT, reference_data(), sight=sight, known=city)
    assert [each.certain for each in found.cameras] == [each.fields[0] for each in drawn]
    own = audit(PROJECT, reference_data())
    assert [each.area_m2 for each in found.cameras] == [each.area_m2 for each in own.cameras]
