"""The whole check of random small towns against the plain one: verdicts, shares, overlap, unasked ground, removable."""

import dataclasses

import plain_check
import pytest
import shapely
from amounts import examples
from answers_town import X0, Y0, box, camera, house, reference_data, town
from hypothesis import assume, given
from hypothesis import strategies as st

from lhasaplan.core.audit.pipeline import assess_context
from lhasaplan.core.base.progress import no_progress
from lhasaplan.core.context.audit_context import make_context
from lhasaplan.core.demand.guard import find_candidates, request
from lhasaplan.core.model.place import HandMadePart
from lhasaplan.core.project.decisions import Confirmation
from lhasaplan.core.results.assessment import Gate

NEAR_WALL_M = 1.2  # a camera nearer than a metre to a wall is a wall mount, which is another matter


@st.composite
def towns(draw):
    """Shops on a raster of 12 m with streets between, cameras and parts anywhere in the streets; odd digits avoid ties."""
    cells = draw(st.lists(st.tuples(st.integers(-3, 2), st.integers(-3, 2)), min_size=2, max_size=7, unique=True))
    shops = []
    for number, (column, row) in enumerate(cells):
        west, south = 16 * column + draw(st.sampled_from([0.0, 1.37])), 16 * row + 0.713
        width, depth = draw(st.sampled_from([5.0, 9.31, 12.0])), draw(st.sampled_from([4.0, 10.0]))
        height = draw(st.sampled_from([1.0, 2.6, 4.2, 9.0]))
        shops.append(house(number, west, south, west + width, south + depth, "retail", height))
    at = st.integers(-38, 38).map(lambda k: k + 0.137)
    cameras = [
        camera(
            f"c{number}",
            draw(at),
            draw(at),
            draw(st.integers(0, 359)) + 0.41,
            tilt_deg=draw(st.sampled_from([0.0, 9.0, 25.0])),
            hfov_deg=draw(st.sampled_from([40.0, 68.0, 95.0])),
            mount_height_m=draw(st.sampled_from([3.0, 5.0, 8.0])),
            range_m=draw(st.sampled_from([30.0, 60.0])),
        )
        for number in range(draw(st.integers(1, 4)))
    ]
    parts = [drawn(f"p{number}", draw(at), draw(at), draw) for number in range(draw(st.integers(1, 3)))]
    return shops, cameras, parts


def drawn(name, x, y, draw):
    px_m, views = draw(st.sampled_from([25.0, 62.5, 125.0])), draw(st.sampled_from([1, 1, 2]))
    shape = box(x + 0.03, y + 0.05, x + draw(st.sampled_from([6.0, 11.0])), y + draw(st.sampled_from([4.0, 9.0])))
    return HandMadePart(name, name, "junctions", "apron", "area", shape.wkt, px_m, views, 0.9, "A. Example", "2026-05-01")


def as_checked(project):
    context = make_context(project, reference_data(), with_planned=True)
    candidates = find_candidates(context)
    requested = request(context, candidates)
    return assess_context(context, Gate(True), candidates, requested, no_progress), requested.demand


def as_plain(cameras, shops, parts, demand):
    """Return the town for the plain check; it takes the sample points as given, their making has tests of its own."""
    lenses = [
        plain_check.Lens(c.camera_id, c.x_m, c.y_m, c.mount_height_m, c.azimuth_deg, c.tilt_deg, c.hfov_deg, c.range_m)
        for c in cameras
    ]
    blocks = [plain_check.Block(shape, float(tags["height"])) for _, shape, tags in shops]
    wanted = []
    for k, part in enumerate(parts):
        points = tuple(
            (x, y, w) for (x, y, _), w in zip(demand.xyz_m[demand.part == k], demand.weight[demand.part == k], strict=True)
        )
        shape = shapely.from_wkt(part.wkt)
        wanted.append(plain_check.Wanted(part.part_id, shape, part.density_px_m, part.min_views, part.min_share, points))
    return lenses, blocks, wanted


@examples(10, nightly=300)
@given(towns())
def test_that_the_check_of_a_small_town_is_what_lines_and_polygons_give_one_by_one(case):
    shops, cameras, parts = case
    walls = [shape for _, shape, _ in shops]
    assume(all(shapely.Point(c.x_m, c.y_m).distance(shapely.union_all(walls)) > NEAR_WALL_M for c in cameras))
    project = dataclasses.replace(town(*shops, cameras=cameras), hand_made_parts=tuple(parts))
    grounds = [Confirmation(part.part_id, "flow", "two collisions", "signs", "A. Example", "2026-05-01") for part in parts]
    project = dataclasses.replace(project, confirmations=tuple(grounds))
    found, demand = as_checked(project)
    lenses, blocks, wanted = as_plain(cameras, shops, parts, demand)
    assume(len(found.parts) == len(parts) and all(part.points for part in wanted))  # none mostly inside shops
    plain = plain_check.check(lenses, blocks, wanted)
    assert {part.part.part_id: part.verdict for part in found.parts} == plain.verdicts
    for part in found.parts:
        assert (part.measured.share_served, part.measured.share_seen) == pytest.approx(plain.shares[part.part.part_id], abs=1e-9)
    assert {each.placed.camera.camera_id: each.removable for each in found.cameras} == plain.removable
    for each in found.cameras:
        unasked_m2 = pytest.approx(plain.unasked_m2[each.placed.camera.camera_id], rel=2e-3, abs=0.5)
        assert each.judged_m2 == unasked_m2  # mapped or not
        assert each.not_mapped_m2 > 0.0 or each.unasked_m2 == unasked_m2
    bare = {each.placed.camera.camera_id for each in found.cameras if each.not_mapped_m2 > 0.0}
    assert_overlaps(found.overlaps, plain.shared, bare)


def assert_overlaps(found, plain, bare):
    """Ground that two cameras share is counted where buildings are mapped: of the ``bare`` ones it may be less."""
    reported = {tuple(sorted((each.a, each.b))): each for each in found}
    for pair, (area_m2, demand) in plain.items():
        if pair in reported:
            assert reported[pair].demand == pytest.approx(demand, abs=1e-6)
            assert reported[pair].area_m2 <= area_m2 * 1.002 + 0.5
            assert reported[pair].area_m2 == pytest.approx(area_m2, rel=2e-3, abs=0.5) or not bare.isdisjoint(pair)
        else:
            assert demand == 0.0
            assert area_m2 < 1.5 or not bare.isdisjoint(pair)  # under a square metre is not told


def test_that_the_plain_check_tells_a_wall_from_none():
    """The oracle by hand: 20 m before a level camera with f = 1423 px a point has 71 px/m; a wall 10 m before it ends that."""
    lens = plain_check.Lens("a", X0, Y0, 4.0, 0.0, 0.0, 68.0, 60.0)
    wall = plain_check.Block(box(-5, 9, 5, 11), 9.0)
    part = plain_check.Wanted("p", box(-1, 19, 1, 21), 60.0, 1, 0.9, ((X0, Y0 + 20.0, 4.0),))
    assert plain_check.check([lens], [], [part]).verdicts == {"p": "met"}
    assert plain_check.check([lens], [wall], [part]).verdicts == {"p": "gap"}
