"""Write the register in the forms of cities and states that publish one: workbooks with their sheets and headings."""

import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from lhasaplan.core.rules.register_form import COUNT, FormField, FormSheet, RegisterForm
from lhasaplan.report.facts.withheld import IN_REGISTERS
from lhasaplan.report.formats.office_package import settled
from lhasaplan.report.formats.schedule import SAFE
from lhasaplan.report.text.file_names import numbered_name
from lhasaplan.report.text.whole_files import replacing

Entry = Mapping[str, object]
_WIDEST = 60


def write_form(form: RegisterForm, entries: Iterable[Entry], folder: Path, date: str) -> list[Path]:
    """Write ``register-NAME.xlsx``, or one a body (numbered); return the files, none where no camera belongs in the form."""
    meant = [entry for entry in entries if entry["status"] in form.statuses]
    start = f"register-{form.name}"
    if not form.one_file_for:
        return [_write(form, meant, folder / f"{start}.xlsx", date)] if meant else []
    told = (str(entry[form.one_file_for] or "") for entry in meant)
    bodies = dict.fromkeys(body for body in told if body not in ("", IN_REGISTERS))
    return [
        _write(form, [e for e in meant if e[form.one_file_for] == body], folder / f"{numbered_name(start, n, body)}.xlsx", date)
        for n, body in enumerate(bodies, 1)
    ]


def _write(form: RegisterForm, entries: Sequence[Entry], path: Path, date: str) -> Path:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, SAFE) as book:
        book.set_properties({"author": "lhasaplan"})
        for sheet in form.sheets:
            _fill(book.add_worksheet(sheet.name), rows_of(sheet, entries), book.add_format({"bold": True}), is_head=sheet.is_head)
    with replacing(path) as draft:
        draft.write_bytes(settled(stream.getvalue(), date))
    return path


def rows_of(sheet: FormSheet, entries: Sequence[Entry]) -> list[list[object]]:
    """Return the rows of a sheet, its headings first; of a head its headings and what stands beside each."""
    if sheet.is_head:
        return [[field.heading, _of_all(field, entries)] for field in sheet.fields]
    headings: list[object] = [field.heading for field in sheet.fields]
    return [headings, *([_of_all(field, group) for field in sheet.fields] for group in _groups(sheet, entries))]


def _groups(sheet: FormSheet, entries: Sequence[Entry]) -> list[list[Entry]]:
    if not sheet.one_row_for:
        return [[entry] for entry in entries]
    groups: dict[tuple[object, ...], list[Entry]] = {}
    for entry in entries:
        groups.setdefault(tuple(entry[key] for key in sheet.one_row_for), []).append(entry)
    return list(groups.values())


def _of_all(field: FormField, entries: Sequence[Entry]) -> object:
    """Return what stands in a field for several cameras: each different value once."""
    if field.first_of == (COUNT,):
        return len(entries)
    found = (_first(field, entry) for entry in entries)
    values = [field.text] if field.text else list(dict.fromkeys(value for value in found if value is not None))
    return values[0] if len(values) == 1 else "; ".join(map(str, values))


def _first(field: FormField, entry: Entry) -> object:
    """Return the first value that is there; that one is withheld is said only where none is told."""
    found = [entry[key] for key in field.first_of if entry[key] not in {None, ""}]
    return next((value for value in found if value != IN_REGISTERS), found[0] if found else None)


def _fill(sheet: Any, rows: Sequence[Sequence[object]], bold: Any, *, is_head: bool) -> None:
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            is_heading = column == 0 if is_head else number == 0
            put = sheet.write_number if isinstance(value, int | float) else sheet.write_string
            put(number, column, value, bold if is_heading else None)
    for column in range(len(rows[0])):
        sheet.set_column(column, column, min(_WIDEST, 2 + max(len(str(row[column])) for row in rows)))
    if not is_head:
        sheet.freeze_panes(1, 0)
