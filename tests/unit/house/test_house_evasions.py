"""Ways round guard and gate from the command line, none of which plans anything: exit code, sentence, what came out."""

import csv
import json
import shutil
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import shapely
from amounts import some_by_day
from evasion_town import (
    CHURCH,
    GROUNDS,
    HOME,
    PART,
    SQUARE,
    answers,
    camera_table,
    confirmed,
    drawn,
    edit,
    insert,
    lonlat,
    lonlat_box,
    make_town,
    mandate_text,
    run,
)
from faked_ports import faked

from lhasaplan.bootstrap import open_services
from lhasaplan.cli import main
from lhasaplan.content import content_folder
from lhasaplan.core.rules.pack import FIELD_MISSING
from lhasaplan.io.content.protected_kinds import load_protected_kinds

BAD_INPUT, REFUSED = 2, 3


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """The town once, with its mandate; every test takes a copy."""
    return make_town(tmp_path_factory.mktemp("first"))


@pytest.fixture
def town(first, tmp_path, capsys):
    shutil.copytree(first, tmp_path / "town")
    capsys.readouterr()
    return tmp_path / "town"


def confirm(folder, part=PART, **more):
    return run(folder, "confirm", part, *GROUNDS, **more)


def parts_of(answer):
    return [part["id"] for part in answer["parts"] or ()]


def plans(folder):
    """What a request for plan drafts leaves."""
    code = run(folder, "export", "--format", "docx", "--plan", "city", "--out", folder / "drafts")
    return code, sorted(path.name for path in (folder / "drafts").glob("plan*"))


def reported(capsys):
    said = capsys.readouterr()
    return said.out + said.err


def test_that_the_town_may_plan_and_its_crossing_can_be_confirmed(town):
    assert confirm(town) == 0
    code, answer = answers(town)
    assert (answer["gate"]["open"], parts_of(answer), code) == (True, [PART], 1)  # C2 looks into the home: due
    assert plans(town) == (0, ["plan.docx"])


# --- the guard -------------------------------------------------------------------------------------------------------------

OTHER_TAGS = {
    "a town hall": {"building": "house", "height": "6", "amenity": "townhall"},
    "a government office": {"building": "apartments", "height": "6", "office": "government", "government": "administrative"},
    "a museum": {"building": "house", "height": "6", "tourism": "museum", "amenity": "library"},
}


@pytest.mark.parametrize("called", OTHER_TAGS)
def test_that_a_home_with_another_tag_yields_no_candidate_and_no_part(called, tmp_path, capsys):
    folder = make_town(tmp_path / "town", ways={20: (HOME, OTHER_TAGS[called])})
    assert run(folder, "confirm", "--list") == 0
    assert "public_building" not in reported(capsys)
    assert confirm(folder, "municipal-safety:public_building_apron:way/20/1") == 2
    assert "There is no candidate" in reported(capsys)
    assert parts_of(answers(folder)[1]) == []


def geojson(folder, shape, **tags):
    here = shapely.transform(shape, lambda at: np.array([lonlat(x, y) for x, y in at.tolist()]))
    feature = {"type": "Feature", "properties": tags, "geometry": json.loads(shapely.to_geojson(here))}
    path = folder / "mine.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    return path


APRON = "municipal-safety:public_building_apron:mine/m1/1"
LAID_OVER = HOME.buffer(1.0, join_style="mitre")


def over_home(folder, shape=LAID_OVER, layer="places", **tags):
    """Take in a layer that calls the home's ground a town hall."""
    mine = geojson(folder, shape, id="m1", amenity="townhall", name="Office", **tags)
    assert run(folder, "import", mine, "--as", layer) == 0


@pytest.mark.parametrize(
    ("shape", "layer", "tags"),
    [(LAID_OVER, "places", {}), (HOME.centroid, "places", {}), (LAID_OVER, "buildings", {"building": "public", "height": "9"})],
    ids=["an area", "a point", "another building"],
)
def test_that_a_layer_of_a_user_over_a_home_makes_no_demand_of_it(shape, layer, tags, town, capsys):
    over_home(town, shape, layer, **tags)
    assert confirm(town, APRON) == REFUSED
    said = reported(capsys)
    assert APRON in said
    assert "of this part's site is a known protected place" in said
    assert run(town, "confirm", "--category", "public_building_apron", *GROUNDS) == REFUSED
    assert parts_of(answers(town)[1]) == []


