"""Several programs write to one project at a time: none damages the file, and all that each told is there."""

import os
import sys

import pytest
from project_values import small_town

from lhasaplan.core.project.journal import JournalEntry, ProjectOpened
from lhasaplan.errors import InputError
from lhasaplan.store.geopackage import GeoPackageStore

PROGRAMS, ROWS = 4, 30
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork")


def test_that_programs_that_log_at_once_lose_no_row_and_leave_the_file_whole(tmp_path):
    path = tmp_path / "town.gpkg"
    GeoPackageStore(path).save(small_town())
    for each in [os.fork() or log_rows(path, number) for number in range(PROGRAMS)]:
        assert os.waitstatus_to_exitcode(os.waitpid(each, 0)[1]) == 0
    store, reported = GeoPackageStore(path), {line for file in tmp_path.glob("*.told") for line in file.read_text().split()}
    assert {entry.event.by for entry in store.logged()} == reported
    assert len(reported) > ROWS
    assert store.examine() == ()


def log_rows(path, program):
    """Log rows as a program of its own does, and write down which were told as logged; it may be told that another one writes."""
    try:
        with path.with_name(f"{program}.told").open("w") as reported:
            for row in range(ROWS):
                try:
                    GeoPackageStore(path).log(JournalEntry(ProjectOpened(by=f"{program}.{row}"), "2026-02-05"))
                    print(f"{program}.{row}", file=reported)
                except InputError as error:
                    if "Another program holds" not in str(error):
                        raise
        os._exit(0)
    finally:
        os._exit(1)
