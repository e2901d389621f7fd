"""Decisions hold for the thing that they were made about, whatever ids files give it later."""

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from evasion_town import GROUNDS, HOME, PART, X0, Y0, answers, edit, make_town, osm, run
from made_once import made_once

from lhasaplan import workflow
from lhasaplan.app.state.edits import camera_of
from lhasaplan.bootstrap import open_services
from lhasaplan.core.changes.camera_change import TurnCamera
from lhasaplan.core.changes.proposal import Proposal
from lhasaplan.core.project.decisions import Excuse, Suspended
from lhasaplan.core.project.journal import SuspendedEnded
from lhasaplan.core.project.numbering import part_numbers
from lhasaplan.core.project.plan import Drafted, inventory, proposed_upon, with_plan
from lhasaplan.core.records.schedule import Author, corrected
from lhasaplan.errors import InputError
from lhasaplan.store.geopackage import GeoPackageStore

SHED, BLOCK, OTHER = shapely.box(0, 0, 4, 4), shapely.box(20, 0, 44, 24), shapely.box(60, 0, 70, 10)
WHY = "seen from the street"


def geojson(path, *features):
    """Write features without ids, in the metres of a project: (shape, tags)."""
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32635"}}
    rows = [
        {
            "type": "Feature",
            "properties": tags,
            "geometry": shapely.geometry.mapping(shapely.transform(shape, lambda xy: xy + np.array([X0, Y0]))),
        }
        for shape, tags in features
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": rows}), encoding="utf-8")
    return path


YES = {"building": "yes"}


@pytest.fixture
def services():
    return open_services()


@pytest.fixture
def rows(tmp_path, services):
    """Take rows into a project as one file of a name."""

    def take(project, *features, **how):
        path = geojson(tmp_path / "houses.geojson", *features)
        return workflow.import_file(services, project, path, kind="buildings", **how)

    return take


def started(services, rows, *features):
    return rows(workflow.new_project(services, ("eu-gdpr",), "EPSG:32635"), *features)[0]


def id_of(project, shape):
    """Return the id of the building on this ground."""
    layer = project.layers["buildings"]
    at = shapely.transform(shapely.centroid(shape), lambda xy: xy + np.array([X0, Y0]))
    return next(str(key) for key, each in zip(layer.ids, layer.geometry, strict=True) if each.contains(at))


def cleared(services, project):
    """Return the grounds of the buildings whose use is no longer unknown."""
    unknown = set(workflow.list_unknown(services, project).buildings.ids)
    layer = project.layers["buildings"]
    return sorted(round(each.area) for key, each in zip(layer.ids, layer.geometry, strict=True) if key not in unknown)


def no_dwelling(services, project, shape=SHED):
    return workflow.declare(services, project, (id_of(project, shape),), workflow.Said("not_dwelling", WHY, "A. Clerk"))


def test_that_rows_in_another_order_clear_the_same_building(services, rows):
    project = no_dwelling(services, started(services, rows, (SHED, YES), (BLOCK, YES), (OTHER, YES)))
    assert cleared(services, project) == [16]
    project, _ = rows(project, (OTHER, YES), (BLOCK, YES), (SHED, YES))
    assert cleared(services, project) == [16]
    assert project.suspended == ()


def test_that_one_row_more_on_top_moves_no_declaration(services, rows):
    project = no_dwelling(services, started(services, rows, (SHED, YES), (BLOCK, YES)))
    project, _ = rows(project, (OTHER, YES), (SHED, YES), (BLOCK, YES))
    assert cleared(services, project) == [16]


def test_that_a_declaration_of_a_building_that_is_gone_is_suspended_and_holds_again_when_it_is_back(services, rows):
    project = no_dwelling(services, started(services, rows, (SHED, YES), (BLOCK, YES), (OTHER, YES)))
    shed = id_of(project, SHED)
    project, report = rows(project, (BLOCK, YES), (OTHER, YES))
    assert project.declarations == ()
    assert [(each.decision, each.subject, each.fact) for each in project.suspended] == [("declaration", shed, "not_dwelling")]
    assert any("suspended" in remark.template for remark in report.remarks)
    assert cleared(services, project) == []
    project, report = rows(project, (BLOCK, YES), (SHED, YES), (OTHER, YES))
    assert cleared(services, project) == [16]
    assert any("hold again" in remark.template for remark in report.remarks)
    assert project.suspended == ()


@pytest.mark.parametrize(
    "now",
    [
        (SHED, {"building": "yes", "building:levels": "9"}),  # as high as flats
        (shapely.box(0, 0, 24, 24), YES),  # on 36 times the ground
        (SHED, {"building": "garage"}),  # of another kind
        (shapely.box(2, 0, 6, 4), YES),  # half of it elsewhere: 8 m2 of 24 m2 are of both
    ],
)
def test_that_another_building_under_the_id_of_a_shed_is_not_cleared(services, tmp_path, now):
    def take(project, shape, tags):
        path = geojson(tmp_path / "houses.geojson", (shape, {"@id": "way/5", **tags}), (OTHER, {"@id": "way/6", **YES}))
        return workflow.import_file(services, project, path, kind="buildings")[0]

    project = take(workflow.new_project(services, ("eu-gdpr",), "EPSG:32635"), SHED, YES)
    project = workflow.declare(services, project, ("way/5",), workflow.Said("not_dwelling", WHY, "A. Clerk"))
    project = take(project, *now)
    assert (project.declarations, [each.why for each in project.suspended]) == ((), ["other"])
    again = workflow.declare(services, project, ("way/5",), workflow.Said("not_dwelling", WHY, "A. Clerk"))
    assert (len(again.declarations), again.suspended) == (1, ())


def test_that_a_home_by_declaration_stays_one_whatever_the_map_calls_it_later(services, tmp_path):
    def take(project, tags):
        path = geojson(tmp_path / "houses.geojson", (BLOCK, {"@id": "way/5", **tags}), (OTHER, {"@id": "way/6", **YES}))
        return workflow.import_file(services, project, path, kind="buildings")[0]

    project = take(workflow.new_project(services, ("eu-gdpr",), "EPSG:32635"), {"building": "warehouse"})
    project = workflow.declare(services, project, ("way/5",), workflow.Said("dwelling", WHY, "A. Clerk"))
    project = take(project, {"building": "industrial"})
    assert (len(project.declarations), project.suspended, project.losses) == (1, (), ())


def test_that_a_home_by_declaration_whose_building_goes_is_a_loss(services, rows):
    project = started(services, rows, (BLOCK, {"building": "warehouse"}), (OTHER, YES), (SHED, YES))
    project = workflow.declare(services, project, (id_of(project, BLOCK),), workflow.Said("dwelling", WHY, "A. Clerk"))
    project, _ = rows(project, (OTHER, YES), (SHED, YES))
    assert [(each.known, each.unknown) for each in project.losses] == [(1, 0)]


@pytest.fixture
def town(tmp_path):
    return made_once(tmp_path / "town", __name__, make_confirmed)


def make_confirmed():
    assert run(make_town(Path.cwd()), "confirm", PART, *GROUNDS) == 0


def stored(town):
    return GeoPackageStore(town / "town.gpkg").load()


def test_that_a_confirmation_does_not_follow_an_id_to_a_crossing_150_m_away(town, capsys):
    before = answers(town, "check")[1]
    assert [part["id"] for part in before["parts"]] == [PART]
    shape = shapely.LineString([(-180, 0), (-5, 0), (150, 0), (160, 0), (180, 0)])
    (town / "town.osm").write_text(osm({10: (shape, {"highway": "tertiary", "name": "Long Street"})}), encoding="utf-8")
    assert run(town, "import", town / "town.osm") == 0
    assert "1 decision is suspended" in capsys.readouterr().err
    after = answers(town, "check")[1]
    assert after["parts"] == []
    assert after["totals"]["decisions_suspended"] == 1
    assert [each["params"]["count"] for each in after["notes"] if "are suspended" in each["template"]] == [1]
    (town / "town.osm").write_text(osm(), encoding="utf-8")
    assert run(town, "import", town / "town.osm") == 0
    assert [part["id"] for part in answers(town, "check")[1]["parts"]] == [PART]


def test_that_a_project_of_before_gets_the_things_of_its_decisions_when_it_is_opened(town):
    edit(town, "UPDATE decisions SET thing = NULL")
    assert stored(town).confirmations[0].thing is None
    (one,) = workflow.open_project(open_services(), town / "town.gpkg").project.confirmations
    assert one.thing.kind == "municipal-safety:pedestrian_crossing"
    crossing = shapely.from_wkt(one.thing.ground)
    assert crossing.distance(shapely.Point(X0, Y0)) < 1.0


def test_that_a_decision_whose_thing_another_program_replaced_is_suspended_at_opening(town):
    assert run(town, "declare", "way/40", "--as", "not_dwelling", "--by", "A. Clerk", "--reason", WHY) == 0
    far = shapely.to_wkb(shapely.transform(HOME, lambda xy: xy + np.array([X0 + 400, Y0]))).hex()
    with_header = "47500001" + "7b7f0000" + far  # GeoPackage, little endian, no box, EPSG:32635
    triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'rtree_buildings%'"

    with sqlite3.connect(town / "town.gpkg") as connection:
        for (name,) in connection.execute(triggers).fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute("UPDATE buildings SET geom = ? WHERE id = 'way/40'", (bytes.fromhex(with_header),))
    project = workflow.open_project(open_services(), town / "town.gpkg").project
    assert [each.subject for each in project.suspended] == ["way/40"]


@pytest.fixture
def gone(town):
    """Return a town whose confirmed crossing is another one now, 150 m away, and whose warehouse of known use is a block."""
    assert run(town, "declare", "way/40", "--as", "not_dwelling", "--by", "A. Clerk", "--reason", WHY) == 0
    shape = shapely.LineString([(-180, 0), (-5, 0), (150, 0), (160, 0), (180, 0)])
    ways = {10: (shape, {"highway": "tertiary", "name": "Long Street"}), 40: (OTHER, {"building": "yes"})}
    (town / "town.osm").write_text(osm(ways), encoding="utf-8")
    assert run(town, "import", town / "town.osm") == 0
    return town


def test_that_a_part_that_is_found_again_under_another_id_keeps_its_number(town):
    before = stored(town)
    assert part_numbers(before) == {PART: 1}
    text = (town / "town.osm").read_text("utf-8")
    for old, new in (('way id="10"', 'way id="77"'), ("1000003", "7700003")):
        text = text.replace(old, new)
    (town / "town.osm").write_text(text, encoding="utf-8")
    assert run(town, "import", town / "town.osm") == 0
    after = stored(town)
    (one,) = after.confirmations
    assert one.part_id == PART.replace("1000003", "7700003")
    assert part_numbers(after) == {one.part_id: 1}


def test_that_suspended_decisions_are_listed_with_why_and_what_to_do_where_users_look(gone, capsys):
    for verb in (("decisions", "--suspended"), ("audit",)):
        capsys.readouterr()
        assert run(gone, *verb) in {0, 1}
        said = " ".join(capsys.readouterr().out.split())
        assert "Suspended decisions: they count as not made" in said
        for text in ("part confirmed", "fact declared", "Why suspended", "What to do"):  # a head may have two lines
            assert set(text.split()) <= set(said.split())


def test_that_programs_read_all_decisions_and_no_building_is_named(gone):
    assert run(gone, "decisions", "--json", gone / "decisions.json") == 0
    reported = json.loads((gone / "decisions.json").read_text("utf-8"))
    assert reported["schema"] == "lhasaplan-decisions/1"
    rows = {each["decision"]: each for each in reported["decisions"]}
    assert (rows["confirmation"]["subject"], rows["confirmation"]["suspended"]) == (PART, "other")
    assert rows["confirmation"]["by"] == "A. Example"
    assert rows["confirmation"]["to_do"].startswith("Confirm anew")
    assert (rows["declaration"]["answer"], rows["declaration"]["subject"]) == ("not_dwelling", None)
    assert "way/40" not in (gone / "decisions.json").read_text("utf-8")


def test_that_the_gate_counts_a_suspended_confirmation_as_not_made(gone):
    """What is confirmed is demand behind the gate; a suspended part is none, and asks for no camera."""
    found = answers(gone, "check")[1]
    assert found["gate"]["open"]
    assert found["parts"] == []
    assert found["totals"]["parts"]["before"] == {}


def test_that_what_was_corrected_of_a_camera_without_an_id_stays_with_it_whatever_row_it_stands_in(tmp_path, services):
    def take(project, *rows):
        path = tmp_path / "cameras.csv"
        path.write_text("\n".join(("x_m,y_m,azimuth_deg,name", *rows)))
        return workflow.import_file(services, project, path, kind="cameras")[0]

    rows = (f"{X0},{Y0},10,gate", f"{X0 + 50},{Y0},20,bridge")
    project = take(workflow.new_project(services, ("eu-gdpr",), "EPSG:32635"), *rows)
    before = {camera.name: camera.camera_id for camera in project.cameras}
    gate = camera_of(project, before["gate"])
    turned = corrected(gate, {"azimuth_deg": 99.0}, Author("field visit", "2026-05-01"))
    project = replace(project, cameras=tuple(turned if each is gate else each for each in project.cameras))
    after = take(project, f"{X0 + 90},{Y0},30,new", *rows[::-1])
    found = {camera.name: camera for camera in after.cameras}
    assert {name: found[name].camera_id for name in before} == before
    assert {name: camera.azimuth_deg for name, camera in found.items()} == {"gate": 99.0, "bridge": 20.0, "new": 30.0}


def test_that_a_project_of_before_keeps_the_ids_that_were_made_of_rows(tmp_path, services):
    path = tmp_path / "cameras.csv"
    path.write_text(f"x_m,y_m,name\n{X0},{Y0},gate\n")
    project, _ = workflow.import_file(services, workflow.new_project(services, ("eu-gdpr",), "EPSG:32635"), path, kind="cameras")
    old = replace(project, cameras=tuple(replace(each, camera_id="cameras.csv#2") for each in project.cameras))
    path.write_text(f"x_m,y_m,name\n{X0 + 9},{Y0},new\n{X0},{Y0},gate\n")
    after, _ = workflow.import_file(services, old, path, kind="cameras")
    assert {camera.name: camera.camera_id == "cameras.csv#2" for camera in after.cameras} == {"gate": True, "new": False}


def test_that_a_decision_about_another_thing_under_a_reused_id_leaves_the_suspended_one_waiting(services, tmp_path):
    def take(project, *rows):
        path = geojson(tmp_path / "houses.geojson", *((shape, {"@id": name, **YES}) for name, shape in rows))
        return workflow.import_file(services, project, path, kind="buildings", replace_more=True)[0]

    project = take(workflow.new_project(services, ("eu-gdpr",), "EPSG:32635"), ("way/5", SHED), ("way/6", OTHER))
    project = workflow.declare(services, project, ("way/5",), workflow.Said("not_dwelling", WHY, "A. Clerk"))
    project = take(project, ("way/5", BLOCK), ("way/6", OTHER))
    project = workflow.declare(services, project, ("way/5",), workflow.Said("not_dwelling", WHY, "B. Clerk"))
    assert ([each.by for each in project.declarations], [each.made.by for each in project.suspended]) == (
        ["B. Clerk"],
        ["A. Clerk"],
    )
    project = take(project, ("way/5", BLOCK), ("way/7", SHED))
    assert {each.by: each.subject for each in project.declarations} == {"B. Clerk": "way/5", "A. Clerk": "way/7"}


def test_that_the_loss_of_an_undone_step_is_told_beside_an_earlier_one(services, rows):
    """A church goes with the second file, and another comes with the third, which is taken back: two are lost."""
    church = {"building": "church"}
    begun = started(services, rows, (SHED, church), (OTHER, YES), (BLOCK, YES))
    before, _ = rows(begun, (OTHER, YES), (BLOCK, YES))
    now, _ = rows(before, (OTHER, YES), (BLOCK, church))
    (lost,) = workflow.lost_by_undo(services, now, before)
    assert (lost.known, len({each.key for each in (*before.losses, lost)})) == (1, 2)


def test_that_what_is_planned_of_a_camera_outlives_another_import_of_its_table(services, tmp_path):
    def take(project, name):
        path = tmp_path / "cameras.csv"
        path.write_text(f"x_m,y_m,azimuth_deg,name\n{X0},{Y0},10,{name}\n{X0 + 50},{Y0},20,bridge\n")
        return workflow.import_file(services, project, path, kind="cameras")[0]

    project = take(workflow.new_project(services, ("eu-gdpr",), "EPSG:32635"), "gate")
    gate = project.cameras[0].camera_id
    planned = proposed_upon(project, Proposal((TurnCamera(gate, 99.0),)), Drafted("A. Planner", "2026-05-01"))
    after = take(planned, "town gate")
    assert after.plan == planned.plan
    assert {camera.name: camera.azimuth_deg for camera in with_plan(after)} == {"town gate": 99.0, "bridge": 20.0}
    assert {camera.name: camera.azimuth_deg for camera in inventory(after)} == {"town gate": 10.0, "bridge": 20.0}


SAID = ("--reason", "the same crossing, moved", "--by", "B. Example")
FAR_CROSSING = "municipal-safety:pedestrian_crossing:node/1000003/1"  # the id that the crossing 150 m away took over


def test_that_a_suspended_confirmation_is_made_anew_with_its_purpose_its_number_and_a_line_in_the_journal(gone):
    """Row 1 of the list is the crossing, row 2 the warehouse."""
    assert run(gone, "decisions", "--renew", "1", *SAID, "--date", "2026-06-01") == 0
    project = stored(gone)
    (one,) = project.confirmations
    assert (one.part_id, one.purpose, one.milder_means) == (FAR_CROSSING, "safety of crossings", "signs")
    assert (one.reason, one.by, one.date) == ("the same crossing, moved", "B. Example", "2026-06-01")
    assert shapely.from_wkt(one.thing.ground).distance(shapely.Point(X0 + 150, Y0)) < 1.0
    assert part_numbers(project) == {FAR_CROSSING: 1}
    assert [each.subject for each in project.suspended] == ["way/40"]
    entry = project.journal[-1]
    assert (entry.who, entry.event) == (
        "B. Example",
        SuspendedEnded("confirmation", PART, "", FAR_CROSSING, "the same crossing, moved", "2026-06-01"),
    )
    assert [part["id"] for part in answers(gone, "check")[1]["parts"]] == [FAR_CROSSING]


def test_that_a_suspended_declaration_is_dropped_by_name_and_with_a_reason_alone(gone, capsys):
    assert run(gone, "decisions", "--drop", "way/40", "--by", "B. Example") == 2
    assert "To drop or renew a suspended decision, state reason" in capsys.readouterr().err
    assert run(gone, "decisions", "--drop", "way/40", "--by", "B. Example", "--reason", "pulled down") == 0
    project = stored(gone)
    assert [each.subject for each in project.suspended] == [PART]
    assert project.journal[-1].event == SuspendedEnded(
        "declaration", "way/40", "not_dwelling", "", "pulled down", project.journal[-1].when
    )
    assert run(gone, "decisions", "--drop", "3", "--by", "B. Example", "--reason", "pulled down") == 2
    assert run(gone, "import", gone / "town.osm") == 0
    assert [each.subject for each in stored(gone).suspended] == [PART]


def test_that_a_declaration_is_made_anew_about_a_building_under_another_id(services, rows):
    project = no_dwelling(services, started(services, rows, (SHED, YES), (BLOCK, YES)))
    far = shapely.box(80, 0, 84, 4)
    project, _ = rows(project, (far, YES), (BLOCK, YES))
    said = workflow.Ending("B. Clerk", "put up anew across the yard")
    with pytest.raises(InputError, match="Nothing is called"):
        workflow.renew_suspended(services, project, "1", said)
    after = workflow.renew_suspended(services, project, "1", said, id_of(project, far))
    assert [(each.by, each.fact) for each in after.declarations] == [("B. Clerk", "not_dwelling")]
    assert (after.suspended, cleared(services, after)) == ((), [16])


def test_that_an_excuse_of_another_part_under_a_reused_id_leaves_the_suspended_one_waiting(gone):
    """The excuse was for the crossing in the middle; the one 150 m away under its id is excused for itself."""
    project = stored(gone)
    (waiting,) = (each for each in project.suspended if each.confirmation)
    made = Excuse(PART, "works until June", "A. Example", "2026-04-01", waiting.confirmation.thing)
    project = replace(project, suspended=(*project.suspended, Suspended("excuse", PART, "", "other", "2026-05-01", excuse=made)))
    services = open_services()
    project = workflow.renew_suspended(services, project, "1", workflow.Ending("B. Example", "moved"))
    project = workflow.excuse(services, project, PART, reason="works", by="B. Example")
    assert [each.by for each in project.excuses] == ["B. Example"]
    assert [each.made.by for each in project.suspended if each.excuse] == ["A. Example"]


def test_that_programs_read_in_an_audit_what_counts_as_not_made_with_why_and_what_to_do(gone):
    assert run(gone, "audit", "--json", gone / "audit.json") in {0, 1}
    text = (gone / "audit.json").read_text("utf-8")
    crossing, building = json.loads(text)["suspended"]
    assert crossing == {
        "decision": "confirmation",
        "subject": PART,
        "answer": "safety of crossings",
        "reason": "two collisions",
        "by": "A. Example",
        "on": crossing["on"],
        "suspended": "other",
        "since": crossing["since"],
        "to_do": "Confirm anew what has to be seen there",
    }
    assert (building["answer"], building["subject"], building["suspended"]) == ("not_dwelling", None, "other")
    assert "way/40" not in text[text.index('"suspended": ') : text.index('"totals"')]


def test_that_a_coarse_audit_names_neither_who_decided_nor_what_it_was_about(gone):
    shown = stored(gone).suspended[0].nameless()
    assert (shown.subject, shown.made.part_id, shown.made.by, shown.made.reason) == ("", "", "", "")
    assert (shown.decision, shown.why) == ("confirmation", "other")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--drop", "2", "--to", "way/77", *SAID), "--to works only with --renew"),
        (("--to", "way/77"), "state which decision"),
        (SAID, "state which decision"),
    ],
)
def test_that_what_says_how_a_decision_ends_is_never_left_out_of_account(gone, capsys, words, said):
    before = stored(gone).suspended
    assert run(gone, "decisions", *words) == 2
    assert said in capsys.readouterr().err
    assert stored(gone).suspended == before
