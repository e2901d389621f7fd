"""Files that would get round the guard: fewer protected places than before, plans that call themselves working cameras."""

import json

import pytest
import shapely
from evasion_town import (
    CAMERAS,
    CHURCH,
    GROUNDS,
    HOME,
    PART,
    TABLE,
    WAREHOUSE,
    X0,
    Y0,
    answers,
    camera_table,
    lonlat,
    make_town,
    osm,
    run,
)

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.project.journal import PlacesTakenOut
from lhasaplan.core.protection.drawn_places import drawn_files
from lhasaplan.errors import InputError

GONE = "protected features from the data"
UNSOURCED = "cameras are recorded as operating only by their table"


def notes(result, word):
    return [each["params"] for each in result["notes"] if word in each["template"]]


def reimport(folder, ways):
    (folder / "town.osm").write_text(osm(ways), encoding="utf-8")
    assert run(folder, "import", folder / "town.osm") == 0


@pytest.fixture
def town(tmp_path):
    return make_town(tmp_path / "town")


def gone(town, verb="audit"):
    result = answers(town, verb)[1]
    counts = [each["count"] for each in notes(result, GONE)]
    assert result["totals"]["protected_gone"] == sum(counts)
    return counts


WITHOUT_CHURCH = {30: (CHURCH, {"building": "warehouse"})}
ELSEWHERE = shapely.box(-150, -80, -140, -70)


def test_that_an_import_without_the_church_is_told_and_every_later_audit_says_so(town, capsys):
    reimport(town, WITHOUT_CHURCH)
    assert "this file lacks 1 protected feature" in capsys.readouterr().err
    assert gone(town) == [1]
    assert gone(town, "check") == [1]
    reimport(town, WITHOUT_CHURCH)
    assert gone(town) == [1]


@pytest.mark.parametrize(
    "more",
    [
        {31: (ELSEWHERE, {"amenity": "toilets"})},  # as many as before, and more
        {31: (HOME, {"amenity": "toilets"}), 32: (ELSEWHERE, {"building": "house"})},
        {20: (shapely.box(30, 10, 37, 25), {"building": "house"})},  # half of it
    ],
)
def test_that_a_home_is_missed_whatever_came_in_its_place(town, more):
    reimport(town, {20: (HOME, {"building": "warehouse"}), **more})
    assert gone(town) == [1]


@pytest.mark.parametrize(
    "ways",
    [
        {40: (WAREHOUSE, {"building": "house"})},
        {20: (HOME, {"building": "apartments"})},
        {20: (HOME, {"building": "house", "amenity": "clinic", "name": "Other"})},
        {20: (shapely.box(29, 9, 46, 26), {"building": "house"})},
    ],
)
def test_that_an_import_with_the_same_protected_places_is_no_loss(town, ways):
    reimport(town, ways)
    assert gone(town) == []


def test_that_buildings_of_unknown_use_are_counted_apart(town):
    reimport(town, {40: (WAREHOUSE, {"building": "yes"})})
    reimport(town, {40: (WAREHOUSE, {"building": "warehouse"})})
    result = answers(town, "audit")[1]
    assert [each["count"] for each in notes(result, "ended the protection of")] == [1]
    assert (result["totals"]["protected_gone"], result["totals"]["use_unknown_gone"]) == (0, 1)


@pytest.mark.parametrize("shape", [HOME, ELSEWHERE])
def test_that_a_feature_of_its_id_in_another_file_takes_no_home_out_of_protection(town, shape, capsys):
    (town / "other.osm").write_text(osm({20: (shape, {"building": "warehouse"})}), encoding="utf-8")
    before = answers(town, "audit")[1]["protected_counts"]
    assert run(town, "import", town / "other.osm") == 0
    assert "both count" in capsys.readouterr().err
    after = answers(town, "audit")[1]
    assert after["protected_counts"] == before
    assert after["totals"]["protected_gone"] == 0


def drawn(folder, *shapes, name="mine.geojson"):
    features = [
        {"type": "Feature", "properties": {"lhasaplan": "protected"}, "geometry": shapely.geometry.mapping(outline(shape))}
        for shape in shapes
    ]
    (folder / name).write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return folder / name


def outline(shape):
    return shapely.Polygon([lonlat(x, y) for x, y in shapely.get_coordinates(shape)])


REFUGE, OTHER_REFUGE = shapely.box(60, -60, 70, -50), shapely.box(80, -60, 90, -50)


def count_refuges(town):
    result = answers(town, "audit", None, "--private")[1]
    return result["protected_counts"]["protected"] - 1, result["totals"]["protected_gone"]  # one is the church


def test_that_a_file_of_the_same_name_takes_no_drawn_refuge_away(town, capsys):
    assert run(town, "import", drawn(town, REFUGE)) == 0
    assert count_refuges(town) == (1, 0)
    assert run(town, "import", drawn(town, OTHER_REFUGE)) == 0
    assert "It stays" in capsys.readouterr().err.replace("They stay", "It stays")
    assert count_refuges(town) == (2, 0)
    assert run(town, "import", drawn(town, REFUGE, OTHER_REFUGE)) == 0
    assert count_refuges(town) == (2, 0)


def test_that_a_drawn_refuge_goes_by_an_explicit_act_and_is_counted(town):
    assert run(town, "import", drawn(town, REFUGE, OTHER_REFUGE)) == 0
    assert run(town, "import", drawn(town, OTHER_REFUGE), "--drop-drawn") == 0
    assert count_refuges(town) == (1, 1)


def taken_out(town, by="A. Example", files=None):
    """Take drawn places out as the window does, and keep the project."""
    services = open_services()
    opened = workflow.open_project(services, town / "town.gpkg")
    project = workflow.drop_drawn(services, opened.project, by, files)
    workflow.save(opened.holding(project))
    return project


