"""A neighbourhood in space: walls and roofs of houses, what is seen of ground and walls, and what is painted before what."""

import math
from dataclasses import replace

import numpy as np
import pytest
import shapely
from answers_town import X0, Y0, box, camera, house, layer, pack, reference_data, town

from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.context.audit_context import set_up
from lhasaplan.core.exposure.sightings import walls_in_view
from lhasaplan.core.model.place import ProtectedClass
from lhasaplan.core.picture.neighbourhood import neighbourhood
from lhasaplan.core.picture.picture_town import PictureTown
from lhasaplan.core.sight.obstacles.relief import make_relief
from lhasaplan.core.site.terrain import Terrain

HOUSE = house(1, 2, 22, 12, 30, height=6.0)  # in one cell of the grid: 10 m wide, 8 m deep, 6 m high


def with_roof(feature, shape, high_m, **tags):
    """A house of which the shape and the height of the roof are recorded; its height is that of the ridge."""
    name, outline, known = feature
    return name, outline, {**known, "roof:shape": shape, "roof:height": str(high_m), **tags}


def around(*buildings, terrain=None, trees=(), **what):
    known = reference_data(pack())
    layers = {"trees": layer("trees", *trees)} if trees else {}
    city = set_up(town(*buildings, **layers), known if terrain is None else replace(known, terrain=terrain))
    return neighbourhood(PictureTown(city), (X0, Y0), reach_m=60.0, **what)


def of_kind(faces, kind):
    return [faces.xyz_m[faces.start[k] : faces.start[k + 1]] for k in np.flatnonzero(faces.kind == faces.kinds.index(kind))]


def test_that_a_house_has_a_roof_and_four_walls_from_the_ground_to_its_top():
    found = around(HOUSE)
    walls, (roof,) = of_kind(found.faces, "wall"), of_kind(found.faces, "roof")
    assert sorted(round(float(np.ptp(wall[:, :2], axis=0).max())) for wall in walls) == [8, 8, 10, 10]
    assert all((wall[:, 2].min(), wall[:, 2].max()) == (0.0, 6.0) for wall in walls)
    assert shapely.Polygon(roof[:, :2]).area == pytest.approx(80.0)
    assert (roof[:, 2] == 6.0).all()
    assert (found.buildings, found.assumed, found.storeys, found.is_level) == (1, 0, 0, True)


def test_that_a_house_on_several_cells_is_cut_and_nothing_of_it_is_lost():
    faces = around(house(1, -15, 15, 27, 33, height=9.0)).faces
    assert len(of_kind(faces, "roof")) > 4
    assert sum(shapely.Polygon(roof[:, :2]).area for roof in of_kind(faces, "roof")) == pytest.approx(42.0 * 18.0)
    assert sum(np.linalg.norm(wall[1] - wall[0]) for wall in of_kind(faces, "wall")) == pytest.approx(2 * (42.0 + 18.0))


def test_that_only_walls_that_face_the_viewer_are_seen():
    faces = around(HOUSE).faces
    for bearing, length in ((0.0, 10.0), (90.0, 8.0)):  # due north the south wall alone, due east the west wall
        walls = [k for k in faces.order(bearing) if faces.kinds[faces.kind[k]] == "wall" and faces.outwards[k] @ [
            math.sin(math.radians(bearing)), math.cos(math.radians(bearing))] < -1e-9]  # fmt: skip
        (wall,) = walls
        assert np.linalg.norm(np.diff(faces.xyz_m[faces.start[wall] : faces.start[wall] + 2], axis=0)) == pytest.approx(length)


def test_that_ground_seen_for_certain_lights_the_wall_at_which_it_ends_and_ground_that_is_possible_none():
    ground = box(0, 0, 7, 22)  # up to the south wall, along half of it
    lit = of_kind(around(HOUSE, sheets=[("certain2", ground)]).faces, "lit")
    assert sum(np.linalg.norm(wall[1] - wall[0]) for wall in lit) == pytest.approx(5.0, abs=0.6)  # from 2 m to 7 m east
    assert "lit" not in around(HOUSE, sheets=[("possible", ground)]).faces.kinds


ON_HOUSE, ON_NOTHING = ((X0 + 4, Y0 + 22), (X0 + 9, Y0 + 22)), ((X0 + 40, Y0), (X0 + 45, Y0))


def test_that_protected_frontage_stands_over_the_height_of_its_house_and_nowhere_without_one():
    whole = ("view_due", np.array([ON_HOUSE, ON_NOTHING]), np.tile((-np.inf, np.inf), (2, 1)))
    (wall,) = of_kind(around(HOUSE, walls=[whole]).faces, "view_due")
    assert (wall[:, 0].min(), wall[:, 0].max(), wall[:, 2].min(), wall[:, 2].max()) == pytest.approx((4.0, 9.0, 0.0, 6.0))


