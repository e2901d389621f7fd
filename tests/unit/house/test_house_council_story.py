"""A council's story on the command line, every number followed: plan, minutes, prices, a district, a merge, one work done.

It is told once (``tests/council_story.py``). By day what each step leaves in the project is looked at; at night what the audit
answers after each, and what is printed.
"""

import json
import re

import docx
import pytest
from council_story import GO, ran, tell

from lhasaplan.bootstrap import open_services
from lhasaplan.core.model.camera import Status
from lhasaplan.core.project.plan import inventory, with_plan
from lhasaplan.core.records.register_rows import Decides, DecisionRegister


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """Tell the story; return the answers after each step."""
    folder, found = tmp_path_factory.mktemp("council"), {}

    def asked(name, of):
        ran("check", of, "--json", folder / "check.json")
        found[name] = json.loads((folder / "check.json").read_text("utf-8"))
        if name == "decided":
            ran("export", of, "--plan", "city", "--format", "docx", "--out", folder / "plan")
            found["paper"] = "\n".join(each.text for each in docx.Document(folder / "plan" / "plan.docx").paragraphs)

    found["priced"] = tell(folder, asked)
    found["project"] = open_services().stores.open(folder / "town.gpkg").load()
    return found


def stand(answers):
    return answers["totals"]["cameras"]["operating"]


def then(answers):
    return answers["totals"]["with_plan"]["cameras"]


def numbers(answers):
    return {each["camera"]: each["number"] for each in answers["plan"]}


@pytest.mark.nightly
def test_that_what_stands_is_the_same_until_one_work_is_done(story):
    """13 stand; the sample plans one more."""
    assert [stand(story[name]) for name in ("inventory", "plan", "decided", "merged", "done")] == [13, 13, 13, 13, 12]
    seen = {json.dumps(story[name]["totals"]["sightings"], sort_keys=True) for name in ("inventory", "plan", "decided", "merged")}
    assert len(seen) == 1


@pytest.mark.nightly
def test_that_the_plan_follows_minutes_district_and_work(story):
    """One comes and five go: 9. That HT-06 goes is refused: 10. The district wants no new one: 9. HT-11 is gone: 9 as before."""
    assert [then(story[name]) for name in ("inventory", "plan", "decided", "merged", "done")] == [14, 9, 10, 9, 9]
    steps = {each["camera"]: (each["action"], each["stage"], each["by"]) for each in story["done"]["plan"]}
    assert steps["HT-11"] == ("remove", "done", "Works")
    assert {name for name, step in steps.items() if step[:2] == ("remove", "decided")} == {"HT-08", "HT-13", "HT-15"}
    assert not {"HT-06", "HT-10"} & steps.keys()


@pytest.mark.nightly
def test_that_each_camera_keeps_its_number_in_every_step_and_in_the_district(story):
    first = numbers(story["plan"])
    for name in ("decided", "district", "merged", "done"):
        found = numbers(story[name])
        assert found == {camera: number for camera, number in first.items() if camera in found}, name


@pytest.mark.nightly
def test_that_no_number_is_given_again(story):
    """Fourteen cameras had one: thirteen that stood, and the planned one that the district dropped."""
    given = [(each.series, each.number) for each in story["project"].numbers if each.series != "part"]
    assert len(given) == len(set(given)) == 14


@pytest.mark.nightly
def test_that_costs_are_those_of_the_sheet(story):
    """Four go and one comes, 500 each."""
    assert story["priced"] == 5
    assert re.search(r"The work costs 2.500\.00 EUR", story["paper"])


@pytest.mark.nightly
def test_that_the_new_audit_knows_what_was_done_and_when(story):
    (gone,) = (each for each in story["project"].cameras if each.camera_id == "HT-11")
    assert gone.status is Status.REMOVED
    assert [(each.field, each.source, each.date) for each in gone.corrections] == [("status", "Works", "2026-06-01")]


@pytest.fixture(scope="module")
def by_day(tmp_path_factory):
    """Tell the story with tables written by hand; return the project after each step."""
    folder, found = tmp_path_factory.mktemp("by-day"), {}
    tell(folder, lambda name, of: found.update({name: open_services().stores.open(of).load()}), by_hand=True)
    return found


def test_that_by_day_too_what_stands_and_the_plan_are_those_of_the_story(by_day):
    """The same numbers as at night: 13 stand until HT-11 is gone; with the plan 14, 9, 10 after the refusal, 9, 9."""

    def counted(cameras):
        return sum(each.status is not Status.REMOVED for each in cameras)

    city = [by_day[name] for name in ("inventory", "plan", "decided", "merged", "done")]
    assert [counted(inventory(each)) for each in city] == [13, 13, 13, 13, 12]
    assert [counted(with_plan(each)) for each in city] == [14, 9, 10, 9, 9]
    (gone,) = (each for each in by_day["done"].cameras if each.camera_id == "HT-11")
    assert [(each.field, each.source, each.date) for each in gone.corrections] == [("status", "Works", "2026-06-01")]


def test_that_by_day_too_each_camera_keeps_its_number_in_city_and_district(by_day):
    known = {}
    for name in ("plan", "decided", "district", "merged", "done"):
        found = {(each.series, each.camera_id): each.number for each in by_day[name].numbers}
        assert found == {**found, **{key: number for key, number in known.items() if key in found}}, name
        known |= found
    assert len(known) == len({(series, number) for (series, _), number in known.items()}) > 14
    assert {each.first for each in by_day["district"].district.blocks} == {101}


def test_that_by_day_too_the_register_says_what_was_decided_and_what_each_work_costs_by_sheet_and_row(by_day):
    register = DecisionRegister(by_day["done"])
    decided = {item.removeprefix("camera:"): (each.decision, each.sheet) for item, each in register.resolutions.items()}
    assert decided == {
        name: ("refused" if name == "HT-06" else "approved", f"minutes.csv {row}") for row, name in enumerate(GO, 2)
    }
    prices = [each for each in DecisionRegister(by_day["decided"]).entries if each.decides is Decides.SCHEDULE]
    assert {each.subject for each in prices} == {f"camera:{name}" for name in (*GO[1:], "HT-10")}
    assert {each.answer for each in prices} == {"500 EUR 2027"}
    assert sorted(each.sheet for each in prices) == [f"schedule.csv {row}" for row in range(2, 7)]
