"""What many cameras see is worked off by whole cameras."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lhasaplan.core.exposure.seen_open_ground import SeenOpenGround
from lhasaplan.core.exposure.seen_walls import SeenWalls, by_cameras
from lhasaplan.core.protection.ground import protected_walls
from lhasaplan.core.sight.walls.piece_columns import PIECE_COLUMNS


def seen_by(pieces, grounds):
    """Seen walls of every third camera: so many pieces and rows of ground of each, numbered from 0."""
    camera, of_ground = (np.repeat(np.arange(len(counts)) * 3, counts) for counts in (pieces, grounds))
    none, number = np.zeros_like(camera), np.arange(len(camera))
    shape, zero = np.full(len(of_ground), None, object), np.zeros(len(of_ground))
    ground = SeenOpenGround(of_ground, none[:0], none[:0], np.arange(len(of_ground)), shape, zero, zero, zero)
    ground = replace(ground, case=np.zeros_like(of_ground), look=np.zeros_like(of_ground))
    figure = np.zeros((len(camera), PIECE_COLUMNS))
    return SeenWalls(protected_walls(()), camera, none, none, number, number, figure, np.ones(len(camera)), ground)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), max_size=12), st.integers(1, 20))
def test_that_what_is_seen_is_given_by_whole_cameras_and_each_once(counts, rows):
    seen = seen_by([pieces for pieces, _ in counts], [grounds for _, grounds in counts])
    given_out = list(by_cameras(seen, rows))
    assert [wall for some in given_out for wall in some.wall.tolist()] == list(range(len(seen)))
    assert [place for some in given_out for place in some.ground.place.tolist()] == list(range(len(seen.ground)))
    cameras = [set(some.camera.tolist()) | set(some.ground.camera.tolist()) for some in given_out]
    assert all(a and b and not a & b for a, b in pairwise(cameras))
    assert all(len(some) + len(some.ground) >= rows for some in given_out[:-1])
