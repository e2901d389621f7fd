"""A confirmation without its grounds is no confirmation, whoever wrote it into the file."""

from dataclasses import replace

import pytest
import samples
from amounts import some_by_day

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services


@pytest.mark.parametrize("ground", some_by_day(("purpose", "reason", "milder_means", "by"), {"purpose", "by"}))
def test_that_a_confirmation_written_by_hand_without_grounds_is_no_demand(ground):
    town = samples.sample("hilltown")
    first, *others = town.confirmations
    edited = replace(town, confirmations=(replace(first, **{ground: " "}), *others))
    found = workflow.check(open_services(), edited)
    assert found.gate.open
    assert first.part_id not in {each.part.part_id for each in found.parts}
