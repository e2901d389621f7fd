"""The gate opens for a whole mandate under an independent authority, and nobody gets round it."""

from dataclasses import replace

import pytest
import shapely
from rules_world import (
    AREA,
    CRS,
    DUTIES,
    EAST,
    NEVER,
    TERRITORY,
    WEST,
    WEST_LAW,
    buildings,
    gate,
    houses,
    mandate,
    metres,
    missing,
    pack,
    part,
    planned,
    project,
)

from lhasaplan.core.city.territory import Territory
from lhasaplan.core.gate.decide import TABLE_EDITED, GateTask, borders_near, refuse_unless_open, task_of
from lhasaplan.core.model.camera import Status
from lhasaplan.core.project.decisions import REQUIRED_FIELDS, Declaration
from lhasaplan.core.rules.pack import FIELD_MISSING
from lhasaplan.errors import GateError


def test_that_a_whole_mandate_inside_the_territory_opens_the_gate():
    assert missing(parts=[part(15.11, 0.11)], cameras=[planned(15.111, 0.111)]) == []


@pytest.mark.parametrize("field", REQUIRED_FIELDS)
def test_that_each_empty_field_shuts_the_gate_and_is_named(field):
    empty = {"purposes": (), "retention_days": None}.get(field, "")
    said = missing(mandate=mandate(**{field: empty}))
    assert FIELD_MISSING[field] in said


@pytest.mark.parametrize("field", [name for name in REQUIRED_FIELDS if name not in ("purposes", "retention_days")])
def test_that_a_dash_does_not_fill_a_field(field):
    assert FIELD_MISSING[field] in missing(mandate=mandate(**{field: " -- "}))


def test_that_blank_purposes_are_no_purposes():
    assert FIELD_MISSING["purposes"] in missing(mandate=mandate(purposes=(" ", "-")))


def test_that_without_a_mandate_everything_else_is_still_said():
    said = missing(mandate=None, built=buildings(shapely.box([], [], [], [])))
    assert "There is no mandate." in said
    assert "There is no plan area: the mandate states none, and nothing is confirmed or planned yet." in said


@pytest.mark.parametrize("date", ["2026-13-01", "1 May 2026", "2026-5-1"])
def test_that_a_date_that_is_none_shuts_the_gate(date):
    assert f"impact_assessment_date of the mandate, {date}, is not of the form YYYY-MM-DD." in missing(
        mandate=mandate(impact_assessment_date=date)
    )


def test_that_an_impact_assessment_still_to_come_does_not_count():
    assert missing(mandate=mandate(impact_assessment_date="2026-11-26")) == [
        "impact_assessment_date of the mandate is 2026-11-26, a date in the future."
    ]


def test_that_the_impact_assessment_may_be_of_today():
    assert gate(mandate=mandate(impact_assessment_date="2026-11-25")).open


@pytest.mark.parametrize("days", [-1.0, float("nan"), float("inf")])
def test_that_a_retention_that_is_no_number_of_days_shuts_the_gate(days):
    assert len(missing(mandate=mandate(retention_days=days))) == 1


def test_that_an_authority_not_on_the_list_shuts_the_gate():
    said = missing(mandate=mandate(supervisory_authority="Police of Westland"))
    assert said == ["No loaded planning pack (west-law) lists the supervisory authority Police of Westland."]


def test_that_without_an_authority_the_place_is_still_judged():
    abroad = mandate(supervisory_authority="", plan_area_wkt="POLYGON ((15.30 0.10, 15.32 0.10, 15.32 0.12, 15.30 0.10))")
    said = missing(mandate=abroad)
    assert FIELD_MISSING["supervisory_authority"] in said
    assert "The plan area extends beyond the territory of the named authority." in said
    assert not any(one.startswith("No loaded planning pack") for one in said)


