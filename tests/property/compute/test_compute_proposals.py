"""What a proposal is said to do is what two checks say, one before and one after it; and it may not do everything."""

from dataclasses import replace

import pytest
from amounts import examples
from answers_town import X0, Y0, camera, reference_data
from hypothesis import given, settings
from hypothesis import strategies as st
from live_town import PARTS, TREES, check_of, city, confirmed, live_of

from lhasaplan.core.changes.camera_change import AddCamera, ChangeMask, ChangeStatus, MoveCamera, TiltCamera, TurnCamera
from lhasaplan.core.changes.proposal import Proposal, Source, apply, difference
from lhasaplan.core.changes.work import Cost, Work, WorkLine, cost_of
from lhasaplan.core.context.audit_context import set_up
from lhasaplan.core.live.effect import GRADES, POSSIBLE, evaluate
from lhasaplan.core.live.live_answers import make_live, with_cameras
from lhasaplan.core.model.camera import Mount, Status
from lhasaplan.core.model.place import ProtectedClass
from lhasaplan.core.results.finding import Severity, alternatives_of
from lhasaplan.errors import Cancelled, GateError, GuardError, InputError

ALONG, ACROSS = st.floats(-11.0, 11.0), st.floats(-9.0, 9.0)  # between the houses: ground where a camera may be planned


@st.composite
def plans(draw):
    """Draw cameras of the town: the three that stand, turned, moved, masked, away, and up to two more."""
    kept = []
    for each in city().cameras:
        other = replace(each, azimuth_deg=draw(st.sampled_from([each.azimuth_deg, None, 45.0, 190.0])))
        other = replace(other, status=draw(st.sampled_from([Status.OPERATING, Status.PLANNED, Status.REMOVED])))
        kept.append(draw(st.sampled_from([each, other, replace(each, mask_sector_deg=((0.0, 40.0),))])))
    for name in draw(st.sampled_from(["", "d", "de"])):
        status = draw(st.sampled_from([Status.OPERATING, Status.PLANNED]))
        kept.append(camera(name, draw(ALONG), draw(ACROSS), draw(st.floats(0.0, 359.0)), status=status))
    return tuple(kept[draw(st.integers(0, 1)) :])


@examples(3, nightly=20)
@given(plans(), plans(), st.booleans())
def test_that_an_effect_is_what_two_checks_differ_in(before, after, has_trees):
    assert_effect(before, after, has_trees)


@pytest.mark.nightly
@settings(max_examples=150)
@given(plans(), plans(), st.booleans())
def test_that_any_effect_is_what_two_checks_differ_in(before, after, has_trees):
    assert_effect(before, after, has_trees)


def assert_effect(before, after, has_trees):
    project = replace(city(**({"trees": TREES} if has_trees else {})), cameras=before)
    proposal = difference(before, after)
    effect = evaluate(live_of(project, reference_data()), project, proposal)
    was, now = (check_of(replace(project, cameras=each), reference_data()) for each in (before, after))
    assert _reported(effect.parts) == _differing(was, now, "verdict_after", "measured_after")
    assert _reported(effect.parts_operating) == _differing(was, now, "verdict", "measured")
    ids = set(proposal.camera_ids)
    assert {cls: {g: row[g] for g in GRADES} for cls, row in effect.places.items()} == _places(was, now, ids)
    for certain, pair in ((True, effect.unasked_m2), (False, effect.unasked_possible_m2)):
        assert pair == pytest.approx(tuple(_unasked(each, ids, certain) for each in (was, now)), abs=1e-6)
    assert effect.overlap_m2 == pytest.approx(tuple(_overlap(each, ids) for each in (was, now)), abs=1e-4)


def _reported(effects):
    shares = ((each.part_id, each.verdict, *each.share_served, *each.share_seen) for each in effects)
    return {part: (verdict, *(round(share, 9) for share in rest)) for part, verdict, *rest in shares}


def _differing(was, now, verdict, measured):
    """Return verdicts and shares of the parts that differ, before and after."""
    found = {}
    for old, new in zip(was.parts, now.parts, strict=True):
        of_old, of_new = getattr(old, measured), getattr(new, measured)
        pair = (getattr(old, verdict), getattr(new, verdict))
        served, seen = ((getattr(of_old, name), getattr(of_new, name)) for name in ("share_served", "share_seen"))
        if served[0] != served[1] or seen[0] != seen[1]:
            found[old.part.part_id] = (pair, *(round(share, 9) for share in (*served, *seen)))
    return found


def _mine(found, ids):
    return [each for each in found.cameras if each.placed.camera.camera_id in ids]


