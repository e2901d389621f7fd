import numpy as np
from merged_arcs import covers, merge_sectors

from lhasaplan.core.exposure.sightings import padded, turned, width_deg


def sectors(*pairs):
    centre = np.array([(a + ((b - a) % 360) / 2) % 360 for a, b in pairs])
    return merge_sectors(centre, np.array([((b - a) % 360) / 2 for a, b in pairs]))


def test_that_arcs_that_touch_become_one_sector():
    assert sectors((10, 20), (20.5, 30)) == ((10.0, 30.0),)


def test_that_arcs_apart_stay_two_sectors():
    assert sectors((10, 20), (40, 50)) == ((10.0, 20.0), (40.0, 50.0))


def test_that_a_sector_may_pass_north():
    assert sectors((350, 5), (4, 12)) == ((350.0, 12.0),)


def test_that_an_arc_inside_another_adds_nothing():
    assert sectors((0, 90), (20, 30)) == ((0.0, 90.0),)


def test_that_arcs_all_round_are_the_full_circle():
    assert merge_sectors(np.arange(0.0, 360.0, 10.0), np.full(36, 5.0)) == ((0.0, 360.0),)


def test_that_padding_grows_both_ends_and_joins_neighbours():
    assert padded(((10.0, 20.0), (23.0, 30.0)), 2.0) == ((8.0, 32.0),)


def test_that_turning_to_true_north_wraps():
    assert turned(((350.0, 358.0),), 5.0) == ((355.0, 3.0),)


def test_that_a_sector_past_north_covers_north():
    assert covers(((350.0, 10.0),), 0.0)
    assert not covers(((350.0, 10.0),), 180.0)
    assert width_deg((350.0, 10.0)) == 20.0
