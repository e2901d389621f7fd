"""What a public plan does not tell is said as not told: none of it reads as if there were none."""

import pytest
import samples

from lhasaplan.bootstrap import open_services
from lhasaplan.core.base.wording import Wording
from lhasaplan.ports import DraftOrder
from lhasaplan.report.city_plan.compose import compose_plan
from lhasaplan.workflow.drafting import shown

ABSENT = (
    "the city's plan has all options",
    "no camera is near enough to change",
    "No mask is on record",
    "controller not recorded",
    "that several go was not tried out",
)
WITHHELD = (
    "options that take down, move or change cameras are not told",
    "what was tried out to serve it is not told",
    "Masks, those on record and those to be set, are not told",
    "Which controller has how many cameras is not told",
    "which of them can go together is not told",
)


@pytest.fixture(scope="module")
def texts():
    services = open_services()
    project = samples.sample("hilltown")
    found = samples.checked()
    told = {}
    for level in ("internal", "public"):
        values = shown(services, project, found, level=level)
        told[level] = compose_plan(*values, Wording(), DraftOrder(date="2026-05-01", level=level)).text()
    return told


@pytest.mark.parametrize("sentence", ABSENT)
def test_that_a_public_plan_does_not_call_absent_what_it_withholds(texts, sentence):
    assert sentence not in texts["public"]


@pytest.mark.parametrize("sentence", WITHHELD)
def test_that_a_public_plan_says_what_it_withholds_and_the_office_s_own_does_not(texts, sentence):
    assert sentence in texts["public"]
    assert sentence not in texts["internal"]
