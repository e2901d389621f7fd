"""Points that are asked about: each has an id of its own."""

import pytest

from lhasaplan.errors import InputError
from lhasaplan.io.points import read_points


def test_that_two_points_of_one_id_are_told_with_both_rows(tmp_path):
    table = tmp_path / "points.csv"
    table.write_text("point_id,lon,lat\na,7.42,43.73\nb,7.42,43.73\na,7.43,43.73\n")
    with pytest.raises(InputError, match="row 4, column point_id: the id a is already used in row 2"):
        read_points(table)
