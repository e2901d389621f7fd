"""One search for what a person means: addresses of four countries as they write them, crossings, streets."""

import numpy as np
import pytest
from shapely.geometry import LineString, Point, box

from lhasaplan.core.city.address_search import HitKind, SearchIndex, find
from lhasaplan.core.model.layer import Layer

STREETS = {
    "Hauptstraße": ("118", "121", "120a"),
    "East Fairmount Avenue": ("2120", "2118"),
    "Rue de l'Église": ("12 bis", "3"),
    "Boulevard Saint-Michel": ("7",),
    "人民路": ("12号", "14"),
    "Straße des 17. Juni": ("135",),
    "Market Street": ("10-16",),
}


def layer(name, shapes, tags):
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = shapes
    return Layer(name, np.array([f"{name}/{i}" for i in range(len(shapes))], dtype=object), geometry, tuple(tags))


def city():
    """Each street runs east at its own northing, Market Street north through all of them."""
    ways = [LineString([(0, 100 * row), (500, 100 * row)]) for row in range(len(STREETS))]
    ways[-1] = LineString([(250, -50), (250, 900)])
    houses = [
        (box(20 * n, 100 * row + 5, 20 * n + 10, 100 * row + 15), {"addr:street": name, "addr:housenumber": number})
        for row, (name, numbers) in enumerate(STREETS.items())
        for n, number in enumerate(numbers)
    ]
    named = [{"highway": "residential", "name": name} for name in STREETS]
    return {
        "roads": layer("roads", ways, named),
        "buildings": layer("buildings", [shape for shape, _ in houses], [tags for _, tags in houses]),
    }


INDEX = SearchIndex.of(city(), lambda tags: tags.get("name", ""))


def first(text):
    hits = find(text, INDEX, (), (), lambda lon, lat: (lon, lat))
    return hits[0] if hits else None


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Hauptstr. 118", "Hauptstraße 118"),
        ("hauptstrasse 118", "Hauptstraße 118"),
        ("118 Hauptstraße, 69117 Heidelberg", "Hauptstraße 118"),
        ("Hauptstraße 118 Heidelberg", "Hauptstraße 118"),
        ("Hauptstr 120 a", "Hauptstraße 120a"),
        ("Haupstraße 118", "Hauptstraße 118"),
        ("2120 E Fairmount Ave", "East Fairmount Avenue 2120"),
        ("2120 E. Fairmount Ave., Baltimore, MD 21231", "East Fairmount Avenue 2120"),
        ("fairmount 2118", "East Fairmount Avenue 2118"),
        ("12 bis, r. de l'Eglise", "Rue de l'Église 12 bis"),
        ("3 rue église, 75005 Paris", "Rue de l'Église 3"),
        ("7 bd St Michel", "Boulevard Saint-Michel 7"),
        ("人民路12号", "人民路 12号"),
        ("拉萨市城关区人民路14号", "人民路 14"),
        ("Str. des 17. Juni 135, Berlin", "Straße des 17. Juni 135"),
        ("12 Market St", "Market Street 10-16"),
    ],
)
def test_that_an_address_is_found_as_people_of_four_countries_write_it(text, label):
    hit = first(text)
    assert hit is not None
    assert (hit.kind, hit.label, hit.unmapped) == (HitKind.ADDRESS, label, "")


def test_that_the_nearest_house_of_its_side_is_told_where_a_number_is_not_mapped():
    # 119 lies between 118 and 121: of its own side of the street is 121 alone, two numbers away.
    hit = first("Hauptstr. 119")
    assert (hit.label, hit.unmapped) == ("Hauptstraße 121", "119")


def test_that_a_crossing_is_where_two_streets_meet():
    for text in ("Market St & Hauptstr.", "market street und hauptstraße", "Hauptstr / Market St"):
        hit = first(text)
        assert hit.kind is HitKind.CROSSING
        assert hit.geometry.distance(Point(250, 0)) < 1e-6


def test_that_a_street_alone_is_found_with_its_houses_behind():
    hits = find("fairm", INDEX, (), (), lambda lon, lat: (lon, lat))
    assert [hit.label for hit in hits] == ["East Fairmount Avenue", "East Fairmount Avenue 2118", "East Fairmount Avenue 2120"]


@pytest.mark.parametrize("text", ["Nowhere Road 5", "Lindenallee", "  "])
def test_that_what_is_not_there_is_not_found(text):
    assert first(text) is None
