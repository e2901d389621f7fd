"""After any edits of cameras and of what is confirmed, the live answers are those of a check of the changed project."""

from dataclasses import replace

import pytest
import shapely
from amounts import examples
from answers_town import X0, Y0, box, camera, layer, reference_data, town
from hypothesis import given, settings
from hypothesis import strategies as st
from live_town import PARTS, TREES, check_of, city, confirmed, gap_of, hills, live_of, verdicts

from lhasaplan.app.map.sight import CurrentSight, seen_of
from lhasaplan.app.map.sight import who_sees as who_sees_in_window
from lhasaplan.core.context.audit_context import make_context, set_up
from lhasaplan.core.context.scenes import IN_PROCESS
from lhasaplan.core.exposure.who_sees import who_sees
from lhasaplan.core.live.effect import effect_on, overlaps_of
from lhasaplan.core.live.live_answers import CAMERAS_A_STEP, make_live, with_cameras, with_decisions
from lhasaplan.core.model.camera import Kind, Status
from lhasaplan.core.project.decisions import Excuse
from lhasaplan.core.site.mounting import ask_about
from lhasaplan.errors import Cancelled

KINDS_IN_VIEW = ("view_home", "view_protected", "view_unknown_use", "unasked_area")

# Edits: each gives the changed project and the way in which the live answers follow.

ALONG, ACROSS = st.floats(-34.0, 40.0), st.floats(-11.0, 11.0)


@st.composite
def edits(draw):
    name = draw(st.sampled_from("abcd"))
    x, y, turn = draw(ALONG), draw(ACROSS), draw(st.floats(0.0, 359.0))
    changes = {
        "move": {"x_m": X0 + x, "y_m": Y0 + y},
        "into a tree": {"x_m": X0 - 10.5, "y_m": Y0 + 2.0},
        "turn": {"azimuth_deg": turn},
        "forget the direction": {"azimuth_deg": None},
        "tilt": {"tilt_deg": draw(st.floats(0.0, 40.0))},
        "lens": {"hfov_deg": draw(st.floats(20.0, 110.0)), "range_m": draw(st.floats(10.0, 80.0))},
        "mask": {"mask_sector_deg": ((turn, (turn + 40.0) % 360.0),)},
        "mount": {"mount_height_m": draw(st.floats(2.5, 11.0))},
        "pan-tilt": {"kind": Kind.PAN_TILT},
        "plan": {"status": Status.PLANNED},
        "remove": {"status": Status.REMOVED},
    }
    what = draw(st.sampled_from([*changes, "add", "delete", "confirm"]))
    if what == "add":
        return "camera", camera(name, x, y, turn, status=draw(st.sampled_from([Status.OPERATING, Status.PLANNED])))
    if what == "delete":
        return "gone", name
    if what == "confirm":
        return "confirm", draw(st.lists(st.sampled_from(PARTS), unique_by=lambda part: part.part_id))
    return "change", (name, changes[what])


def edited(project, live, edit):
    what, value = edit
    if what == "confirm":
        changed = replace(
            project, confirmations=confirmed(*value), excuses=(Excuse("p2", "closed street", "A. Example", "2026-05-02"),)
        )
        return changed, with_decisions(live, changed)
    known = {each.camera_id: each for each in project.cameras}
    if what == "gone":
        rest = tuple(each for each in project.cameras if each.camera_id != value)
        return replace(project, cameras=rest), with_cameras(live, (), [value])
    if what == "change" and value[0] not in known:
        return project, live
    new = value if what == "camera" else replace(known[value[0]], **value[1])
    return replace(project, cameras=tuple({**known, new.camera_id: new}.values())), with_cameras(live, [new])


def assert_same(live, found):
    assert live.results.keys() == {each.placed.camera.camera_id for each in found.cameras}
    for theirs in found.cameras:
        mine = live.results[theirs.placed.camera.camera_id]
        assert mine.placed == theirs.placed
        assert_same_fields(mine, theirs)
        assert (mine.parts_served, mine.unasked_m2) == (theirs.parts_served, pytest.approx(theirs.unasked_m2, abs=1e-6))
        assert [graded(each) for each in mine.sightings] == [graded(each) for each in theirs.sightings]
        its = [each for each in found.findings if each.camera_id == mine.placed.camera.camera_id and each.kind in KINDS_IN_VIEW]
        assert said(live.findings(mine.placed.camera.camera_id)) == said(its)
    assert verdicts(live) == {each.part.part_id: (each.verdict, each.verdict_after) for each in found.parts}
    for each in found.parts:
        mine = gap_of(live, each.part.part_id)
        assert (mine is None, each.gap is None) in {(True, True), (False, False)}
        assert each.gap is None or shapely.to_wkb(mine) == shapely.to_wkb(each.gap)
    assert_same_overlaps(live, found)


def assert_gains_and_losses(before, after, steps):
    if any(what == "confirm" for what, _ in steps):  # other parts are asked for: there is nothing to compare
        return
    was, now = ({part for part, (_, verdict) in verdicts(each).items() if verdict == "met"} for each in (before, after))
    effect = effect_on(("a",), before, after)
    assert (set(effect.gained), set(effect.lost)) == (now - was, was - now)


