"""What a public plan does not tell is said as not told: none of it reads as if there were none."""

from dataclasses import replace

import pytest
import samples
from assessment_values import assessment_json

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.base.translations import Translations
from lhasaplan.core.results.finding import UNKNOWN, Matter, disclosed
from lhasaplan.core.results.finding import WITHHELD as NOT_TOLD
from lhasaplan.ports import DraftOrder
from lhasaplan.report.documents.audit_and_plan import compose_plan
from lhasaplan.report.facts.tables import camera_table
from lhasaplan.report.formats.gis import gis_layer
from lhasaplan.report.text.document import Document, Grid
from lhasaplan.workflow.drafting import shown

ABSENT = (
    "The city's plan has all options",
    "no camera nearby can be changed",
    "No mask is on record",
    "controller not recorded",
    "Removing several together was not computed",
)
WITHHELD = (
    "does not state options that remove, move or change cameras",
    "this version does not state what was computed to serve it",
    "does not state the masks on record or those to be set",
    "does not state how many cameras each controller has",
    "does not state which can be removed together",
)


# What a cell says of something that is not there, or is not known.
NONE = frozenset(
    ("", "–", "0", "0.0", "none", "nothing", "not known", "not recorded", "to be filled in", "no camera in operation")
)


STATED = {"unit_price": "1200", "currency": "EUR", "phase": "2027", "review_date": "2027-05-01", "end_date": "2029-05-01"}
STATED |= {"authorisation_expires": "2029-05-01", "decision": "approved", "decided_by": "council", "decided_on": "2026-04-01"}


@pytest.fixture(scope="module")
def drafted():
    services = open_services()
    project = samples.sample("hilltown")
    # All that an office may state of a camera, so that nothing is absent in its own plan.
    cameras = tuple(replace(one, extra={**one.extra, **STATED}, sign=one.sign or "yes") for one in project.cameras)
    project = replace(project, cameras=cameras)
    found = workflow.check(services, project)
    reported = {}
    for level in ("internal", "council", "public"):
        values = shown(services, project, found, level=level)
        document = compose_plan(*values, Translations(), DraftOrder(date="2026-05-01", level=level))
        reported[level] = values, document
    return reported


@pytest.fixture(scope="module")
def texts(drafted):
    return {level: document.text() for level, (_, document) in drafted.items()}


@pytest.mark.parametrize("sentence", ABSENT)
def test_that_a_public_plan_does_not_call_absent_what_it_withholds(texts, sentence):
    assert sentence not in texts["public"]


@pytest.mark.parametrize("sentence", WITHHELD)
def test_that_a_public_plan_says_what_it_withholds_and_the_office_s_own_does_not(texts, sentence):
    assert sentence in texts["public"]
    assert sentence not in texts["internal"]


def columns(document):
    """Return the cells of every column of every table: by the headings of the table, its first column and its own heading."""
    found = {}
    for grid in (block for block in document.blocks if isinstance(block, Grid)):
        for number, heading in enumerate(grid.headings):
            found.setdefault((grid.headings[0], len(grid.headings), heading), []).extend(row[number] for row in grid.rows)
    return found


def rows_by_title(document):
    """Return the tables of two columns, which tell a thing a row, by the title of each row."""
    grids = (block for block in document.blocks if isinstance(block, Grid) and len(block.headings) == 2)
    return {row[0]: row[1] for grid in grids for row in grid.rows}


def claims(document, other):
    """Return the columns and rows that say of nothing that it is there, where the other document tells something."""
    mine, theirs = columns(document), columns(other)
    some = [key for key, cells in mine.items() if cells and NONE.issuperset(cells) and not NONE.issuperset(theirs.get(key, ()))]
    mine, theirs = rows_by_title(document), rows_by_title(other)
    return some + [key for key, cell in mine.items() if cell in NONE and theirs.get(key, "") not in NONE]


@pytest.mark.parametrize("level", ["council", "public"])
def test_that_no_table_says_none_where_the_office_s_own_has_something(drafted, level):
    assert claims(drafted[level][1], drafted["internal"][1]) == []


def test_that_this_search_finds_a_column_that_a_level_has_emptied():
    document = Document("t", "", "en", (), (Grid(("Camera", "Kind", "Days"), (("1", "dome", "3"), ("2", "", "4")), (1, 1, 1)),))
    emptied = Document("t", "", "en", (), (Grid(("Camera", "Kind", "Days"), (("1", "", "3"), ("2", "–", "4")), (1, 1, 1)),))
    assert claims(emptied, document) == [("Camera", 3, "Kind")]
    assert claims(document, emptied) == claims(document, document) == []


def test_that_json_tells_null_where_something_is_withheld_and_names_the_matter(drafted):
    reported, own = (assessment_json(drafted[level][0][1]) for level in ("public", "internal"))
    assert own["withheld"] == []
    assert {"masks", "service", "served", "controllers", "people"} <= set(reported["withheld"])
    assert {part["service"] for part in reported["parts"]} == {part["tried"] for part in reported["parts"]} == {None}
    assert any(part["service"] for part in own["parts"])
    assert all(isinstance(part["blockers"], list) for part in own["parts"])


def test_that_a_workbook_tells_what_is_withheld_of_a_camera_and_a_gis_names_the_matter(drafted):
    found = drafted["public"][0][1]
    table = camera_table(found)
    owner = next(column for column in table.columns if column.key == "owner")
    assert {owner.text(value, Translations()) for value in table.column("owner")} == {"left out of this version"}
    pairs = {(row["key"], row["value"]) for row in gis_layer(found, "metadata", Translations()).rows}
    assert ("withheld", "controllers") in pairs


def test_that_three_values_stay_apart():
    hidden = frozenset({Matter.MASKS})
    assert disclosed((), Matter.MASKS, hidden) == disclosed(((10.0, 20.0),), Matter.MASKS, hidden) == NOT_TOLD
    assert disclosed((), Matter.MASKS, frozenset()) == UNKNOWN
    assert disclosed(((10.0, 20.0),), Matter.MASKS, frozenset()) == ((10.0, 20.0),)
    assert disclosed(0.0, Matter.RECORD, hidden) == 0.0
