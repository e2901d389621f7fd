"""Where somebody looked for cameras: its ground, its days, streets with their own class, and estimates of what was missed.

The camera of these towns looks north from 4 m with 68 degrees; a head at 1.5 m is in view from 6.59 to 56.93 m ahead of it.
"""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
import shapely
from answers_town import SHED, X0, Y0, box, camera, house, layer, pack, reference_data, town
from assessment_values import assessment_json
from scipy.stats import hypergeom
from sources import ROOT

from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.base.crs import Crs
from lhasaplan.core.base.translations import Translations
from lhasaplan.core.city.surveys import NO_SURVEY, NOBODY_LOOKED, chao, chapman, site_estimates, surveyed_ground, without_names
from lhasaplan.core.context.audit_context import make_context
from lhasaplan.core.exposure.along_lines import WALK_STEP_M, as_row, walk_along
from lhasaplan.core.exposure.streets_in_view import streets_in_view
from lhasaplan.core.model.camera import Status
from lhasaplan.io.importing.importer import read_file
from lhasaplan.report.facts.short_answer import answer_text
from lhasaplan.report.facts.summary import summarise
from lhasaplan.report.maps.map_decorations import legend_marks
from lhasaplan.report.maps.map_layers import map_layers
from lhasaplan.report.redaction import public_values

TODAY = "2026-11-25"


def surveys(*rows):
    """Return survey areas of (ground, tags)."""
    return layer("surveys", *((f"survey/{n}", ground, tags) for n, (ground, tags) in enumerate(rows, 1)))


def street(number, *places):
    return f"way/{number}", shapely.LineString([(X0 + x, Y0 + y) for x, y in places]), {"highway": "residential"}


def audited(project, *packs):
    return audit(project, reference_data(*packs))


def walked(project, *places):
    context = make_context(project, reference_data(), with_planned=False)
    return walk_along(context, np.array([street(1, *places)[1]], object), sums_only=False)


AXIS = (0, -10), (0, 70)  # 80 m, of which 50.34 are in view


# Its ground and its days.


def test_that_a_survey_without_a_day_or_of_a_day_to_come_claims_nothing():
    days = {"surveyed": "2026-05-03"}, {"surveyed": "2026-06"}, {"surveyed": "last May"}, {}, {"surveyed": "2026-12-24"}
    project = town(SHED, surveys=surveys(*((box(100 * n, 0, 100 * n + 50, 50), tags) for n, tags in enumerate(days))))
    ground = surveyed_ground(project, 25.0, TODAY)
    assert (ground.areas, ground.undated, ground.first, ground.last) == (2, 3, "2026-05-03", "2026-06-01")
    places = np.array([(X0 + 100 * n + 25, Y0 + 25) for n in range(5)])
    assert ground.holds(places).tolist() == [True, True, False, False, False]


def test_that_a_camera_that_was_checked_shows_that_somebody_looked_so_close_around_it():
    seen = camera("a", extra={"check_date": "2025-03-09"})
    known = [seen, camera("b", x=500, extra={"survey:date": "2024-01-02"}), camera("c", x=900)]
    to_come = camera("d", x=1300, status=Status.PLANNED, extra={"check_date": "2025-03-09"})
    ground = surveyed_ground(town(SHED, cameras=[*known, to_come]), 25.0, TODAY)
    assert (ground.areas, ground.checked, ground.first, ground.last) == (0, 2, "2024-01-02", "2025-03-09")
    places = np.array([(X0 + x, Y0) for x in (24.5, 25.5, 500.0, 900.0, 1300.0)])
    assert ground.holds(places).tolist() == [True, False, True, False, False]


def test_that_lengths_on_areas_that_lie_over_each_other_count_once():
    both = surveys((box(0, 0, 60, 10), {"surveyed": TODAY}), (box(40, 0, 100, 10), {"surveyed": TODAY}))
    line = np.array([shapely.LineString([(X0 - 50, Y0 + 5), (X0 + 150, Y0 + 5)])], object)
    assert surveyed_ground(town(SHED, surveys=both), 25.0, TODAY).length_m(line) == pytest.approx(100.0)


# In the answers.


def test_that_a_project_without_surveys_says_so_in_one_sentence_and_claims_no_absence():
    assessment = audited(town(SHED, cameras=[camera()]))
    assert assessment.totals["survey"] is None
    assert answer_text(assessment, Translations()).endswith(NO_SURVEY)
    assert not {"streets_surveyed_m", "streets_not_surveyed_m"} & {line.key for line in summarise(assessment)}


def surveyed_town(**more):
    """Return a town whose street of 200 m was surveyed along its first 50."""
    roads = layer("roads", street(7, (0, 0), (200, 0)))
    return town(SHED, cameras=[camera()], roads=roads, surveys=surveys((box(0, -5, 50, 5), {"surveyed": "2026-05-03", **more})))


