"""A file is written whole or not at all."""

import pytest

from lhasaplan.report.files import replacing


def test_that_a_failed_draft_leaves_the_old_file_and_no_rest(tmp_path):
    path = tmp_path / "audit.txt"
    path.write_text("old")
    with pytest.raises(RuntimeError):
        _fail_half_way(path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def _fail_half_way(path):
    with replacing(path) as draft:
        draft.write_text("half")
        raise RuntimeError


def test_that_a_finished_draft_takes_the_place(tmp_path):
    path = tmp_path / "new" / "audit.txt"
    with replacing(path) as draft:
        draft.write_text("whole")
    assert path.read_text() == "whole"
