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
from lhasaplan.io.tables.queried_points import read_points
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
def grid(monaco, tmp_path_factory):
    """A table of points over all cameras' surroundings; on protected ground every camera that is asked falls silent."""
    services, project = monaco
    path = tmp_path_factory.mktemp("monaco") / "points.csv"
    lenses = np.array([(camera.x_m, camera.y_m) for camera in project.cameras])
    near = shapely.union_all(shapely.buffer(shapely.points(lenses), 80.0))
    low, high = lenses.min(axis=0) - 80.0, lenses.max(axis=0) + 80.0
    x, y = (axis.ravel() for axis in np.meshgrid(np.arange(low[0], high[0], SPACING_M), np.arange(low[1], high[1], SPACING_M)))
    inside = shapely.intersects_xy(near, x, y) & ~audit_context(services, project).ground.covers_points(x, y)
    lon, lat = Crs(project.crs).to_lonlat(x[inside], y[inside])
    with path.open("w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream)
        table.writerow(["point_id", "lon", "lat"])
        table.writerows((f"p{k}", *at) for k, at in enumerate(zip(lon, lat, strict=True)))
    return path


@pytest.fixture(scope="module")
def pairs(monaco, grid):
    """Every pair in range."""
    return tuple(workflow.sight_pairs(*monaco, read_points(grid)))


def test_that_every_pair_has_a_density_or_a_reason(pairs):
    told = [pair for pair in pairs if pair.certainty]  # nothing else is told of points on protected ground
    assert len(told) > 300
    assert all(pair.density_high_px_m > 0.0 if pair.seen else pair.reason for pair in told)
    assert {pair.seen for pair in told} == {True, False}
    assert all(pair.blocker_id for pair in told if pair.reason in {"building", "tree"})


def test_that_cameras_stand_on_the_rock_and_at_the_harbour(monaco):
    services, project = monaco
    city = audit_context(services, project)
    assert not city.terrain.is_level
    ground = np.array([ground_at(city.terrain.relief, np.array([v.x_m]), np.array([v.y_m]))[0] for v in city.view_table.views])
    lens = np.array([view.lens_z_m for view in city.view_table.views])
    assert (lens - ground > 0.0).all()
    assert ground.max() - ground.min() > 20.0


def test_that_on_level_ground_cameras_would_seem_to_see_more(monaco, grid):
    services, project = monaco
    # The cameras on the Rock are near a discreet place and silent about reasons; of demand points every reason is told.
    real, level = (
        workflow.sight_pairs(services, town, read_points(grid), of_parts=True) for town in (project, replace(project, terrain=()))
    )
    assert sum(pair.seen for pair in real) < sum(pair.seen for pair in level)
    assert any(pair.reason == "terrain" for pair in real)
    assert not any(pair.reason == "terrain" for pair in level)


def test_that_silent_cameras_tell_no_reason(monaco, grid, pairs):
    everything = workflow.sight_pairs(*monaco, read_points(grid), of_parts=True)
    silent = {pair.camera_id for pair in pairs if not pair.certainty}
    assert any(pair.reason == "terrain" for pair in everything if pair.camera_id in silent)
    assert not any(pair.reason or pair.distance_m for pair in pairs if pair.camera_id in silent)
