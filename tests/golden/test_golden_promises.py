"""Every option and every mitigation, written down, read back from files and computed anew, gives what was promised."""

import csv
from pathlib import Path

import pytest
from carried_out import imported, is_ended, is_kept, mitigations, options, reported_by
from samples import checked, sample

from lhasaplan.bootstrap import open_services
from lhasaplan.workflow import check

ROWS = Path(__file__).resolve().parents[2] / "data/samples/hilltown/cameras.csv"


@pytest.fixture(scope="module")
def hilltown(tmp_path_factory):
    services = open_services()
    project = sample("hilltown")
    folder = tmp_path_factory.mktemp("promises")
    with ROWS.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    return services, project, rows, reported_by(services, checked(), folder), folder


def broken(hilltown, promises, holds):
    """Return what was promised and does not hold, and how many promises there were."""
    services, project, _, _, folder = hilltown
    promises = list(promises)
    after = (
        reported_by(services, check(services, imported(services, project, each.rows, folder / ROWS.name)), folder)
        for each in promises
    )
    return [each.what for each, now in zip(promises, after, strict=True) if not holds(each, now)], len(promises)


# Each promise costs a check of the town: by day one in four is carried out, at night each.
SOME = pytest.mark.parametrize("step", [4, pytest.param(1, marks=pytest.mark.nightly)])


@SOME
def test_that_options_of_hilltown_hold_when_their_rows_are_imported(hilltown, step):
    false, count = broken(hilltown, list(options(hilltown[3], hilltown[2]))[::step], is_kept)
    assert false == []
    assert count >= 8 / step


@SOME
def test_that_mitigations_of_hilltown_hold_when_their_rows_are_imported(hilltown, step):
    false, count = broken(hilltown, list(mitigations(hilltown[3], hilltown[2]))[::step], is_ended)
    assert false == []
    assert count >= 10 / step
