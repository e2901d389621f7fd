"""Frontage in view is held as the ends of its lines, and read as the shape that it is."""

import numpy as np
import pytest
import shapely

from lhasaplan.core.base.kept_shapes import kept_by_id
from lhasaplan.core.exposure.sightings import PackedLines
from lhasaplan.files.spooled_shapes import ShapeSpool

ENDS = [[(0.0, 1.5), (2.25, 1.5)], [(500_000.125, 6_670_000.5), (500_001.0, 6_670_000.5)]]
HEIGHTS = np.array([(0.0, 2.5), (3.0, 6.0)], np.float32)


@pytest.mark.parametrize("count", [1, 2])
def test_that_packed_lines_are_read_as_the_lines_between_their_ends(count):
    read = PackedLines(np.array(ENDS[:count]), HEIGHTS[:count]).read()
    assert read.equals_exact(shapely.multilinestrings(ENDS[:count]), 0.0)
    assert read.geom_type == "MultiLineString"


def test_that_lines_which_two_answers_share_are_put_away_once_as_a_shape():
    lines, put = PackedLines(np.array(ENDS), HEIGHTS), []

    def keep(shapes):
        put.extend(shapes)
        return shapes

    assert set(kept_by_id([lines, lines], keep)) == {id(lines)}
    assert [shape.read().geom_type for shape in put] == ["MultiLineString"]


def test_that_a_file_has_packed_lines_and_lines_byte_for_byte_alike():
    lines, area = shapely.multilinestrings(ENDS), shapely.box(0, 0, 3, 2)
    packed, drawn, ground = ShapeSpool()([PackedLines(np.array(ENDS), HEIGHTS), lines, area])
    assert packed.wkb() == drawn.wkb() == shapely.to_wkb(lines)
    assert [each.area_m2 for each in (packed, drawn, ground)] == [0.0, 0.0, 6.0]