def test_that_accents_and_case_of_the_authority_do_not_matter():
    listed = pack(authorities=("Autorité de l’Ouest",))
    territory = Territory(
        TERRITORY.countries, {"west-law": replace(TERRITORY.shipped["west-law"], authorities=listed.authorities)}
    )
    assert gate(mandate=mandate(supervisory_authority="AUTORITE DE L'OUEST"), packs=[listed], territory=territory).open


def test_that_an_authority_has_power_in_its_own_country_alone():
    both = pack(countries=(WEST, EAST), authority_of={WEST: ("West board",), EAST: ("East board",)}, authorities=())
    terms = replace(TERRITORY.shipped["west-law"], countries=both.countries, authority_of=both.authority_of)
    territory = Territory(TERRITORY.countries, {"west-law": terms})
    assert gate(mandate=mandate(supervisory_authority="West board"), packs=[both], territory=territory).open
    said = missing(mandate=mandate(supervisory_authority="East board"), packs=[both], territory=territory)
    assert said == ["The plan area extends beyond the territory of the named authority. The authorities there are: West board."]


def test_that_the_plan_area_of_another_city_is_told_as_such_and_asks_for_no_cell():
    # The houses stand at 15.10 to 15.12 degrees east on the equator; 0.05 degrees farther are some 4 km.
    far = "POLYGON ((15.16 0.10, 15.17 0.10, 15.17 0.11, 15.16 0.10))"
    said = missing(mandate=mandate(plan_area_wkt=far, building_extent_wkt=far))
    assert [one for one in said if "of another city" in one]
    assert not any("Cells of 500 m" in one for one in said)


def test_that_each_missing_thing_of_a_mandate_leads_to_what_does_it():
    assert task_of((FIELD_MISSING["purposes"], {})) == (GateTask.MANDATE, "purposes")
    lines = gate(mandate=replace(mandate(), plan_area_wkt="", building_extent_wkt="")).missing
    assert {task_of(each)[0] for each in lines} == {GateTask.AREA}
    lines = gate(mandate=mandate(building_extent_wkt="")).missing
    assert {task_of(each)[0] for each in lines} == {GateTask.EXTENT}


def test_that_a_planned_camera_abroad_shuts_the_gate():
    said = missing(mandate=mandate(plan_area_wkt=""), parts=[part(15.11, 0.11)], cameras=[planned(15.3, 0.11)])
    outside = "The planned camera new-1 stands outside the territory of the named authority."
    assert outside in said


def test_that_an_existing_camera_abroad_is_nobodys_plan():
    abroad = replace(planned(15.3, 0.11), status=Status.OPERATING)
    assert gate(cameras=[abroad]).open


def test_that_a_part_abroad_shuts_the_gate():
    assert "The part bridge lies outside the territory of the named authority." in missing(parts=[part(15.3, 0.1)])


def test_that_a_part_across_the_border_shuts_the_gate():
    across = replace(part(15.2, 0.11), geometry=shapely.box(*metres(15.1999, 0.11), *metres(15.2001, 0.1102)))
    assert "The part bridge lies outside the territory of the named authority." in missing(parts=[across])


def test_that_a_small_plan_area_does_not_free_parts_outside_it():
    said = missing(parts=[part(15.11, 0.11), part(15.15, 0.15, "far")], cameras=[planned(15.16, 0.16)])
    assert said == ["Confirmed parts or planned cameras outside the plan area of the mandate: 2."]


def test_that_a_never_pack_beside_planning_packs_refuses():
    said = missing(packs=[WEST_LAW, NEVER])
    assert said == ["The rule pack limits-only is loaded; it never allows planning."]


def test_that_a_never_pack_stays_never_whatever_its_file_says():
    edited = pack("limits-only", "yes", (WEST,), sha256="edited")
    assert "The rule pack limits-only is loaded; it never allows planning." in missing(packs=[edited])
    assert not gate(packs=[WEST_LAW, edited]).open


