"""A process that edits, tells each edit once it is kept, and is killed at a random instant has lost none that it told."""

import os
import random
import select
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from killing import reported_when_killed
from project_values import small_town

from lhasaplan.core.model.camera import Camera
from lhasaplan.core.project.journal import DraftsExported, JournalEntry
from lhasaplan.store.geopackage import GeoPackageStore

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and kill")
LONGEST_S = 0.25  # a kill falls anywhere in some edits


def _edit(store, project, number):
    """Keep one more edit: a turned camera, a camera more, a camera less, or the file anew; tell where it left the project."""
    turned = replace(project.cameras[0], azimuth_deg=float(number))
    more = Camera(f"N{number}", 385_000.0 + number, 6_670_000.0)
    cameras = {
        0: (turned, *project.cameras[1:]),
        1: (turned, *project.cameras[1:], more),
        2: (turned, *project.cameras[2:]) if len(project.cameras) > 2 else (turned, *project.cameras[1:]),
        3: (turned, *project.cameras[1:]),
    }[number % 4]
    after = replace(project, cameras=cameras)
    if number % 8 == 7:
        store.log(JournalEntry(DraftsExported((str(number),)), "2026-02-05"))
    (GeoPackageStore(store.path) if number % 4 == 3 else store).save(after)  # one that did not load it writes the file anew
    return after


def _work(path, reported):
    store = GeoPackageStore(path)
    project, number = store.load(), 0
    while True:
        number += 1
        project = _edit(store, project, number)
        if number % 4 == 3:
            project = store.load()
        os.write(reported, number.to_bytes(4, "little"))


def _killed_after(path, wait_s):
    """Return the number of the last edit that the process told before it was killed."""
    listen, reported = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            os.close(listen)
            _work(path, reported)
        finally:
            os._exit(1)
    os.close(reported)
    select.select([listen], [], [], 60)  # it has begun to work
    return int.from_bytes(reported_when_killed(process, listen, wait_s)[-4:], "little")


def _try(folder: Path, instants: int, seed: int) -> None:
    rng = random.Random(seed)
    edits = 0
    for number in range(instants):
        path = folder / f"{number}.gpkg"
        GeoPackageStore(path).save(small_town())
        last = _killed_after(path, rng.uniform(0, LONGEST_S))
        store = GeoPackageStore(path)
        found = store.load()
        assert found.cameras[0].azimuth_deg in {float(last), float(last + 1)}, (number, last)
        logged = {int(entry.event.formats[0]) for entry in store.logged()}
        assert set(range(7, last + 1, 8)) <= logged, (number, last, logged)
        store.save(replace(found, name="goes on"))
        assert GeoPackageStore(path).load().name == "goes on"
        assert [each.name for each in folder.iterdir()] == [path.name]
        path.unlink()
        edits += last
    print(f"{instants} kills at random instants of {edits} edits: none that was told is lost, every file opens")


def test_that_no_edit_that_was_told_is_lost_by_a_kill(tmp_path):
    _try(tmp_path, 8, 1)


@pytest.mark.nightly
def test_that_a_thousand_kills_lose_nothing(tmp_path):
    _try(tmp_path, 1000, 2)
