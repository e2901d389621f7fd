"""What of the ground in view lies farther than 100 m from every mapped building is told as not mapped and not counted."""

import numpy as np
import pytest
import shapely
from answers_town import X0, Y0, box, camera, house, layer, pack, reference_data, town
from assessment_values import assessment_json

from lhasaplan.app.map.sight import Seen
from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.base.translations import Translations
from lhasaplan.core.context.audit_context import set_up
from lhasaplan.core.demand.ground_in_view import are_mapped, not_mapped
from lhasaplan.core.live.near_camera import coverage_preview
from lhasaplan.report.documents.council_summary import compose_summary
from lhasaplan.report.facts.short_answer import answer_text
from lhasaplan.report.facts.summary import summarise
from lhasaplan.report.formats.gis import gis_layer
from lhasaplan.report.text.document import Grid
from lhasaplan.report.text.numerals import number_text

FAR = house(1, 900, 900, 910, 910)  # 1.2 km from the camera
NEAR = house(2, -30, -40, 30, -30)  # behind it


def totals(*buildings, **changes):
    return audit(town(*buildings, cameras=[camera(range_m=60.0, **changes)]), reference_data(pack())).totals


def test_that_a_lens_without_a_building_within_100_m_shows_no_ground_that_is_mapped():
    found = totals(FAR)
    # The same wedge as beside a house: some 2,000 m², all of it in view and none of it counted.
    assert found["area_not_mapped_m2"] == pytest.approx(totals(NEAR)["area_seen_certain_m2"])
    assert found["area_not_mapped_m2"] > 1000.0
    assert (found["area_seen_certain_m2"], found["unasked_certain_m2"]) == (0.0, 0.0)


def test_that_beside_buildings_all_ground_is_mapped():
    assert totals(NEAR)["area_not_mapped_m2"] == 0.0


def test_that_of_a_field_half_beside_a_building_half_is_counted_and_both_together_are_the_field():
    # The house ends 90 m south of the camera: the ground is mapped to about 10 m north of it, in squares of 20 m.
    found, whole = totals(house(1, -30, -100, 30, -90)), totals(NEAR)["area_seen_certain_m2"]
    assert 0.5 * whole < found["area_not_mapped_m2"] < whole
    assert found["area_seen_certain_m2"] + found["area_not_mapped_m2"] == pytest.approx(whole)


def test_that_a_square_whose_middle_is_100_m_from_a_building_is_mapped_and_the_next_is_not():
    # Middles of squares lie at 10, 30, 50 …; the house ends at 10 north, 0 to 20 east: the middle at 110 is 100 m away.
    (left,) = not_mapped([shapely.box(2, 90, 18, 160)], shapely.STRtree([shapely.box(0, 0, 20, 10)]))
    assert left.bounds == (2, 120, 18, 160)


def test_that_squares_known_by_first_corners_are_mapped_as_by_every_wall():
    rng = np.random.default_rng(7)
    middle, size = rng.uniform(-600.0, 600.0, (60, 2)), rng.uniform(3.0, 150.0, (60, 2))
    tree = shapely.STRtree(shapely.box(*(middle - size / 2).T, *(middle + size / 2).T))
    east, north = np.mgrid[-1000.0:1000.0:20.0, -1000.0:1000.0:20.0].reshape(2, -1)
    places = np.column_stack((east, north)) + 3.0
    by_walls = [tree.query(shapely.Point(e + 10, n + 10), "dwithin", 100.0).size > 0 for e, n in zip(east, north, strict=True)]
    assert are_mapped(places, tree).tolist() == by_walls
    assert 0.2 < np.mean(by_walls) < 0.8


def test_that_places_at_the_ends_of_the_earth_are_asked_one_by_one():
    tree = shapely.STRtree([box(0, 0, 60, 10), box(4e7, 4e7, 4e7 + 60, 4e7 + 10)])
    places = np.array([(X0 + 150, Y0 + 5), (X0 + 300, Y0 + 5), (X0 + 4e7 + 150, Y0 + 4e7 + 5), (X0 + 2e7, Y0)], float)
    assert are_mapped(places, tree).tolist() == [True, False, True, False]


def test_that_streets_are_counted_where_buildings_are_mapped_alone():
    # The street runs away from the camera; as before, the ground is mapped to about 10 m north of it.
    street = "way/9", shapely.LineString([(X0, Y0 + 5), (X0, Y0 + 55)]), {"highway": "residential"}
    near, half = (
        audit(town(one, cameras=[camera(range_m=60.0)], roads=layer("roads", street)), reference_data(pack())).totals
        for one in (NEAR, house(1, -30, -100, 30, -90))
    )
    assert near["streets_seen_certain_m"] > 40.0
    assert 0.0 < half["streets_seen_certain_m"] < 16.0


def test_that_the_sums_over_cameras_are_those_of_the_city_where_none_overlap():
    cameras = [camera("a", range_m=60.0), camera("b", x=900.0, range_m=60.0)]
    found = audit(town(NEAR, cameras=cameras), reference_data(pack()))
    a, b = found.cameras
    assert found.totals["area_seen_certain_m2"] == pytest.approx(a.area_m2 + b.area_m2)
    assert found.totals["area_not_mapped_m2"] == pytest.approx(a.not_mapped_m2 + b.not_mapped_m2)
    assert (a.not_mapped_m2, b.area_m2, b.unasked_m2) == (0.0, 0.0, 0.0)