def test_that_a_part_drawn_over_a_home_is_refused_and_leaves_no_gap(town, capsys):
    edit(town, *drawn("h1", HOME))
    code, answer = answers(town)
    assert (answer["gate"]["open"], parts_of(answer), code) == (True, [], 1)
    assert not [each for each in answer["findings"] if each["kind"] in ("gap", "weak", "partial")]
    assert "100 % of this part lies on protected ground" in reported(capsys)


@pytest.mark.parametrize(("named", "shape"), [("kind", HOME), ("category", shapely.box(70, -3, 80, 3))])
def test_that_a_part_drawn_as_a_protected_kind_is_refused(named, shape, town, capsys):
    edit(town, *drawn("h1", shape, **{named: "dwelling"}))
    assert parts_of(answers(town)[1]) == []
    assert "the kind dwelling is protected" in reported(capsys)


def test_that_a_plan_asked_for_in_a_format_that_has_none_is_said(town, capsys):
    folder = town / "drafts"
    assert run(town, "export", "--format", "xlsx", "--plan", "city", "--out", folder) == 0
    assert sorted(path.name for path in folder.glob("[!.]*")) == ["audit.xlsx", "schedule.xlsx"]
    assert "No plan draft was written: its formats are docx, html, pdf" in reported(capsys)


# What a word means is tried word by word in tests/unit/places; by day three go the whole way.
WORDS = ["Worship", "mosque", "Place of worship", "HOSPITAL ", "trade-union", "iglesia", "мечеть", "Catholic church"]


@pytest.mark.parametrize("word", some_by_day(WORDS, {"Place of worship", "HOSPITAL ", "мечеть"}))
def test_that_a_part_named_after_what_is_protected_is_refused_however_it_is_written(word, town, capsys):
    edit(town, *drawn("h1", shapely.box(5, -4, 15, 4), category=word))
    assert parts_of(answers(town)[1]) == []
    assert "a protected place is never demand" in reported(capsys)


@pytest.mark.parametrize("unsigned", [{"by": "-"}, {"date": "soon"}, {"date": "2999-01-01"}])
def test_that_a_part_drawn_by_nobody_on_no_day_is_no_demand(unsigned, town):
    edit(town, *drawn("h1", shapely.box(5, -4, 15, 4), **unsigned))
    assert parts_of(answers(town)[1]) == []


@pytest.mark.parametrize(
    ("shape", "is_demand"),
    [
        (shapely.box(30, 9.5, 45, 9.8), False),  # a strip along the home's wall
        pytest.param(shapely.box(28, 8.9, 47, 9.9), False, marks=pytest.mark.nightly),
        (shapely.box(-60, 50.2, -40, 50.8), False),  # and along the church's
        (shapely.box(100, 34, 140, 39.9), True),  # the pavement before a warehouse, which has no such wall
        pytest.param(shapely.box(100, 39, 140, 39.8), True, marks=pytest.mark.nightly),
    ],
)
def test_that_a_strip_drawn_along_a_protected_wall_is_no_part(shape, is_demand, town, capsys):
    edit(town, *drawn("h1", shape))
    assert parts_of(answers(town)[1]) == ["h1"] * is_demand
    assert ("touches the wall of a protected place" in reported(capsys) or shape.bounds[0] < 0) is not is_demand


@pytest.mark.parametrize("asked", [{"min_views": 0}, {"min_share": 5.0}, {"min_share": 0.0}, {"min_share": -1.0}])
def test_that_a_part_drawn_to_ask_for_what_no_pack_may_is_no_demand(asked, town, capsys):
    edit(town, *drawn("h1", shapely.box(5, -4, 15, 4), **asked))
    assert parts_of(answers(town)[1]) == []
    assert "a part asks for at least one camera, on a share above 0 and up to 1" in reported(capsys)


def test_that_a_decision_of_a_day_still_to_come_counts_for_nothing(town):
    assert confirm(town) == 0
    edit(town, "UPDATE decisions SET \"on\" = '2999-01-01'")
    code, answer = answers(town)
    assert (answer["gate"]["open"], parts_of(answer), code) == (True, [], 1)