def test_that_a_duties_pack_edited_to_plan_opens_nothing():
    said = missing(packs=[pack("duties", "yes", (WEST,), sha256="edited")])
    assert said == ["No loaded rule pack allows planning."]


def test_that_an_edited_pack_wins_no_country():
    edited = pack(countries=(WEST, EAST), sha256="edited")
    assert gate(packs=[edited]).open
    abroad = mandate(plan_area_wkt="POLYGON ((15.30 0.10, 15.32 0.10, 15.32 0.12, 15.30 0.10))", building_extent_wkt=AREA)
    assert "The plan area extends beyond the territory of the named authority." in missing(packs=[edited], mandate=abroad)


def test_that_an_edited_pack_wins_no_authority():
    edited = pack(authorities=("Police of Westland",), sha256="edited")
    assert not gate(packs=[edited], mandate=mandate(supervisory_authority="Police of Westland")).open


def test_that_an_edited_pack_may_drop_a_country():
    assert not gate(packs=[pack(countries=(EAST,), sha256="edited")]).open


def test_that_a_pack_not_shipped_plans_inside_a_shipped_planning_pack_alone():
    mine = pack("my-town", "yes", (WEST, EAST), sha256="mine")
    assert gate(packs=[mine]).open
    abroad = mandate(plan_area_wkt="POLYGON ((15.30 0.10, 15.32 0.10, 15.32 0.12, 15.30 0.10))")
    assert not gate(packs=[mine], mandate=abroad).open


def test_that_a_pack_not_shipped_cannot_bring_its_own_authority():
    mine = pack("my-town", "yes", (WEST,), sha256="mine", authorities=("Police of Westland",))
    assert not gate(packs=[mine], mandate=mandate(supervisory_authority="Police of Westland")).open


def test_that_a_never_pack_under_another_name_plans_nowhere_new():
    copied = pack("limits-renamed", "yes", (EAST,), sha256="copied")
    abroad = mandate(plan_area_wkt="POLYGON ((15.30 0.10, 15.32 0.10, 15.32 0.12, 15.30 0.10))")
    assert not gate(packs=[copied], mandate=abroad).open


def test_that_an_edited_table_of_shipped_packs_opens_nothing():
    said = missing(territory=Territory(TERRITORY.countries, {}))
    assert said == [TABLE_EDITED]


def test_that_no_packs_plan_nothing():
    assert missing(packs=[]) == ["No loaded rule pack allows planning."]


def test_that_without_buildings_nothing_is_planned():
    assert missing(built=buildings(shapely.box([], [], [], []))) == ["There is no building layer."]


def test_that_an_extent_must_be_declared():
    assert missing(mandate=mandate(building_extent_wkt="")) == ["Nobody declared which area the building layer covers."]


def test_that_an_extent_that_leaves_ground_bare_shuts_the_gate():
    # The east quarter is bare: 0.005 of a degree of longitude by 0.02 of latitude, 556.6 m by 2211 m = 123 ha.
    short = "POLYGON ((15.09 0.09, 15.115 0.09, 15.115 0.13, 15.09 0.13, 15.09 0.09))"
    (said,) = missing(mandate=mandate(building_extent_wkt=short))
    hectares = float(said.split(" ha")[0].split()[-1])
    assert hectares == pytest.approx(123, abs=1)