def test_that_a_wall_is_coloured_from_the_lowest_to_the_highest_point_in_view_and_no_higher_than_its_roof():
    part = ("view_due", np.array([ON_HOUSE, ON_HOUSE]), np.array([(2.5, 4.0), (5.0, 9.0)]))
    walls = of_kind(around(HOUSE, walls=[part]).faces, "view_due")
    assert [(wall[:, 2].min(), wall[:, 2].max()) for wall in walls] == [(2.5, 4.0), (5.0, 6.0)]


def test_that_the_wall_in_view_over_a_shed_begins_where_the_shed_ends_it():
    # The lens is 4 m high, the far edge of a shed of 3 m is 12 m away: 20 m away it hides all below 4 - 1 * 20 / 12 = 2.33 m.
    shed, home = house(2, -20, 10, 20, 12, kind="shed", height=3.0), house(1, -4, 20, 4, 28)
    (result,) = audit(town(shed, home, cameras=[camera()]), reference_data()).cameras
    (sighting,) = [each for each in result.sightings if each.cls is ProtectedClass.HOME]
    for _, ends, heights in walls_in_view(sighting):
        assert np.abs(ends[:, :, 1] - Y0 - 20.0).max() < 0.06  # a hand before the wall
        assert heights[:, 0] == pytest.approx(4.0 - 20.0 / 12.0, abs=0.01)
        assert heights[:, 1] == pytest.approx(6.0)
    assert sighting.geometry.length == pytest.approx(8.0)


def test_that_frontage_of_which_lines_alone_are_known_is_coloured_over_its_whole_height():
    shed, home = house(2, -20, 10, 20, 12, kind="shed", height=3.0), house(1, -4, 20, 4, 28)
    (result,) = audit(town(shed, home, cameras=[camera()]), reference_data()).cameras
    (sighting,) = [replace(each, mitigation=None) for each in result.sightings if each.cls is ProtectedClass.HOME]
    for _, ends, heights in walls_in_view(sighting):  # read back as lines
        assert np.hypot(*(ends[:, 1] - ends[:, 0]).T).sum() == pytest.approx(8.0)
        assert np.isinf(heights).all()


def test_that_a_house_stands_on_its_hill():
    columns = np.arange(-100, 101, 5.0)
    slope = np.tile(0.1 * columns, (len(columns), 1))  # a metre up for each ten metres east
    found = around(house(1, 42, 2, 50, 10, height=6.0), terrain=Terrain(make_relief(slope, X0 - 102.5, Y0 + 102.5, 5.0)))
    (roof,), walls = of_kind(found.faces, "roof"), of_kind(found.faces, "wall")
    zero = found.middle_m[2]
    assert roof[0, 2] + zero == pytest.approx(4.6 + 6.0, abs=0.2)  # 46 m east in the middle
    low = min(float(wall[:, 2].min()) for wall in walls)
    assert low + zero == pytest.approx(4.2, abs=0.2)  # down to the ground at its west wall
    assert not found.is_level


def test_that_a_gabled_roof_falls_from_its_ridge_to_the_eaves_and_its_gables_stand_up_to_it():
    found = around(with_roof(HOUSE, "gabled", 2.0))  # 10 m along the ridge, 8 m across: the ridge at 6 m, the eaves at 4 m
    roofs, walls = of_kind(found.faces, "roof"), of_kind(found.faces, "wall")
    assert [shapely.Polygon(roof[:, :2]).area for roof in roofs] == pytest.approx([40.0, 40.0])
    assert all((roof[:, 2].min(), roof[:, 2].max()) == pytest.approx((4.0, 6.0)) for roof in roofs)
    tops = sorted(round(float(wall[:, 2].max()), 6) for wall in walls)
    assert tops == [4.0, 4.0, 6.0, 6.0, 6.0, 6.0]  # each gable in two halves
    ridge_m = {round(float(y), 6) for roof in roofs for y in roof[roof[:, 2] > 5.9][:, 1]}
    assert ridge_m == {26.0}  # half way across, eastwards
    assert found.pitched == 1


def test_that_a_hipped_roof_has_four_slopes_and_all_its_walls_end_at_the_eaves():
    found = around(with_roof(HOUSE, "hipped", 2.0))
    areas = sorted(shapely.Polygon(roof[:, :2]).area for roof in of_kind(found.faces, "roof"))
    assert areas == pytest.approx([16.0, 16.0, 24.0, 24.0])  # triangles 8 x 4 / 2, trapezoids (10 + 2) x 4 / 2
    assert {round(float(wall[:, 2].max()), 6) for wall in of_kind(found.faces, "wall")} == {4.0}


