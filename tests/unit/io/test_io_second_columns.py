"""What a file says of a protected place counts whichever column says it, and however one odd cell changes the others."""

import json

import pytest

from lhasaplan.io.content.protected_kinds import load_protected_kinds
from lhasaplan.io.importing.importer import read_file


def town(folder, *rows):
    """Write one house-sized outline for each row of properties, 100 m apart."""
    features = [
        {
            "type": "Feature",
            "properties": tags,
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[x, 47.0], [x + 0.0002, 47.0], [x + 0.0002, 47.0001], [x, 47.0001], [x, 47.0]]],
            },
        }
        for x, tags in ((2.5 + 0.001 * n, tags) for n, tags in enumerate(rows))
    ]
    path = folder / "town.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def read(path, kind):
    return [tags for layer in read_file(path, kind=kind).layers for tags in layer.tags]


@pytest.mark.parametrize("odd", [["garage", "house"], {"use": "house"}, 5, True])
def test_that_one_odd_cell_leaves_the_homes_of_a_file_homes(tmp_path, odd):
    tags = read(town(tmp_path, {"building": "house"}, {"building": odd}, {"building": "mosque"}), "buildings")
    assert [tags[0]["building"], tags[2]["building"]] == ["house", "mosque"]


@pytest.mark.parametrize("others", [(), ({"amenity": 5},)])  # a column of lists alone, and one of mixed JSON
def test_that_a_list_in_a_cell_is_each_of_its_values(tmp_path, others):
    tags = read(town(tmp_path, {"amenity": ["bench", "mosque"]}, {"amenity": "clinic"}, *others), "places")
    assert [each["amenity"] for each in tags[:2]] == ["bench;mosque", "clinic"]


def test_that_a_cell_that_only_begins_as_a_list_stays_text(tmp_path):
    assert read(town(tmp_path, {"amenity": "bench", "name": "[old"}), "places")[0]["name"] == "[old"


@pytest.mark.parametrize(
    ("tags", "said"),
    [
        ({"building": "garage", "use": "house"}, "garage;house"),
        ({"use": "house", "building": "garage"}, "garage;house"),
        ({"building": "yes", "use": "apartments"}, "apartments"),
        ({"building": "house", "use": "garage"}, "house"),  # what is not protected adds nothing
        ({"nature": "Mosquée", "usage_1": "Religieux"}, "Religieux;Mosquée"),
    ],
)
def test_that_a_second_column_for_the_use_counts_where_it_is_protected(tmp_path, tags, said):
    assert read(town(tmp_path, tags), "buildings")[0]["building"] == said


def test_that_a_use_stands_where_the_first_column_is_blank_in_this_row(tmp_path):
    rows = {"building": "garage", "use": "office"}, {"building": None, "use": "house"}
    assert [each["building"] for each in read(town(tmp_path, *rows), "buildings")] == ["garage", "house"]


@pytest.mark.parametrize(
    "heading", ["usage_2", "use2", "Nutzung 2", "function_3", "use", "Nebennutzung", "secondary_use", "class", "Zweck"]
)
@pytest.mark.parametrize("kind", ["buildings", None])
def test_that_any_further_column_of_the_family_counts_where_it_says_a_home(tmp_path, heading, kind):
    assert read(town(tmp_path, {"building": "retail", heading: "Résidentiel"}), kind)[0]["building"] == "retail;Résidentiel"


def test_that_a_further_use_that_nobody_knows_is_told_beside_the_first(tmp_path):
    rows = {"use": "retail", "use_2": "Sonstiges"}, {"use": "retail", "use_2": "office"}, {"use": "retail", "use_2": "no"}
    assert [each["building"] for each in read(town(tmp_path, *rows), "buildings")] == ["retail;Sonstiges", "retail", "retail"]


@pytest.mark.parametrize("column", ["fclass", "category", "class"])
def test_that_the_column_of_a_table_that_says_a_mosque_is_kept_whatever_the_file_is_called(tmp_path, column):
    index = load_protected_kinds().index()
    found = read(town(tmp_path, {column: "mosque"}, {"building": "garage", column: "mosque"}), None)
    assert [index.names(tags) for tags in found] == [("worship",)] * 2