def test_that_a_part_drawn_into_the_file_alone_is_no_demand_and_may_be_confirmed_by_its_id(town, capsys):
    edit(town, drawn("h1", shapely.box(5, -4, 15, 4))[0])
    assert parts_of(answers(town)[1]) == []
    assert "part h1: a drawn part needs, like any other, a purpose of the mandate" in reported(capsys)
    assert confirm(town, "h1") == 0
    assert parts_of(answers(town)[1]) == ["h1"]


def test_that_a_part_drawn_under_the_name_of_a_confirmed_one_has_no_confirmation(town, capsys):
    assert confirm(town) == 0
    edit(town, drawn(PART, shapely.box(5, -4, 15, 4))[0])
    assert parts_of(answers(town)[1]) == [PART]
    assert f"part {PART}: a drawn part needs, like any other, a purpose" in reported(capsys)


def test_that_a_part_drawn_as_a_bay_does_not_watch_a_church(town):
    edit(town, *drawn("h1", CHURCH, kind="bay", sampled="point"))
    assert parts_of(answers(town)[1]) == []


def test_that_the_square_before_a_church_is_no_part_within_25_metres(town, capsys):
    near, beyond = shapely.box(-55, 8, -42, 28), shapely.box(-14, 8, -11, 20)
    assert SQUARE.covers(near)
    assert SQUARE.covers(beyond)
    edit(town, *drawn("near", near), *drawn("beyond", beyond))
    assert parts_of(answers(town)[1]) == ["beyond"]
    assert "of this part lies on protected ground" in reported(capsys)


def test_that_many_small_parts_do_not_add_up_to_a_quarter(town, capsys):
    # Street and square are some thousands of square metres, so the floor of 5,000 m2 counts: 40 tiles of 11 x 12 m are 5,280.
    tiles = [shapely.box(x, y, x + 11, y + 12) for x in range(-180, -60, 12) for y in range(-120, -60, 15)]
    assert len(tiles) == 40
    edit(town, *(row for number, tile in enumerate(tiles) for row in drawn(f"t{number:02}", tile)))
    kept = parts_of(answers(town)[1])
    assert 30 <= len(kept) <= 37  # 37 tiles are 4,884 m2
    assert sum(tiles[int(name[1:])].area for name in kept) <= 5000.0
    assert "a whole neighbourhood" in reported(capsys)


# --- packs -----------------------------------------------------------------------------------------------------------------

SLY = """
name = "sly"
version = "1"
planning = "duties"
[title]
en = "sly"
zh_CN = "sly"
fr = "sly"
[[categories]]
name = "{name}"
term = {{ en = "a", zh_CN = "a", fr = "a" }}
match = [{match}]
part_kind = "{kind}"
shape = "area"
required = {{ density_px_m = 25.0, min_views = 1, min_share = 0.9 }}
responsible = {{ en = "a", zh_CN = "a", fr = "a" }}
source = "nobody"
params = {{ grid_m = 4.0 }}
"""
SLY_DUTIES = {
    "homes as a duty": ("lookout", '["building=house"], ["building=apartments|house"]', "gauge"),
    "churches as heritage": ("heritage", '["historic=church|monastery"], ["building=church"], ["tourism=museum"]', "site"),
    "the square of a church": ("gathering", '["place=square"]', "site"),
}


def sly_folder(tmp_path, name, match, kind):
    folder = tmp_path / "packs"
    folder.mkdir()
    (folder / "sly.toml").write_text(SLY.format(name=name, match=match, kind=kind), encoding="utf-8")
    return folder


@pytest.mark.parametrize("called", SLY_DUTIES)
def test_that_a_pack_that_maps_a_protected_place_to_a_duty_plans_nothing_there(called, tmp_path, capsys):
    packs = sly_folder(tmp_path, *SLY_DUTIES[called])
    church = (CHURCH, {"building": "yes", "height": "12", "historic": "monastery", "tourism": "museum"})
    folder = make_town(tmp_path / "town", "eu-gdpr,sly", {30: church} if "heritage" in called else None, packs)
    capsys.readouterr()
    code = run(folder, "confirm", "--category", SLY_DUTIES[called][0], *GROUNDS, packs=packs)
    assert code in (2, REFUSED)
    assert "Confirmed" not in reported(capsys)
    assert parts_of(answers(folder, packs=packs)[1]) == []


