"""A confirmation without its grounds is no confirmation, whoever wrote it into the file."""

from dataclasses import replace

import pytest

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services


@pytest.mark.parametrize("ground", ["purpose", "reason", "milder_means", "by"])
def test_that_a_confirmation_written_by_hand_without_grounds_is_no_demand(ground):
    services = open_services()
    town = workflow.open_sample(services, services.content.read_sample("hilltown"))
    first, *others = town.confirmations
    edited = replace(town, confirmations=(replace(first, **{ground: " "}), *others))
    found = workflow.check(services, edited)
    assert found.gate.open
    assert first.part_id not in {each.part.part_id for each in found.parts}