def test_that_page_one_sheet_and_json_say_which_streets_nobody_looked_at():
    assessment = audited(surveyed_town())
    said = answer_text(assessment, Translations())
    assert "Between 2026-05-03 and 2026-05-03 somebody looked for cameras along 25.0 % of the public streets" in said
    lines = {line.key: line.value for line in summarise(assessment)}
    assert (lines["streets_surveyed_m"], lines["streets_not_surveyed_m"]) == pytest.approx((50.0, 150.0))
    survey = assessment_json(public_values(surveyed_town(), assessment)[1])["totals"]["survey"]
    assert (survey["streets_m"], survey["streets_surveyed_m"], survey["areas"]) == (200.0, 50.0, 1)


def test_that_streets_in_view_are_counted_apart_where_somebody_looked_and_where_nobody_did():
    roads = layer("roads", street(7, *AXIS), street(8, (500, -10), (500, 70)))
    looked = surveys((box(-5, -10, 505, 20), {"surveyed": "2026-05-03"}))
    known, guessed = camera(), camera("c2", x=500.0, azimuth=None)  # nobody recorded where the second looks
    assessment = audited(town(SHED, house("h", 490, 80, 510, 90), cameras=[known, guessed], roads=roads, surveys=looked))
    told = assessment.totals["survey"]["streets_in_view"]
    # Of the first street 30 m were surveyed, and the camera shows the ground from 6.59 (heads) to 56.93 m ahead.
    assert told["surveyed"]["certain"] == pytest.approx(20.0 - 6.59, abs=0.1)
    assert told["not_surveyed"]["certain"] == pytest.approx(56.93 - 20.0, abs=0.1)
    assert told["surveyed"]["possible"] == pytest.approx(20.0 - 6.59 + 10.0 - 6.59, abs=0.1)  # ahead or behind
    # At the edge of its picture the depth of a place is less than its distance: the range of 60 m ends the view.
    assert told["not_surveyed"]["possible"] == pytest.approx(60.0 - 20.0, abs=0.1)
    for name, whole_m in (("surveyed", 60.0), ("not_surveyed", 100.0)):
        assert sum(told[name].values()) == pytest.approx(whole_m)
        assert min(told[name].values()) >= -1e-6
    assert sum(row["certain"] for row in told.values()) == pytest.approx(assessment.totals["streets_seen_certain_m"])
    lines = {line.key: line.value for line in summarise(assessment)}
    assert lines["streets_surveyed_possible_m"] == told["surveyed"]["possible"]
    assert lines["streets_not_surveyed_certain_m"] == told["not_surveyed"]["certain"]
    assert audited(town(SHED, cameras=[known], roads=roads)).totals["survey"] is None


def test_that_nobody_who_looked_is_named_in_any_output():
    project = surveyed_town(observer="Zoe Quirke; Ben", survey_site="Chapel yard")
    written = json.dumps(assessment_json(public_values(project, audited(project))[1]))
    assert "Zoe" not in written
    assert "Chapel" not in written


def test_that_under_a_pack_that_never_plans_there_are_sums_and_no_ground_and_no_day():
    project = surveyed_town()
    assert audited(project, pack(planning="yes")).surveyed is not None
    never = audited(project, replace(pack(planning="never"), public_precision_deg=0.01))
    assert never.surveyed is None
    assert never.totals["survey"]["streets_in_view"] is None
    shown = public_values(project, never)[1]
    assert (shown.totals["survey"]["first"], shown.totals["survey"]["sites"]) == (None, None)
    assert shown.totals["survey"]["streets_surveyed_m"] == pytest.approx(50.0)
    assert "2026-05-03" not in json.dumps(assessment_json(shown))


def test_that_surveys_change_nothing_that_cameras_can_see_and_nothing_that_may_be_asked_for():
    with_surveys, without = surveyed_town(), surveyed_town()
    without = replace(without, layers={k: v for k, v in without.layers.items() if k != "surveys"})
    one, other = (assessment_json(public_values(p, audited(p))[1]) for p in (with_surveys, without))
    for found in (one, other):
        del found["totals"]["survey"]
    assert one == other


# On streets and walks.


