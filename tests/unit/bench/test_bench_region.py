"""The region of the bench: other cities beside each other, each thing once, told to be made up."""

from itertools import pairwise

import numpy as np
import shapely
from bench.region import GAP_M, Order, region

ORDER = Order(cities=3, buildings=100, places=20, cameras=12)


def test_that_cities_lie_apart_and_keep_all_that_is_theirs():
    found = region(ORDER)
    houses = found.layers["buildings"]
    assert (len(houses), len(found.cameras)) == (300, 36)
    assert len(set(houses.ids.tolist())) == 300
    assert len({camera.camera_id for camera in found.cameras}) == 36
    assert found.synthetic
    ends = [shapely.total_bounds(houses.geometry[low : low + 100])[[0, 2]] for low in (0, 100, 200)]
    assert [b[0] - a[1] for a, b in pairwise(ends)] == [GAP_M, GAP_M]
    for number, (west, east) in enumerate(ends):
        mine = [camera.x_m for camera in found.cameras[12 * number : 12 * number + 12]]
        assert west <= min(mine) <= max(mine) <= east + 20.0


def test_that_no_city_is_another_once_more():
    x = np.array([camera.x_m for camera in region(ORDER).cameras]).reshape(3, 12)
    assert not np.allclose(x[1] - x[0], (x[1] - x[0])[0])
