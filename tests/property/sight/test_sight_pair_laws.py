import numpy as np
import pytest
import shapely
from amounts import examples
from hypothesis import given
from hypothesis import strategies as st
from sight_town import town, view
from slow_sight import densities_by_lines

from lhasaplan.core.model.camera import Mount
from lhasaplan.core.model.optics import LensClass
from lhasaplan.core.sight import densities, make_scene

ROOM = shapely.box(-20.0, -20.0, 20.0, 20.0)
turns = st.sampled_from([0.0, 0.0, 30.0, 180.0])
boxes = st.tuples(st.integers(0, 1500), st.integers(0, 900), st.integers(40, 900), st.integers(40, 700))


def corners(box):
    left, top, width, height = map(float, box)
    return ((left, top), (left + width, top), (left + width, top + height), (left, top + height))


@st.composite
def masked_views(draw):
    """A view of any lens, with masks of both kinds or none, outdoors or in."""
    lens = draw(st.sampled_from(["rectilinear", "fisheye", "panorama"]))
    hfov = {"rectilinear": draw(st.integers(20, 119)), "fisheye": draw(st.integers(90, 200)), "panorama": 360}[lens]
    changes = {
        "lens_class": LensClass.RECTILINEAR if lens == "rectilinear" else LensClass.EQUIDISTANT,
        "mount": draw(st.sampled_from([Mount.POLE, Mount.POLE, Mount.INDOOR])), "own_building": draw(st.sampled_from([0, -1])),
        "mask_px": tuple(corners(box) for box in draw(st.lists(boxes, max_size=2))),
        "mask_sector_deg": tuple(draw(st.lists(st.tuples(st.integers(0, 359), st.integers(0, 359)), max_size=2))),
        "swing_deg": draw(turns), "tilt_swing_deg": draw(st.sampled_from([0.0, 0.0, 20.0])),
    }  # fmt: skip
    x, y, z = draw(st.integers(-30, 30)) + 0.1, draw(st.integers(-30, 30)) + 0.2, draw(st.sampled_from([2.0, 5.3, 11.0]))
    angles = {"azimuth": draw(st.integers(0, 359)), "hfov": hfov, "tilt": draw(st.integers(-20, 89))}
    return view(x, y, z, vfov=60.0, range_m=draw(st.sampled_from([20.0, 70.0])), **angles, **changes)


@examples(20, nightly=180)
@given(st.lists(masked_views(), min_size=1, max_size=5), st.integers(0, 10**6))
def test_that_kernels_and_plain_arithmetic_give_the_same_densities_after_masks(some_views, seed):
    rng = np.random.default_rng(seed)
    xyz = np.column_stack((rng.uniform(-80.0, 80.0, (150, 2)), rng.choice([0.3, 1.5, 4.5, 9.0, 25.0], 150)))
    scene = make_scene(town((ROOM, 40.0, 41.0)))
    fast, plain = densities(some_views, xyz, scene).toarray(), densities_by_lines(some_views, xyz, scene).toarray()
    assert fast == pytest.approx(plain, rel=1e-9)


def test_that_more_pairs_than_fit_at_first_are_all_found():
    xyz = np.array([(x, y, 1.5) for x in range(-60, 60) for y in range(1, 80)], float)
    some_views = [view(0.1, 0.2, 30.0, hfov=119.0, vfov=170.0, tilt=45.0, range_m=200.0) for _ in range(3)]
    seen = densities(some_views, xyz, make_scene(town()))
    assert seen.toarray() == pytest.approx(densities_by_lines(some_views, xyz, make_scene(town())).toarray(), rel=1e-9)
    assert seen.nnz > 3 * 5000


def test_that_a_point_is_seen_alike_whatever_is_asked_beside_it():
    rng = np.random.default_rng(4)
    xyz = np.column_stack((rng.uniform(-50.0, 50.0, (300, 2)), rng.uniform(0.5, 30.0, 300)))
    scene = make_scene(town((shapely.box(5, 5, 9, 30), 0.0, 7.0), (shapely.box(-20, 12, -3, 14), 0.0, 16.0)))
    camera = [view(0.3, 0.4, 6.0, hfov=110.0, vfov=100.0, tilt=5.0, range_m=80.0)]
    whole = densities(camera, xyz, scene).toarray()
    assert 0 < (whole > 0).sum() < 300
    assert np.concatenate([densities(camera, one[None], scene).toarray() for one in xyz]).tolist() == whole.tolist()
