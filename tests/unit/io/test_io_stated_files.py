"""Facts about files that state a dataclass: its fields are the keys, its types the limits, and all faults are told at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

import pytest
from annotated_types import Interval, MinLen
from pydantic import AfterValidator

from lhasaplan.core.rules.pack import NOT_IN_FILES, Terms
from lhasaplan.errors import InputError
from lhasaplan.io.parse.validation import WHOLE, TomlSchema, read_stated, refuse


@dataclass(frozen=True)
class Lamp:
    name: Annotated[str, re.compile("^[a-z]+$")]
    height_m: Annotated[float, Interval(ge=2, le=30)] = 4.5
    kind: Literal["pole", "wall"] = "pole"


@dataclass(frozen=True)
class Street:
    term: Terms
    lamps: Annotated[tuple[Lamp, ...], MinLen(1)]
    lit: bool = True
    widths_m: Mapping[str, float] = field(default_factory=dict)
    spans_m: tuple[tuple[float, float], ...] = ()
    marks: Mapping[str, float | str] = field(default_factory=dict)
    end_m: float | None = None
    sha256: str = field(default="", metadata=NOT_IN_FILES)


TERM = 'term = { en = "Street", zh_CN = "街", fr = "Rue" }\n'
LAMP = '[[lamps]]\nname = "oak"\n'


def read(tmp_path, text, schema=None):
    path = tmp_path / "street.toml"
    path.write_text(text, "utf-8")
    return read_stated(path, Street, *([schema] if schema else []))


def faults(tmp_path, text, schema=None):
    with pytest.raises(InputError) as refused:
        read(tmp_path, text, schema)
    return [str(fault).removeprefix("street.toml, ") for fault in refused.value.faults]


def test_that_a_file_is_the_value_that_it_states_and_keeps_what_it_does_not_say(tmp_path):
    street = read(tmp_path, TERM + "widths_m = { main = 7 }\n" + LAMP)
    assert street.lamps == (Lamp("oak", 4.5, "pole"),)
    assert (street.widths_m, street.end_m, street.term["de"]) == ({"main": 7.0}, None, "Street")


def test_that_a_number_in_quotes_is_no_number_and_a_digit_no_truth(tmp_path):
    assert faults(tmp_path, TERM + "lit = 1\n" + LAMP + 'height_m = "4.5"\n') == [
        "lamps[0].height_m: 4.5 must be a number.",
        "lit: 1 must be true or false.",
    ]


def test_that_a_list_whose_rows_are_all_wrong_is_not_called_empty(tmp_path):
    assert faults(tmp_path, TERM + '[[lamps]]\nname = "Oak 1"\nkind = "tree"\n') == [
        "lamps[0].name: Oak 1 is not of the form ^[a-z]+$.",
        "lamps[0].kind: tree must be one of 'pole' or 'wall'.",
    ]
    assert faults(tmp_path, "lamps = []\n" + TERM) == ["lamps: The list is empty."]


def test_that_a_field_of_the_program_s_own_is_no_key(tmp_path):
    assert faults(tmp_path, TERM + 'sha256 = "00"\n' + LAMP) == ["sha256: This key is not known."]


def test_that_a_whole_file_misses_each_key_but_one_that_may_be_nothing(tmp_path):
    assert faults(tmp_path, TERM + LAMP, WHOLE) == [
        "lamps[0].height_m: This key is missing.",
        "lamps[0].kind: This key is missing.",
        "lit: This key is missing.",
        "widths_m: This key is missing.",
        "spans_m: This key is missing.",
        "marks: This key is missing.",
    ]


def test_that_a_list_or_table_that_may_be_left_out_of_a_whole_file_is_then_empty(tmp_path):
    lamp = LAMP + 'height_m = 5\nkind = "wall"\n'
    schema = TomlSchema(is_whole=True, empty=frozenset({"Street.spans_m", "Street.widths_m", "Street.marks"}))
    street = read(tmp_path, TERM + "lit = true\n" + lamp, schema)
    assert (street.spans_m, street.widths_m, street.marks) == ((), {}, {})


def test_that_an_entry_of_a_list_is_named_by_its_place_and_told_what_it_lacks(tmp_path):
    assert faults(tmp_path, TERM + "spans_m = [[1, 2], [3], [1, 2, 3]]\n" + LAMP) == [
        "spans_m[1][1]: This entry of the list is missing.",
        "spans_m[2]: The list has more than 2 entries.",
    ]


def test_that_a_check_of_each_entry_names_the_entry_that_fails(tmp_path):
    def short(row):
        if row[1] > 10:
            raise refuse("{value} is too long", value=row[1])
        return row

    schema = TomlSchema(checks={"Street.spans_m[]": AfterValidator(short)})
    assert faults(tmp_path, TERM + "spans_m = [[1, 2], [1, 12]]\n" + LAMP, schema) == ["spans_m[1]: 12.0 is too long"]


def test_that_a_value_of_two_types_has_one_fault_in_the_words_of_the_file(tmp_path):
    assert faults(tmp_path, TERM + "marks = { a = 1, b = [2], c = true, d = 'x' }\n" + LAMP) == [
        "marks.b: [2] must be a number or text in quotes.",
        "marks.c: True must be a number or text in quotes.",
    ]


def test_that_a_fault_has_the_key_as_the_file_calls_it_and_a_check_its_own_words(tmp_path):
    def low(lamp):
        if lamp.height_m > 10:
            raise refuse("{name} is too high", name=lamp.name)
        return lamp

    schema = TomlSchema(keys={"lamps": "lamp"}, checks={"Lamp": AfterValidator(low)})
    assert faults(tmp_path, TERM + '[[lamp]]\nname = "oak"\nheight_m = 12\n', schema) == ["lamp[0]: oak is too high"]
