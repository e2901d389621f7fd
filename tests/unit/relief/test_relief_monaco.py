"""Facts about a real town on real ground: who can see what over a 20 m grid of Monaco."""

import csv
from dataclasses import replace

import numpy as np
import pytest
import shapely
from sources import shared_data

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.base.crs import Crs
from lhasaplan.core.sight.obstacles.relief import ground_at
from lhasaplan.io.tables.filled_table import read_points
from lhasaplan.workflow.answers import audit_context

SPACING_M = 20.0


@pytest.fixture(scope="module")
def monaco():
    """The town with its terrain, imported as a user would."""
    services = open_services()
    project = workflow.new_project(services, ("eu-gdpr",), "")
    for name, kind in (("monaco/monaco.osm.pbf", "osm"), ("monaco/N43E007.hgt.zip", "terrain")):
        project, _ = workflow.import_file(services, project, shared_data(name), kind=kind)
    return services, project


@pytest.fixture(scope="module")
def points(monaco):
    """Points over all cameras' surroundings, and which of them lie on protected ground; shapes (P, 2) and (P,)."""
    services, project = monaco
    lenses = np.array([(camera.x_m, camera.y_m) for camera in project.cameras])
    near = shapely.union_all(shapely.buffer(shapely.points(lenses), 80.0))
    low, high = lenses.min(axis=0) - 80.0, lenses.max(axis=0) + 80.0
    x, y = (axis.ravel() for axis in np.meshgrid(np.arange(low[0], high[0], SPACING_M), np.arange(low[1], high[1], SPACING_M)))
    inside = shapely.intersects_xy(near, x, y)
    xy = np.column_stack((x, y))[inside]
    return xy, audit_context(services, project).ground.covers_points(*xy.T)


@pytest.fixture(scope="module")
def grid(monaco, points, tmp_path_factory):
    """A table of the points, called p and their row."""
    path = tmp_path_factory.mktemp("monaco") / "points.csv"
    lon, lat = Crs(monaco[1].crs).to_lonlat(*points[0].T)
    with path.open("w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream)
        table.writerow(["point_id", "lon", "lat"])
        table.writerows((f"p{k}", *at) for k, at in enumerate(zip(lon, lat, strict=True)))
    return path


@pytest.fixture(scope="module")
def pairs(monaco, grid):
    """Every pair in range."""
    return tuple(workflow.sight(*monaco, read_points(grid)[0]))


@pytest.fixture(scope="module")
def everything(monaco, grid):
    """The same with every reason, as of demand points, none of which lies on protected ground."""
    return tuple(workflow.sight(*monaco, read_points(grid)[0], of_parts=True))


def number_of(pair):
    return int(pair.point_id.removeprefix("p"))


def test_that_every_pair_has_a_density_or_a_reason_but_for_points_on_protected_ground(pairs, points):
    is_protected = points[1]
    reported = [pair for pair in pairs if not is_protected[number_of(pair)]]
    assert len(reported) > 300
    assert all(pair.density_high_px_m > 0.0 if pair.seen else pair.reason for pair in reported)
    assert {pair.seen for pair in reported} == {True, False}
    assert all(pair.blocker_id for pair in reported if pair.reason in {"building", "tree"})


def test_that_of_protected_ground_no_reason_is_told_and_all_else_is_as_of_any_spot(pairs, everything, points):
    is_protected = points[1]
    of_homes = [pair for pair in pairs if is_protected[number_of(pair)]]
    assert of_homes
    assert not any(pair.reason or pair.blocker_id for pair in of_homes)
    assert {pair.reason for pair in everything if is_protected[number_of(pair)]} >= {"building", "terrain"}
    seen = [[(pair.camera_id, pair.point_id, pair.seen, pair.density_high_px_m) for pair in some] for some in (pairs, everything)]
    assert seen[0] == seen[1]


def test_that_cameras_stand_on_the_rock_and_at_the_harbour(monaco):
    services, project = monaco
    city = audit_context(services, project)
    assert not city.terrain.is_level
    ground = np.array([ground_at(city.terrain.relief, np.array([v.x_m]), np.array([v.y_m]))[0] for v in city.view_table.views])
    lens = np.array([view.lens_z_m for view in city.view_table.views])
    assert (lens - ground > 0.0).all()
    assert ground.max() - ground.min() > 20.0


def test_that_the_ground_takes_no_spot_from_view_and_lifts_some_over_the_roofs(monaco, grid, everything):
    # Cells of 30 m and more end no view (docs/adr/0011): what is seen on level ground is seen here. On a slope roofs stand
    # lower or higher than the line that they would cut on level ground.
    services, project = monaco
    level = workflow.sight(services, replace(project, terrain=()), read_points(grid)[0], of_parts=True)
    seen, seen_level = ({(pair.camera_id, pair.point_id) for pair in some if pair.seen} for some in (everything, level))
    assert seen_level < seen
    assert not any(pair.reason == "terrain" for pair in level)


def test_that_where_the_ground_is_the_reason_it_rises_above_the_line(monaco, everything, points):
    services, project = monaco
    city = audit_context(services, project)
    lens = {}  # the highest that a camera may have
    for number, view in zip(city.view_table.camera.tolist(), city.view_table.views, strict=True):
        at = np.array((view.x_m, view.y_m, view.lens_z_m))
        name = city.placed[number].camera.camera_id
        lens[name] = max(lens.get(name, at), at, key=lambda each: each[2])
    hidden = [pair for pair in everything if pair.reason == "terrain"]
    assert hidden
    for pair in hidden:
        x, y = points[0][number_of(pair)]
        head = np.array((x, y, ground_at(city.terrain.relief, np.array([x]), np.array([y]))[0] + 1.5))
        line = lens[pair.camera_id] + np.linspace(0.0, 1.0, 1001)[1:-1, None] * (head - lens[pair.camera_id])
        assert (ground_at(city.terrain.relief, *line[:, :2].T) > line[:, 2]).any()
