"""Whole fields cut in the sweep, masks and blind zones on, beside the plain method."""

import math
from dataclasses import replace

import numpy as np
import pytest
import shapely
from amounts import examples
from hypothesis import assume, given
from hypothesis import strategies as st
from sight_town import full_circle, town, view
from slow_sight import fields_by_shadows
from test_sight_engine_laws import coordinate, heights, stands_in_a_wall, towns

from lhasaplan.core.base.progress import no_progress
from lhasaplan.core.model.optics import LensClass
from lhasaplan.core.sight import make_scene, visibility_fields
from lhasaplan.core.sight.sweep.engine import seen_ground

HEIGHT_PX = 1080
sector_masks = st.lists(
    st.tuples(st.integers(0, 359), st.integers(1, 200)).map(lambda s: (float(s[0]), float(s[0] + s[1]))), max_size=3
)
corner = st.tuples(st.integers(-200, 2100), st.integers(-200, 1280)).map(lambda uv: tuple(map(float, uv)))


simple_rings = (
    st.lists(corner, min_size=3, max_size=5, unique=True).map(tuple).filter(lambda ring: shapely.Polygon(ring).is_valid)
)


@st.composite
def boxes(draw):
    u, v = draw(st.integers(-50, 1900)), draw(st.integers(-50, 1060))
    right, bottom = min(u + draw(st.integers(20, 1200)), 2100), min(v + draw(st.integers(20, 800)), 1400)
    return ((float(u), float(v)), (float(right), float(v)), (float(right), float(bottom)), (float(u), float(bottom)))


@st.composite
def bent(draw):
    """A mask with a bay: not convex."""
    (left, top), (right, _), (_, bottom), _ = draw(boxes())
    return ((left, top), (right, top), (right, bottom), ((left + right) / 2, (2 * top + bottom) / 3), (left, bottom))


picture_masks = st.lists(st.one_of(boxes(), bent(), simple_rings), max_size=3)


@st.composite
def lenses(draw):
    """Any lens: straight or bent, tilted up or down, sector or full circle, with blind zone and masks."""
    x, y, z = draw(coordinate) + 0.37, draw(coordinate) + 0.29, draw(heights)
    reach, azimuth = draw(st.sampled_from([25.0, 60.0, 110.0])), draw(st.integers(0, 359))
    kind = draw(st.sampled_from(["straight", "straight", "bent", "down", "panorama"]))
    masks = {"mask_sector_deg": tuple(draw(sector_masks)), "mask_px": tuple(draw(picture_masks)), "range_m": reach}
    if kind == "straight":
        optics = {
            "hfov": draw(st.integers(20, 118)),
            "tilt": draw(st.integers(-25, 80)),
            "vfov": draw(st.sampled_from([20.0, 50.0, 90.0])),
        }
        return view(x, y, z, azimuth=azimuth, **optics, **masks)
    if kind == "bent":
        optics = {
            "hfov": draw(st.integers(90, 180)),
            "tilt": draw(st.integers(0, 60)),
            "vfov": draw(st.sampled_from([60.0, 100.0])),
        }
        return view(x, y, z, azimuth=azimuth, lens_class=LensClass.EQUIDISTANT, **optics, **masks)
    if kind == "down":
        return replace(full_circle(x, y, z, tilt=90.0, azimuth=azimuth, **masks), hfov_deg=180.0)
    tilt, vfov = draw(st.integers(0, 30)), draw(st.sampled_from([40.0, 90.0]))
    unrolled = replace(full_circle(x, y, z, azimuth=azimuth, tilt=tilt, **masks), vfov_deg=vfov)
    return replace(unrolled, mask_px=tuple(within_the_sphere(unrolled)))


def within_the_sphere(lens):
    """An unrolled circle's masks once around and no farther than straight up and down: the plain method needs that."""
    focal = lens.width_px / (2.0 * math.pi)
    level = HEIGHT_PX / 2 - math.radians(lens.tilt_deg) * focal
    sphere = shapely.box(0, level - 1.57 * focal, lens.width_px, level + 1.57 * focal)
    for part in shapely.get_parts([shapely.intersection(shapely.Polygon(ring), sphere) for ring in lens.mask_px]):
        if part.area > 0.0:
            yield tuple(part.exterior.coords)


def same_ground(swept, cut):
    apart, both = shapely.symmetric_difference(swept, cut).area, shapely.union(swept, cut).area
    return apart < 0.1 or 1.0 - apart / both >= 0.9995


@examples(30, nightly=1000)
@given(towns, lenses())
def test_that_masks_and_blind_zones_are_cut_alike_in_the_sweep_and_by_shadows(buildings, lens):
    assume(not stands_in_a_wall(lens, buildings))
    scene = make_scene(buildings)
    (swept,), (cut,) = visibility_fields([lens], scene), fields_by_shadows([lens], scene)
    assert swept.geometry.is_valid
    assert swept.area_m2 == pytest.approx(swept.geometry.area, rel=1e-6, abs=1e-3)
    assert same_ground(swept.geometry, cut.geometry)


@examples(30, nightly=1000)
@given(towns, lenses())
def test_that_what_the_sweep_calls_valid_for_certain_is_valid(buildings, lens):
    assume(not stands_in_a_wall(lens, buildings))
    swept = seen_ground([lens], 1.5, make_scene(buildings), no_progress)
    assert not swept.is_sound[0] or swept.ground[0].is_valid


def test_that_little_is_left_in_doubt():
    rng = np.random.default_rng(4)
    houses = [shapely.box(x, y, x + 9, y + 7) for x, y in rng.uniform(-150, 150, (400, 2))]
    scene = make_scene(town(*((house, 0.0, top) for house, top in zip(houses, rng.uniform(3, 14, 400), strict=True))))
    places = rng.uniform((-100, -100, 2), (100, 100, 12), (300, 3))
    some = [view(*place, azimuth=k, hfov=70.0, tilt=20.0, vfov=60.0, range_m=90.0) for k, place in enumerate(places)]
    swept = seen_ground(some, 1.5, scene, no_progress)
    assert shapely.is_valid(swept.ground).all()
    assert swept.is_sound.mean() > 0.95
