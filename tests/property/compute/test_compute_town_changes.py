"""After any edits of the town and its cameras the live answers are those of a check from nothing."""

from dataclasses import replace

import pytest
import shapely
from amounts import examples
from answers_town import X0, Y0, box, camera, house, layer, reference_data
from hypothesis import given, settings
from hypothesis import strategies as st
from live_town import HOUSES, PARTS, TREES, check_of, city, confirmed, hills, live_of
from test_compute_live import assert_same, edited, edits

from lhasaplan.core.context.audit_context import set_up
from lhasaplan.core.demand.guard import find_candidates, request
from lhasaplan.core.live.town_changes import in_town
from lhasaplan.core.project.decisions import Declaration
from lhasaplan.errors import Cancelled

KNOWN = reference_data()
EAST, NORTH = st.floats(-40.0, 44.0), st.floats(-24.0, 24.0)
FAR = ("way/99", box(200, 200, 212, 212), {"building": "apartments"})  # beyond the range of everybody


@st.composite
def town_edits(draw):
    what = draw(st.sampled_from(["grow", "raze", "build", "use", "tree", "fell", "declare", "yard", "area", "confirm"]))
    number, x, y = draw(st.integers(0, len(HOUSES) - 1)), draw(EAST), draw(NORTH)
    return what, number, x, y, draw(st.floats(2.0, 9.0))


def changed(project, edit):
    """Return the project with one edit of its town."""
    what, number, x, y, size = edit
    layers = dict(project.layers)
    houses = [*zip(layers["buildings"].ids, layers["buildings"].geometry, layers["buildings"].tags, strict=True)]
    trees = [*zip(layers["trees"].ids, layers["trees"].geometry, layers["trees"].tags, strict=True)] if "trees" in layers else []
    number = min(number, len(houses) - 1)
    name, shape, tags = houses[number]
    if what == "grow":
        houses[number] = name, shape, {**tags, "height": str(size * 2)}
    elif what == "raze" and len(houses) > 1:
        del houses[number]
    elif what == "build":
        houses.insert(number, (f"way/b{x}{y}", box(x, y, x + size, y + size), {"building": "house", "height": str(size)}))
    elif what == "use":
        houses[number] = name, shape, {**tags, "building": "school" if size > 5.0 else "industrial"}
    elif what == "tree":
        trees.append((f"node/t{x}{y}", shapely.Point(X0 + x, Y0 + y), {"diameter_crown": str(size), "min_height": "1"}))
    elif what == "fell" and trees:
        del trees[number % len(trees)]
    elif what == "yard":
        layers["places"] = layer("places", (f"way/y{x}", box(x, y, x + size, y + size), {"leisure": "playground"}))
    elif what == "area":
        layers["areas"] = layer("areas", ("way/a", box(x - 20, y - 20, x + 20, y + 20), {"name": "Harbour", "place": "suburb"}))
    elif what == "declare":
        said = Declaration(str(name), "not_dwelling", "A. Example", "2026-05-01")
        return replace(project, declarations=(*project.declarations, said))
    elif what == "confirm":
        return replace(project, confirmations=confirmed(*PARTS[: number % 3 + 1]))
    return replace(project, layers={**layers, "buildings": layer("buildings", *houses), "trees": layer("trees", *trees)})


def in_changed(project, live, known=KNOWN):
    bare = set_up(project, known, known=live.city)
    return in_town(live, bare, request(bare, find_candidates(bare)))


def near_and_far(**layers):
    """The city, its cameras shortsighted: an edit leaves some of them as they are."""
    start = city(**layers)
    short = [replace(start.cameras[0], range_m=14.0), replace(start.cameras[1], range_m=12.0), start.cameras[2]]
    return replace(start, cameras=(*short, camera("d", -28.0, 8.0, 90.0, range_m=20.0)))


def follow(project, steps, known=KNOWN):
    live = live_of(project, known)
    for step in steps:
        if len(step) == 2:
            project, live = edited(project, live, step)
        else:
            project = changed(project, step)
            live = in_changed(project, live, known)
    return project, live


@examples(4, nightly=60)
@given(st.lists(st.one_of(town_edits(), town_edits(), edits()), min_size=1, max_size=4), st.booleans())
def test_that_after_any_edits_of_the_town_the_live_answers_are_those_of_a_check(steps, has_trees):
    project, live = follow(near_and_far(**({"trees": TREES} if has_trees else {})), steps)
    assert_same(live, check_of(project, KNOWN))


@pytest.mark.nightly
@settings(max_examples=200)
@given(st.lists(st.one_of(town_edits(), edits()), min_size=4, max_size=12), st.booleans())
def test_that_after_many_edits_of_the_town_the_live_answers_are_those_of_a_check(steps, has_trees):
    project, live = follow(near_and_far(**({"trees": TREES} if has_trees else {})), steps)
    assert_same(live, check_of(project, KNOWN))


@examples(3, nightly=40)
@given(st.lists(town_edits(), min_size=1, max_size=2), st.booleans())
def test_that_over_relief_too_edits_of_the_town_are_followed(steps, is_coarse):
    known = hills(is_coarse)
    project, live = follow(near_and_far(trees=TREES), steps, known)
    assert_same(live, check_of(project, known))


def test_that_cameras_that_no_change_reaches_are_not_looked_through_again():
    project = near_and_far()
    before = live_of(project, KNOWN)
    after = in_changed(changed(project, ("build", 0, 20.0, 4.0, 5.0)), before)  # the first building: all numbers are others
    kept = [key for key in before.results if after.results[key].certain is before.results[key].certain]
    assert "a" in kept  # 14 m of sight, and the house stands 20 m away
    assert after.results["b"].certain is not before.results["b"].certain
    far = in_changed(replace(project, layers={**project.layers, "buildings": layer("buildings", FAR, *HOUSES)}), before)
    assert [far.results[key].certain is before.results[key].certain for key in "abd"] == [True] * 3


def test_that_a_town_of_the_same_buildings_keeps_what_was_made_of_them():
    project = near_and_far(trees=TREES)
    first = set_up(project, KNOWN)
    again = set_up(changed(project, ("declare", 3, 0.0, 0.0, 2.0)), KNOWN, known=first)
    assert again.scene is first.scene
    assert again.town is first.town
    assert len(again.protected) == len(first.protected) - 1
    assert set_up(changed(project, ("grow", 0, 0.0, 0.0, 8.0)), KNOWN, known=first).scene is not first.scene


def test_that_a_cancel_in_a_changed_town_is_heard():
    project = near_and_far()
    live = live_of(project, KNOWN)
    bare = set_up(changed(project, ("grow", 0, 0.0, 0.0, 8.0)), KNOWN)

    def cancel(_share, _step):
        raise Cancelled

    with pytest.raises(Cancelled):
        in_town(live, bare, request(bare, find_candidates(bare)), cancel)


def test_that_a_new_house_counts_for_who_looks_past_it():
    project = near_and_far()
    north = house(9, -3, -2, 3, 2)  # before the lens of "a", which looks north at p1
    built = replace(project, layers={**project.layers, "buildings": layer("buildings", *HOUSES, north)})
    live = in_changed(built, live_of(project, KNOWN))
    assert_same(live, check_of(built, KNOWN))