def test_that_a_pack_with_a_category_named_after_a_protected_kind_confirms_nothing(tmp_path, capsys):
    packs = sly_folder(tmp_path, "dwelling", '["building=warehouse"]', "gauge")
    folder = make_town(tmp_path / "town", "eu-gdpr,sly", packs=packs)
    capsys.readouterr()
    assert run(folder, "confirm", "--category", "dwelling", *GROUNDS, packs=packs) in (2, REFUSED)
    assert "Confirmed" not in reported(capsys)
    assert parts_of(answers(folder, packs=packs)[1]) == []


def edited_pack(tmp_path, name, *changes):
    """A folder with a shipped pack in which some text was replaced."""
    text = (content_folder("data") / "rules" / f"{name}.toml").read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    folder = tmp_path / "packs"
    folder.mkdir()
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "line",
    ["note_px_m = 30.0", "due_px_m = 100.0", "error_px_m = 300.0", "frontage_m = 5.0", "unasked_distance_m = 50.0"],
)
def test_that_a_pack_with_a_looser_threshold_is_no_pack(line, town, tmp_path, capsys):
    packs = edited_pack(tmp_path, "eu-gdpr", ("[thresholds]", f"[thresholds]\n{line}"))
    assert run(town, "check", packs=packs) == 2
    said = reported(capsys)
    assert "eu-gdpr.toml" in said
    assert f"thresholds.{line.split()[0]}" in said
    assert "looser" in said


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("building=apartments|house|residential", "building=apartments|residential"),
        ('"amenity=place_of_worship|monastery",', ""),
        ("forecourt_m = 25.0", "forecourt_m = 5.0"),
        ('"barn",', '"barn", "yes",'),
    ],
)
def test_that_a_shorter_list_of_protected_kinds_is_no_list(before, after, town, tmp_path, capsys):
    text = (content_folder("data") / "protected.toml").read_text(encoding="utf-8")
    assert before in text
    shorter = tmp_path / "protected.toml"
    shorter.write_text(text.replace(before, after, 1), encoding="utf-8")
    services = faked(open_services(), load_protected_kinds=lambda: load_protected_kinds(shorter))
    assert main(["check", str(town / "town.gpkg")], services) == 2
    assert "protected.toml" in reported(capsys)


@pytest.mark.parametrize("line", ["mandate_fields = []", "protected_kinds = []", 'gate = "open"', "quarter_percent = 50"])
def test_that_a_pack_cannot_speak_of_the_mandate_the_kinds_or_the_gate(line, town, tmp_path, capsys):
    packs = edited_pack(tmp_path, "eu-gdpr", ('planning = "yes"', f'planning = "yes"\n{line}'))
    assert run(town, "check", packs=packs) == 2
    said = reported(capsys)
    assert "eu-gdpr.toml" in said
    assert line.split()[0] in said


def test_that_an_edited_pack_names_no_authority_of_its_own_and_is_printed_as_changed(town, tmp_path, capsys):
    packs = edited_pack(tmp_path, "eu-gdpr", ('"246" = [', '"246" = ["Town police", '))
    restated(town, supervisory_authority="Town police")
    assert confirm(town, packs=packs) == REFUSED
    code, answer = answers(town, packs=packs)
    assert (code, answer["gate"]["open"], answer["parts"]) == (REFUSED, False, None)
    assert {each["name"]: each["changed"] for each in answer["packs"]} == {"eu-gdpr": True, "municipal-safety": False}
    assert "Town police" in reported(capsys)


def test_that_a_duties_pack_edited_to_plan_is_no_pack(town, tmp_path, capsys):
    plan = 'planning = "yes"\ncountries = ["246"]\nauthorities = ["Office of the Data Protection Ombudsman"]'
    packs = edited_pack(tmp_path, "municipal-safety", ('planning = "duties"', plan))
    assert run(town, "check", packs=packs) == 2
    assert "municipal-safety.toml: Only a duties pack may have categories" in reported(capsys)


def under(folder, *packs):
    """Put other packs over the project."""
    edit(folder, ("UPDATE lhasaplan_project SET value = ? WHERE key = 'packs'", (json.dumps(packs),)))


