"""Real disks that fail: full, taken out, without rights to write, and clocks that jump: a sentence, and the work is kept."""

import os
import subprocess
import sys
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest
from project_values import same_project, small_town

from lhasaplan.errors import InputError
from lhasaplan.store.geopackage import GeoPackageStore
from lhasaplan.store.sealed import SealedStore

KINDS = {
    "plain": GeoPackageStore,
    "sealed": lambda path: SealedStore(path, b"s" * 16, b"k" * 32),
}


@contextmanager
def _stick(folder, size="2m"):
    """Give a small disk of its own at a folder; skipped where this account may mount none."""
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "lp-test", folder], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("needs the right to mount a small disk")
    try:
        yield folder
    finally:
        while os.path.ismount(folder):
            subprocess.run(["umount", "-l", folder], check=True)


@pytest.fixture(params=KINDS)
def kind(request):
    return KINDS[request.param]


def fill(file):
    """Write until the disk takes no more."""
    with suppress(OSError), file.open("wb", buffering=0) as other:
        while other.write(b"0" * 4096):
            pass


def grown(project, count):
    cameras = [replace(project.cameras[0], camera_id=f"N{number}", name="x" * 200) for number in range(count)]
    return replace(project, cameras=(*project.cameras, *cameras))


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a small disk")
def test_that_a_full_disk_is_told_and_costs_nothing(tmp_path, kind):
    with _stick(tmp_path / "stick") as disk:
        store = kind(disk / "town.gpkg")
        store.save(small_town())
        project = store.load()
        fill(disk / "other")
        with pytest.raises(InputError, match="no room left"):
            store.save(grown(project, 500))
        assert same_project(kind(disk / "town.gpkg").load(), project)
        (disk / "other").unlink()
        store.save(grown(project, 500))
        assert len(kind(disk / "town.gpkg").load().cameras) == len(project.cameras) + 500


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a small disk")
def test_that_a_stick_that_was_taken_out_is_told_and_the_work_is_kept_under_another_name(tmp_path, kind):
    with _stick(tmp_path / "stick") as disk:
        store = kind(disk / "town.gpkg")
        store.save(small_town())
        project = replace(store.load(), name="later")
        subprocess.run(["umount", "-l", disk], check=True)
        with pytest.raises(InputError, match="not where it was"):
            store.save(project)
        assert list(disk.iterdir()) == []  # nothing is put where the stick was
        kind(tmp_path / "home.gpkg").save(project)
        assert same_project(kind(tmp_path / "home.gpkg").load(), project)


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a small disk")
def test_that_a_disk_that_turned_read_only_is_told_and_read(tmp_path, kind):
    with _stick(tmp_path / "stick") as disk:
        store = kind(disk / "town.gpkg")
        store.save(small_town())
        project = store.load()
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        with pytest.raises(InputError, match="rights"):
            store.save(replace(project, name="later"))
        assert same_project(kind(disk / "town.gpkg").load(), project)


@pytest.mark.skipif(sys.platform == "win32", reason="bounds the size of files")
def test_that_a_bound_on_the_size_of_files_is_told_and_costs_nothing(tmp_path):
    path = tmp_path / "town.gpkg"
    GeoPackageStore(path).save(small_town())
    code = f"""
import resource, signal, sys
sys.path[:0] = {[str(each) for each in sys.path]!r}
from test_faults_disks import grown
from lhasaplan.errors import InputError
from lhasaplan.store.geopackage import GeoPackageStore
store = GeoPackageStore(__import__("pathlib").Path(sys.argv[1]))
project = store.load()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
try:
    store.save(grown(project, 2000))
except InputError as error:
    print("TOLD", error)
"""
    here = os.path.dirname(__file__)
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True, cwd=here)
    assert "TOLD town.gpkg" in done.stdout
    assert same_project(GeoPackageStore(path).load(), small_town())


@pytest.mark.parametrize("days", [-400, 400])
def test_that_a_clock_that_jumps_hides_no_change_of_another_start(tmp_path, days):
    path = tmp_path / "town.gpkg"
    GeoPackageStore(path).save(small_town())
    here, there = GeoPackageStore(path), GeoPackageStore(path)
    mine, theirs = here.load(), there.load()
    state = path.stat()
    there.save(replace(theirs, name="their town"))
    os.utime(path, (state.st_atime + days * 86_400, state.st_mtime + days * 86_400))
    with pytest.raises(InputError, match="changed this"):
        here.save(replace(mine, name="mine"))
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))  # the very time of before
    with pytest.raises(InputError, match="changed this"):
        here.save(replace(mine, name="mine"))
