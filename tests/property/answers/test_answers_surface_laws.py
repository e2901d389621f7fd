"""Surfaces in view against a second method: every look taken by hand, one after the other."""

import math
from collections import defaultdict

import numpy as np
import shapely
from answers_town import X0, Y0, bare_camera, camera, house, layer, reference_data, town
from hypothesis import given, settings
from hypothesis import strategies as st

from lhasaplan.core.context.audit_context import make_context
from lhasaplan.core.exposure.grading import hits_on_samples
from lhasaplan.core.exposure.sample_hits import read_places
from lhasaplan.core.exposure.seen_surfaces import with_surfaces
from lhasaplan.core.exposure.sightings import sightings_of
from lhasaplan.core.protection.places import sample_protected
from lhasaplan.core.sight import densities

WIDTH = st.floats(0.4, 9.0)


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


def by_hand(hits, samples, context):
    """Return (camera, class, basis, band) -> the places, metres by case, densities by case, distances and night weights."""
    read = read_places(hits, samples, context.thresholds.frontage_m)
    known = set(zip(read.camera.tolist(), read.case.tolist(), read.place.tolist(), strict=True))
    found = defaultdict(lambda: (set(), defaultdict(dict), defaultdict(float), [], []))
    rows = zip(hits.camera.tolist(), hits.case.tolist(), hits.sample.tolist(), hits.density_px_m.tolist(), strict=True)
    for who, case, sample, density in rows:
        place = int(samples.place[sample])
        if (who, case, place) not in known:
            continue
        x, y, z = samples.xyz_m[sample].tolist()
        band = "ground_floor" if z < 3 else "upper_floors" if z < 9 else "above"
        places, metres, sharpest, distances, lit = found[who, samples.places[place].cls, "assumed" if case else "recorded", band]
        places.add(place)
        metres[case][int(samples.column[sample])] = float(samples.length_m[sample])
        sharpest[case] = max(sharpest[case], density)
        view, night = context.placed[who].views[0], context.placed[who].camera.night_range_m
        distances.append(math.dist((x, y, z), (view.x_m, view.y_m, view.lens_z_m)))
        lit.append((float(samples.length_m[sample]), None if night is None else distances[-1] <= night))
    return found


@settings(max_examples=25, deadline=None)
@given(project=towns())
def test_that_bands_add_up_to_what_is_counted_by_hand(project):
    context = make_context(project, reference_data(), with_planned=False)
    samples = sample_protected(context.protected)
    density = densities(context.view_table.views, samples.xyz_m, context.scene)
    rest = {"thresholds": context.thresholds}
    hits = hits_on_samples(density, samples, samples.direction, context.view_table, buildings=context.buildings, **rest)
    sightings = sightings_of(hits, samples, samples.direction, context.view_table, placed=context.placed, **rest)
    told = with_surfaces(sightings, hits, samples, samples.direction, context)
    expected = by_hand(hits, samples, context)
    fronts = {(*key, each.band): each for key, one in told.items() for each in one.surfaces if each.surface == "frontage"}
    assert fronts.keys() == expected.keys()
    for key, each in fronts.items():
        places, metres, sharpest, distances, lit = expected[key]
        assert each.count == len(places) <= told[key[:3]].places
        assert np.isclose(each.length_m, max(sum(one.values()) for one in metres.values()))
        ends = [sharpest[0]] * 2 if key[2] == "recorded" else sorted((sharpest[1], sharpest[2]))
        assert np.allclose(each.density_px_m, ends)
        assert np.isclose(each.nearest_m, min(distances))
        share = sum(length for length, is_lit in lit if is_lit) / sum(length for length, _ in lit)
        assert each.night_share is None if lit[0][1] is None else np.isclose(each.night_share, share)
        doors = [one for one in told[key[:3]].surfaces if one.surface == "entrance"]
        assert sum(one.count for one in doors) <= len(project.layers["places"])