@pytest.mark.parametrize(("shape", "high_m"), [("flat", 2.0), ("dome", 2.0), ("gabled", 0.0)])
def test_that_a_roof_is_flat_where_its_shape_is_no_simple_one_or_its_height_is_not_recorded(shape, high_m):
    found = around(with_roof(HOUSE, shape, high_m))
    assert found.pitched == 0
    assert all((roof[:, 2] == 6.0).all() for roof in of_kind(found.faces, "roof"))


def test_that_a_tree_stands_on_a_stem_with_a_crown_as_wide_and_high_as_recorded():
    tree = "node/1", shapely.Point(X0 + 10, Y0 + 5), {"natural": "tree", "height": "10", "diameter_crown": "6"}
    far = "node/2", shapely.Point(X0 + 100, Y0), {"natural": "tree"}
    found = around(trees=(tree, far))
    crown = np.concatenate(of_kind(found.faces, "crown"))
    assert found.trees == 1
    assert (crown[:, 2].min(), crown[:, 2].max()) == pytest.approx((3.0, 10.0))  # a crown begins at 0.3 of the height
    assert np.hypot(crown[:, 0] - 10.0, crown[:, 1] - 5.0).max() == pytest.approx(3.0, abs=0.1)
    (stem,) = of_kind(found.faces, "trunk")
    assert stem[0].tolist() == pytest.approx([10.0, 5.0, 0.0])
    assert around(trees=(tree,), has_trees=False).trees == 0


def test_that_a_row_of_trees_has_a_crown_beside_the_other_and_a_wood_none():
    row = "way/1", shapely.LineString([(X0, Y0), (X0 + 40, Y0)]), {"natural": "tree_row"}  # crowns of 4 m
    wood = "way/2", box(10, 10, 40, 40), {"natural": "wood"}
    assert around(trees=(row, wood)).trees == 10


@pytest.mark.parametrize("roof", [("flat", 0.0), ("gabled", 2.5), ("hipped", 2.5)])
@pytest.mark.parametrize("bearing", [0.0, 37.0, 122.0, 251.0])
def test_that_what_is_painted_last_at_a_spot_is_what_a_ray_from_there_meets_first(bearing, roof):
    rng = np.random.default_rng(7)
    houses = [
        with_roof(house(k, x, y, x + rng.uniform(6, 16), y + rng.uniform(6, 16), height=float(rng.uniform(5, 30))), *roof)
        for k, (x, y) in enumerate([(x, y) for x in range(-60, 50, 20) for y in range(-60, 50, 20)], start=1)
    ]
    faces, tilt = around(*houses).faces, math.radians(50.0)
    ahead, right = np.array([math.sin(math.radians(bearing)), math.cos(math.radians(bearing))]), np.array([
        math.cos(math.radians(bearing)), -math.sin(math.radians(bearing))])  # fmt: skip
    solid = [k for k in faces.order(bearing) if faces.kinds[faces.kind[k]] in ("wall", "roof")]
    corners = [faces.xyz_m[faces.start[k] : faces.start[k + 1]] for k in solid]
    flat = [
        shapely.Polygon(np.column_stack((c[:, :2] @ right, c[:, :2] @ ahead * math.cos(tilt) + c[:, 2] * math.sin(tilt))))
        for c in corners
    ]
    tree, compared = shapely.STRtree(flat), 0
    for u, v in rng.uniform(-50, 50, (900, 2)):
        met = [int(k) for k in tree.query(shapely.Point(u, v), "within")]
        # Along the ray all that is at (u, v) is nearer the less it is ahead: of a face its plane says how far that is.
        away = {k: _away(corners[k], right, ahead, tilt, (u, v)) for k in met}
        if len(met) > 1:
            compared += 1
            assert away[max(met)] == pytest.approx(min(away.values()), abs=1e-6)
    assert compared > 50


def _away(corners, right, ahead, tilt, at):
    """Return how far ahead on the ground the point of a flat face is that stands at a spot of the screen."""
    across = np.column_stack((corners[:, :2] @ right, corners[:, :2] @ ahead, corners[:, 2]))
    a, b = across[1] - across[0], across[2] - across[0]
    normal = np.cross(a, b)
    # Points at (u, v): (u, s, (v - s cos) / sin); on the plane normal . (point - corner) = 0, solved for s.
    u, v = at
    constant = normal @ (np.array([u, 0.0, v / math.sin(tilt)]) - across[0])
    slope = normal[1] - normal[2] * math.cos(tilt) / math.sin(tilt)
    return -constant / slope
