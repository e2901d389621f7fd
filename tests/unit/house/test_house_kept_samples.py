"""A sample that was kept by an earlier start is what its import gives; a broken or strange file is never taken for it."""

import sqlite3
from dataclasses import replace

import pytest
from faked_ports import faked
from project_values import same_project

from lhasaplan import bootstrap
from lhasaplan.errors import GateError
from lhasaplan.workflow import open_kept_sample, open_sample


def _services(read=None, today="2026-11-27"):
    services = replace(bootstrap.open_services(), today=lambda: today)
    return faked(services, read_file=read) if read else services


def _no_reader(*_, **__):
    raise AssertionError("the sample was read from its map again")


@pytest.fixture(name="sample", scope="module")
def _sample():
    return _services().content.read_sample("hilltown")


@pytest.fixture(name="fresh", scope="module")
def _fresh(sample):
    return open_sample(_services(), sample)


@pytest.mark.parametrize("city", ["hilltown", "helsinki"])
def test_that_a_kept_sample_is_what_its_import_gives_in_every_field(city, tmp_path):
    sample = _services().content.read_sample(city)
    first = open_kept_sample(_services(), sample, tmp_path)
    again = open_kept_sample(_services(_no_reader), sample, tmp_path)
    assert same_project(first, open_sample(_services(), sample))
    assert same_project(again, first)


def test_that_a_kept_sample_without_a_mandate_tells_of_the_day_on_which_it_is_opened(sample, tmp_path):
    cameras = [(path, kind) for path, kind in sample.files if kind == "osm"]
    bare = replace(sample, mandate=None, files=tuple(cameras))
    open_kept_sample(_services(today="2026-01-01"), bare, tmp_path)
    again = open_kept_sample(_services(_no_reader, today="2026-02-02"), bare, tmp_path)
    assert {entry.when for entry in again.journal} == {"2026-02-02"}
    assert same_project(again, open_sample(_services(today="2026-02-02"), bare))


def test_that_what_a_mandate_allowed_on_a_day_is_not_kept_for_a_day_before_it(sample, tmp_path):
    open_kept_sample(_services(), sample, tmp_path)
    with pytest.raises(GateError):
        open_kept_sample(_services(today="2026-01-01"), sample, tmp_path)


def test_that_a_broken_file_is_left_aside_and_replaced(sample, fresh, tmp_path):
    open_kept_sample(_services(), sample, tmp_path)
    (kept,) = tmp_path.glob("*.gpkg")
    kept.write_bytes(kept.read_bytes()[: kept.stat().st_size // 2])
    assert same_project(open_kept_sample(_services(), sample, tmp_path), fresh)
    assert same_project(open_kept_sample(_services(_no_reader), sample, tmp_path), fresh)


def test_that_a_file_that_somebody_changed_is_not_the_sample(sample, fresh, tmp_path):
    open_kept_sample(_services(), sample, tmp_path)
    (kept,) = tmp_path.glob("*.gpkg")
    with sqlite3.connect(kept) as table:
        table.execute("CREATE TABLE strange (word TEXT)")
    table.close()
    with pytest.raises(AssertionError, match="read from its map again"):
        open_kept_sample(_services(_no_reader), sample, tmp_path)
    assert same_project(open_kept_sample(_services(), sample, tmp_path), fresh)


def test_that_other_files_of_the_map_make_another_sample_and_only_one_is_kept(sample, fresh, tmp_path):
    open_kept_sample(_services(), sample, tmp_path / "kept")
    (path, kind), *others = sample.files
    copy = tmp_path / path.name
    copy.write_bytes(path.read_bytes())
    moved = replace(sample, files=((copy, kind), *others))
    with pytest.raises(AssertionError, match="read from its map again"):
        open_kept_sample(_services(_no_reader), moved, tmp_path / "kept")
    assert same_project(open_kept_sample(_services(), moved, tmp_path / "kept"), fresh)
    assert len(list((tmp_path / "kept").glob("*"))) == 1


def test_that_a_newer_edition_of_the_program_reads_the_map_again(sample, tmp_path, monkeypatch):
    open_kept_sample(_services(), sample, tmp_path)
    monkeypatch.setattr("lhasaplan.workflow.samples._stamps", lambda: [("a newer module", 1, 1)])
    with pytest.raises(AssertionError, match="read from its map again"):
        open_kept_sample(_services(_no_reader), sample, tmp_path)


def test_that_a_folder_that_takes_nothing_leaves_the_sample_as_it_is(sample, fresh, tmp_path):
    taken = tmp_path / "a file"
    taken.write_text("here")
    assert same_project(open_kept_sample(_services(), sample, taken / "kept"), fresh)
