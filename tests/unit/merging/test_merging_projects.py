"""Two projects that grew from one are brought together row by row, worked out by hand."""

from dataclasses import fields, replace
from typing import get_args, get_type_hints

import pytest
from hypothesis import given
from project_values import layer_of, projects, same_project, small_town
from shapely import Point

from lhasaplan.core.model.camera import Status
from lhasaplan.core.project.journal import DraftsExported, JournalEntry, ProjectMade
from lhasaplan.core.project.project import Bookmark, Project
from lhasaplan.core.project.projects import FACTS, GONE, HIDDEN, ROWS, MergedFeature, join, reported_columns
from lhasaplan.io.content.catalogue import load_translations
from lhasaplan.report.facts.project_words import COLUMNS, ROW_KINDS, side_rows

TOWN = small_town()
STEPS = tuple(JournalEntry(ProjectMade((name,)), day) for name, day in (("a", "2026-01-01"), ("b", "2026-01-02")))


def camera(key, azimuth_deg=0.0, name=""):
    return replace(TOWN.cameras[0], camera_id=key, azimuth_deg=azimuth_deg, name=name)


def place(key, x_m, **tags):
    return key, Point(x_m, 0), tags


def places(*rows):
    return layer_of("places", [row[1] for row in rows], ids=[row[0] for row in rows], tags=[row[2] for row in rows])


def reported(joined):
    return [(conflict.kind, conflict.key, *line) for conflict in joined.conflicts for line in reported_columns(conflict)]


def town(cameras, **more):
    return replace(TOWN, cameras=tuple(cameras), journal=STEPS, **more)


def test_that_a_conflict_is_told_in_words_and_no_column_of_the_file_is_named():
    base, mine, theirs = (
        town([replace(camera("K", azimuth, "Town hall"), status=status, retention_days=days)])
        for azimuth, status, days in ((10.0, Status.OPERATING, 3), (20.5, Status.PLANNED, None), (30.0, Status.OPERATING, 3))
    )
    rows = list(side_rows(join(base, mine, theirs).conflicts, load_translations("en")))
    assert [row[:3] for row in rows] == [("camera", "Town hall (K)", side) for side in ("mine", "theirs")]
    assert rows[0][3] == "direction: 20.5; status: planned; days of retention: –"
    assert rows[1][3] == "direction: 30; status: operating; days of retention: 3"
    chinese = list(side_rows(join(base, mine, theirs).conflicts, load_translations("zh_CN")))
    assert not any("_" in row[3] or "planned" in row[3] for row in chinese)


def test_that_every_column_that_two_sides_may_differ_in_has_a_name():
    hints = get_type_hints(Project)
    columns = {field.name for kind in ROWS for field in fields(get_args(hints[kind])[0])} | {
        field.name for field in fields(MergedFeature)
    }
    keys = {"feature_id"} | {name for names in ROWS.values() for name in names}  # by these a row is the same on both sides
    assert columns - keys <= set(COLUMNS)
    assert {FACTS, *ROWS} == set(ROW_KINDS)


# By hand: the azimuth of a camera in the base, in mine and in theirs (None: no such camera), and what both make of it.
HAND = [
    ("nobody", 10, 10, 10, 10),
    ("mine turned", 10, 20, 10, 20),
    ("theirs turned", 10, 10, 30, 30),
    ("both the same", 10, 40, 40, 40),
    ("both otherwise", 10, 50, 60, "conflict"),
    ("mine took out", 10, None, 10, None),
    ("theirs took out", 10, 10, None, None),
    ("both took out", 10, None, None, None),
    ("mine took out, theirs turned", 10, None, 70, "conflict"),
    ("mine turned, theirs took out", 10, 80, None, "conflict"),
    ("mine new", None, 90, None, 90),
    ("theirs new", None, None, 100, 100),
    ("both new, the same", None, 110, 110, 110),
    ("both new, otherwise", None, 120, 130, "conflict"),
]


def test_that_three_diverged_projects_make_what_a_person_works_out_row_by_row():
    base, mine, theirs = (town(camera(row[0], row[at]) for row in HAND if row[at] is not None) for at in (1, 2, 3))
    joined = join(base, mine, theirs)
    assert [conflict.key for conflict in joined.conflicts] == [row[0] for row in HAND if row[4] == "conflict"]
    found = {each.camera_id: each.azimuth_deg for each in joined.project.cameras}
    mine_of = {row[0]: row[2] for row in HAND}
    for name, *_, wished in HAND:
        assert found.get(name) == (mine_of[name] if wished == "conflict" else wished), name
    assert joined.taken == {"cameras": ("theirs turned", "theirs took out", "theirs new")}


