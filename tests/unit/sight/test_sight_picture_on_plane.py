"""Where the picture of a straight lens falls on the ground: every spot of it, and no other, whatever the tilt."""

import numpy as np
import pytest
import shapely
from sight_town import view

from lhasaplan.core.model.optics import LensClass, vertical_angle_deg
from lhasaplan.core.sight.lens.masks import picture_on_plane, pixels_of

DROP_M = 3.0


@pytest.mark.parametrize("tilt", [0.0, 10.0, 16.4, 40.0, 66.0, 77.0, 88.0])
def test_that_a_spot_is_on_the_ground_of_the_picture_where_its_pixel_is_in_the_picture(tilt):
    tall = vertical_angle_deg(73.5, 1920, 1080, LensClass.RECTILINEAR)
    lens = view(x=0.0, y=0.0, z=DROP_M, azimuth=30.0, hfov=73.5, vfov=tall, tilt=tilt, range_m=60.0)
    shape, rng = picture_on_plane(lens, DROP_M), np.random.default_rng(int(tilt))
    near, far = rng.uniform(-6.0, 6.0, (3000, 2)), rng.uniform(-60.0, 60.0, (6000, 2))
    xy = np.concatenate([near, far])
    u, v = pixels_of(lens, xy[:, 0], xy[:, 1], np.full(len(xy), DROP_M))
    ahead = np.sin(np.radians(30.0)) * xy[:, 0] + np.cos(np.radians(30.0)) * xy[:, 1]
    depth = ahead * np.cos(np.radians(tilt)) + DROP_M * np.sin(np.radians(tilt))
    inside = (depth > 0.0) & (u > 0.5) & (u < 1919.5) & (v > 0.5) & (v < 1079.5)
    outside = (depth <= 0.0) | (u < -0.5) | (u > 1920.5) | (v < -0.5) | (v > 1080.5)
    spots = shapely.points(xy)
    assert inside.sum() > 20
    assert shapely.covers(shape, spots[inside]).all()
    assert not shapely.covers(shape, spots[outside]).any()