def one_cell_empty():
    built = houses()
    x, y = metres(15.11, 0.11)
    cell = shapely.box(x // 500 * 500, y // 500 * 500, x // 500 * 500 + 500, y // 500 * 500 + 500)
    return buildings(built.polygons[~shapely.intersects(built.polygons, cell)]), f"cell:{int(x // 500)}:{int(y // 500)}"


def test_that_a_cell_without_buildings_shuts_the_gate_and_is_named():
    built, cell = one_cell_empty()
    (text,) = missing(built=built)
    assert text.startswith(
        f"Cells of 500 m without a building in the plan area (1). A person must confirm each by name: {cell} ("
    )


def test_that_a_person_may_confirm_an_empty_cell():
    built, cell = one_cell_empty()
    assert gate(built=built, declarations=(Declaration(cell, "no_buildings", "A. Example", "2026-05-01"),)).open


@pytest.mark.parametrize(
    ("subject", "fact", "by", "date"),
    [
        ("cell:0:0", "no_buildings", "A. Example", "2026-05-01"),
        (None, "not_dwelling", "A. Example", "2026-05-01"),
        (None, "no_buildings", " ", "2026-05-01"),
        (None, "no_buildings", "A. Example", "soon"),
        (None, "no_buildings", "A. Example", "2026-11-26"),  # tomorrow
        (None, "no_buildings", "A. Example", "2099-01-01"),
    ],
)
def test_that_only_this_cell_by_name_and_date_counts(subject, fact, by, date):
    built, cell = one_cell_empty()
    assert not gate(built=built, declarations=(Declaration(subject or cell, fact, by, date),)).open


# 15.1990 is 111 m from the other state, which begins at 15.2; its names are its codes in this world.
AT_BORDER = "POLYGON ((15.196 0.10, 15.199 0.10, 15.199 0.12, 15.196 0.12, 15.196 0.10))"
NEAR = (
    "The plan comes within 300 m of 902. A person must declare, by name and day, in which country it lies: border:901 (901), "
    "as in_country."
)


def test_that_a_plan_near_a_border_needs_a_person_who_says_which_country_it_is():
    assert NEAR in missing(mandate=mandate(plan_area_wkt=AT_BORDER))
    said = Declaration("border:901", "in_country", "A. Example", "2026-05-01")
    assert NEAR not in missing(mandate=mandate(plan_area_wkt=AT_BORDER), declarations=(said,))
    assert NEAR not in missing()


@pytest.mark.parametrize(
    ("subject", "by", "date"),
    [
        ("border:902", "A. Example", "2026-05-01"),
        ("border:901", "", "2026-05-01"),
        ("border:901", "A. Example", ""),
        ("border:901", "A. Example", "2026-11-26"),
    ],
)
def test_that_no_other_country_and_nobody_without_name_and_day_counts_at_a_border(subject, by, date):
    said = Declaration(subject, "in_country", by, date)
    assert NEAR in missing(mandate=mandate(plan_area_wkt=AT_BORDER), declarations=(said,))


def test_that_a_country_is_offered_to_be_declared_at_a_border_alone():
    world = (WEST_LAW, DUTIES), TERRITORY, (), CRS
    assert borders_near(project(mandate(plan_area_wkt=AT_BORDER)), *world) == (("border:901", "901"),)
    assert borders_near(project(), *world) == ()


@pytest.mark.parametrize("wkt", ["POLYGON", "POINT (15.1 0.1)", "POLYGON ((500000 0, 500100 0, 500100 100, 500000 0))"])
def test_that_a_plan_area_that_is_none_shuts_the_gate(wkt):
    assert "The plan area of the mandate is not a valid polygon in longitude and latitude." in missing(
        mandate=mandate(plan_area_wkt=wkt)
    )


def test_that_without_a_plan_area_the_hull_of_the_parts_is_judged():
    assert gate(mandate=mandate(plan_area_wkt=""), parts=[part(15.10, 0.10), part(15.12, 0.12, "b")]).open
    said = missing(mandate=mandate(plan_area_wkt=""), parts=[part(15.10, 0.10), part(15.16, 0.16, "b")])
    assert any("leaves" in one for one in said)


def test_that_a_confirmation_outside_the_gate_is_refused_with_all_reasons():
    shut = gate(mandate=mandate(controller="", complaint_route=""))
    with pytest.raises(GateError) as refused:
        refuse_unless_open(shut)
    assert [fault.template for fault in refused.value.faults] == [template for template, _ in shut.missing]
    assert refused.value.exit_code == 3
    refuse_unless_open(gate())
