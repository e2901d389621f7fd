"""Declaring the use of buildings: one by one, by a table, by an area; all faults at once, each with name, day and reason."""

import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from answers_town import bare_camera, box, house, layer, pack, reference_data, town
from made_once import made_once

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.cli import main
from lhasaplan.core.context.audit_context import make_context
from lhasaplan.core.project.journal import DeclaredFact, FactsDeclared
from lhasaplan.core.protection.undisclosed import unknown_buildings
from lhasaplan.errors import InputError
from lhasaplan.io.tables.filled_in_tables import read_declarations
from lhasaplan.store.geopackage import GeoPackageStore

X0, Y0 = 385_000.0, 6_671_000.0
# id, west edge, tags: 10 m wide houses in a row, 20 m apart, from south to north 10 m
HOUSES = (
    ("way/1", 0, {"building": "yes"}),
    ("way/2", 20, {"building": "yes"}),
    ("way/3", 40, {"building": "yes", "addr:housenumber": "7"}),  # a dwelling, likely
    ("way/4", 60, {"building": "house"}),
    ("way/5", 80, {"building": "warehouse"}),
    ("way/6", 100, {"building": "yes"}),
)
HEAD = "id,declaration,reason,by,date\n"


def ring(west, south, east, north):
    """A polygon of GeoJSON in the project's metres."""
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return {"type": "Polygon", "coordinates": [[[X0 + x, Y0 + y] for x, y in corners]]}


def geojson(path, *features):
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32635"}}
    rows = [{"type": "Feature", "properties": tags, "geometry": shape} for tags, shape in features]
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": rows}), encoding="utf-8")
    return path


