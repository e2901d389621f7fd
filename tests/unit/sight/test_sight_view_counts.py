"""The count grid: how many polygons hold the middle of a cell, beside shapely asked cell by cell."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity
from sight_town import full_circle, town, view

from lhasaplan.core.sight import CellFrame, counted_strips, frame_around, make_scene, view_counts, visibility_fields
from lhasaplan.core.sight.sweep.view_counts import outlines_of


def by_shapely(ground, frame):
    """Ask shapely for every cell middle and every polygon."""
    x = frame.west + (np.arange(frame.columns) + 0.5) * frame.cell
    y = frame.north - (np.arange(frame.rows) + 0.5) * frame.cell
    east, north = np.meshgrid(x, y)
    return sum((shapely.contains_xy(one, east, north).astype(int) for one in ground), np.zeros(east.shape, int))


def test_that_a_cell_counts_where_its_middle_lies_in_a_polygon():
    ground = [shapely.box(0.4, 0.4, 2.6, 1.6), shapely.box(1.4, -5.0, 9.0, 9.0)]
    assert view_counts(ground, CellFrame(0.0, 2.0, 1.0, 4, 2)).tolist() == [[1, 2, 2, 1], [1, 2, 2, 1]]


def test_that_courtyards_are_left_out_whichever_way_the_rings_run():
    court = shapely.box(0.0, 0.0, 5.0, 5.0).difference(shapely.box(1.1, 1.1, 3.9, 3.9))
    frame = CellFrame(-1.0, 6.0, 1.0, 7, 7)
    for shape in (court, shapely.Polygon(court.exterior.coords[::-1], [court.interiors[0].coords[::-1]])):
        counts = view_counts([shape, shapely.MultiPolygon([shape, shapely.box(5.2, 5.2, 5.9, 5.9)])], frame)
        assert counts.sum() == 2 * 16 + 1
        assert counts[0, 6] == 1
        assert counts[3, 3] == 0


shapes = st.builds(
    lambda x, y, w, h, turn, hole: affinity.rotate(
        shapely.box(x, y, x + w, y + h).difference(shapely.box(x + 1, y + 1, x + hole, y + hole)), turn, origin=(0, 0)
    ),
    *(st.floats(-12.0, 9.0) for _ in range(2)), *(st.floats(0.5, 14.0) for _ in range(2)), st.floats(0.0, 359.0),
    st.floats(1.5, 6.0),
)  # fmt: skip


@settings(max_examples=80)
@given(st.lists(shapes, max_size=5), st.sampled_from([0.37, 1.0, 2.5]), st.integers(1, 30), st.integers(1, 30))
def test_that_every_cell_agrees_with_shapely(ground, cell, columns, rows):
    frame = CellFrame(-8.123, 7.456, cell, columns, rows)
    assert view_counts(ground, frame).tolist() == by_shapely(ground, frame).tolist()


def test_that_fields_of_a_town_agree_with_shapely_and_strips_with_the_whole(monkeypatch):
    scene = make_scene(town((shapely.box(5, 5, 9, 30), 0.0, 7.0), (shapely.box(-20, 12, -3, 14), 0.0, 16.0)))
    views = [full_circle(0.3, 0.4, 6.0, range_m=40.0), view(-8.03, 2.11, 4.0, hfov=90.0), full_circle(20.07, 3.02, 9.0)]
    ground = [field.geometry for field in visibility_fields(views, scene)]
    frame = frame_around(ground)
    counts = view_counts(ground, frame)
    assert counts.max() == 3
    assert counts.tolist() == by_shapely(ground, frame).tolist()
    assert counts.sum() == pytest.approx(shapely.area(ground).sum(), rel=2e-3)
    monkeypatch.setitem(view_counts.__globals__, "CELLS_A_STRIP", 7 * frame.columns)
    strips = list(counted_strips(ground, frame))
    assert [first for first, _ in strips] == list(range(0, frame.rows, 7))
    assert np.concatenate([part for _, part in strips]).tolist() == counts.tolist()
    assert view_counts(ground, frame).tolist() == counts.tolist()


def test_that_nothing_seen_is_an_empty_count():
    frame = frame_around([shapely.MultiPolygon()])
    assert view_counts([shapely.MultiPolygon()], frame).tolist() == [[0]]
    assert view_counts([], CellFrame(0.0, 1.0, 1.0, 2, 1)).tolist() == [[0, 0]]
    assert len(outlines_of([]).span) == 0


def test_that_a_cancel_between_strips_is_obeyed():
    class Stopped(Exception):
        """A cancel of the test."""

    def stop(share, step):
        if share > 0.0:
            raise Stopped

    frame = CellFrame(0.0, 3000.0, 1.0, 2000, 3000)
    with pytest.raises(Stopped):
        list(counted_strips([shapely.box(0, 0, 9, 9)], frame, stop))


def test_that_more_views_than_a_cell_can_hold_stay_at_the_highest_number():
    ground = np.full(65_537, shapely.box(0.0, 0.0, 1.0, 1.0), object)
    assert view_counts(ground, CellFrame(0.0, 1.0, 1.0, 1, 1)).tolist() == [[65_535]]
