"""A council's story, told by the verbs in their order: options, a meeting, minutes, prices, a district, a merge, work done.

The tests follow its numbers, and ``tools/make_story_pictures.py`` takes the pictures of docs/council-story.md from it.
"""

from dataclasses import replace

import openpyxl
from samples import sample

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.cli import main
from lhasaplan.core.project.plan_step import PlanVersion

GO = ("HT-06", "HT-08", "HT-11", "HT-13", "HT-15")
DAY = "2026-05-04"
DECIDED = {"decided_by": "Council", "decided_on": DAY}
MINUTES = {f"camera:{each}": {"decision": "refused" if each == "HT-06" else "approved", **DECIDED} for each in GO}
PRICE = {"unit_price": 500, "currency": "EUR", "phase": 2027}


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


def begun(folder):
    """Return the file of a town with a kept version that takes five cameras down."""
    project, town = sample("hilltown"), folder / "town.gpkg"
    kept = tuple(camera for camera in project.cameras if camera.camera_id not in GO)
    version = PlanVersion("fewer", kept, "no part needs them", DAY, "A. Example")
    open_services().stores.open(town).save(replace(project, versions=(version,)))
    return town


def tell(folder, seen, *, by_hand=False):
    """Tell the story in a folder; ``seen`` is called with the name of each step and the file that it was about.

    Returns how many rows of the schedule were filled in. ``by_hand`` the tables are written instead of filled in, and the
    district's project alone is made, without its papers.
    """
    town = begun(folder)
    seen("inventory", town)
    ran("plan", town, "--take", "fewer", "--by", "A. Example")
    seen("plan", town)
    if by_hand:
        return _went_on(folder, seen, town, _district_by_hand, _sheets_by_hand(folder, town))
    ran("export", town, "--plan", "city", "--format", "minutes", "--out", folder / "drafts")
    assert filled(folder / "drafts" / "minutes.xlsx", "minutes", "item", lambda item: MINUTES.get(item, {})) == len(MINUTES)
    ran("import", town, folder / "drafts" / "minutes.xlsx")
    ran("export", town, "--plan", "city", "--format", "xlsx", "--out", folder / "after")
    priced = filled(folder / "after" / "schedule.xlsx", "schedule", "camera_id", lambda name: PRICE if name else {})
    ran("import", town, folder / "after" / "schedule.xlsx")
    return _went_on(folder, seen, town, _district, priced)


def _sheets_by_hand(folder, town):
    rows = "\n".join(f"{item},,{said['decision']},Council,{DAY}" for item, said in MINUTES.items())
    (folder / "minutes.csv").write_text(f"item,question,decision,decided_by,decided_on\n{rows}\n", encoding="utf-8")
    ran("import", town, folder / "minutes.csv")
    works = [*GO[1:], "HT-10"]
    rows = "\n".join(f"{name},500,EUR,2027," for name in works)
    (folder / "schedule.csv").write_text(f"camera_id,unit_price,currency,phase,decision\n{rows}\n", encoding="utf-8")
    ran("import", town, folder / "schedule.csv")
    return len(works)


def _district(folder, town):
    ran("export", town, "--plan", "South Bank", "--format", "xlsx", "--out", folder / "south")
    return folder / "south" / "district-south-bank.gpkg"


def _district_by_hand(folder, town):
    services = open_services()
    made = workflow.make_district(services, workflow.open_project(services, town), "South Bank", folder)
    workflow.save(made)
    return folder / made.store.name


def _went_on(folder, seen, town, district_of, priced):
    seen("decided", town)
    district = district_of(folder, town)
    seen("district", district)
    ran("plan", district, "HT-10", "--stage", "dropped", "--by", "B. Example")
    seen("dropped", district)
    ran("merge", town, district)
    seen("merged", town)
    ran("plan", town, "HT-11", "--stage", "done", "--by", "Works", "--on", "2026-06-01")
    seen("done", town)
    return priced
