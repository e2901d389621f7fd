"""Files are read in a process of its own that ends at its limits and at a cancel, and takes nothing of the program with it."""

import os
import pickle
import subprocess
import sys
import time
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import shapely
from sources import ROOT

from lhasaplan import io
from lhasaplan.core.model.layer import Layer
from lhasaplan.errors import Cancelled, DraftsError, Fault, InputError, Where
from lhasaplan.io.apart import gdal, parcels
from lhasaplan.io.apart.process import ReaderError, apart, bounds_for, end_readers, start_reader
from lhasaplan.io.apart.serving import ReadingLimits

SHORT = ReadingLimits(processor_s=0.5, clock_s=1.0, memory_bytes=300_000_000)
AMPLE = bounds_for("a.csv", 0)
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows sets no limits on a process here")


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").exists() is False or Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"


def ended_within(pid, seconds):
    end = time.monotonic() + seconds
    while is_running(pid) and time.monotonic() < end:
        time.sleep(0.02)
    return not is_running(pid)


def cameras(path):
    path.write_text("camera_id,lon,lat\na,2.35,48.85\n")
    return path


@posix
def test_that_work_beyond_its_seconds_is_ended_and_told_of_the_file():
    with pytest.raises(InputError, match=r"a\.gml: reading this file was stopped"):
        apart("builtins", "sum", range(10**12), of="a.gml", bounds=SHORT)


@posix
def test_that_waiting_beyond_the_clock_is_ended():
    with pytest.raises(InputError, match="was stopped"):
        apart("time", "sleep", 60, of="a", bounds=SHORT)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count the memory of a process otherwise")
def test_that_memory_beyond_the_limit_is_refused_in_words():
    with pytest.raises(InputError, match="more memory than there is"):
        apart("builtins", "bytearray", 400_000_000, of="a", bounds=SHORT)
    assert len(apart("builtins", "bytearray", 100_000_000, of="a", bounds=SHORT)) == 100_000_000


def test_that_a_broken_process_does_not_break_the_next_reading(tmp_path):
    with pytest.raises(InputError, match="the reader crashed"):
        apart("os", "abort", of="a", bounds=AMPLE)
    assert len(io.read_file(cameras(tmp_path / "a.csv")).cameras) == 1


def test_that_one_process_serves_one_file_after_the_other():
    end_readers()  # one that grew large, as in the tests before, would end after its next answer
    first = apart("os", "getpid", of="a", bounds=AMPLE)
    assert apart("os", "getpid", of="a", bounds=AMPLE) == first != os.getpid()


def test_that_a_cancel_ends_the_process_within_a_read():
    pid, asked = apart("os", "getpid", of="a", bounds=AMPLE), []

    def cancelled(share, step):
        asked.append(share)
        if len(asked) == 3:
            raise Cancelled

    began = time.monotonic()
    with pytest.raises(Cancelled):
        apart("time", "sleep", 60, of="a", bounds=replace(AMPLE, clock_s=90.0), progress=cancelled)
    assert time.monotonic() - began < 30
    assert ended_within(pid, 10)


@posix
def test_that_a_process_whose_program_was_killed_ends_by_itself():
    code = (
        "from lhasaplan.io.apart.process import apart; from lhasaplan.io.apart.serving import ReadingLimits\n"
        "how = {'of': 'a', 'bounds': ReadingLimits(1.0, 2.0, 10**9)}\n"
        "print(apart('os', 'getpid', **how), flush=True)\n"
        "apart('time', 'sleep', 600, **how)\n"
    )
    program = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=ROOT, text=True)
    pid = int(program.stdout.readline())
    program.kill()
    program.communicate()
    assert ended_within(pid, 30)


def test_that_an_idle_process_ends_with_its_program():
    code = "from lhasaplan.io.apart.process import *; print(apart('os', 'getpid', of='a', bounds=bounds_for('a', 0)))"
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=ROOT, text=True, check=True)
    assert ended_within(int(done.stdout), 10)


