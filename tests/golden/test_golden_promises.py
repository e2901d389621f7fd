"""Every option of every part and every cure, written down, read back from files and computed anew, gives what was promised."""

import csv
from pathlib import Path

import pytest
from carried_out import cures, imported, is_ended, is_kept, options, told_by

from lhasaplan.bootstrap import open_services
from lhasaplan.workflow import check, open_sample

ROWS = Path(__file__).resolve().parents[2] / "data/samples/hilltown/cameras.csv"


@pytest.fixture(scope="module")
def hilltown(tmp_path_factory):
    services = open_services()
    project = open_sample(services, services.read_sample("hilltown"))
    folder = tmp_path_factory.mktemp("promises")
    with ROWS.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    return services, project, rows, told_by(services, check(services, project), folder), folder


def broken(hilltown, promises, holds):
    """Return what was promised and does not hold, and how many promises there were."""
    services, project, _, _, folder = hilltown
    promises = list(promises)
    after = (
        told_by(services, check(services, imported(services, project, each.rows, folder / ROWS.name)), folder)
        for each in promises
    )
    return [each.what for each, now in zip(promises, after, strict=True) if not holds(each, now)], len(promises)


def test_that_every_option_of_hilltown_holds_when_its_row_is_imported(hilltown):
    false, count = broken(hilltown, options(hilltown[3], hilltown[2]), is_kept)
    assert false == []
    assert count >= 8


def test_that_every_cure_of_hilltown_holds_when_its_row_is_imported(hilltown):
    false, count = broken(hilltown, cures(hilltown[3], hilltown[2]), is_ended)
    assert false == []
    assert count >= 10