def test_that_out_of_view_is_claimed_only_where_somebody_looked():
    first_20 = surveys((box(-5, -10, 5, 10), {"surveyed": TODAY}))  # from 10 m behind the camera to 10 m ahead
    before = walked(town(SHED, cameras=[camera()]), *AXIS).lengths
    after = walked(town(SHED, cameras=[camera()], surveys=first_20), *AXIS).lengths
    assert before.not_surveyed_m is None
    assert "not_surveyed" not in before.states
    assert after.certain_m == before.certain_m  # a known camera is there whoever looked
    assert after.none_m == pytest.approx(10.0 + 6.59, abs=WALK_STEP_M)
    assert after.not_surveyed_m == pytest.approx(70.0 - 56.93, abs=WALK_STEP_M)
    assert sum(getattr(after, f"{name}_m") for name in after.states) == pytest.approx(80.0)
    assert as_row(after)["share_not_surveyed"] == pytest.approx(after.not_surveyed_m / 80.0, abs=1e-4)
    assert "share_not_surveyed" not in as_row(before)


def test_that_no_stretch_has_its_own_row_because_nobody_looked_there():
    walk = walked(town(SHED, cameras=[camera()], surveys=surveys((box(-5, -10, 5, 10), {"surveyed": TODAY}))), *AXIS)
    assert {each.state for each in walk.stretches} == {"certain"}


def test_that_a_street_has_its_share_that_nobody_looked_at():
    project = surveyed_town()
    project = replace(project, layers={**project.layers, "buildings": layer("buildings", SHED, house(5, 150, 20, 160, 30))})
    (found,) = streets_in_view(make_context(project, reference_data(), with_planned=False)).streets
    assert found.lengths.not_surveyed_m == pytest.approx(150.0, abs=2.0)
    assert found.lengths.none_m == pytest.approx(50.0, abs=2.0)


# What all who looked missed.


def test_that_two_observers_of_one_crossing_give_the_estimate_of_chapman():
    """Ann recorded 10, Ben 15, 5 of them both: (11 x 16) / 6 - 1 = 28.33; the ends by the tails of scipy's distribution."""
    estimate, low, high = chapman(10, 15, 5)
    assert estimate == pytest.approx(11 * 16 / 6 - 1)
    numbers = np.arange(20, 200)
    held = (hypergeom.cdf(5, numbers, 10, 15) >= 0.025) & (hypergeom.sf(4, numbers, 10, 15) >= 0.025)
    assert (low, high) == (numbers[held][0], numbers[held][-1])


def test_that_observers_who_agree_in_all_still_leave_some_to_be_missed():
    """Of N cameras both record the same four with a chance of 1 / C(N, 4): 1/35 of seven, and of eight 1/70, below 2.5 %."""
    assert chapman(4, 4, 4) == (4.0, 4.0, 7.0)


def test_that_observers_who_have_none_in_common_leave_the_number_open():
    assert chapman(2, 3, 0)[::2] == (11.0, math.inf)


def test_that_three_observers_give_the_lower_bound_of_chao():
    """Four cameras were recorded once and two twice: 2/3 x 4 x 3 / (2 x 3) = 1.33 more than the eight."""
    estimate, low, high = chao([1, 1, 1, 1, 2, 2, 3, 3], 3)
    assert estimate == pytest.approx(8 + 4 / 3)
    # Variance 4/3 + 4/9 x 4 x 49 / 36 + 4/9 x 16 x 2 x 9 / 324 = 4.148; ln(1 + 4.148 / 1.778) = 1.204; exp(1.96 x 1.097) = 8.59
    assert (low, high) == pytest.approx((8 + 4 / 3 / 8.59, 8 + 4 / 3 * 8.59), abs=0.01)


def test_that_two_observers_of_hundreds_with_one_camera_in_common_are_answered_as_those_of_few():
    # Counted up one by one, as the ends were found before, the upper end is one and a half million steps away.
    _, low, high = chapman(200, 200, 1)
    assert hypergeom.cdf(1, low, 200, 200) >= 0.025 > hypergeom.cdf(1, low - 1, 200, 200)
    assert hypergeom.sf(0, high, 200, 200) >= 0.025 > hypergeom.sf(0, high + 1, 200, 200)
    assert chapman(6, 1, 1)[1:] == (6.0, 240.0)  # 6 / 240 is 2.5 % exactly, which is not rarer


def test_that_in_drawn_surveys_the_interval_of_chapman_contains_the_truth():
    """Of 30 cameras each of two observers sees each with a chance of 0.6, apart from each other."""
    drawn = np.random.default_rng(7).random((200, 2, 30)) < 0.6
    held = 0
    for one, other in drawn:
        _, low, high = chapman(int(one.sum()), int(other.sum()), int((one & other).sum()))
        held += low <= 30 <= high
    assert held / len(drawn) >= 0.93


def crossing(*seen_by, **tags):
    """Return a town with a camera for each text of who recorded it, on ground that Ann and Ben surveyed."""
    there = [camera(f"c{n}", x=n, extra={"observers": text} if text else {}) for n, text in enumerate(seen_by)]
    area = box(-1, -1, 50, 1)
    return town(SHED, cameras=there, surveys=surveys((area, {"surveyed": TODAY, "observer": "Ann", **tags}),
                                                     (area, {"surveyed": TODAY, "observer": "Ben", **tags})))  # fmt: skip