@pytest.fixture
def street(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return made_once(tmp_path, __name__, make_street)


def make_street():
    houses = [({"@id": name, **tags}, ring(west, 0, west + 10, 10)) for name, west, tags in HOUSES]
    geojson(Path("houses.geojson"), *houses)
    geojson(Path("areas.geojson"), ({"name": "West"}, ring(-5, -5, 55, 15)))
    assert main(["new", "town.gpkg", "--rules", "eu-gdpr", "--crs", "EPSG:32635"]) == 0
    assert main(["import", "town.gpkg", "houses.geojson", "--as", "buildings"]) == 0
    assert main(["import", "town.gpkg", "areas.geojson", "--as", "areas"]) == 0


def declared(folder):
    return [(d.subject, d.fact, d.reason, d.by) for d in GeoPackageStore(folder / "town.gpkg").load().declarations]


def journal(folder):
    return [(entry.event, entry.who) for entry in GeoPackageStore(folder / "town.gpkg").load().journal]


def reported(capsys):
    found = capsys.readouterr()
    return found.out + found.err


WHY = ["--reason", "seen on site", "--by", "A. Example"]


def test_that_a_building_is_declared_a_dwelling_with_reason_name_and_journal(street):
    assert main(["declare", "town.gpkg", "way/1", "--as", "dwelling", *WHY]) == 0
    assert declared(street) == [("way/1", "dwelling", "seen on site", "A. Example")]
    fact = DeclaredFact("dwelling", ("way/1",), "seen on site", open_services().today())
    assert journal(street)[-1] == (FactsDeclared((fact,)), "A. Example")


def test_that_a_reason_is_kept_by_the_older_option_too(street):
    assert main(["confirm", "town.gpkg", "way/1", "--declare", "not_dwelling", *WHY]) == 0
    assert declared(street) == [("way/1", "not_dwelling", "seen on site", "A. Example")]


def test_that_more_than_one_thing_is_not_declared_without_a_reason(street, capsys):
    assert main(["declare", "town.gpkg", "way/1", "way/2", "--as", "dwelling", "--by", "A. Example"]) == 2
    assert "needs reason" in reported(capsys)
    assert declared(street) == []


@pytest.mark.parametrize("word", ["n/a", "...", "-", "unknown"])
def test_that_a_word_for_no_answer_is_no_name_and_no_reason(word, street, capsys):
    assert main(["declare", "town.gpkg", "way/1", "--as", "dwelling", "--reason", word, "--by", word]) == 2
    said = reported(capsys)
    assert "needs by" in said
    assert "needs reason" in said
    assert declared(street) == []


def test_that_an_area_takes_all_unknown_buildings_with_more_than_half_of_their_footprint(street):
    # West ends at x = 55: ways 1, 2 and 3 lie in it whole; the house and the warehouse are known, way/6 lies outside.
    assert main(["declare", "town.gpkg", "--as", "dwelling", "--within", "West", *WHY]) == 0
    assert [row[0] for row in declared(street)] == ["way/1", "way/2", "way/3"]
    event, who = journal(street)[-1]
    assert (event.source, [fact.subjects for fact in event.facts], who) == ("West", [("way/1", "way/2", "way/3")], "A. Example")


@pytest.mark.parametrize(("east", "ids"), [(24.9, ["way/1"]), (25.1, ["way/1", "way/2"])])
def test_that_half_of_a_footprint_is_the_edge(east, ids, street):
    geojson(street / "part.geojson", ({}, ring(-5, -5, east, 15)))
    assert main(["declare", "town.gpkg", "--as", "not_dwelling", "--area", "part.geojson", *WHY]) == 0
    assert [row[0] for row in declared(street)] == ids


def test_that_likely_dwellings_are_cleared_one_by_one_alone(street, capsys):
    assert main(["declare", "town.gpkg", "--as", "not_dwelling", "--within", "West", *WHY]) == 0
    assert "make them likely dwellings: 1." in reported(capsys)
    assert [row[0] for row in declared(street)] == ["way/1", "way/2"]
    assert main(["declare", "town.gpkg", "way/3", "--as", "not_dwelling", *WHY]) == 0
    assert [row[0] for row in declared(street)] == ["way/1", "way/2", "way/3"]


def test_that_of_an_area_nothing_else_is_declared(street, capsys):
    assert main(["declare", "town.gpkg", "--as", "no_buildings", "--within", "West", *WHY]) == 2
    assert "only dwelling or not_dwelling" in reported(capsys)


def test_that_a_table_declares_all_its_rows(street):
    rows = "way/1,dwelling,bells,A. Example,2026-05-01\nway/2,not_dwelling,shed,B. Example,\n"
    (street / "uses.csv").write_text(HEAD + rows + "cell:770:13342,no_buildings,sea,A. Example,\n", encoding="utf-8")
    assert main(["declare", "town.gpkg", "--table", "uses.csv"]) == 0
    assert declared(street) == [
        ("way/1", "dwelling", "bells", "A. Example"),
        ("way/2", "not_dwelling", "shed", "B. Example"),
        ("cell:770:13342", "no_buildings", "sea", "A. Example"),
    ]
    assert [(event.source, who) for event, who in journal(street)[-2:]] == [
        ("uses.csv", "A. Example"),
        ("uses.csv", "B. Example"),
    ]


def test_that_a_workbook_with_headings_of_other_languages_is_the_same_table(street):
    book = openpyxl.Workbook()
    for row in (["Identifiant", "Déclaration", "Motif", "Par"], ["way/1", "logement", "sonnettes", "A. Exemple"]):
        book.active.append(row)
    book.save(street / "usages.xlsx")
    assert main(["declare", "town.gpkg", "--table", "usages.xlsx"]) == 0
    assert declared(street) == [("way/1", "dwelling", "sonnettes", "A. Exemple")]


def test_that_all_faults_of_a_table_are_told_with_their_rows_and_nothing_is_declared(street, capsys):
    rows = "way/1,dwelling,bells,A. Example,\nway/2,dweling,bells,A. Example,\nway/6,dwelling,n/a,,\n"
    rows += ",dwelling,bells,A. Example,\nway/1,dwelling,again,A. Example,\n"
    rows += "way/99,dwelling,bells,A. Example,\nway/3,dwelling,bells,A. Example,2999-01-01\n"
    (street / "uses.csv").write_text(HEAD + rows, encoding="utf-8")
    assert main(["declare", "town.gpkg", "--table", "uses.csv"]) == 2
    said = reported(capsys)
    places = (
        *("row 3, column declaration", "row 4, column reason", "row 4, column by", "row 5, column id", "row 6, column id"),
        *("row 7: There is no building way/99", "row 8: 2999-01-01"),
    )
    assert [place for place in places if f"uses.csv {place}" not in said] == []
    assert declared(street) == []


def test_that_ids_that_are_not_there_and_days_to_come_are_told_with_their_rows(street, capsys):
    (street / "uses.csv").write_text(HEAD + "way/99,dwelling,x,A. B.,\nway/1,dwelling,x,A. B.,2999-01-01\n", encoding="utf-8")
    assert main(["declare", "town.gpkg", "--table", "uses.csv"]) == 2
    said = reported(capsys)
    assert "uses.csv row 2: There is no building way/99" in said
    assert "uses.csv row 3: 2999-01-01 is in the future" in said
    assert declared(street) == []


def test_that_every_missing_column_is_named(tmp_path):
    (tmp_path / "uses.csv").write_text("id,note\nway/1,x\n", encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_declarations(tmp_path / "uses.csv")
    assert [fault.params["column"] for fault in raised.value.faults] == ["declaration", "reason", "by"]


@pytest.mark.parametrize("words", [[], ["way/1", "--within", "West"], ["--within", "West", "--area", "areas.geojson"]])
def test_that_what_is_meant_is_said_in_one_way(words, street, capsys):
    assert main(["declare", "town.gpkg", *words, "--as", "dwelling", *WHY]) == 2
    assert "in one way" in reported(capsys)


def test_that_a_later_declaration_takes_its_opposite_back(street):
    assert main(["declare", "town.gpkg", "--as", "not_dwelling", "--within", "West", *WHY]) == 0
    assert main(["declare", "town.gpkg", "way/1", "--as", "dwelling", *WHY]) == 0
    assert [row[:2] for row in declared(street)] == [("way/2", "not_dwelling"), ("way/1", "dwelling")]


def test_that_not_dwelling_of_what_the_map_says_itself_is_told_to_have_no_effect(street, capsys):
    rows = "way/1,not_dwelling,shed,A. B.,\nway/4,not_dwelling,shed,A. B.,\nway/5,not_dwelling,shed,A. B.,\n"
    (street / "uses.csv").write_text(HEAD + rows, encoding="utf-8")
    assert main(["declare", "town.gpkg", "--table", "uses.csv"]) == 0
    said = reported(capsys)
    assert "Recorded for 3" in said
    assert "has no effect: way/4, way/5. not_dwelling clears only an unknown use." in said


@pytest.mark.parametrize("words", [["way/1", "--as", "not_dwelling"], ["way/4", "--as", "dwelling"]])
def test_that_a_declaration_with_an_effect_is_told_without_a_remark(words, street, capsys):
    assert main(["declare", "town.gpkg", *words, *WHY]) == 0
    assert "no effect" not in reported(capsys)


def test_that_not_dwelling_of_what_is_called_a_school_has_no_effect(street, capsys):
    geojson(street / "more.geojson", ({"@id": "way/7", "building": "yes", "name": "Grundschule Nord"}, ring(120, 0, 130, 10)))
    assert main(["import", "town.gpkg", "more.geojson", "--as", "buildings"]) == 0
    assert main(["declare", "town.gpkg", "way/7", "--as", "not_dwelling", *WHY]) == 0
    assert "has no effect: way/7." in reported(capsys)


def test_that_what_is_declared_of_an_area_is_counted_in_the_answers(street):
    assert main(["declare", "town.gpkg", "--as", "dwelling", "--within", "West", *WHY]) == 0
    project = replace(GeoPackageStore(street / "town.gpkg").load(), cameras=(replace(bare_camera(), x_m=X0, y_m=Y0 - 20),))
    found = workflow.audit(open_services(), project)
    (params,) = [params for _, params in found.notes if params.get("by") == "A. Example"]
    assert params["count"] == 3


@pytest.mark.parametrize("tags", [{"amenity": "womens_refuge"}, {"lhasaplan": "protected"}])
def test_that_a_house_with_an_undisclosed_place_stands_among_its_like(tags):
    one, other = house(1, 0, 20, 10, 30, "yes"), house(2, 30, 20, 40, 30, "yes")
    within = layer("places", ("node/1", box(4, 24, 6, 26).centroid, tags))
    assert unknown_of(town(one, other)).ids == ("way/1", "way/2")
    assert unknown_of(town(one, other, places=within)).ids == ("way/1", "way/2")


def test_that_a_house_with_a_clinic_of_which_outputs_tell_is_none_of_unknown_use():
    one, other = house(1, 0, 20, 10, 30, "yes"), house(2, 30, 20, 40, 30, "yes")
    within = layer("places", ("node/1", box(4, 24, 6, 26).centroid, {"amenity": "clinic"}))
    assert unknown_of(town(one, other, places=within)).ids == ("way/2",)


def unknown_of(project):
    city = make_context(project, reference_data(pack()), with_planned=False)
    return unknown_buildings(city.protected, city.buildings, project.layers, city.reference_data.kinds, project.declarations)


def test_that_a_name_is_cleared_only_of_a_building_of_known_use_and_with_a_reason(street, capsys):
    assert main(["declare", "town.gpkg", "way/1", "--as", "not_as_named", "--by", "A. Example"]) == 2
    assert "needs reason" in reported(capsys)
    assert main(["declare", "town.gpkg", "way/1", "--as", "not_as_named", *WHY]) == 2
    assert "not_as_named clears only such a name" in reported(capsys)
    assert declared(street) == []


# What a column is that nobody reads as a use, asked before a file is taken.


@pytest.fixture
def shops(street):
    """A further street of shops whose mark, in a column that nobody reads, is a church."""
    rows = [({"@id": f"way/{n}", "building": "retail", "Merkmal": said}, ring(20 * n, 40, 20 * n + 10, 50)) for n, said in MARKS]
    return geojson(street / "shops.geojson", *rows)


MARKS = ((21, "Kirche"), (22, "blau"))


def test_that_a_file_with_an_unread_column_of_protected_words_is_refused_with_examples(shops, capsys):
    assert main(["import", "town.gpkg", "shops.geojson", "--as", "buildings"]) == 2
    reported = capsys.readouterr().err
    assert reported.count("(Kirche)") == 1
    assert '--no-use "Merkmal"' in reported
    assert [record.path for record in GeoPackageStore("town.gpkg").load().inputs] == ["houses.geojson", "areas.geojson"]


@pytest.mark.parametrize(("answer", "code"), [("Merkmal", 0), ("*", 0), ("Farbe, Merkmal", 0), ("Farbe", 2), ("", 2)])
def test_that_it_is_taken_where_somebody_says_that_the_column_names_no_use(shops, answer, code):
    assert main(["import", "town.gpkg", "shops.geojson", "--as", "buildings", "--no-use", answer]) == code


@pytest.mark.parametrize(("answers", "code"), [(["Art, Merkmal"], 0), (["Art", "Merkmal"], 2), (["x", "Art, Merkmal"], 0)])
def test_that_a_column_with_a_comma_in_its_heading_can_be_named(street, answers, code, capsys):
    rows = [({"@id": f"way/{n}", "building": "retail", "Art, Merkmal": t}, ring(20 * n, 40, 20 * n + 10, 50)) for n, t in MARKS]
    geojson(street / "shops.geojson", *rows)
    words = [word for answer in answers for word in ("--no-use", answer)]
    assert main(["import", "town.gpkg", "shops.geojson", "--as", "buildings", *words]) == code
    assert ('--no-use "Art, Merkmal"' in capsys.readouterr().err) is (code == 2)


def test_that_the_column_read_as_class_is_no_question(street):
    rows = [({"@id": f"way/{n}", "building": "retail", "class": said}, ring(20 * n, 40, 20 * n + 10, 50)) for n, said in MARKS]
    geojson(street / "shops.geojson", *rows)
    assert main(["import", "town.gpkg", "shops.geojson", "--as", "buildings"]) == 0


def test_that_a_preview_has_the_question_and_the_project_is_not_changed_by_it(shops):
    services = open_services()
    project = GeoPackageStore("town.gpkg").load()
    grown, report = workflow.import_file(services, project, shops, kind="buildings", no_use=("*",))
    (question,) = workflow.preview_import(project, grown, [report]).files[0].questions
    assert question.params == {"column": "Merkmal", "count": 1, "examples": "Kirche"}
