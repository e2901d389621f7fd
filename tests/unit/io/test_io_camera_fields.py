"""The table of camera fields says all that is known of each, and nothing that its readers do not know."""

from dataclasses import fields

import pytest

from lhasaplan.core.model.camera import Camera
from lhasaplan.core.model.camera_fields import CAMERA_FIELDS, FIELD, WORD_TYPES, unrecorded
from lhasaplan.core.records.filled_in import FILLED_IN
from lhasaplan.core.results.finding import Matter
from lhasaplan.core.rules.forms import VALUES
from lhasaplan.io.tables.columns import load_columns
from lhasaplan.io.tables.filled_in_tables import READERS, filled_in_name
from lhasaplan.workflow.filled_in import USES


def test_that_every_field_of_a_camera_has_one_row():
    assert len(FIELD) == len(CAMERA_FIELDS)
    assert {each.name for each in fields(Camera)} == {each.key for each in CAMERA_FIELDS if not each.is_extra}


def test_that_a_field_that_tables_may_set_has_headings_and_a_title_of_its_own():
    settable = [each for each in CAMERA_FIELDS if each.is_settable]
    assert [each.key for each in settable if each.key not in load_columns()] == []
    titles = [each.title for each in CAMERA_FIELDS if each.title]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("key", WORD_TYPES)
def test_that_the_words_of_a_field_are_its_values_wherever_it_is_read(key):
    values = [str(value) for value in WORD_TYPES[key]]
    assert sorted(FIELD[key].words) == sorted(load_columns()[key].words) == sorted(values)


def test_that_what_is_asked_has_a_question_and_a_place_of_its_own():
    asked = sorted((each for each in CAMERA_FIELDS if each.asked), key=lambda each: each.asked)
    assert [each.asked for each in asked] == list(range(1, len(asked) + 1))
    assert [each.key for each in asked if not each.question] == []


def test_that_levels_know_what_withholds_a_field_and_the_register_each_of_its_columns_once():
    assert {each.matter for each in CAMERA_FIELDS} - {""} <= set(map(str, Matter))
    assert len(VALUES) == len(set(VALUES))


def test_that_what_is_not_recorded_is_what_a_bare_camera_has():
    bare = Camera("a", 0.0, 0.0)
    known = {"camera_id", "x_m", "y_m"}
    assert [
        each.name for each in fields(Camera) if each.name not in known and unrecorded(each.name) != getattr(bare, each.name)
    ] == []


def test_that_every_table_that_comes_back_is_told_from_the_others_read_and_used(tmp_path):
    assert list(READERS) == list(USES) == [each.name for each in FILLED_IN]
    for each in FILLED_IN:
        path = tmp_path / f"{each.name}.csv"
        path.write_text(",".join((*each.known_by, "remark")) + "\n" + "x," * len(each.known_by) + "\n")
        assert filled_in_name(path) == each.name