def _places(was, now, ids):
    counts = [{str(cls): dict.fromkeys(GRADES, 0) for cls in ProtectedClass} for _ in range(2)]
    for table, found in zip(counts, (was, now), strict=True):
        for sighting in (sighting for each in _mine(found, ids) for sighting in each.sightings):
            row = table[str(sighting.cls)]
            if sighting.basis == "assumed":
                row[POSSIBLE] += sighting.places
            else:
                for grade, places in sighting.places_by_grade.items():
                    row[grade] += places
    return {cls: {grade: (counts[0][cls][grade], counts[1][cls][grade]) for grade in GRADES} for cls in counts[0]}


def _unasked(found, ids, certain):
    return sum(each.unasked_m2 for each in _mine(found, ids) if each.placed.certain is certain)


def _overlap(found, ids):
    return sum(each.area_m2 for each in found.overlaps if {each.a, each.b} & ids)


def test_that_trying_changes_nothing_and_a_cancel_is_heard_at_every_step():
    project, reported = city(), []
    live = live_of(project, reference_data())
    proposal = Proposal((TurnCamera("a", 180.0), AddCamera(camera("d", x=5.0, status=Status.PLANNED))))
    evaluate(live, project, proposal, progress=lambda share, _step: reported.append(share))
    assert reported == sorted(reported)
    for heard in range(len(reported)):
        calls = iter(range(len(reported)))

        def cancel(_share, _step, calls=calls, heard=heard):
            if next(calls) == heard:
                raise Cancelled

        with pytest.raises(Cancelled):
            evaluate(live, project, proposal, progress=cancel)
    assert sorted(live.results) == ["a", "b", "c"]


def test_that_a_camera_which_the_answers_know_otherwise_is_looked_through_first():
    project = city()
    late = live_of(replace(project, cameras=project.cameras[1:]), reference_data())
    proposal = Proposal((TurnCamera("a", 180.0),))
    assert evaluate(late, project, proposal) == evaluate(live_of(project, reference_data()), project, proposal)


def test_that_outside_the_gate_existing_cameras_are_tried_and_none_is_planned():
    project = replace(city(), confirmations=())
    audit = with_cameras(make_live(set_up(project, reference_data())), project.cameras)
    tried = evaluate(audit, project, Proposal((TurnCamera("a", 180.0), ChangeStatus("b", Status.REMOVED))))
    assert (tried.parts, tried.unasked_m2[0] > tried.unasked_m2[1]) == ((), True)
    for change in (AddCamera(camera("d", status=Status.PLANNED)), ChangeStatus("a", Status.PLANNED)):
        with pytest.raises(GateError, match="would be planned"):
            evaluate(audit, project, Proposal((change,)))


@pytest.mark.parametrize(("x", "y"), [(0.0, 18.0), (42.0, 0.0), (-20.0, -18.0)])
def test_that_no_camera_is_planned_on_a_home_a_playground_or_a_house_of_unknown_use(x, y):
    project = city()
    live = live_of(project, reference_data())
    with pytest.raises(GuardError, match="camera d cannot be placed there: the ground or the building is protected"):
        evaluate(live, project, Proposal((AddCamera(camera("d", x, y, status=Status.PLANNED)),)))
    moved = Proposal((MoveCamera("a", X0 + x, Y0 + y),))
    for source in (moved.source, Source.SITING):  # no inventory has it there: it is planned, whoever moves it
        with pytest.raises(GuardError, match="camera a cannot be placed there"):
            evaluate(live, project, replace(moved, source=source))


@pytest.mark.parametrize(("x", "y"), [(42.0, 0.0), (-20.0, -18.0)])
def test_that_a_camera_which_the_inventory_has_on_protected_ground_may_be_turned_there(x, y):
    project = replace(city(), cameras=(camera("a", x, y),))
    live = live_of(project, reference_data())
    assert evaluate(live, project, Proposal((TurnCamera("a", 180.0),))).camera_ids == ("a",)


def test_that_a_proposal_that_does_not_fit_the_cameras_is_refused():
    project = city()
    with pytest.raises(InputError, match="no camera z"):
        evaluate(live_of(project, reference_data()), project, Proposal((TiltCamera("z", 10.0),)))


def test_that_a_planned_camera_may_gain_a_part_that_operating_ones_do_not():
    project = replace(city(), cameras=(), confirmations=confirmed(PARTS[0]))
    live = live_of(project, reference_data())
    effect = evaluate(live, project, Proposal((AddCamera(camera("d", y=-11.0, status=Status.PLANNED)),)))
    # It looks north at its part 7 to 15 m away, where 1423 / 15 = 95 px/m.
    assert (effect.gained, effect.lost, effect.parts_operating) == (("p1",), (), ())
    assert effect.parts[0].verdict == ("gap", "met")
    assert effect.cost.lines == (WorkLine(Work.NEW_ON_POLE, 1),)


