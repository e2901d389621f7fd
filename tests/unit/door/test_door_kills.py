"""Whatever is killed during an import, the reader's process or the program, the project is the old one or the new one, whole."""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from amounts import is_night
from sources import ROOT

from lhasaplan import io, workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.errors import InputError
from lhasaplan.io.apart.process import apart, bounds_for, end_readers

HOUSES, PROGRAMS = 3_000 if is_night() else 600, 12
ENDED = "reading this file was stopped"
posix = pytest.mark.skipif(sys.platform != "linux", reason="children are found in /proc")


def town(path):
    """Write a row of houses, whose reading takes a good second."""
    features = []
    for n in range(HOUSES):
        x, y = 24.90 + 0.0004 * (n % 100), 60.10 + 0.0004 * (n // 100)
        ring = [[x, y], [x + 0.0002, y], [x + 0.0002, y + 0.0001], [x, y + 0.0001], [x, y]]
        features.append(
            {"type": "Feature", "properties": {"building": "yes"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        )
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


@pytest.fixture
def alone(tmp_path, monkeypatch):
    """A place of its own for what is unfinished, which readers that start from now on use."""
    (tmp_path / "scratch").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "scratch"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    end_readers()
    yield tmp_path / "scratch"
    end_readers()
    tempfile.tempdir = None


def kill_children():
    for each in children(os.getpid()):
        with suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)


def read_and_killed(path, wait_s):
    """Import by a new reader, which is killed after a time; return the refusal, empty where it had been read by then."""
    end_readers()
    timer = threading.Timer(wait_s, kill_children)
    timer.start()
    try:
        read = io.read_file(path, kind="buildings")
    except InputError as error:
        return str(error)
    finally:
        timer.join()
    assert len(read.layers[0]) == HOUSES
    return ""


def kills_of_readers(folder, scratch, count, seed):
    path, chance = town(folder / "town.geojson"), random.Random(seed)
    before, reported = path.read_bytes(), []
    began = time.monotonic()
    end_readers()
    assert len(io.read_file(path, kind="buildings").layers[0]) == HOUSES
    whole_s = time.monotonic() - began
    for _ in range(count):
        reported.append(read_and_killed(path, chance.uniform(0.0, whole_s)))
        assert len(io.read_file(path, kind="buildings").layers[0]) == HOUSES, "the next reading is a whole one"
        assert not list(scratch.iterdir()), "what was unfinished is cleared by the next reading"
    assert path.read_bytes() == before
    assert [each.name for each in folder.iterdir() if each != scratch] == ["town.geojson"]
    return reported


@posix
def test_that_a_reader_that_is_killed_is_told_and_the_next_reading_is_whole(tmp_path, alone):
    reported = kills_of_readers(tmp_path, alone, 1, 25)
    assert all(text == "" or ENDED in text for text in reported)


@posix
def test_that_a_reader_that_was_killed_while_it_waited_is_no_fault_of_the_next_file(tmp_path, alone):
    path = tmp_path / "cameras.csv"
    path.write_text("camera_id,lon,lat\na,2.35,48.85\n")
    first = apart("os", "getpid", of="a", bounds=bounds_for("a", 0))
    os.kill(first, signal.SIGKILL)
    assert len(io.read_file(path).cameras) == 1
    assert apart("os", "getpid", of="a", bounds=bounds_for("a", 0)) != first


@posix
@pytest.mark.nightly
def test_that_no_kill_of_a_reader_loses_anything(tmp_path, alone):
    reported = kills_of_readers(tmp_path, alone, 20, 26)
    assert all(text == "" or ENDED in text for text in reported)
    print(f"{len(reported)} kills of the reader, {sum(map(bool, reported))} within the reading, all told, nothing left")
    assert any(reported)


def children(pid):
    return [int(each) for task in Path(f"/proc/{pid}/task").iterdir() for each in (task / "children").read_text().split()]


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@posix
@pytest.mark.nightly
def test_that_no_kill_of_the_program_during_an_import_leaves_half_a_project_or_a_reader(tmp_path, alone):
    """The verb as people call it, killed at a dozen instants between its start and its end."""
    services, path, chance = open_services(), town(tmp_path / "town.geojson"), random.Random(27)
    store = services.stores.open(tmp_path / "town.gpkg")
    store.save(workflow.new_project(services, ("eu-gdpr",), "", "town"))
    kept, halves, readers, done = (tmp_path / "town.gpkg").read_bytes(), 0, 0, 0
    words = [sys.executable, "-m", "lhasaplan", "import", str(tmp_path / "town.gpkg"), str(path), "--as", "buildings"]
    variables = {**os.environ, "PYTHONPATH": str(ROOT)}
    began = time.monotonic()
    subprocess.run(words, check=True, capture_output=True, env=variables, cwd=tmp_path)
    whole_s = time.monotonic() - began
    for _ in range(PROGRAMS):
        for each in tmp_path.glob("town.gpkg*"):
            each.unlink()
        (tmp_path / "town.gpkg").write_bytes(kept)
        program = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=variables, cwd=tmp_path)
        time.sleep(chance.uniform(0.2, 1.1) * whole_s)
        left = children(program.pid) if program.poll() is None else []
        program.kill()
        done += program.wait() == 0
        end = time.monotonic() + 60.0
        while any(map(is_running, left)) and time.monotonic() < end:
            time.sleep(0.05)
        assert not any(map(is_running, left)), "a reader whose program is gone ends"
        readers += len(left)
        found = workflow.open_project(services, tmp_path / "town.gpkg").project
        count = sum(map(len, found.layers.values()))
        assert count in {0, HOUSES}
        halves += count == HOUSES
        io.read_file(path, kind="buildings")
        assert not [each for each in alone.iterdir() if each.name.startswith(".lhasaplan-")]
    print(
        f"{PROGRAMS} kills of the program, {readers} with a reader at work, {done} after its end, {halves} projects new, the others as before"
    )
