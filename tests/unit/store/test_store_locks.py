"""Who works on a project locks it: others see who and since when, and save nothing over it; a lock of a dead program is none."""

import json
import os
import socket
import subprocess
import sys
from dataclasses import replace

import pytest
from project_values import small_town

from lhasaplan.errors import InputError
from lhasaplan.files import scratch
from lhasaplan.files.scratch import FileLock, LockNote, lock, note_of
from lhasaplan.store.geopackage import GeoPackageStore


@pytest.fixture
def path(tmp_path):
    GeoPackageStore(tmp_path / "town.gpkg").save(small_town())
    return tmp_path / "town.gpkg"


def renamed(store, name):
    store.save(replace(store.load(), name=name))


def test_that_a_second_opener_reads_and_is_told_who_holds_it_since_when(path):
    first, second = GeoPackageStore(path), GeoPackageStore(path)
    assert first.lock() == ()
    (reported,) = second.lock()
    assert reported.params["host"] == socket.gethostname()
    assert reported.params["since"][:2] == "20"
    assert second.load().name == "small town"
    with pytest.raises(InputError, match="so nothing was saved"):
        renamed(second, "theirs")
    renamed(first, "mine")
    assert GeoPackageStore(path).load().name == "mine"


def test_that_what_is_unlocked_can_be_locked_and_saved_by_others_and_leaves_nothing(path):
    first, second = GeoPackageStore(path), GeoPackageStore(path)
    first.lock()
    first.unlock()
    assert os.listdir(path.parent) == ["town.gpkg"]
    assert second.lock() == ()
    renamed(second, "theirs")
    second.unlock()
    assert os.listdir(path.parent) == ["town.gpkg"]


def test_that_a_lock_ends_with_its_process(path):
    taken = "from lhasaplan.files.scratch import lock; lock(Path(sys.argv[1]))"
    code = f"import os, sys; from pathlib import Path; {taken}; os._exit(1)"
    subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert note_of(path).exists()
    store = GeoPackageStore(path)
    renamed(store, "after")
    assert os.listdir(path.parent) == ["town.gpkg"]
    assert store.lock() == ()


def note(**changes):
    ours = scratch.own_note()
    return replace(ours, process=ours.process + 1, **changes)


@pytest.mark.parametrize(
    ("left", "is_locked"),
    [
        (lambda: note(host="another"), True),  # a lock of another computer may not be seen on a shared disk
        (lambda: note(boot="before"), False),  # the computer was started anew since
        (lambda: replace(note(), process=os.getppid(), began=scratch._began(os.getppid())), True),
        (lambda: replace(note(), process=os.getppid(), began="1"), False),  # another process has its number now
        (lambda: replace(note(), process=2**22 + 1, began=""), False),
    ],
    ids=["another computer", "another start of it", "a living process", "a number given anew", "a dead process"],
)
@pytest.mark.skipif(sys.platform != "linux", reason="asks the system which processes there are")
def test_that_where_no_lock_tells_the_note_does(path, left, is_locked):
    note_of(path).write_text(json.dumps({name: getattr(left(), name) for name in LockNote.__dataclass_fields__}), "utf-8")
    found = lock(path)
    assert isinstance(found, LockNote if is_locked else FileLock)
    if not is_locked:
        found.unlock()


@pytest.mark.parametrize("content", ["", "no json", "[]", '{"who": "A"}'])
def test_that_a_note_that_says_nothing_holds_nothing(path, content):
    note_of(path).write_text(content, "utf-8")
    store = GeoPackageStore(path)
    assert store.lock() == ()
    store.unlock()


def test_that_a_folder_that_takes_no_note_hinders_no_reading(path):
    path.parent.chmod(0o555)
    try:
        store = GeoPackageStore(path)
        if os.access(path.parent, os.W_OK):
            pytest.skip("this account may write anywhere")
        assert store.lock() == ()
        assert store.load().name == "small town"
    finally:
        path.parent.chmod(0o755)