def assert_same_fields(mine, theirs):
    ours, others = ([*([one.certain] if one.certain else []), *one.possible] for one in (mine, theirs))
    assert [each.basis for each in ours] == [each.basis for each in others]
    assert [shapely.to_wkb(each.geometry) for each in ours] == [shapely.to_wkb(each.geometry) for each in others]


def graded(sighting):
    return (
        *(sighting.cls, sighting.basis, sighting.grade, sighting.grade_high, sighting.grade_low, sighting.places),
        *(dict(sighting.places_by_grade), sighting.density_px_m, sighting.frontage_m, sighting.sector_deg),
        shapely.to_wkb(shapely.normalize(sighting.geometry)),
    )


def said(findings):
    return sorted((each.finding_id, each.severity, each.certainty, each.article, str(each.measured)) for each in findings)


def assert_same_overlaps(live, found):
    theirs = {frozenset((each.a, each.b)): (each.area_m2, each.demand) for each in found.overlaps}
    ours = {frozenset((each.a, each.b)): (each.area_m2, each.demand) for key in live.results for each in overlaps_of(live, key)}
    assert ours.keys() == theirs.keys()
    for pair, values in ours.items():
        assert values == pytest.approx(theirs[pair], abs=1e-5)


def follow(project, known, steps):
    live = live_of(project, known)
    for step in steps:
        project, live = edited(project, live, step)
    return project, live


@examples(5, nightly=60)
@given(st.lists(edits(), min_size=1, max_size=5), st.booleans())
def test_that_after_any_edits_the_live_answers_are_those_of_a_check(steps, has_trees):
    start = city(**({"trees": TREES} if has_trees else {}))
    project, live = follow(start, reference_data(), steps)
    assert_same(live, check_of(project, reference_data()))
    assert_gains_and_losses(replace(live_of(start, reference_data()), requested=live.requested), live, steps)


@pytest.mark.nightly
@settings(max_examples=150)
@given(st.lists(edits(), min_size=6, max_size=20), st.booleans())
def test_that_after_many_edits_the_live_answers_are_those_of_a_check(steps, has_trees):
    project, live = follow(city(**({"trees": TREES} if has_trees else {})), reference_data(), steps)
    assert_same(live, check_of(project, reference_data()))


@examples(3, nightly=40)
@given(st.lists(edits(), min_size=1, max_size=3), st.booleans())
def test_that_over_relief_too_the_live_answers_are_those_of_a_check(steps, is_coarse):
    known = hills(is_coarse)
    project, live = follow(city(trees=TREES), known, steps)
    assert_same(live, check_of(project, known))


def test_that_the_guard_lets_the_confirmed_parts_of_this_town_through():
    live = live_of(city(), reference_data())  # else all that is asked of parts here would hold of none
    assert [part.part_id for part in live.demand.parts] == ["p1", "p2"]


def test_that_a_turn_away_from_its_part_loses_it_and_shows_other_places():
    project = replace(city(), cameras=(camera("a", y=-11.0),), confirmations=confirmed(PARTS[0]))
    before = live_of(project, reference_data())
    after = with_cameras(before, [replace(project.cameras[0], azimuth_deg=180.0)])
    effect = effect_on(("a",), before, after)
    # It looks north at its part 7 to 15 m away, where 1423 / 15 = 95 px/m; turned, it looks at the wall 1 m behind it.
    assert (effect.gained, effect.lost) == ((), ("p1",))
    assert effect_on(("a",), after, before).gained == ("p1",)
    assert effect.unasked_m2[0] > effect.unasked_m2[1]
    # House 2 behind it is a home at 1423 px/m and more; north of it lie houses 1 and 2 at 11 to 35 m, none nearer than 41 px/m.
    assert effect.places["home"]["error"] == (0, 0)


def test_that_cameras_that_did_not_change_are_not_looked_through_again():
    project = city()
    before = live_of(project, reference_data())
    after = with_cameras(before, [replace(project.cameras[0], azimuth_deg=90.0)])
    assert after.results["b"] is before.results["b"]
    assert after.results["a"] is not before.results["a"]


def test_that_a_lens_hung_into_a_tree_opens_it_for_others_until_it_leaves():
    # The crown stands 6 m before the camera, 20 m before the part behind it; a lens in it is not blinded, nor is its neighbour.
    crown = layer("trees", ("node/1", shapely.Point(X0, Y0 - 5.0), {"diameter_crown": "6", "min_height": "0.5"}))
    part = replace(PARTS[0], wkt=box(-3, 2, 3, 8).wkt, density_px_m=25.0)
    project = replace(town(cameras=[camera("a", y=-11.0)], trees=crown), hand_made_parts=(part,), confirmations=confirmed(part))
    hidden = live_of(project, reference_data())
    hung = camera("b", y=-5.0, azimuth=180.0)
    opened = with_cameras(hidden, [hung])
    assert verdicts(hidden)["p1"][0] != "met"
    assert verdicts(opened)["p1"][0] == "met"
    assert_same(opened, check_of(replace(project, cameras=(*project.cameras, hung)), reference_data()))
    assert_same(with_cameras(opened, (), ["b"]), check_of(project, reference_data()))


