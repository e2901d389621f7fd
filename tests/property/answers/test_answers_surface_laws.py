"""Surfaces in view against a second method: pieces of walls taken by hand, centimetre by centimetre."""

import math
from collections import defaultdict

import numpy as np
import shapely
from amounts import examples
from answers_town import X0, Y0, bare_camera, camera, house, layer, reference_data, town
from hypothesis import given
from hypothesis import strategies as st

from lhasaplan.core.context.audit_context import make_context
from lhasaplan.core.exposure.grading import read_places, walls_within_reach
from lhasaplan.core.exposure.seen_surfaces import with_surfaces
from lhasaplan.core.exposure.seen_walls import look_at_walls
from lhasaplan.core.exposure.sightings import sightings_of
from lhasaplan.core.sight.lens.frustum import limits_of_view_px_m
from lhasaplan.core.sight.walls.piece_columns import FROM, HIGH0, HIGH1, LOW0, LOW1, TO

WIDTH = st.floats(0.4, 9.0)
BANDS = {"ground_floor": (0.0, 3.0), "upper_floors": (3.0, 9.0), "above": (9.0, math.inf)}
CUTS = 100  # so finely is a piece of a metre gone through by hand


@st.composite
def towns(draw):
    """Return a town of a few houses before a recorded and an unknown camera, a door at the foot of each house."""
    houses, doors = [], []
    for number in range(draw(st.integers(1, 4))):
        west, south = draw(st.floats(-20, 20)), draw(st.floats(4, 30)) + 40 * (number % 2)
        wide, deep = draw(WIDTH), draw(WIDTH)
        houses.append(house(number, west, south, west + wide, south + deep, height=draw(st.floats(2, 15))))
        doors.append((f"node/{number}", shapely.Point(X0 + west + wide / 2, Y0 + south), {"entrance": "yes"}))
    night = draw(st.none() | st.floats(0, 40))
    cameras = [camera("c1", azimuth=draw(st.floats(-40, 40)) % 360, night_range_m=night), bare_camera("c2", x=15)]
    return town(*houses, cameras=cameras, places=layer("places", *doors))


def by_hand(seen, context):
    """Return (camera, class, basis, band) -> places, metres by look, highest densities, distances, (metres, lit)."""
    read = read_places(seen, context.thresholds.frontage_m, context.thresholds.note_px_m)
    known = set(zip(read.camera.tolist(), read.case.tolist(), read.place.tolist(), strict=True))
    found = defaultdict(lambda: (set(), defaultdict(list), [], [], []))
    for who, case, look, number, row in zip(seen.camera, seen.case, seen.look, seen.wall, seen.figure, strict=True):
        place = int(seen.walls.place[number])
        if (who, case, place) not in known:
            continue
        share = (np.arange(CUTS) + 0.5) / CUTS
        low, high = row[LOW0] + share * (row[LOW1] - row[LOW0]), row[HIGH0] + share * (row[HIGH1] - row[HIGH0])
        along = seen.walls.along[number]
        xy = seen.walls.ends_m[number, :2] + along * (row[FROM] + share * (row[TO] - row[FROM]))[:, None]
        xy = xy + 0.05 * np.array([along[1], -along[0]])  # a wall is looked at just before its line
        view, night = context.view_table.views[look], context.placed[who].camera.night_range_m
        for band, (floor, ceiling) in BANDS.items():
            bottom, top = np.maximum(low, floor), np.minimum(high, ceiling)
            counts = np.flatnonzero(top - bottom >= 0.1)
            if not len(counts):
                continue
            key = int(who), seen.walls.places[place].cls, "assumed" if case else "recorded", band
            places, metres, most, distances, lit = found[key]
            places.add(place)
            length = len(counts) / CUTS * (row[TO] - row[FROM])
            metres[look].append(length)
            for z in (bottom, top, np.clip(view.lens_z_m, bottom, top)):
                limits = limits_of_view_px_m(view, *(xy - (view.x_m, view.y_m)).T, view.lens_z_m - z)
                most.append(limits[1][counts].max())
            z = np.clip(view.lens_z_m, bottom, top)
            level = np.hypot(*(xy - (view.x_m, view.y_m)).T)
            distances.append(np.hypot(level, z - view.lens_z_m)[counts].min())
            lit.append((length, None if night is None else (level[counts] <= night).mean()))
    return found


@examples(10, nightly=125)
@given(project=towns())
def test_that_bands_add_up_to_what_is_counted_by_hand(project):
    context = make_context(project, reference_data(), with_planned=False)
    seen = look_at_walls(context, walls_within_reach(context))
    sightings = sightings_of(seen, context.view_table, placed=context.placed, thresholds=context.thresholds)
    reported = with_surfaces(sightings, seen, context)
    expected = by_hand(seen, context)
    fronts = {(*key, each.band): each for key, one in reported.items() for each in one.surfaces if each.surface == "frontage"}
    assert expected.keys() <= fronts.keys()
    # What is less than a hundredth of a piece wide may be missed by hand.
    assert all(fronts[key].length_m < 0.03 for key in fronts.keys() - expected.keys())
    for key, (places, metres, most, distances, lit) in expected.items():
        each = fronts[key]
        assert len(places) <= each.count <= reported[key[:3]].places
        most_m = max(sum(one) for one in metres.values())  # of several looks the one that shows most counts
        assert math.isclose(each.length_m, most_m, abs_tol=0.011 * len(lit))
        low, high = each.density_px_m
        assert math.isclose(high, max(most), rel_tol=0.02)
        assert low == (high if key[2] == "recorded" else 0.0)  # whose direction nobody knows may look the other way
        assert math.isclose(each.nearest_m, min(distances), abs_tol=0.05)
        share = None if lit[0][1] is None else sum(length * part for length, part in lit) / sum(length for length, _ in lit)
        assert each.night_share is None if share is None else math.isclose(each.night_share, share, abs_tol=0.05)
        doors = [one for one in reported[key[:3]].surfaces if one.surface == "entrance"]
        assert sum(one.count for one in doors) <= len(project.layers["places"])