def test_that_a_duties_pack_alone_opens_nothing(town, capsys):
    under(town, "municipal-safety")
    check_closed(town, capsys, "No loaded rule pack allows planning")


@pytest.mark.parametrize("packs", [("cn-limits", "municipal-safety"), ("cn-limits", "eu-gdpr", "municipal-safety")])
def test_that_beside_a_pack_that_never_plans_nothing_is_planned(packs, town, capsys):
    under(town, *packs)
    check_closed(town, capsys, "it never allows planning")


# --- the gate --------------------------------------------------------------------------------------------------------------


def restated(folder, **changes):
    (folder / "mandate.toml").write_text(mandate_text(**changes), encoding="utf-8")
    return run(folder, "mandate", folder / "mandate.toml")


def check_closed(folder, capsys, *words):
    """Nothing is confirmed and nothing judged, and every word is said."""
    capsys.readouterr()
    assert confirm(folder) == REFUSED
    said = reported(capsys)
    assert all(word in said for word in words), said
    code, answer = answers(folder)
    assert (code, answer["gate"]["open"], answer["parts"], answer["overlaps"]) == (REFUSED, False, None, None)


# One of each type of value; that the gate asks for every field is in test_rules_gate.py.
BY_DAY = {"controller", "purposes", "retention_days", "impact_assessment_date"}


@pytest.mark.parametrize("field", some_by_day(FIELD_MISSING, BY_DAY))
def test_that_a_mandate_that_lacks_a_field_opens_nothing(field, town, capsys):
    assert restated(town, **{field: None}) == 0
    assert f"still lacks: {field}" in reported(capsys)
    assert confirm(town) == REFUSED
    assert FIELD_MISSING[field] in reported(capsys)
    code, answer = answers(town)
    assert (code, answer["gate"]["open"], answer["parts"]) == (REFUSED, False, None)


NO_WORDS = ["...", "???", "\u200b\u200b", "–", "\u2060 _ \ufeff"]
BLANKS = list(product(["controller", "impact_assessment_officer", "public_register"], NO_WORDS))


@pytest.mark.parametrize("blank", some_by_day(BLANKS, BLANKS[::3]), ids=ascii)  # by day each field and each value once at least
def test_that_the_verb_names_a_field_that_says_nothing_at_once(blank, town, capsys):
    field, value = blank
    assert restated(town, **{field: value}) == 0
    said = reported(capsys)
    assert f"still lacks: {field}" in said
    assert "The mandate is complete" not in said


def test_that_the_verb_names_an_authority_that_no_pack_lists_at_once(town, capsys):
    assert restated(town, supervisory_authority="Ministry of Elsewhere") == 0
    said = reported(capsys)
    assert "lists the supervisory authority Ministry of Elsewhere" in said
    assert "The mandate is complete" not in said


def test_that_a_purpose_without_a_word_beside_good_ones_is_refused_with_its_key(town, capsys):
    assert restated(town, purposes=["traffic safety", "..."]) == 2
    assert "purposes" in reported(capsys)


@pytest.mark.parametrize("value", ["", "  "])
def test_that_a_blank_field_is_no_field(value, town, capsys):
    restated(town, complaint_route=value)
    check_closed(town, capsys, FIELD_MISSING["complaint_route"])


def test_that_an_authority_that_is_on_no_list_opens_nothing(town, capsys):
    restated(town, supervisory_authority="Ministry of Order")
    check_closed(town, capsys, "Ministry of Order", "list")
    assert plans(town) == (REFUSED, [])
    assert (town / "drafts" / "audit.docx").exists()


def test_that_the_authority_of_another_country_opens_nothing(town, capsys):
    restated(town, supervisory_authority="CNIL")
    check_closed(town, capsys, "outside the territory")


def test_that_an_impact_assessment_of_tomorrow_opens_nothing(town, capsys):
    assert restated(town, impact_assessment_date="2999-01-01") == BAD_INPUT
    assert "impact_assessment_date of the mandate is 2999-01-01, a date in the future" in reported(capsys)


