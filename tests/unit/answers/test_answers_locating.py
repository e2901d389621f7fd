"""No set of outputs gives a refuge's wall to better than 50 m; as outputs were, the same attack finds it."""

from dataclasses import replace

import numpy as np
import pytest
from amounts import some_by_day
from answers_town import box, camera, house, reference_data, town
from locating import Town, located_m

LEAST_M = 50.0
REFUGE = {"building": "yes", "height": "6", "amenity": "womens_refuge"}


def towns_of(seed, private):
    """Give outputs of a random town without and with a refuge, and the same once one of its cameras was moved and turned."""
    dice = np.random.default_rng(seed)
    x, y = dice.uniform(-60.0, 60.0, 2)
    houses = [house(n, *(low := dice.uniform(-150.0, 150.0, 2)), *(low + dice.uniform(8.0, 16.0, 2))) for n in range(2, 8)]
    free = [each for each in houses if each[1].distance(box(x, y, x + 12, y + 10)) > 12.0]
    cameras = [looking_at(f"c{n}", x + 6, y + 5, dice) for n in range(3)]
    moved = [replace(cameras[0], x_m=cameras[0].x_m + 6.0), *cameras[1:]]
    for some in (cameras, moved):
        bare, hut = town(*free, ("way/1", box(x, y, x + 12, y + 10), {"building": "yes", "height": "6"}), cameras=some), REFUGE
        full = town(*free, ("way/1", box(x, y, x + 12, y + 10), hut), cameras=some)
        yield Town(bare, full, reference_data(), private)


def looking_at(name, x, y, dice):
    """Return a camera 15 to 35 m from a spot that looks there, a little beside it."""
    azimuth, away_m = dice.uniform(0.0, 360.0), dice.uniform(15.0, 35.0)
    at = x - away_m * np.sin(np.radians(azimuth)), y - away_m * np.cos(np.radians(azimuth))
    return camera(name, *at, azimuth=(azimuth + dice.uniform(-15.0, 15.0)) % 360.0)


@pytest.mark.parametrize("seed", some_by_day((1, 2), {1}))
def test_that_all_outputs_together_do_not_locate_a_refuge(seed):
    assert located_m(towns_of(seed, private=False)) >= LEAST_M


@pytest.mark.parametrize("seed", some_by_day((1, 2), {1}))
def test_that_the_same_attack_locates_it_by_outputs_as_they_were(seed):
    """So a refuge that is not found is not one that was not looked for."""
    assert located_m(towns_of(seed, private=True)) < LEAST_M


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(3, 23))
def test_that_all_outputs_of_many_towns_do_not_locate_a_refuge(seed):
    assert located_m(towns_of(seed, private=False)) >= LEAST_M
    assert located_m(towns_of(seed, private=True)) < LEAST_M