def test_that_areas_of_one_place_are_joined_and_cameras_nobody_recorded_are_known_besides():
    (site,) = site_estimates(crossing("Ann", "ann; BEN", "Ben", "Ann;Ben", ""), TODAY)
    assert (site.observers, site.found, site.besides, site.method) == (2, 4, 1, "chapman")
    assert site.estimate == pytest.approx(max(4 * 4 / 3 - 1, 5.0))  # 3 and 3, 2 of them both: 4.33, but five are known
    assert site.low >= 5.0


def test_that_one_observer_or_none_who_recorded_anything_gives_no_estimate():
    alone = town(
        SHED,
        cameras=[camera(extra={"observers": "Ann"})],
        surveys=surveys((box(-9, -9, 9, 9), {"surveyed": TODAY, "observer": "Ann"})),
    )
    assert site_estimates(alone, TODAY) == ()
    assert site_estimates(crossing("", ""), TODAY) == ()


def test_that_the_estimate_stands_on_page_one():
    """Three each, two in common: of 26 that has a chance of 70/2600, of 27 one of 73/2925, below 2.5 %."""
    said = answer_text(audited(crossing("Ann", "Ann;Ben", "Ben", "Ann;Ben")), Translations())
    assert "they found 4 cameras. By how often they agree there are 4 to 26 (95 %)." in said
    said = answer_text(audited(crossing("Ann", "Ben")), Translations())
    assert "they found 2 cameras. By how often they agree there are at least 2 (95 %)." in said


# As a layer.


def test_that_survey_areas_are_read_by_their_name_with_day_observer_and_place(tmp_path):
    ring = [[25.0, 60.1], [25.001, 60.1], [25.001, 60.101], [25.0, 60.101], [25.0, 60.1]]
    tags = {"survey_date": "2026-05-03", "surveyor": "AB", "name": "School lane"}
    feature = {"type": "Feature", "properties": tags, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    path = tmp_path / "surveys.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    (found,) = read_file(path).layers
    assert (found.name, found.tags[0]["surveyed"], found.tags[0]["observer"]) == ("surveys", "2026-05-03", "AB")
    assert found.tags[0]["survey_site"] == "School lane"
    assert "amenity" not in found.tags[0]


# On maps.


def drawn_layers(project, assessment):
    values = public_values(project, assessment)
    return {each.key: each for each in map_layers(*values, Translations())}, legend_marks(
        values[1], Translations(), with_parts=False
    )


def test_that_maps_hatch_the_ground_where_nobody_looked_and_nothing_without_surveys():
    project = surveyed_town()
    layers, marks = drawn_layers(project, audited(project, pack(planning="yes")))
    (veil,) = layers["not_surveyed"].features
    to_lonlat = Crs(project.crs).to_lonlat
    at = [shapely.Point(*map(float, to_lonlat(X0 + x, Y0 + y))) for x, y in ((25, 0), (0, 30))]
    assert [bool(veil.shape.contains(each)) for each in at] == [False, True]
    assert NOBODY_LOOKED in [mark.get_label() for mark in marks]
    bare = town(SHED, cameras=[camera()])
    layers, marks = drawn_layers(bare, audited(bare, pack(planning="yes")))
    assert "not_surveyed" not in layers
    assert NOBODY_LOOKED not in [mark.get_label() for mark in marks]


def test_that_no_map_hatches_ground_under_a_pack_that_never_plans():
    project = surveyed_town()
    assert "not_surveyed" not in drawn_layers(project, audited(project, pack(planning="never")))[0]


# What may not come of it.


def test_that_nothing_that_asks_for_cameras_reads_where_nobody_looked():
    rooms = ("demand", "siting", "covering", "mitigation", "gate", "changes")
    read = [
        path
        for room in rooms
        for path in (ROOT / "lhasaplan" / "core" / room).rglob("*.py")
        if "survey" in path.read_text("utf-8")
    ]
    assert [path.name for path in read] == []


def test_that_a_project_that_is_handed_on_has_numbers_for_those_who_looked_and_the_same_estimates():
    project = crossing("Ann", "Ann;Ben", "Ben", "Ann;Ben")
    bare = without_names(project)
    assert {tags["observer"] for tags in bare.layers["surveys"].tags} == {"1", "2"}
    assert [each.extra["observers"] for each in bare.cameras] == ["1", "1;2", "2", "1;2"]
    assert site_estimates(bare, TODAY) == site_estimates(project, TODAY)
    assert without_names(town(SHED, cameras=[camera()])).cameras == (camera(),)
