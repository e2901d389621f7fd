"""What of the ground in view lies farther than 100 m from every mapped building is told as not mapped."""

import numpy as np
import pytest
import shapely
from answers_town import camera, house, pack, reference_data, town

from lhasaplan.core.audit.assess import audit
from lhasaplan.core.audit.camera_results import SeenGround
from lhasaplan.core.audit.mapped_ground import not_mapped
from lhasaplan.core.model.layer import Buildings
from lhasaplan.report.facts.summary import summarise
from lhasaplan.report.formats.json_data import assessment_json

FAR = house(1, 900, 900, 910, 910)  # 1.2 km from the camera
NEAR = house(2, -30, -40, 30, -30)  # behind it


def totals(*buildings, **changes):
    return audit(town(*buildings, cameras=[camera(range_m=60.0, **changes)]), reference_data(pack())).totals


def test_that_a_lens_without_a_building_within_100_m_shows_no_ground_that_is_mapped():
    found = totals(FAR)
    assert found["area_not_mapped_m2"] == pytest.approx(found["area_seen_certain_m2"])
    assert found["area_not_mapped_m2"] > 1000.0


def test_that_beside_buildings_all_ground_is_mapped():
    assert totals(NEAR)["area_not_mapped_m2"] == 0.0


def test_that_of_a_field_half_beside_a_building_half_is_mapped():
    # The house ends 90 m south of the camera: the ground is mapped to about 10 m north of it, in squares of 20 m.
    found = totals(house(1, -30, -100, 30, -90))
    assert 0.5 * found["area_seen_certain_m2"] < found["area_not_mapped_m2"] < found["area_seen_certain_m2"]


def test_that_a_square_whose_middle_is_100_m_from_a_building_is_mapped_and_the_next_is_not():
    # Middles of squares lie at 10, 30, 50 …; the house ends at 10 north, 0 to 20 east: the middle at 110 is 100 m away.
    shape = np.array([shapely.box(0, 0, 20, 10), None], object)[:1]
    houses = Buildings(np.array(["way/1"], object), shape, np.zeros(1), np.full(1, 6.0), np.array(["height"], object), ({},))
    strip = shapely.box(2, 90, 18, 160)
    (left,) = not_mapped([SeenGround(None, (), strip, strip)], houses)
    assert left.bounds == (2, 120, 18, 160)


def test_that_page_one_and_json_tell_the_ground_that_is_not_mapped():
    found = audit(town(FAR, cameras=[camera(range_m=60.0)]), reference_data(pack()))
    (line,) = [each for each in summarise(found) if each.key == "area_not_mapped_m2"]
    assert line.value == pytest.approx(found.totals["area_not_mapped_m2"])
    assert assessment_json(found)["totals"]["area_not_mapped_m2"] == pytest.approx(line.value, abs=0.1)