def test_that_drawn_refuges_are_taken_out_without_a_file_counted_and_named_in_the_journal(town):
    assert run(town, "import", drawn(town, REFUGE, OTHER_REFUGE)) == 0
    project = taken_out(town)
    assert count_refuges(town) == (0, 2)
    assert (PlacesTakenOut(2), "A. Example") in [(entry.event, entry.who) for entry in project.journal]
    assert not [record for record in project.inputs if record.path == "mine.geojson"]


def test_that_of_one_file_alone_drawn_refuges_are_taken_out(town):
    assert run(town, "import", drawn(town, REFUGE)) == 0
    assert run(town, "import", drawn(town, OTHER_REFUGE, name="yours.geojson")) == 0
    project = taken_out(town, files={"yours.geojson"})
    assert drawn_files(project) == {"mine.geojson": 1}
    assert count_refuges(town) == (1, 1)


@pytest.mark.parametrize("by", ["", "n/a", "…"])
def test_that_nobody_takes_drawn_refuges_out_without_a_name(by, town):
    assert run(town, "import", drawn(town, REFUGE)) == 0
    with pytest.raises(InputError, match="name of the person"):
        taken_out(town, by)
    assert count_refuges(town) == (1, 0)


def test_that_where_nothing_is_drawn_nothing_is_taken_out(town):
    with pytest.raises(InputError, match="Nothing is drawn"):
        taken_out(town)


def dated(day, status="operating"):
    """Return one camera that is installed on a day."""
    return f"{TABLE},installed_on\nP1,{X0},{Y0 - 20},4,0,0,68,1920,1080,60,fixed,pole,{status},{day}\n"


def test_that_a_working_camera_of_tomorrow_is_planned_and_stops_at_the_gate(tmp_path, capsys):
    folder = make_town(tmp_path / "town", controller=None)
    (folder / "more.csv").write_text(dated("2999-01-01"), encoding="utf-8")
    assert run(folder, "import", folder / "more.csv", "--as", "cameras") == 3
    assert "The file plans cameras (P1)" in capsys.readouterr().err


def test_that_inside_the_gate_it_is_taken_as_planned(town, capsys):
    (town / "more.csv").write_text(dated("2999-01-01"), encoding="utf-8")
    assert run(town, "import", town / "more.csv", "--as", "cameras") == 0
    assert "from a day that is still to come and counts as planned (P1)" in capsys.readouterr().err
    assert [each["status"] for each in answers(town)[1]["cameras"] if each["id"] == "P1"] == ["planned"]


@pytest.mark.parametrize("day", ["2019-05-01", "", "2024"])
def test_that_a_camera_of_the_past_or_of_no_day_works(day, town):
    (town / "more.csv").write_text(dated(day), encoding="utf-8")
    assert run(town, "import", town / "more.csv", "--as", "cameras") == 0
    assert [each["status"] for each in answers(town, "audit")[1]["cameras"] if each["id"] == "P1"] == ["operating"]


def test_that_cameras_which_no_source_shows_are_counted(town):
    assert [reported["count"] for reported in notes(answers(town, "audit")[1], UNSOURCED)] == [2]
    lines = camera_table(*CAMERAS).splitlines()
    table = [f"{lines[0]},source,source_date", f"{lines[1]},register of the town,2024-02-01", f"{lines[2]},,2024-02-01"]
    (town / "cameras.csv").write_text("\n".join(table), encoding="utf-8")
    assert run(town, "import", town / "cameras.csv", "--as", "cameras") == 0
    assert notes(answers(town, "audit")[1], UNSOURCED) == []


def test_that_nobody_decides_on_a_day_still_to_come(town, capsys):
    assert run(town, "confirm", PART, *GROUNDS, "--date", "2999-01-01") == 2
    assert "is in the future" in capsys.readouterr().err
    assert run(town, "confirm", "way/40", "--declare", "not_dwelling", "--by", "A. B.", "--date", "2999-01-01") == 2


def test_that_what_is_gone_names_no_file(town):
    reimport(town, WITHOUT_CHURCH)
    result = answers(town, "audit")[1]
    assert "town.osm" not in json.dumps(notes(result, GONE))


NAMED = {50: (WAREHOUSE, {"building": "industrial", "name": "Mosquée An-Nur", "height": "6"})}
FLATS_ABOVE = {50: (WAREHOUSE, {"building": "retail", "building:levels": "2", "roof:levels": "1"})}


@pytest.mark.parametrize("before", [NAMED, FLATS_ABOVE], ids=["a name", "a storey in the roof"])
def test_that_what_makes_a_known_use_unknown_is_missed_when_it_goes(before, tmp_path):
    town = make_town(tmp_path / "town", ways={40: (ELSEWHERE, {"building": "garage"}), **before})
    reimport(town, {40: (ELSEWHERE, {"building": "garage"}), 50: (WAREHOUSE, {"building": "retail", "building:levels": "1"})})
    result = answers(town, "audit")[1]
    assert result["totals"]["use_unknown_gone"] == 1


def test_that_another_file_that_takes_the_name_of_a_mosque_is_counted(tmp_path):
    town = make_town(tmp_path / "town", ways={40: (ELSEWHERE, {"building": "garage"}), **NAMED})
    assert answers(town, "audit")[1]["protected_counts"]["use_unknown"] == 1
    (town / "other.osm").write_text(osm({50: (WAREHOUSE, {"building": "industrial"})}), encoding="utf-8")
    assert run(town, "import", town / "other.osm") == 0
    assert answers(town, "audit")[1]["totals"]["use_unknown_gone"] == 1