def test_that_a_process_that_was_started_early_has_imported_what_it_will_be_asked_for():
    def loaded():
        return apart("builtins", "eval", "'wave' in __import__('sys').modules", of="a", bounds=AMPLE)

    end_readers()
    assert not loaded(), "nothing else imports it"
    end_readers()
    start_reader("wave")
    start_reader("no_such_module")  # one waits already
    assert loaded()


def test_that_a_process_that_could_not_import_early_reads_all_the_same():
    end_readers()
    start_reader("no_such_module")
    assert apart("operator", "add", 1, 2, of="a", bounds=AMPLE) == 3
    with pytest.raises(ReaderError, match="ModuleNotFoundError"):
        apart("no_such_module", "read", of="a", bounds=AMPLE)


def test_that_an_error_of_the_program_is_told_as_one():
    with pytest.raises(ReaderError, match="ZeroDivisionError"):
        apart("operator", "floordiv", 1, 0, of="a", bounds=AMPLE)


def test_that_a_script_without_a_main_guard_can_import(tmp_path):
    """A process that is started anew must not run the script of its program again."""
    cameras(tmp_path / "a.csv")
    script = tmp_path / "script.py"
    script.write_text("from pathlib import Path\nfrom lhasaplan import io\nprint(len(io.read_file(Path('a.csv')).cameras))\n")
    variables = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, cwd=tmp_path, env=variables, check=True)
    assert (done.stdout, done.stderr) == ("1\n", "")


def test_that_faults_pass_from_one_process_to_another():
    fault = Fault("row {n} is odd", Where("a.csv", 3, "b", "c"), {"n": 3})
    for error in (InputError(fault, fault), DraftsError([fault], ["a.docx"])):
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), again.faults, str(again)) == (type(error), error.faults, str(error))
    assert again.files == ("a.docx",)


def test_that_a_layer_passes_in_pieces_and_stays_what_it_was():
    count = 2 * parcels.PIECE + 1
    shapes = np.array([shapely.Point(n, -n, n / 3.0) if n % 2 else None for n in range(count)], object)
    ids = np.array([f"node/{n}" for n in range(count)], object)
    layer = Layer("trees", ids, shapes, tuple({"natural": "tree", "n": str(n)} for n in range(count)))
    stream = BytesIO()
    parcels.send({"all": (layer, layer.name)}, stream)
    stream.seek(0)
    again, name = parcels.receive(stream)["all"]
    assert (again.name, name, again.tags, again.source) == ("trees", "trees", layer.tags, ())
    assert (again.ids == ids).all()
    assert all(
        a is None if b is None else shapely.to_wkt(a) == shapely.to_wkt(b) for a, b in zip(again.geometry, shapes, strict=True)
    )
    assert again.geometry[1].z == pytest.approx(1 / 3, abs=0)


@pytest.mark.parametrize("value", [os.system, subprocess.Popen, io.read_file, eval])
def test_that_an_answer_can_call_nothing(value):
    stream = BytesIO()
    content = pickle.dumps(value)
    stream.write(len(content).to_bytes(8, "big") + content + bytes(8))
    stream.seek(0)
    with pytest.raises(pickle.UnpicklingError, match="nothing that a reader gives"):
        parcels.receive(stream)


def test_that_a_packed_or_large_file_may_take_more():
    small, large, packed = (bounds_for(*each) for each in (("a.gml", 0), ("a.gml", 10**8), ("a.zip", 10**8)))
    assert small.processor_s == 10
    assert small.processor_s < large.processor_s < packed.processor_s
    assert small.memory_bytes == 10**9 < large.memory_bytes < packed.memory_bytes


def test_that_another_version_of_gdal_opens_no_more_formats(monkeypatch):
    """As if the locked list lacked some: they are found when the process starts first, and skipped from then on."""
    from lhasaplan.io.apart import process

    process.end_readers()
    monkeypatch.setattr(process, "_SKIPPED", [])
    monkeypatch.setattr(gdal, "_OTHERS", tuple(name for name in gdal._OTHERS if name not in {"WFS", "OGCAPI"}))
    try:
        assert set(apart("lhasaplan.io.apart.gdal", "formats", of="a", bounds=AMPLE)) <= set(gdal.MAPS)
        assert set(process._SKIPPED) == {"WFS", "OGCAPI"}
    finally:
        process.end_readers()
