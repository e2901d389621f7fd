"""A council's story on the command line, every number followed: plan, minutes, prices, a district, a merge, one work done.

It is told at night. By day ``test_house_plan.py`` shows a step that is taken and done, the inventory with one camera less,
and the number that its camera keeps:
``test_that_done_alone_moves_a_step_into_what_stands_with_its_date_and_number_and_the_audit_counts_it``.
"""

import json
import re
from dataclasses import replace

import docx
import openpyxl
import pytest

from lhasaplan.bootstrap import open_services
from lhasaplan.cli import main
from lhasaplan.core.model.camera import Status
from lhasaplan.core.project.plan_version import PlanVersion
from lhasaplan.workflow.samples import open_sample

GO = ("HT-06", "HT-08", "HT-11", "HT-13", "HT-15")
DAY = "2026-05-04"

pytestmark = pytest.mark.nightly


def ran(*words):
    assert main([*map(str, words)]) in {0, 1}, words


def filled(path, sheet, key, rows):
    """Fill rows of a workbook in by the cell that says what they are about; return how many rows that were."""
    book = openpyxl.load_workbook(path)
    heads = [cell.value for cell in book[sheet][1]]
    count = 0
    for row in book[sheet].iter_rows(min_row=2):
        cells = dict(zip(heads, row, strict=True))
        values = rows(str(cells[key].value or ""))
        for name, value in values.items():
            cells[name].value = value
        count += bool(values)
    book.save(path)
    return count


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """Tell the story; return the answers after each step."""
    services, folder = open_services(), tmp_path_factory.mktemp("council")
    town, found = folder / "town.gpkg", {}
    project = open_sample(services, services.read_sample("hilltown"))
    kept = tuple(camera for camera in project.cameras if camera.camera_id not in GO)
    services.open_store(town).save(
        replace(project, versions=(PlanVersion("fewer", kept, "no part needs them", DAY, "A. Example"),))
    )

    def asked(name, of=town):
        ran("check", of, "--json", folder / "check.json")
        found[name] = json.loads((folder / "check.json").read_text("utf-8"))

    asked("inventory")
    ran("plan", town, "--take", "fewer", "--by", "A. Example")
    asked("plan")
    ran("export", town, "--plan", "city", "--format", "minutes", "--out", folder / "drafts")
    decided = {"decided_by": "Council", "decided_on": DAY}
    minutes = {f"camera:{each}": {"decision": "refused" if each == "HT-06" else "approved", **decided} for each in GO}
    assert filled(folder / "drafts" / "minutes.xlsx", "minutes", "item", lambda item: minutes.get(item, {})) == 5
    ran("import", town, folder / "drafts" / "minutes.xlsx")
    ran("export", town, "--plan", "city", "--format", "xlsx", "--out", folder / "after")
    price = {"unit_price": 500, "currency": "EUR", "phase": 2027}
    found["priced"] = filled(folder / "after" / "schedule.xlsx", "schedule", "camera_id", lambda name: price if name else {})
    ran("import", town, folder / "after" / "schedule.xlsx")
    asked("decided")
    ran("export", town, "--plan", "city", "--format", "docx", "--out", folder / "plan")
    found["paper"] = "\n".join(each.text for each in docx.Document(folder / "plan" / "plan.docx").paragraphs)
    ran("export", town, "--plan", "South Bank", "--format", "xlsx", "--out", folder / "south")
    district = folder / "south" / "district-south-bank.gpkg"
    asked("district", district)
    ran("plan", district, "HT-10", "--stage", "dropped", "--by", "B. Example")
    ran("merge", town, district)
    asked("merged")
    ran("plan", town, "HT-11", "--stage", "done", "--by", "Works", "--on", "2026-06-01")
    asked("done")
    found["project"] = services.open_store(town).load()
    return found


def stand(answers):
    return answers["totals"]["cameras"]["operating"]


def then(answers):
    return answers["totals"]["with_plan"]["cameras"]


def numbers(answers):
    return {each["camera"]: each["number"] for each in answers["plan"]}


def test_that_what_stands_is_the_same_until_one_work_is_done(story):
    """13 stand; the sample plans one more."""
    assert [stand(story[name]) for name in ("inventory", "plan", "decided", "merged", "done")] == [13, 13, 13, 13, 12]
    seen = {json.dumps(story[name]["totals"]["sightings"], sort_keys=True) for name in ("inventory", "plan", "decided", "merged")}
    assert len(seen) == 1


def test_that_the_plan_follows_minutes_district_and_work(story):
    """One comes and five go: 9. That HT-06 goes is refused: 10. The district wants no new one: 9. HT-11 is gone: 9 as before."""
    assert [then(story[name]) for name in ("inventory", "plan", "decided", "merged", "done")] == [14, 9, 10, 9, 9]
    steps = {each["camera"]: (each["action"], each["stage"], each["by"]) for each in story["done"]["plan"]}
    assert steps["HT-11"] == ("remove", "done", "Works")
    assert {name for name, step in steps.items() if step[:2] == ("remove", "decided")} == {"HT-08", "HT-13", "HT-15"}
    assert not {"HT-06", "HT-10"} & steps.keys()


def test_that_each_camera_keeps_its_number_in_every_step_and_in_the_district(story):
    first = numbers(story["plan"])
    for name in ("decided", "district", "merged", "done"):
        found = numbers(story[name])
        assert found == {camera: number for camera, number in first.items() if camera in found}, name


def test_that_no_number_is_given_again(story):
    """Fourteen cameras had one: thirteen that stood, and the planned one that the district dropped."""
    given = [(each.series, each.number) for each in story["project"].numbers if each.series != "part"]
    assert len(given) == len(set(given)) == 14


def test_that_costs_are_those_of_the_sheet(story):
    """Four go and one comes, 500 each."""
    assert story["priced"] == 5
    assert re.search(r"The work costs 2.500\.00 EUR", story["paper"])


def test_that_the_new_audit_knows_what_was_done_and_when(story):
    (gone,) = (each for each in story["project"].cameras if each.camera_id == "HT-11")
    assert gone.status is Status.REMOVED
    assert [(each.field, each.source, each.date) for each in gone.corrections] == [("status", "Works", "2026-06-01")]