# What it costs: two visits of one camera are one line, a planned one is still to be installed.

POLE, WALL = camera("a"), camera("b", mount=Mount.WALL, status=Status.PLANNED)


@pytest.mark.parametrize(
    ("changes", "work"),
    [
        ((TurnCamera("a", 90.0), TiltCamera("a", 20.0)), {Work.AIM: 1}),
        ((TurnCamera("a", 90.0), ChangeMask("a", (), ((0.0, 40.0),))), {Work.AIM: 1, Work.MASK: 1}),
        ((ChangeStatus("a", Status.REMOVED),), {Work.TAKE_AWAY: 1}),
        ((TurnCamera("b", 90.0),), {}),
        ((ChangeStatus("b", Status.OPERATING),), {}),
        ((ChangeStatus("b", Status.REMOVED),), {Work.NEW_ON_WALL: -1}),
        ((AddCamera(camera("c", status=Status.PLANNED)), AddCamera(camera("d", status=Status.PLANNED))), {Work.NEW_ON_POLE: 2}),
        ((TurnCamera("a", 0.0),), {}),
    ],
)
def test_that_work_is_counted_by_kind(changes, work):
    after = apply(Proposal(changes), (POLE, WALL))
    assert {line.work: line.count for line in cost_of((POLE, WALL), after).lines} == work


def test_that_a_price_that_is_not_stated_leaves_the_sum_unstated():
    changes = Proposal((TurnCamera("a", 90.0), ChangeMask("a", (), ((0.0, 40.0),))))
    after = apply(changes, (POLE,))
    assert cost_of((POLE,), after, {Work.AIM: 200.0, Work.MASK: 50.0}).total == 250.0
    assert cost_of((POLE,), after, {Work.AIM: 200.0}).total is None
    assert cost_of((POLE,), after).total is None
    assert Cost().total is None


# What an audit or a check proposes, tried by the live engine.

VIEWS = {"view_home": "home", "view_protected": "protected"}
PAIRS = [
    ((0.0, -11.0, 60.0), (18.0, 0.0, 250.0)),
    ((-20.0, -8.0, 60.0), (10.0, 0.0, 90.0)),
    ((5.0, 4.0, 350.0), (-25.0, 9.0, 120.0)),
]


@pytest.fixture(scope="module", params=PAIRS, ids=["facing", "apart", "aside"])
def proposing(request):
    """A town whose parts are not all met and whose cameras see homes: its check, and its live answers."""
    cameras = tuple(camera(name, x, y, azimuth) for name, (x, y, azimuth) in zip("ab", request.param, strict=True))
    project = replace(city(), cameras=cameras, confirmations=confirmed(*PARTS))
    return project, check_of(project, reference_data()), live_of(project, reference_data())


def test_that_an_option_does_what_it_was_said_to_do(proposing):
    project, found, live = proposing
    options = [(part, option) for part in found.parts for option in part.service]
    assert options
    for part, option in options:
        effect = evaluate(live, project, option.proposal)
        changed = effect.parts if option.action == "new" else effect.parts_operating
        (mine,) = (each for each in changed if each.part_id == part.part.part_id)
        assert (mine.verdict, mine.share_served[1]) == ((part.verdict, option.verdict_after), pytest.approx(option.share_after))
        assert effect.unasked_m2[1] == pytest.approx(option.unasked_after_m2)
        seen = {cls: {grade: pair[1] for grade, pair in row.items() if pair[1]} for cls, row in effect.places.items()}
        reported = {cls: {grade: count for grade, count in row.items() if count} for cls, row in option.protected_after.items()}
        assert {cls: row for cls, row in seen.items() if row} == {cls: row for cls, row in reported.items() if row}
        assert not [each for each in changed if each.share_served[1] < each.share_served[0] - 1e-9]


def test_that_a_mitigation_that_was_tried_ends_its_view_and_makes_no_part_or_unasked_ground_worse_than_told(proposing):
    project, found, live = proposing
    grave = [each for each in found.findings if each.kind in VIEWS and each.severity is not Severity.NOTE]
    views = [each for each in grave if each.mitigation is not None]
    assert views
    for finding in views:
        tried = [finding.mitigation, *(each for each in alternatives_of(finding.mitigation) if each.is_verified)]
        for mitigation in tried:
            effect = evaluate(live, project, mitigation.as_proposal(finding.finding_id))
            assert {grade: pair[1] for grade, pair in effect.places[VIEWS[finding.kind]].items()} == dict.fromkeys(GRADES, 0)
            assert effect.unasked_m2[1] <= effect.unasked_m2[0] + 0.5
