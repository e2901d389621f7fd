"""Who works on a project holds it: others see who and since when, and save nothing over it; a hold of a dead program is none."""

import json
import os
import socket
import subprocess
import sys
from dataclasses import replace

import pytest
from project_values import small_town

from lhasaplan.errors import InputError
from lhasaplan.files import held
from lhasaplan.files.held import Hold, HoldNote, hold, note_of
from lhasaplan.store.geopackage import GeoPackageStore


@pytest.fixture
def path(tmp_path):
    GeoPackageStore(tmp_path / "town.gpkg").save(small_town())
    return tmp_path / "town.gpkg"


def renamed(store, name):
    store.save(replace(store.load(), name=name))


def test_that_a_second_opener_reads_and_is_told_who_holds_it_since_when(path):
    first, second = GeoPackageStore(path), GeoPackageStore(path)
    assert first.hold() == ()
    (reported,) = second.hold()
    assert reported.params["host"] == socket.gethostname()
    assert reported.params["since"][:2] == "20"
    assert second.load().name == "small town"
    with pytest.raises(InputError, match="so nothing was saved"):
        renamed(second, "theirs")
    renamed(first, "mine")
    assert GeoPackageStore(path).load().name == "mine"


def test_that_what_is_let_go_can_be_held_and_saved_by_others_and_leaves_nothing(path):
    first, second = GeoPackageStore(path), GeoPackageStore(path)
    first.hold()
    first.let_go()
    assert os.listdir(path.parent) == ["town.gpkg"]
    assert second.hold() == ()
    renamed(second, "theirs")
    second.let_go()
    assert os.listdir(path.parent) == ["town.gpkg"]


def test_that_a_hold_ends_with_its_process(path):
    code = "import os, sys, lhasaplan.files.held as held; from pathlib import Path; held.hold(Path(sys.argv[1])); os._exit(1)"
    subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert note_of(path).exists()
    store = GeoPackageStore(path)
    renamed(store, "after")
    assert os.listdir(path.parent) == ["town.gpkg"]
    assert store.hold() == ()


def note(**changes):
    ours = held._ours()
    return replace(ours, process=ours.process + 1, **changes)


@pytest.mark.parametrize(
    ("left", "is_held"),
    [
        (lambda: note(host="another"), True),  # a lock of another computer may not be seen on a shared disk
        (lambda: note(boot="before"), False),  # the computer was started anew since
        (lambda: replace(note(), process=os.getppid(), began=held._began(os.getppid())), True),
        (lambda: replace(note(), process=os.getppid(), began="1"), False),  # another process has its number now
        (lambda: replace(note(), process=2**22 + 1, began=""), False),
    ],
    ids=["another computer", "another start of it", "a living process", "a number given anew", "a dead process"],
)
@pytest.mark.skipif(sys.platform != "linux", reason="asks the system which processes there are")
def test_that_where_no_lock_tells_the_note_does(path, left, is_held):
    note_of(path).write_text(json.dumps({name: getattr(left(), name) for name in HoldNote.__dataclass_fields__}), "utf-8")
    found = hold(path)
    assert isinstance(found, HoldNote if is_held else Hold)
    if not is_held:
        found.let_go()


@pytest.mark.parametrize("content", ["", "no json", "[]", '{"who": "A"}'])
def test_that_a_note_that_says_nothing_holds_nothing(path, content):
    note_of(path).write_text(content, "utf-8")
    store = GeoPackageStore(path)
    assert store.hold() == ()
    store.let_go()


def test_that_a_folder_that_takes_no_note_hinders_no_reading(path):
    path.parent.chmod(0o555)
    try:
        store = GeoPackageStore(path)
        if os.access(path.parent, os.W_OK):
            pytest.skip("this account may write anywhere")
        assert store.hold() == ()
        assert store.load().name == "small town"
    finally:
        path.parent.chmod(0o755)
