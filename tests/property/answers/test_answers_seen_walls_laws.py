"""Laws of seen walls: what an audit tells of made-up towns of boxes is what rays at every spot of their walls find."""

from dataclasses import replace

import pytest
from amounts import examples
from answers_town import camera, house, reference_data, town
from bench.accuracy.wall_draws import draw
from bench.accuracy.wall_mitigations import apply_mitigations
from bench.accuracy.walls import compare, lens_in, lines_of
from bench.rivals.exact_walls import density_px_m, frontage_m, seen_walls
from bench.rivals.wall_rays import Prisms, look
from bench.wall_towns import boxes, random_cameras, set_up
from hypothesis import example, given
from hypothesis import strategies as st

KINDS = ("house", "house", "temple", "retail", "yes", "roof")


@st.composite
def streets(draw):
    """Boxes on a grid of plots of 20 m, some wall to wall, with plot 1, 1 left to the camera."""
    found = []
    plots = st.sets(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=8)
    for k, (column, row) in enumerate(sorted(draw(plots) - {(1, 1)})):
        west, south = 20.0 * column - 30.0, 20.0 * row - 30.0
        inset = [draw(st.sampled_from([0.0, 1.0, 2.5, 4.0])) for _ in range(4)]
        box = west + inset[0], south + inset[1], west + 20.0 - inset[2], south + 20.0 - inset[3]
        height = draw(st.floats(2.0, 15.0).map(lambda each: round(each, 2)))
        found.append(house(k, *box, draw(st.sampled_from(KINDS)), height))
    return found


def tenths(low, high):
    return st.integers(round(low * 10), round(high * 10)).map(lambda each: each / 10)


cameras = st.builds(
    camera,
    x=tenths(-9.0, 9.0),
    y=tenths(-9.0, 9.0),
    azimuth=tenths(0.0, 359.9),
    mount_height_m=tenths(2.5, 8.0),
    tilt_deg=tenths(-5.0, 40.0),
    hfov_deg=tenths(20.0, 110.0),
    range_m=st.sampled_from([None, 12.0, 30.0, 60.0]),
    mask_px=st.sampled_from([(), (((300.0, 200.0), (900.0, 200.0), (900.0, 700.0), (300.0, 700.0)),)]),
)


@examples(15, nightly=200)
@given(streets(), cameras)
def test_that_every_view_is_told_at_its_grade_and_to_its_metres(buildings, one):
    found = compare(set_up("plots", town(*buildings), reference_data()), (one,))
    assert not found.disagreements, lines_of(found.disagreements)


@examples(6, nightly=75)
@given(streets(), cameras)
def test_that_no_mitigation_leaves_a_view_or_makes_another_one_graver(buildings, one):
    found = apply_mitigations(set_up("plots", town(*buildings), reference_data()), (one,))
    assert not found.left, str(found.left[0])
    assert not found.raised, str(found.raised[0])


@examples(6, nightly=75)
@given(streets(), st.lists(cameras, min_size=7, max_size=7), st.integers(0, 1000))
def test_that_the_truth_lies_within_what_is_told_of_a_record_that_lacks_it(buildings, some, seed):
    named = tuple(replace(each, camera_id=f"c{k}", mask_px=()) for k, each in enumerate(some))
    found = draw(set_up("plots", town(*buildings), reference_data()), named, 3, seed)
    assert not found.outside, str(found.outside[0])


@examples(15, nightly=200)
@example([house(0, -10.0, 10.0, 10.0, 30.0, "house", 2.0)], camera(mount_height_m=2.5, tilt_deg=0.1, hfov_deg=20.0))
@given(streets(), cameras)
def test_that_rays_and_polygons_on_the_plane_of_a_wall_agree(buildings, one):
    known = set_up("plots", town(*buildings), reference_data())
    prisms = Prisms(known.prisms.polygons, 0.0 * known.prisms.base_m, known.prisms.top_m)
    (placed,) = known.placed((one,))
    lens = replace(lens_in(known, placed), own=-1)
    exact = dict(seen_walls(lens, known.facades, prisms))
    rays = look(lens, known.facades, prisms)
    metres = sum(frontage_m(each) for each in exact.values())
    slack = 0.5 + 0.02 * metres
    walls = rays.width_m > 0.0
    assert rays.width_m[walls & (rays.sure_px_m > 0.0)].sum() - slack <= metres
    assert metres <= rays.width_m[walls].sum() + slack
    if metres > 1.0:
        sharpest = max(density_px_m(lens, known.facades.ends_m[row], each) for row, each in exact.items())
        assert rays.most_px_m[walls].max() == pytest.approx(sharpest, rel=0.15)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(4))
def test_that_a_made_up_town_of_boxes_is_told_as_rays_see_it(seed):
    known = boxes(100, 300.0, seed)
    some = random_cameras(known, 250, seed)
    found = compare(known, some)
    assert not found.disagreements, lines_of(found.disagreements)
    mitigated = apply_mitigations(known, some)
    assert not mitigated.left, "\n".join(map(str, mitigated.left[:5]))
    drawn = draw(known, some, 10, seed)
    assert not drawn.outside, "\n".join(map(str, drawn.outside[:5]))
