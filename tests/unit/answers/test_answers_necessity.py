"""What each camera costs and what it is needed for."""

import math

import numpy as np
import pytest
from answers_town import SHED, bare_camera, camera, house, reference_data, town
from scipy import sparse
from test_answers_check import SOUTH, drawn, inside_gate

from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.demand.columns import Needs
from lhasaplan.core.demand.necessity import losses_of
from lhasaplan.core.demand.neighbourhood import hand_made
from lhasaplan.core.model.camera import Status
from lhasaplan.core.results.assessment import CameraLoss


def test_that_without_parts_all_ground_is_unasked_and_nothing_is_known_to_be_lost():
    (result,) = audit(town(SHED, cameras=[camera()]), reference_data()).cameras
    assert (result.necessity.unasked_share, result.necessity.lost_without, result.necessity.milder_camera) == (1.0, None, "")


def test_that_the_share_at_night_is_of_the_ground_within_that_range():
    # A sector from 6.58 m (the picture's lower edge) to 56.9 m (25 px/m): out to 20 m lie (400 - 43) / (3240 - 43) of it,
    # but the range of 25 px/m goes by depth, so the far edge is a line and the sector a little larger.
    (result,) = audit(town(SHED, cameras=[camera(night_range_m=20.0)]), reference_data()).cameras
    assert result.necessity.night_share == pytest.approx(0.11, abs=0.02)
    (blind,) = audit(town(SHED, cameras=[camera()]), reference_data()).cameras
    assert blind.necessity.night_share is None


def test_that_protected_places_are_counted_by_class_and_grade():
    # 10, 15 and 45 m ahead: 142, 95 and 32 px/m at the nearest wall.
    homes = (house(1, -10, 10, -6, 14), house(2, 0, 15, 6, 20), house(3, 10, 45, 20, 50))
    (result,) = audit(town(*homes, cameras=[camera()]), reference_data()).cameras
    assert result.necessity.protected_in_view == {"home": {"note": 1, "due": 1, "error": 1}}


def test_that_a_possible_view_counts_at_its_graver_end():
    (result,) = audit(town(house(1, -10, 15, 10, 25), cameras=[bare_camera()]), reference_data()).cameras
    assert result.necessity.protected_in_view["home"]["error"] == 1


def test_that_the_only_camera_of_a_part_would_lose_it_all_that_it_serves():
    result = inside_gate(town(cameras=[SOUTH])).cameras[0]
    assert result.necessity.lost_without == (CameraLoss("p1", 0.5, 1.0),)


def test_that_a_camera_beside_an_equal_one_would_not_be_missed():
    result = inside_gate(town(cameras=[SOUTH, camera("twin")])).cameras[0]
    assert result.necessity.lost_without == ()


def test_that_the_camera_that_sees_less_and_serves_the_same_is_the_milder_one():
    short = camera("short", range_m=30.0)
    south, mild = inside_gate(town(cameras=[SOUTH, short])).cameras
    assert (south.necessity.milder_camera, mild.necessity.milder_camera) == ("short", "")


def test_that_what_is_lost_is_the_weight_of_points_with_no_view_to_spare():
    # Part p: points of weight 1 and 3. Camera 0 shows both, camera 1 the second: without 0 a quarter goes.
    matrix = sparse.csr_array([[80.0, 0.0], [80.0, 80.0]])
    part = np.zeros(2, np.int64)
    needs = Needs(
        part, np.array([1.0, 3.0]), np.full(2, 60.0), np.full(2, 25.0), np.ones(2, np.int64), np.ones(1), np.array([4.0])
    )
    first, second = losses_of(matrix, matrix, needs, (hand_made(drawn()),), (Status.OPERATING, Status.OPERATING))
    assert math.isclose(first[0].share_served, 0.25)
    assert second == ()
