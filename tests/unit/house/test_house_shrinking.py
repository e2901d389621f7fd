"""Files that would get round the guard: fewer protected places than before, plans that call themselves working cameras."""

import json

import pytest
from evasion_town import CAMERAS, CHURCH, GROUNDS, HOME, PART, TABLE, X0, Y0, answers, camera_table, make_town, osm, run

SHRANK = "An import of {shrank_on} left fewer protected features in the data: {before} before, {since} since. Ask what they were."
UNSOURCED = "cameras are recorded as operating by their table alone"


def notes(result, word):
    return [each["params"] for each in result["notes"] if word in each["template"]]


def reimport(folder, ways):
    (folder / "town.osm").write_text(osm(ways), encoding="utf-8")
    assert run(folder, "import", folder / "town.osm") == 0


@pytest.fixture
def town(tmp_path):
    return make_town(tmp_path / "town")


def test_that_an_import_without_the_church_is_told_and_every_later_audit_says_so(town, capsys):
    reimport(town, {30: (CHURCH, {"building": "warehouse"})})
    assert "fewer protected features than what it replaces: 2 then, 1 now" in capsys.readouterr().err
    (told,) = notes(answers(town, "audit")[1], SHRANK)
    assert (told["before"], told["since"]) == (2, 1)
    assert notes(answers(town)[1], SHRANK) == [told]
    reimport(town, {})
    assert len(notes(answers(town, "audit")[1], SHRANK)) == 1


def test_that_an_import_with_as_many_protected_places_is_no_loss(town):
    reimport(town, {40: (HOME, {"building": "house"})})
    reimport(town, {40: (HOME, {"building": "house"})})
    assert notes(answers(town, "audit")[1], SHRANK) == []


def test_that_features_of_one_id_count_whatever_file_replaces_them(town):
    (town / "other.osm").write_text(osm({20: (HOME, {"building": "warehouse"})}), encoding="utf-8")
    assert run(town, "import", town / "other.osm") == 0
    assert [told["since"] for told in notes(answers(town, "audit")[1], SHRANK)] == [1]


def dated(day, status="operating"):
    """Return one camera that is installed on a day."""
    return f"{TABLE},installed_on\nP1,{X0},{Y0 - 20},4,0,0,68,1920,1080,60,fixed,pole,{status},{day}\n"


def test_that_a_working_camera_of_tomorrow_is_planned_and_stops_at_the_gate(tmp_path, capsys):
    folder = make_town(tmp_path / "town", controller=None)
    (folder / "more.csv").write_text(dated("2999-01-01"), encoding="utf-8")
    assert run(folder, "import", folder / "more.csv", "--as", "cameras") == 3
    assert "the file plans cameras (P1)" in capsys.readouterr().err


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
    assert [told["count"] for told in notes(answers(town, "audit")[1], UNSOURCED)] == [2]
    lines = camera_table(*CAMERAS).splitlines()
    table = [f"{lines[0]},source,source_date", f"{lines[1]},register of the town,2024-02-01", f"{lines[2]},,2024-02-01"]
    (town / "cameras.csv").write_text("\n".join(table), encoding="utf-8")
    assert run(town, "import", town / "cameras.csv", "--as", "cameras") == 0
    assert notes(answers(town, "audit")[1], UNSOURCED) == []


def test_that_nobody_decides_on_a_day_still_to_come(town, capsys):
    assert run(town, "confirm", PART, *GROUNDS, "--date", "2999-01-01") == 2
    assert "is still to come" in capsys.readouterr().err
    assert run(town, "confirm", "way/40", "--declare", "not_dwelling", "--by", "A. B.", "--date", "2999-01-01") == 2


def test_that_what_shrank_names_no_file(town):
    reimport(town, {30: (CHURCH, {"building": "warehouse"})})
    result = answers(town, "audit")[1]
    assert "town.osm" not in json.dumps(notes(result, SHRANK))