def test_that_a_conflict_is_told_by_row_and_column_with_both_values():
    base, mine = town([camera("C1", 10, "gate")]), town([camera("C1", 20, "east gate")])
    assert reported(join(base, mine, town([camera("C1", 30, "gate")]))) == [
        ("cameras", "C1", "name", "east gate", "gate"),
        ("cameras", "C1", "azimuth_deg", "20", "30"),
    ]
    assert reported(join(base, mine, town([]))) == [("cameras", "C1", "", HIDDEN, GONE)]


@pytest.mark.parametrize(("side", "azimuth_deg"), [("mine", 20), ("theirs", 30)])
def test_that_a_choice_decides_one_row_and_a_side_all_others(side, azimuth_deg):
    base, mine, theirs = (town([camera("C1", at), camera("C2", at)]) for at in (10, 20, 30))
    one = join(base, mine, theirs, {("cameras", "C1"): side})
    assert ([each.key for each in one.conflicts], one.project.cameras[0].azimuth_deg) == (["C2"], azimuth_deg)
    every = join(base, mine, theirs, {("cameras", "C1"): side}, "theirs")
    assert (every.conflicts, [each.azimuth_deg for each in every.project.cameras]) == ((), [azimuth_deg, 30])


def test_that_a_choice_for_one_kind_of_row_decides_no_other_of_its_name():
    base, mine, theirs = (
        town([camera("north", at)], bookmarks=(Bookmark("north", at, 0, 9),), layers={"places": places(place("north", at))})
        for at in (10, 20, 30)
    )
    joined = join(base, mine, theirs, {("cameras", "north"): "mine"})
    assert [conflict.kind for conflict in joined.conflicts] == ["bookmarks", "places"]


def test_that_features_of_layers_are_rows_and_a_layer_comes_and_goes_as_a_whole():
    base = town([], layers={"places": places(place("a", 1), place("b", 2)), "trees": places(place("t", 1))})
    mine = town([], layers={"places": places(place("a", 1, name="x"), place("b", 2)), "trees": places(place("t", 1))})
    theirs = town([], layers={"places": places(place("a", 1), place("c", 3)), "roads": places(place("r", 1))})
    joined = join(base, mine, theirs)
    assert joined.conflicts == ()
    assert list(joined.project.layers) == ["places", "roads"]
    found = joined.project.layers["places"]
    assert [(key, dict(tags)) for key, tags in zip(found.ids, found.tags, strict=True)] == [("a", {"name": "x"}), ("c", {})]


def test_that_of_a_drawn_place_nothing_is_told_but_that_it_differs():
    base, mine, theirs = (
        town([], layers={"places": places(place("places/1", at, lhasaplan="protected", name=f"Refuge {at}"))}) for at in (1, 2, 3)
    )
    lines = reported(join(base, mine, theirs))
    assert {line[:2] for line in lines} == {("places", "(drawn 1)")}  # an id begins with the name of a file
    assert {text for line in lines for text in line[3:]} == {HIDDEN}


def test_that_features_of_one_id_keep_it_and_are_told_apart_by_their_order():
    base = town([], layers={"places": places(place("a", 1), place("a", 2))})
    mine = town([], layers={"places": places(place("a", 1, name="x"), place("a", 2))})
    theirs = town([], layers={"places": places(place("a", 1), place("a", 5))})
    found = join(base, mine, theirs).project.layers["places"]
    assert [(key, shape.x, dict(tags)) for key, shape, tags in zip(found.ids, found.geometry, found.tags, strict=True)] == [
        ("a", 1, {"name": "x"}),
        ("a", 5, {}),
    ]


def test_that_what_a_project_has_once_is_one_row_each():
    base = town([])
    joined = join(base, replace(base, name="mine"), replace(base, packs=("eu-gdpr", "other"), synthetic=True))
    assert (joined.project.name, joined.project.packs, joined.project.synthetic) == ("mine", ("eu-gdpr", "other"), True)
    (conflict,) = join(base, replace(base, name="mine"), replace(base, name="theirs")).conflicts
    assert list(reported_columns(conflict)) == [("", "mine", "theirs")]


def test_that_the_journal_tells_what_both_did_and_not_what_one_took_back():
    mine_step, their_step = (
        JournalEntry(DraftsExported((name,)), day) for name, day in (("m", "2026-02-01"), ("t", "2026-01-20"))
    )
    base = town([])
    mine, theirs = replace(base, journal=(*STEPS, mine_step)), replace(base, journal=(STEPS[0], their_step))
    assert join(base, mine, theirs).project.journal == (STEPS[0], their_step, mine_step)
    assert join(base, base, theirs).project.journal == theirs.journal


@given(one=projects(), other=projects())
def test_that_who_alone_changed_anything_is_followed_in_all(one, other):
    other = replace(other, crs=one.crs)
    for joined in (join(one, other, one), join(one, one, other), join(one, other, other)):
        assert joined.conflicts == ()
        assert same_project(joined.project, other)
