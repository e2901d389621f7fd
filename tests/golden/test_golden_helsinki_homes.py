"""Five Helsinki cameras picked by hand, with what they can see of homes worked out in the comments.

No camera there records a direction or a lens, so each looks everywhere its mount allows, with any lens within the limits of its
kind: at most 3840 px at 12 degrees, f = 3840 / (2 tan 6) = 18,268 px, of a dome at 4.7 degrees, f = 46,785 px. At a
distance d the density is f / d at most; at least it is nothing, since the camera may look the other way. The distances come from
the map file through osmium and pyproj alone. A view is as sharp as the metre of frontage that it shows best: where the wall
runs away from the lens that metre ends a metre farther off than the nearest corner. Off the axis there is a little more
density, so figures agree within 6 %.
"""

import math
from dataclasses import replace

import osmium
import pytest
from pyproj import Transformer
from samples import sample
from shapely.geometry import Point, Polygon

from lhasaplan import bootstrap
from lhasaplan.content import content_folder
from lhasaplan.core.model.camera import Kind
from lhasaplan.core.model.place import ProtectedClass
from lhasaplan.core.results.assessment import Assessment, Sighting
from lhasaplan.core.results.finding import Severity
from lhasaplan.workflow.answers import audit

SHARPEST_PX = {Kind.DOME: 1920 / math.tan(math.radians(2.35))}
FIXED_PX = 1920 / math.tan(math.radians(6.0))
CAMERAS = {
    # An office facade across a street from way 22465899 (18 m high, a home by its tags): 16.9 m.
    311046853: (22465899, 16.9),
    # Further down the same street: 56.2 m to the same house.
    311047604: (22465899, 56.2),
    # On a pole, 27.7 m from the apartments way 21239163, no wall between.
    311750228: (21239163, 27.7),
    # On a pole 25.5 m from way 123521830.
    340371412: (123521830, 25.5),
    # On a wall 9.1 m from the corner of a block of flats whose wall runs on straight away from the lens: a metre of it ends at
    # 10.1 m.
    317544339: (135980460, 9.1),
}
RUNS_AWAY = {317544339}


@pytest.fixture(scope="module")
def city() -> Assessment:
    """Return the audit of the five: what one camera sees does not hang on the others."""
    helsinki = sample("helsinki")
    five = tuple(each for each in helsinki.cameras if each.camera_id in {f"node/{number}" for number in CAMERAS})
    return audit(bootstrap.open_services(), replace(helsinki, cameras=five))


@pytest.fixture(scope="module")
def measured_m() -> dict[int, float]:
    """Return the distance of each camera to the home named beside it, from the map file alone."""
    metric = Transformer.from_crs("EPSG:4326", "EPSG:32635", always_xy=True)
    homes = {home for home, _ in CAMERAS.values()}
    cameras, outlines = {}, {}
    pbf = content_folder("data") / "samples" / "helsinki" / "helsinki.osm.pbf"
    for entry in osmium.FileProcessor(str(pbf)).with_locations():
        if entry.is_node() and entry.id in CAMERAS:
            cameras[entry.id] = Point(metric.transform(entry.location.lon, entry.location.lat))
        elif entry.is_way() and entry.id in homes:
            outlines[entry.id] = Polygon([metric.transform(n.location.lon, n.location.lat) for n in entry.nodes])
    return {camera: cameras[camera].distance(outlines[home]) for camera, (home, _) in CAMERAS.items()}


def homes_seen(city: Assessment, number: int) -> Sighting:
    (result,) = [one for one in city.cameras if one.placed.camera.camera_id == f"node/{number}"]
    (sighting,) = [one for one in result.sightings if one.cls is ProtectedClass.HOME]
    return sighting


@pytest.mark.parametrize("number", CAMERAS)
def test_that_the_distance_in_the_comment_is_that_of_the_map(measured_m, number):
    assert measured_m[number] == pytest.approx(CAMERAS[number][1], abs=0.06)


@pytest.mark.parametrize("number", CAMERAS)
def test_that_a_home_may_be_seen_at_the_density_of_its_distance_at_most(city, measured_m, number):
    low, high = homes_seen(city, number).density_px_m
    (result,) = [one for one in city.cameras if one.placed.camera.camera_id == f"node/{number}"]
    focal_px = SHARPEST_PX.get(result.placed.camera.kind, FIXED_PX)
    assert high == pytest.approx(focal_px / (measured_m[number] + (number in RUNS_AWAY)), rel=0.06)
    assert low == 0.0


@pytest.mark.parametrize("number", CAMERAS)
def test_that_an_assumed_view_is_a_note_whatever_it_would_be_at_most(city, number):
    sighting = homes_seen(city, number)
    assert (sighting.basis, sighting.grade) == ("assumed", Severity.NOTE)
    assert (sighting.grade_high, sighting.grade_low) == (Severity.ERROR, None)
    assert sighting.frontage_m >= 1.0


def test_that_no_view_of_a_home_is_certain_of_the_five(city):
    assert_no_view_is_certain(city)


@pytest.mark.nightly
def test_that_no_view_of_a_home_in_helsinki_is_certain():
    assert_no_view_is_certain(audit(bootstrap.open_services(), sample("helsinki")))


def assert_no_view_is_certain(city):
    # No camera of this extract records a direction, so nothing can be more than a note.
    homes = [one for result in city.cameras for one in result.sightings if one.cls is ProtectedClass.HOME]
    assert homes
    assert {one.grade for one in homes} == {Severity.NOTE}
    assert not any(result.placed.certain for result in city.cameras)