def test_that_a_plan_area_without_buildings_opens_nothing_until_its_cells_are_confirmed_by_name(town, capsys):
    # The cell to the east, x 252 to 752 from the town's middle, holds no building.
    restated(town, plan_area_wkt=lonlat_box(-200, -200, 300, 200), building_extent_wkt=lonlat_box(-210, -210, 310, 210))
    check_closed(town, capsys, "cell:1001:13480")
    assert run(town, "confirm", "cell:1001:13480", "--declare", "no_buildings", "--by", "A. Example") == 0
    assert confirm(town) == 0


def test_that_a_building_layer_that_does_not_cover_the_plan_area_opens_nothing(town, capsys):
    restated(town, building_extent_wkt=lonlat_box(-100, -100, 100, 100))
    check_closed(town, capsys, "building layer")


def test_that_a_part_outside_the_plan_area_is_not_confirmed(town, capsys):
    restated(town, plan_area_wkt=lonlat_box(50, 20, 200, 200))
    assert confirm(town) == REFUSED
    assert "outside the plan area" in reported(capsys)
    assert parts_of(answers(town)[1]) == []
    edit(town, forged())
    check_closed(town, capsys, "outside the plan area")


def test_that_a_planned_camera_outside_the_territory_is_not_taken_in(town, capsys):
    before = (town / "town.gpkg").read_bytes()
    far = town / "far.csv"
    far.write_text(
        camera_table((200_000, -100_000, 0, "P1"), status="planned"), encoding="utf-8"
    )  # in another state, 220 km away
    assert run(town, "import", far, "--as", "cameras") == REFUSED
    said = reported(capsys)
    assert "P1" in said
    assert "outside" in said
    assert (town / "town.gpkg").read_bytes() == before


def test_that_a_planned_camera_within_the_gate_is_taken_in(town):
    near = town / "near.csv"
    near.write_text(camera_table((0, -30, 0, "P1"), status="planned"), encoding="utf-8")
    assert run(town, "import", near, "--as", "cameras") == 0


def test_that_a_working_camera_outside_the_territory_is_only_audited(town):
    far = town / "far.csv"
    far.write_text(camera_table((200_000, -100_000, 0, "X1")), encoding="utf-8")
    assert run(town, "import", far, "--as", "cameras") == 0
    assert confirm(town) == 0


# --- a project file edited by hand -----------------------------------------------------------------------------------------


def test_that_a_gate_written_into_the_file_opens_nothing(town, capsys):
    restated(town, supervisory_authority="Town police")
    assert run(town, "audit") == 1
    edit(
        town,
        insert("lhasaplan_project", key="gate", value='{"open": true, "missing": []}'),
        insert("lhasaplan_project", key="gate_open", value="true"),
    )
    check_closed(town, capsys, "Town police")


def forged(part=PART, **more):
    grounds = {"purpose": "safety of crossings", "reason": "r", "milder_means": "m", "by": "A. Clerk", "date": "2026-05-01"}
    return confirmed(part, **{**grounds, **more})


def test_that_a_forged_confirmation_counts_for_nothing_outside_the_gate(town, capsys):
    restated(town, impact_assessment_officer=None)
    edit(town, forged())
    check_closed(town, capsys, FIELD_MISSING["impact_assessment_officer"])


@pytest.mark.parametrize("blank", ["purpose", "reason", "milder_means", "by"])
def test_that_a_forged_confirmation_without_all_grounds_makes_no_demand(blank, town):
    edit(town, forged(**{blank: " "}))
    assert parts_of(answers(town)[1]) == []


@pytest.mark.parametrize("blank", ["reason", "milder_means", "by"])
def test_that_a_dash_is_no_ground(blank, town):
    edit(town, forged(**{blank: " - "}))
    assert parts_of(answers(town)[1]) == []


def test_that_a_purpose_which_the_mandate_does_not_state_makes_no_demand(town, capsys):
    edit(town, forged(purpose="general order"))
    code, answer = answers(town)
    assert (code, parts_of(answer)) == (1, [])
    assert "confirmed for general order, which is not a purpose of the mandate" in reported(capsys)


def test_that_what_was_confirmed_under_one_mandate_is_no_demand_under_another(town):
    assert confirm(town) == 0
    assert len(parts_of(answers(town)[1])) == 1
    restated(town, purposes=["rescue at the river"])
    assert parts_of(answers(town)[1]) == []


