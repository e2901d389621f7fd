"""A pack may be loaded where it is no law: its articles are cited as a yardstick, and that is said."""

from dataclasses import replace

import pytest
import shapely
from answers_town import camera, pack, reference_data, town

from lhasaplan.core.audit.output_notes import NOTES
from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.base.crs import Crs
from lhasaplan.core.city.territory import Territory

HERE, AWAY = camera(), replace(camera(), camera_id="away", x_m=camera().x_m + 9_000.0)


def notes(*codes, countries, cameras=(HERE, AWAY)):
    law = replace(pack("code"), countries=codes)
    found = audit(town(cameras=list(cameras)), replace(reference_data(law), territory=Territory(countries)))
    return [params for template, params in found.notes if template == NOTES["beyond_law"]]


def land(west_m, east_m):
    """Return a country 20 km long, from west to east of the first camera."""
    crs = Crs(town(cameras=[HERE]).crs)
    corners = [crs.to_lonlat(HERE.x_m + dx, HERE.y_m + dy) for dx in (west_m, east_m) for dy in (-10_000.0, 10_000.0)]
    return shapely.convex_hull(shapely.MultiPoint([(float(lon), float(lat)) for lon, lat in corners]))


def test_that_cameras_outside_the_territory_of_a_pack_are_counted():
    # The country ends 4 km east of the first camera; the other stands 5 km beyond, more than the 2 km of tolerance.
    assert notes("001", countries={"001": land(-4_000, 4_000)}) == [{"count": 1, "pack": "code"}]


@pytest.mark.parametrize("countries", [{"001": land(-4_000, 12_000)}, {"001": land(-4_000, 8_000)}])
def test_that_none_is_counted_inside_or_within_the_tolerance(countries):
    assert notes("001", countries=countries) == []


def test_that_the_tolerance_ends_at_another_state():
    assert notes("001", countries={"001": land(-4_000, 8_000), "002": land(8_000, 20_000)}) == [{"count": 1, "pack": "code"}]


def test_that_a_pack_without_a_territory_is_law_nowhere_and_says_nothing():
    assert notes(countries={"001": land(-4_000, 4_000)}) == []
