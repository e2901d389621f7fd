"""Read a questionnaire that a controller filled in: rows by camera_id, cells as in a camera table, no position needed."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from lhasaplan.core.base.wording import marked
from lhasaplan.core.model.camera import Kind, Mount
from lhasaplan.core.model.optics import LensClass
from lhasaplan.core.records.questionnaire import ASKED, BY, ON, ControllerAnswer
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.tables.camera_table import contradictions_of
from lhasaplan.io.tables.cells import read_cell
from lhasaplan.io.tables.columns import Meaning, TableColumn, is_filled, load_columns, nobody_knows, understand, with_units
from lhasaplan.io.tables.filled_table import faults_of_ids, filled_table, has_headings
from lhasaplan.io.tables.table_faults import told_with
from lhasaplan.io.tables.table_rows import Row, TextTable

_TYPES = {"kind": Kind, "mount": Mount, "lens_class": LensClass}
NO_ID = marked("the column camera_id is missing: an answer must say which camera it is about")


def is_questionnaire(path: Path) -> bool:
    """Tell whether a file is a table with the headings that only a questionnaire has; one that cannot be read is none."""
    return has_headings(path, ("camera_id", BY, ON))


def read_answers(path: Path) -> tuple[tuple[ControllerAnswer, ...], tuple[Fault, ...]]:
    """Return an answer for each row, and remarks on the table; a cell that is empty or says "unknown" answers nothing.

    Raises
    ------
    InputError
        Every cell that cannot be read, rows without id, ids that come twice; nothing is taken then.
    """
    table = filled_table(path)
    with told_with(table.faults):
        return _answers(table), table.remarks


def _answers(table: TextTable) -> tuple[ControllerAnswer, ...]:
    own = {name: column for name, column in load_columns().items() if name in (*ASKED, "camera_id")}
    dated = replace(load_columns()["installed_on"], name=ON, headings=(ON,), weak=())
    asked = {**own, BY: replace(own["purpose"], name=BY, headings=(BY,), weak=()), ON: dated}
    meaning = understand(table.headings, asked)
    if "camera_id" not in meaning.known:
        raise InputError(Fault(NO_ID, Where(table.file, table.heading_row)))
    columns = with_units(asked, table.headings, meaning)
    faults: list[Fault] = []
    answers = [_answer(table, row, meaning, columns, faults) for row in table.rows]
    faults += faults_of_ids(table, table.rows, meaning.known["camera_id"])
    for row, answer in zip(table.rows, answers, strict=True):
        faults += contradictions_of(table, row, answer.values, meaning)
    if faults:
        raise InputError(*sorted(faults, key=lambda fault: fault.where.row or 0))
    return tuple(answers)


def _answer(
    table: TextTable, row: Row, meaning: Meaning, columns: Mapping[str, TableColumn], faults: list[Fault]
) -> ControllerAnswer:
    values: dict[str, object] = {}
    for name, index in meaning.known.items():
        text = row.cells[index].strip()
        if name == "camera_id" or not is_filled(text, columns[name]) or nobody_knows(text):
            continue
        value = read_cell(text, columns[name], table.where(row, index))
        if isinstance(value, Fault):
            faults.append(value)
        else:
            values[name] = _TYPES[name](value) if name in _TYPES else value
    by, on = str(values.pop(BY, "")), str(values.pop(ON, ""))
    return ControllerAnswer(row.cells[meaning.known["camera_id"]].strip(), values, by, on)