def test_that_a_change_is_judged_by_all_ground_so_that_a_turn_towards_bare_ground_does_not_count_as_less():
    (result,) = audit(town(FAR, cameras=[camera(range_m=60.0)]), reference_data(pack())).cameras
    assert (result.unasked_m2, result.judged_m2) == (0.0, pytest.approx(result.not_mapped_m2))


def test_that_page_one_and_json_tell_the_ground_that_is_not_mapped():
    found = audit(town(FAR, cameras=[camera(range_m=60.0)]), reference_data(pack()))
    (line,) = [each for each in summarise(found) if each.key == "area_not_mapped_m2"]
    assert line.value == pytest.approx(found.totals["area_not_mapped_m2"])
    reported = assessment_json(found)
    assert reported["totals"]["area_not_mapped_m2"] == pytest.approx(line.value, abs=0.1)
    assert reported["cameras"][0]["not_mapped_m2"] == pytest.approx(line.value, abs=0.1)
    assert "All ground in view" in answer_text(found, Translations())


def test_that_a_council_is_told_of_unmapped_ground_and_never_that_nothing_is_seen_of_it():
    english = Translations()
    project = town(FAR, cameras=[camera(range_m=60.0)])
    found = audit(project, reference_data(pack()))
    blank = number_text(found.totals["area_not_mapped_m2"], english)
    page = compose_summary(project, found, english)
    assert page.title == "Nobody knows yet what the cameras can see: the map has no building near them"
    (figures,) = (block for block in page.blocks if isinstance(block, Grid) and block.is_large)
    assert figures.rows[0][:2] == ("not known", f"{blank} m²")
    assert figures.headings[1] == "Ground in view that is not mapped"
    half = town(SOUTH_OF_IT, cameras=[camera(range_m=60.0)])
    found = audit(half, reference_data(pack()))
    blank = number_text(found.totals["area_not_mapped_m2"], english)
    assert f"{blank} m² more in view are not mapped." in compose_summary(half, found, english).text()


def test_that_layers_of_a_gis_draw_mapped_ground_as_seen_and_the_rest_as_not_mapped():
    found = audit(town(house(1, -30, -100, 30, -90), cameras=[camera(range_m=60.0)]), reference_data(pack()))
    seen, bare = (sum(row["area_m2"] for row in gis_layer(found, name, Translations()).rows) for name in ("fields", "not_mapped"))
    assert seen == pytest.approx(found.totals["area_seen_certain_m2"], abs=1.0)
    assert bare == pytest.approx(found.totals["area_not_mapped_m2"], abs=1.0)


SOUTH_OF_IT = house(1, -30, -100, 30, -90)  # the ground is mapped to some 10 m north of the camera


def first_cone(*buildings, **changes):
    project = town(*buildings, cameras=[camera(range_m=60.0, **changes)])
    (one,) = coverage_preview(set_up(project, reference_data(pack())), project.cameras)
    return Seen(one.placed, one.fields, (), one.grounds, one.not_mapped), *audit(project, reference_data(pack())).cameras


def areas_m2(shapes):
    return sum(shape.area for shape in shapes)


@pytest.mark.parametrize("changes", [{}, {"azimuth": None}])
def test_that_the_cones_drawn_before_the_answers_show_as_seen_what_these_count(changes):
    seen, result = first_cone(SOUTH_OF_IT, **changes)
    assert result.area_m2 > 0.0 < result.not_mapped_m2
    assert shapely.union_all([one.ground for one in seen.drawn]).area == pytest.approx(result.area_m2, rel=1e-6)
    assert seen.not_mapped.area == pytest.approx(result.not_mapped_m2, rel=1e-6)


def test_that_first_cones_keep_their_whole_ground_where_all_of_it_is_mapped():
    seen, result = first_cone(NEAR)
    assert seen.not_mapped is None
    assert areas_m2(one.ground for one in seen.drawn) == pytest.approx(result.area_m2)


def test_that_the_bands_and_the_night_of_a_cone_end_where_nobody_mapped():
    # Squares of 20 m whose middle has the house within 100 m, worked out here one by one, are all that may be drawn.
    seen, result = first_cone(SOUTH_OF_IT, night_range_m=40.0)
    walls = shapely.box(X0 - 30, Y0 - 100, X0 + 30, Y0 - 90)
    corners = [
        (x, y) for x in range(int(X0) // 20 * 20 - 80, int(X0) + 80, 20) for y in range(int(Y0) // 20 * 20 - 20, int(Y0) + 80, 20)
    ]
    mapped = shapely.union_all(
        [shapely.box(x, y, x + 20, y + 20) for x, y in corners if walls.distance(shapely.Point(x + 10, y + 10)) <= 100.0]
    )
    (cone,) = seen.drawn
    for shape in (*(band for _, band in cone.field.bands), cone.field.geometry, seen.night):
        assert not shape.is_empty
        assert shape.difference(mapped).area < 1e-6
    assert seen.night.area == pytest.approx(result.night_m2, rel=1e-6)