def test_that_a_cancel_is_heard_at_every_step_and_changes_nothing():
    project, reported = city(), []
    before = make_live(set_up(project, reference_data()))
    with_cameras(before, project.cameras, progress=lambda share, _step: reported.append(share))
    assert reported == sorted(reported)
    for heard in range(len(reported)):
        calls = iter(range(len(reported)))

        def cancel(_share, _step, calls=calls, heard=heard):
            if next(calls) == heard:
                raise Cancelled

        with pytest.raises(Cancelled):
            with_cameras(before, project.cameras, progress=cancel)
    assert before.results == {}
    assert len(reported) >= 6


class Counting:
    """Sight as it is computed here, which counts the views that are asked for between two words of progress."""

    def __init__(self):
        self.asked = self.most = 0

    def visibility_fields(self, views, scene, target_height_m=1.5, progress=None):
        self._count(views)
        return IN_PROCESS.visibility_fields(views, scene, target_height_m, self.reported)

    def densities(self, views, xyz_m, scene, progress=None):
        self._count(views)
        return IN_PROCESS.densities(views, xyz_m, scene, self.reported)

    def seen_pieces(self, views, mounts, wall_rows, scene, least_px_m, progress=None):
        self._count(views)
        return IN_PROCESS.seen_pieces(views, mounts, wall_rows, scene, least_px_m, self.reported)

    def _count(self, views):
        self.asked += len(views)
        self.most = max(self.most, self.asked)

    def reported(self, _share, _step):
        self.asked = 0


def test_that_no_more_cameras_than_one_step_are_looked_through_between_two_words_of_progress():
    counting = Counting()
    many = [camera(f"m{k}", -30.0 + k % 10, -6.0 + k // 10, 7.0 * k) for k in range(40)]
    bare = replace(set_up(city(trees=TREES), reference_data()), sight=counting)
    live = with_cameras(make_live(bare), many, progress=counting.reported)
    assert 0 < counting.most <= 2 * CAMERAS_A_STEP  # fields and protected places of sixteen cameras of one view each
    counting.most = counting.asked = 0
    with_cameras(live, [camera("m0", -10.5, 2.0)], progress=counting.reported)  # into a tree: all others are asked again
    assert counting.most <= 2 * CAMERAS_A_STEP


SPOTS = [(0.0, -2.0), (-10.0, 4.0), (20.0, -6.0), (0.0, 18.0), (42.0, 0.0), (-20.0, -18.0), (28.0, 5.0)]


@pytest.mark.parametrize("spot", SPOTS)
def test_that_window_and_command_line_say_the_same_of_a_spot(spot):
    project = replace(city(), cameras=(*city().cameras, camera("e", 5.0, 2.0, 30.0, kind=Kind.PAN_TILT)))
    context, live = make_context(project, reference_data(), with_planned=True), live_of(project, reference_data())
    x_m, y_m = X0 + spot[0], Y0 + spot[1]
    reported = who_sees(context, x_m, y_m)
    asked, sight = (
        ask_about(x_m, y_m, context.terrain, context.buildings),
        CurrentSight({k: seen_of(r) for k, r in live.results.items()}),
    )

    assert who_sees_in_window(asked, sight, live.city) == reported
    assert {each.certainty for each in reported} != set()


def test_that_asking_about_a_spot_hears_a_cancel_every_few_cameras():
    many = tuple(camera(f"m{k}", -30.0 + k % 10, -6.0 + k // 10, 7.0 * k) for k in range(40))
    context, reported = make_context(replace(city(), cameras=many), reference_data(), with_planned=True), []
    who_sees(context, X0, Y0, progress=lambda share, _step: reported.append(share))
    assert reported == sorted(reported)
    assert len(reported) >= 3  # 40 cameras, sixteen between two words


def test_that_a_long_drag_takes_up_places_that_come_near_and_keeps_those_that_stay():
    project = replace(city(), cameras=(camera("a", -34.0, -4.0, 0.0, range_m=25.0),))
    live = live_of(project, reference_data())
    for step in range(1, 37):  # 2 m a step, 72 m in all: samples are taken anew every 15 m
        moved = camera("a", -34.0 + 2.0 * step, -4.0, 7.0 * step, range_m=25.0)
        live = with_cameras(live, [moved])
        if step % 6 == 0:
            assert_same(live, check_of(replace(project, cameras=(moved,)), reference_data()))


def test_that_walls_kept_of_a_camera_that_looks_far_are_not_those_of_one_beside_it_that_looks_near():
    project = replace(city(), cameras=(camera("a", 0.0, -4.0, 0.0, range_m=200.0),))
    live = live_of(project, reference_data())
    far = len(live.near.walls(live.results["a"].placed.views))
    near = with_cameras(live, [camera("b", 0.0, -4.0, 0.0, range_m=5.0)]).results["b"].placed.views
    assert len(live.near.walls(near)) < far
    assert live.near.last[0].ground.bounds[2] - live.near.last[0].ground.bounds[0] < 2.0 * (5.0 * 1.01 + 1.0 + 15.0) + 1e-6
