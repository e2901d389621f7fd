"""What leaves protection is counted in the state itself, whatever step took it out, and no copy of the project loses it."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest
import shapely
from evasion_town import CHURCH, HOME, answers, make_town, osm, run
from test_house_identity import geojson

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.districts.merging import Choices
from lhasaplan.core.model.layer import Layer, take
from lhasaplan.core.project.journal import JournalEntry, ProtectionLost
from lhasaplan.core.project.project import Loss
from lhasaplan.core.protection.lost_protection import Town, loss_between, losses

OFFICE = {30: (CHURCH, {"building": "office"})}


@pytest.fixture
def town(tmp_path):
    return make_town(tmp_path / "town")


@pytest.fixture
def services():
    return open_services()


def project_of(town, name="town.gpkg"):
    return workflow.open_project(open_services(), town / name).project


def known(project):
    """Return how many features of protected kinds are known to be gone."""
    return sum(loss.known for loss in losses(project))


def outside(path, *statements):
    """Change a project file as a program may that has the functions of its triggers."""
    with closing(sqlite3.connect(path)) as connection:
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            connection.create_function(name, 1, lambda _blob, name=name: 0 if name == "ST_IsEmpty" else 1.0)
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def reimported(town, ways):
    (town / "town.osm").write_text(osm(ways), encoding="utf-8")
    assert run(town, "import", town / "town.osm") == 0


def gone_in_audit(town):
    return answers(town, "audit")[1]["totals"]["protected_gone"]


# Between two states


def test_that_a_loss_is_what_one_state_protects_and_another_does_not(services, town):
    project = project_of(town)
    layer = project.layers["buildings"]
    no_church = take(layer, layer.ids != "way/30")
    lacking = {**project.layers, "buildings": no_church}
    kinds = services.content.load_protected_kinds
    found = loss_between(Town(project.layers), Town(lacking), kinds)
    assert (found.known, found.unknown, len(found.things)) == (1, 0, 1)
    assert not loss_between(Town(lacking), Town(project.layers), kinds)
    assert not loss_between(Town(project.layers), Town(dict(project.layers)), kinds)


def test_that_another_id_and_another_order_are_no_loss(services, town):
    layers = dict(project_of(town).layers)
    old, rows = layers["buildings"], slice(None, None, -1)
    ids = np.array([f"other/{row}" for row in range(len(old))], object)
    again = Layer("buildings", ids, shapely.from_wkb(shapely.to_wkb(old.geometry[rows])), old.tags[rows], old.source[rows])
    assert not loss_between(Town(layers), Town({**layers, "buildings": again}), services.content.load_protected_kinds)


# The steps


def test_that_another_program_that_deletes_the_church_is_found_at_opening_and_kept(town):
    outside(town / "town.gpkg", "DELETE FROM buildings WHERE id = 'way/30'")
    assert known(project_of(town)) == 1
    assert gone_in_audit(town) == 1
    assert run(town, "declare", "way/40", "--as", "dwelling", "--by", "A. Clerk", "--reason", "seen") == 0  # which saves
    assert gone_in_audit(town) == 1
    assert [loss.step for loss in project_of(town).losses] == ["outside"]


def test_that_another_program_that_makes_an_office_of_the_church_is_found_at_opening(town):
    outside(town / "town.gpkg", """UPDATE buildings SET tags = '{"building": "office"}' WHERE id = 'way/30'""")
    assert known(project_of(town)) == 1


def test_that_a_name_which_another_program_adds_is_no_loss(town):
    outside(town / "town.gpkg", """UPDATE buildings SET tags = '{"building": "church", "name": "St"}' WHERE id = 'way/30'""")
    assert known(project_of(town)) == 0


def copies(town):
    for name in ("base.gpkg", "theirs.gpkg"):
        shutil.copyfile(town / "town.gpkg", town / name)


def merged(town, *words):
    return run(town, "merge", town / "theirs.gpkg", "--base", town / "base.gpkg", *words)


def test_that_a_merge_with_a_row_that_was_deleted_outside_counts_it(town):
    copies(town)
    outside(town / "theirs.gpkg", "DELETE FROM buildings WHERE id = 'way/30'")
    assert merged(town) == 0
    assert gone_in_audit(town) == 1


def test_that_a_merge_which_prefers_the_side_without_the_church_counts_it_once(town, capsys):
    copies(town)
    outside(town / "town.gpkg", """UPDATE buildings SET tags = '{"building": "church", "name": "St"}' WHERE id = 'way/30'""")
    outside(town / "theirs.gpkg", """UPDATE buildings SET tags = '{"building": "office"}' WHERE id = 'way/30'""")
    assert merged(town, "--prefer", "theirs") == 0
    assert "every audit will report that" in capsys.readouterr().err
    assert gone_in_audit(town) == 1


def test_that_two_sides_which_lost_the_same_lost_it_once(town):
    copies(town)
    reimported(town, OFFICE)
    shutil.copyfile(town / "town.gpkg", town / "theirs.gpkg")
    assert merged(town) == 0
    assert gone_in_audit(town) == 1


@pytest.fixture
def districted(town):
    path = geojson(town / "areas.geojson", (shapely.box(-200, -100, 200, 100), {"name": "Middle"}))
    assert run(town, "import", path, "--as", "areas") == 0
    return town


def test_that_the_file_of_a_district_knows_what_the_city_lost(districted, services):
    reimported(districted, OFFICE)
    district = workflow.draft_district(services, project_of(districted), "Middle")
    assert district.journal[0].event.city == project_of(districted).name  # not the city's journal
    assert (known(project_of(districted)), known(district)) == (1, 1)


def test_that_a_church_which_a_district_makes_an_office_is_counted_in_the_city(districted, services):
    city = project_of(districted)
    district = workflow.draft_district(services, city, "Middle")
    layer = district.layers["buildings"]
    tags = tuple({"building": "office"} if key == "way/30" else its for key, its in zip(layer.ids, layer.tags, strict=True))
    other = replace(district, layers={**district.layers, "buildings": replace(layer, tags=tags)})
    found = workflow.merge(services, city, [other], Choices(default="Middle"))
    assert known(found.project) == 1
    assert any("every audit will report that" in remark.template for remark in found.remarks)


def test_that_what_a_district_lost_is_known_in_the_city_it_goes_back_into(districted, services):
    city = project_of(districted)
    district = workflow.draft_district(services, city, "Middle")
    lost = replace(district, losses=(Loss(2, 1, "2026-05-01", "import", "x"),))
    assert known(workflow.merge(services, city, [lost]).project) == 2


def test_that_a_repair_counts_the_church_whose_outline_cannot_be_read(town):
    outside(town / "town.gpkg", "UPDATE buildings SET geom = x'00' WHERE id = 'way/30'")
    assert run(town, "doctor", "--repair", town / "mended.gpkg") in {0, 1}
    assert known(project_of(town, "mended.gpkg")) == 1


def test_that_a_repair_keeps_what_was_lost_before(town):
    reimported(town, OFFICE)
    outside(town / "town.gpkg", "UPDATE journal SET data = 'no json'", "UPDATE roads SET geom = x'00'")
    assert run(town, "doctor", "--repair", town / "mended.gpkg") in {0, 1}
    assert known(project_of(town, "mended.gpkg")) == 1


def test_that_a_journal_of_before_is_counted_and_its_losses_go_into_a_district(districted, services):
    entry = JournalEntry(ProtectionLost(3), "2026-01-03")
    city = replace(project_of(districted), journal=(entry, entry))
    assert known(city) == 6
    assert known(workflow.draft_district(services, city, "Middle")) == 6


def test_that_taking_back_an_import_that_brought_a_home_loses_it(services, town):
    before = project_of(town)
    path = geojson(town / "more.geojson", (shapely.box(100, -60, 110, -50), {"building": "house"}))
    after, _ = workflow.import_file(services, before, path, kind="buildings")
    assert [(loss.known, loss.step) for loss in workflow.lost_by_undo(services, after, before)] == [(1, "undo")]
    assert workflow.lost_by_undo(services, before, after) == ()


def test_that_the_same_home_in_another_file_is_no_loss(services, town):
    before = project_of(town)
    path = geojson(town / "more.geojson", (HOME, {"building": "house"}))
    after, _ = workflow.import_file(services, before, path, kind="buildings")
    assert workflow.lost_by_undo(services, after, before) == ()