def test_that_a_forged_confirmation_of_protected_ground_makes_no_demand(town, capsys):
    over_home(town)
    edit(town, forged(APRON), forged("municipal-safety:public_building_apron:way/20/1"))
    assert parts_of(answers(town)[1]) == []
    assert "site is a known protected place; above one half the part is refused" in reported(capsys)


def test_that_a_camera_planned_in_another_program_is_not_looked_at_outside_the_gate(town, capsys):
    restated(town, complaint_route=None)
    edit(town, "UPDATE cameras SET status = 'planned' WHERE camera_id = 'C2'")
    code, answer = answers(town)
    assert (code, [each["id"] for each in answer["cameras"]]) == (REFUSED, ["C1"])
    assert "because the gate is closed" in reported(capsys)


def test_that_a_pack_written_into_the_file_opens_nothing(town, capsys):
    restated(town, supervisory_authority="Data Protection Commissioner of Hilltown (fictitious)")
    edit(town, """UPDATE lhasaplan_project SET value = '["hilltown-fiction", "municipal-safety"]' WHERE key = 'packs'""")
    check_closed(town, capsys, "only for the shipped sample")


def test_that_a_home_is_no_other_building_because_the_file_says_so(town):
    said = {"subject": "way/20", "answer": "not_dwelling", "by": "A. Clerk", "on": "2026-05-01"}
    declared = insert("decisions", decides="declaration", **said)
    edit(town, declared, *drawn("h1", HOME))
    code, answer = answers(town)
    assert (code, parts_of(answer)) == (1, [])
    assert "view_home:C2:home" in {each["id"] for each in answer["findings"]}


def test_that_a_finding_on_a_home_cannot_be_excused(town, capsys):
    assert run(town, "confirm", "view_home:C2:home", "--excuse", "--reason", "wanted", "--by", "A. Clerk") == 2
    assert "Only a confirmed part can be excused" in reported(capsys)
    said = {"subject": "view_home:C2:home", "reason": "wanted", "by": "A. Clerk", "on": "2026-05-01"}
    edit(town, insert("decisions", decides="excuse", answer="excuse", **said))
    code, answer = answers(town)
    assert code == 1
    assert "view_home:C2:home" in {each["id"] for each in answer["findings"]}


# --- points and formats ----------------------------------------------------------------------------------------------------


def rows_reported(town, **spots):
    """Return the rows of ``sight --points`` by camera and spot, without the remark on the program's own data."""
    rows = ["point_id,lon,lat", *(f"{name},{lonlat(*at)[0]},{lonlat(*at)[1]}" for name, at in spots.items())]
    (town / "points.csv").write_text("\n".join([*rows, ""]), encoding="utf-8")
    out = town / "pairs.csv"
    assert run(town, "sight", "--points", town / "points.csv", "--out", out) == 0
    with out.open(encoding="utf-8-sig", newline="") as stream:
        found = {(row["camera_id"], row["point_id"]): row for row in csv.DictReader(stream)}
    assert {point for _, point in found} == spots.keys()
    return {key: {name: value for name, value in row.items() if name != "remark"} for key, row in found.items()}


def test_that_points_on_protected_ground_are_told_but_for_what_blocks(town):
    # Inside the home near either wall, and on the square within 25 m of the church.
    reported_of = rows_reported(town, home=(37, 11), behind=(37, 24), square=(-20, 20))
    assert all(row["distance_m"] and row["certainty"] for row in reported_of.values())
    assert {row["blocker_id"] for row in reported_of.values()} == {""}


def test_that_a_point_is_told_alike_whatever_else_is_asked(town):
    alone, together = rows_reported(town, street=(0, -5)), rows_reported(town, street=(0, -5), home=(37, 11))
    assert alone == {key: row for key, row in together.items() if key[1] == "street"}


def test_that_a_format_that_there_is_not_is_named_and_nothing_is_written(town, capsys):
    assert run(town, "export", "--format", "odp", "--out", town / "drafts") == 2
    assert "odp is not a format" in reported(capsys)
    assert not Path(town / "drafts").exists()


def test_that_no_verb_gives_the_protected_places(town, capsys):
    for name in ("protected", "places", "homes"):
        assert run(town, "export", "--format", name, "--out", town / "drafts") == 2
        assert f"{name} is not a format" in reported(capsys)
