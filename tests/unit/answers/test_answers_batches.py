"""Squares of ground give every point that a view may reach, and few others; looks are worked off by whole cameras."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
from answers_town import X0, Y0, camera, reference_data, town
from hypothesis import given
from hypothesis import strategies as st

from lhasaplan.core.context.audit_context import make_context
from lhasaplan.core.context.map_squares import SQUARE_M, Squares
from lhasaplan.core.exposure.seen_open_ground import SeenOpenGround
from lhasaplan.core.exposure.seen_walls import SeenWalls, by_cameras
from lhasaplan.core.protection.walls import protected_walls
from lhasaplan.core.sight.walls.piece_columns import PIECE_COLUMNS

VIEW = make_context(town(cameras=[camera()]), reference_data(), with_planned=False).view_table.views[0]
PLACES = st.tuples(st.floats(-500, 500), st.floats(-500, 500), st.floats(1, 300))


def at(x, y, reach):
    return replace(VIEW, x_m=X0 + x, y_m=Y0 + y, range_m=reach)


@given(st.lists(PLACES, max_size=5), st.integers(0, 2**31))
def test_that_no_point_in_range_is_left_out_and_none_two_squares_beyond_comes_along(lenses, seed):
    xy = np.array([X0, Y0]) + np.random.default_rng(seed).uniform(-600, 600, (300, 2))
    views = [at(*lens) for lens in lenses]
    near = Squares.of(xy).near(views)
    beyond = np.array([np.abs(xy - (view.x_m, view.y_m)).max(axis=1) - view.range_m for view in views]).reshape(-1, len(xy))
    in_range = [np.hypot(*(xy - (view.x_m, view.y_m)).T) <= view.range_m for view in views]
    assert set(np.flatnonzero(np.any(in_range, axis=0))) <= set(near.tolist()) if views else not len(near)
    assert all(beyond[:, point].min() < 2 * SQUARE_M for point in near)
    assert (np.diff(near) > 0).all()


def test_that_views_far_from_every_point_reach_none():
    assert not len(Squares.of(np.array([[X0, Y0]])).near([at(5000.0, 0.0, 10.0), at(-5000.0, -5000.0, 10.0)]))
    assert not len(Squares.of(np.zeros((0, 2))).near([at(0.0, 0.0, 10.0)]))


def test_that_points_at_the_ends_of_the_earth_do_not_make_many_squares():
    squares = Squares.of(np.array([[0.0, 0.0], [1e7, 1e7], [X0, Y0]]))
    assert max(squares.size) <= 2_001
    assert 2 in squares.near([at(0.0, 0.0, 10.0)])


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
    given_out = [some for _, some in by_cameras(seen, rows)]
    assert [wall for some in given_out for wall in some.wall.tolist()] == list(range(len(seen)))
    assert [place for some in given_out for place in some.ground.place.tolist()] == list(range(len(seen.ground)))
    cameras = [set(some.camera.tolist()) | set(some.ground.camera.tolist()) for some in given_out]
    assert all(a and b and not a & b for a, b in pairwise(cameras))
    assert all(len(some) + len(some.ground) >= rows for some in given_out[:-1])
