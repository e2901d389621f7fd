"""What is told of a camera of which something is not recorded holds for every camera within the limits of its kind."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from sight_town import Grid, town

from lhasaplan.core.model.camera import Basis, Camera, Kind
from lhasaplan.core.model.optics import LensClass
from lhasaplan.core.sight import densities, make_scene, visibility_fields
from lhasaplan.core.sight.lens.frustum import limits_of_view_px_m
from lhasaplan.core.sight.obstacles.relief import ground_at, make_relief
from lhasaplan.core.site.camera_placing import make_town, place_in
from lhasaplan.io.content.policy_files import load_camera_classes

CLASSES = load_camera_classes()
CAMERAS_STAND = shapely.box(-10, -10, 10, 10)
ASKED_PX_M = 25.0
DRAWS, OVER_HILLS = 200, 40  # each asked at 120 spots
FIELDS = ("azimuth_deg", "hfov_deg", "image_width_px", "tilt_deg", "mount_height_m")
KINDS = (Kind.FIXED, Kind.FIXED, Kind.DOME, Kind.FISHEYE, Kind.PANORAMA, Kind.PAN_TILT)


def a_town(rng):
    """Forty boxes around the cameras, some of them decks that stand above the ground.

    None stands where cameras do: with a recorded height a camera in a footprint may be a roof mount, an assumed one makes none.
    """
    boxes = []
    for _ in range(40):
        x, y, width, depth = *rng.uniform(-150, 150, 2), *rng.uniform(5, 25, 2)
        if not shapely.intersects(shapely.box(x, y, x + width, y + depth), CAMERAS_STAND):
            base = float(rng.choice([0.0, 0.0, 0.0, 4.0]))
            boxes.append((shapely.box(x, y, x + width, y + depth), base, base + rng.uniform(2.5, 14)))
    return town(*boxes)


def a_camera(rng, kind):
    """A camera of which everything is recorded, within the limits of its kind."""
    usual = CLASSES[kind]
    within = {name: rng.uniform(*sorted((span.narrow, span.wide))) for name, span in (
        ("hfov_deg", usual.hfov_deg), ("image_width_px", usual.image_width_px),
        ("tilt_deg", usual.tilt_deg), ("mount_height_m", usual.mount_height_m),
    )}  # fmt: skip
    shape = (
        rng.choice([9 / 16, 3 / 4])
        if usual.lens_class is LensClass.RECTILINEAR
        else usual.image_height_px.typical / usual.image_width_px.typical
    )
    if rng.random() < 0.3:  # the longest lens, the most pixels
        within["hfov_deg"], within["image_width_px"] = usual.hfov_deg.narrow, usual.image_width_px.narrow
    width = round(within["image_width_px"])
    return Camera("c", *rng.uniform(-8, 8, 2), azimuth_deg=rng.uniform(0, 360), kind=kind, image_height_px=int(width * shape), **{
        **within, "image_width_px": width,
    })  # fmt: skip


def spots(rng, whole, buildings):
    """Places on the ground and higher up, more of them near by."""
    away, turn = 2.0 * (150.0 ** rng.random(120)), rng.uniform(0, 2 * np.pi, 120)
    x, y = whole.x_m + away * np.sin(turn), whole.y_m + away * np.cos(turn)
    return x, y, np.where(rng.random(120) < 0.5, 1.5, rng.uniform(0.5, 12.0, 120))


def drawn(seed, relief=None):
    """Give cameras as they are, each with the same camera as a source records it and where it is asked about."""
    rng = np.random.default_rng(seed)
    for _ in range(DRAWS if relief is None else OVER_HILLS):
        if rng.random() < 0.05 or "buildings" not in locals():
            buildings = a_town(rng)
            placing, scene = make_town(buildings, Grid(), relief), make_scene(buildings, relief)
        whole = a_camera(rng, KINDS[rng.integers(len(KINDS))])
        lost = [name for name in FIELDS if rng.random() < 0.45] or [FIELDS[rng.integers(len(FIELDS))]]
        kept = replace(whole, image_height_px=None, **dict.fromkeys(lost))
        truth, reported = place_in(placing, [whole, kept], CLASSES)
        yield rng, truth.views[0], reported.views, scene, whole


@pytest.mark.parametrize("over_hills", [False, True])
def test_that_no_camera_within_the_limits_shows_a_spot_that_is_not_told_or_shows_it_sharper(over_hills):
    asked, relief = 0, hills() if over_hills else None
    for rng, truth, reported, scene, whole in drawn(11 + over_hills, relief):
        x, y, above = spots(rng, whole, scene.buildings)
        xyz = np.column_stack((x, y, above + (ground_at(relief, x, y) if relief else 0.0)))
        shown = densities([truth], xyz, scene).toarray()[:, 0]
        counts = shown >= ASKED_PX_M
        matrix = densities(reported, xyz, scene).toarray()
        highest = matrix.max(axis=1)
        assert (highest[counts] > 0.0).all()
        assert (shown[counts] <= highest[counts] * (1 + 1e-6)).all()
        for k, view in enumerate(reported):
            low, high = limits_of_view_px_m(view, x - view.x_m, y - view.y_m, view.lens_z_m - xyz[:, 2])
            rows = counts & (matrix[:, k] > 0.0)
            assert (low[rows] <= shown[rows] * (1 + 1e-6)).all()
            assert matrix[rows, k] == pytest.approx(high[rows], rel=1e-6) or view.basis is Basis.RECORDED
        asked += int(counts.sum())
    assert asked > (150 if over_hills else 800)


@pytest.mark.parametrize("over_hills", [False, True])
def test_that_no_camera_within_the_limits_shows_ground_that_is_not_told_at_that_density_or_better(over_hills):
    asked, relief = 0, hills() if over_hills else None
    for rng, truth, reported, scene, whole in drawn(21 + over_hills, relief):
        x, y, _ = spots(rng, whole, scene.buildings)
        clear = ~shapely.intersects_xy(shapely.union_all(scene.buildings.polygons), x, y)
        x, y = x[clear], y[clear]
        xyz = np.column_stack((x, y, 1.5 + (ground_at(relief, x, y) if relief else np.zeros(len(x)))))
        shown = densities([truth], xyz, scene).toarray()[:, 0]
        fields = visibility_fields(reported, scene)
        for limit in (25.0, 62.5, 125.0):
            ground = shapely.union_all([part for field in fields for lower, part in field.bands if lower >= limit])
            near = shapely.distance(ground, shapely.points(x, y)) if not ground.is_empty else np.full(len(x), np.inf)
            # Arcs are drawn in chords of a degree and hills in steps of 5 m: a hair beside an edge is inside.
            slack = 0.05 + 2e-4 * np.hypot(x - whole.x_m, y - whole.y_m) + (1.0 if over_hills else 0.0)
            assert (near[shown >= limit] <= slack[shown >= limit]).all()
        asked += int((shown >= ASKED_PX_M).sum())
    assert asked > (80 if over_hills else 400)


def hills():
    """A hill and a valley, 100 m from crest to trough."""
    axis = -400.0 + np.arange(200) * 4.0 + 2.0
    height = 30.0 + 6.0 * np.sin(axis[None, :] / 32.0) * np.cos(-axis[:, None] / 41.0)
    return make_relief(height, -400.0, 400.0, 4.0)
