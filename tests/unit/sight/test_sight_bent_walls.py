"""How sharp a bent lens shows a wall: as the distance says, at the ends of its pieces and between them."""

import math

import pytest
from sight_town import full_circle
from test_sight_walls import pieces, wall

from lhasaplan.core.sight.walls.piece_columns import BEST0, BEST1, FROM, TO


@pytest.mark.parametrize("away_m", [1.95, 3.95, 9.95, 19.95, 59.95])
def test_that_between_its_ends_a_piece_is_as_sharp_for_a_bent_lens_as_its_distance_says(away_m):
    # The inverse density of a piece runs evenly from end to end, the distance does not: a thousandth at most, 0.25 px/m at 250.
    for row in pieces(full_circle(z=5.0, width=3000), wall(north=away_m + 0.05, half=20.0)).figure:
        for share in (0.25, 0.5, 0.75):
            aside = row[FROM] + share * (row[TO] - row[FROM]) - 20.0
            reported = 1.0 / ((1.0 - share) / row[BEST0] + share / row[BEST1])
            assert reported == pytest.approx(3000 / (2 * math.pi) / math.hypot(aside, away_m, 0.05), rel=1e-3)
