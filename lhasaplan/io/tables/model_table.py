"""Read a catalogue of camera models: a table, or JSON in the form of the cctv-camera-database (github.com/ch-bas, CC0)."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lhasaplan.core.base.spelling import plain
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Kind
from lhasaplan.core.model.camera_models import CameraModel
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.parse.file_check import look_at
from lhasaplan.io.parse.foreign import reading
from lhasaplan.io.parse.foreign_kinds import JSON_RECORDS
from lhasaplan.io.tables.columns import load_model_columns, load_model_words, understand
from lhasaplan.io.tables.table_file import read_table
from lhasaplan.io.tables.table_rows import TextRow, TextTable, reported_with

NO_MODELS = marked("a catalogue of models needs the columns maker and model; this file has {columns}")
NO_NAME = marked("this row names no {column}; each row of a catalogue is one model of one maker")
NO_NUMBER = marked("{value} holds no number between {low} and {high}")
SEVERAL = marked("{count} models have several lenses in one, which no one angle describes, and were left out")
NO_KIND = marked("{count} models are of a kind that is not known here ({words}); their lens and picture were read all the same")
SAYS_NOTHING = marked("{count} models say nothing of lens and picture and narrow nothing")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_BRACKETS = re.compile(r"\([^)]*\)")
_SENSOR = re.compile(r"\b(1)\s*/\s*(\d(?:\.\d+)?)")
_SPOKEN = re.compile(
    r"(?P<of>horizontal|horiz|水平|vertical|vert|垂直|diagonal|diag|对角|\bh\b|\bv\b|\bd\b)|(?P<number>\d+(?:[.,]\d+)?)"
)
_LEVEL = ("h", "水")  # how the words for horizontal begin
_EACH = re.compile(r"\bper (?:sensor|lens|imager|camera|head|channel|module)|\beach\b|每个|je sensor|je objektiv|par capteur")
FAR_MORE = 1.5  # makers round megapixels by less
_SHOWN = 5
_SEVERAL = "several"


def read_models(path: Path) -> tuple[tuple[CameraModel, ...], tuple[Fault, ...]]:
    """Return the models of a file, and remarks on what was left out.

    Raises
    ------
    InputError
        The file is no catalogue, and every row without a maker or a model, or with a cell that holds no such number.
    """
    with reading(path):
        look_at(path, read_here=JSON_RECORDS)
        table = _from_json(path) if path.suffix.casefold() == ".json" else read_table(path)
        with reported_with(table.faults):
            return _models(table)


def _from_json(path: Path) -> TextTable:
    """Return the objects of a file as rows: one object, or a list of them, alone or as the first list of an object."""
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise InputError(Fault("this file is no JSON: {cause}", Where(path.name), {"cause": str(error)})) from error
    lists = [each for each in content.values() if isinstance(each, list)] if isinstance(content, dict) else []
    listed = content if isinstance(content, list) else [content] if "model" in content or not lists else lists[0]
    rows = [dict(_flat(each)) for each in listed if isinstance(each, dict)]
    headings = tuple(dict.fromkeys(key for row in rows for key in row))
    cells = (TextRow(number, tuple(row.get(key, "") for key in headings)) for number, row in enumerate(rows, 1))
    return TextTable(path.name, headings, tuple(cells), "feature")


def _flat(value: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for key, inner in value.items():
        if isinstance(inner, dict):
            yield from _flat(inner, f"{above}{key}.")
        elif isinstance(inner, list):
            yield f"{above}{key}", ";".join(map(str, inner))
        else:
            yield f"{above}{key}", "" if inner is None else str(inner)


@dataclass(frozen=True, slots=True)
class _ModelRow:
    """One row with its cells by column; faults are added to."""

    table: TextTable
    row: TextRow
    columns: Mapping[str, int]
    faults: list[Fault]

    def text(self, name: str) -> str:
        """Return a cell, empty where the table has no such column."""
        return self.row.cells[self.columns[name]].strip() if name in self.columns else ""

    def where(self, name: str) -> Where:
        """Return where a cell stands."""
        return self.table.where(self.row, self.columns.get(name))

    def ends(self, name: str, low: float, high: float, text: str | None = None) -> tuple[float | None, float | None]:
        """Return the least and the largest number of a cell, none of an empty one."""
        told = self.text(name) if text is None else text
        if not told:
            return None, None
        found = [
            number
            for each in _NUMBER.findall(_BRACKETS.sub(" ", told))
            if low <= (number := float(each.replace(",", "."))) <= high
        ]
        if not found:
            self.faults.append(Fault(NO_NUMBER, self.where(name), {"value": told, "low": f"{low:g}", "high": f"{high:g}"}))
            return None, None
        return min(found), max(found)


def _models(table: TextTable) -> tuple[tuple[CameraModel, ...], tuple[Fault, ...]]:
    columns = understand(table.headings, load_model_columns()).known
    if not {"maker", "model"} <= columns.keys():
        named = ", ".join(heading for heading in table.headings if heading) or "–"
        raise InputError(Fault(NO_MODELS, Where(table.file, table.heading_row), {"columns": named}))
    kinds, _ = load_model_words()
    faults: list[Fault] = []
    rows = [_ModelRow(table, row, columns, faults) for row in table.rows]
    of_kind = [kinds.get(plain(row.text("kind")), "") for row in rows]
    several = [_has_several_lenses(row, kind) for row, kind in zip(rows, of_kind, strict=True)]
    models = tuple(_model(row, kind) for row, kind, is_left in zip(rows, of_kind, several, strict=True) if not is_left)
    if faults:
        raise InputError(*faults)
    where, odd = (
        Where(table.file),
        [row.text("kind") for row, kind in zip(rows, of_kind, strict=True) if row.text("kind") and not kind],
    )
    bare = sum(each.most_px is None and each.pinhole_deg is None and each.hfov_low_deg is None for each in models)
    counts = (SEVERAL, sum(several)), (NO_KIND, len(odd)), (SAYS_NOTHING, bare)
    words = {"words": ", ".join(sorted({*odd})[:_SHOWN])}
    return models, (*table.remarks, *(Fault(text, where, {"count": count, **words}) for text, count in counts if count))


def _has_several_lenses(row: _ModelRow, kind: str) -> bool:
    """Say whether a row is of a device with several lenses of which it describes one: the rest would be left out of sight.

    A panorama is joined of several, and its row describes the whole unless it says that angles are per sensor, or its picture has
    far fewer pixels than are stated of all.
    """
    if kind == _SEVERAL or _EACH.search(row.text("field_of_view_deg").casefold()):
        return True
    quiet = replace(row, faults=[])  # what is wrong with a cell is told where the model is read
    lenses, megapixels, *sides = (
        quiet.ends(name, 0.0, 100_000.0)[1] for name in ("lenses", "megapixels", "image_width_px", "image_height_px")
    )
    width, height = sides
    if megapixels and width and height and megapixels * 1e6 > FAR_MORE * width * height:
        return True
    return kind != Kind.PANORAMA and lenses not in (None, 0.0, 1.0)


def _model(row: _ModelRow, kind: str) -> CameraModel:
    for name in ("maker", "model"):
        if not row.text(name):
            row.faults.append(Fault(NO_NAME, row.where(name), {"column": name}))
    _, sensors = load_model_words()
    found = _SENSOR.search(row.text("sensor"))
    width = row.ends("sensor_width_mm", 0.5, 100.0)[1]
    focal = row.ends("focal_length_mm", 0.5, 5000.0)
    across, down = (row.ends(f"image_{side}_px", 16, 100_000)[1] for side in ("width", "height"))
    return CameraModel(
        row.text("maker"),
        row.text("model"),
        Kind(kind) if kind else None,
        *_angles(row),
        *focal,
        width or (None if found is None else sensors.get(f"1/{float(found[2]):g}")),
        None if across is None else round(across),
        None if down is None else round(down),
        row.ends("megapixels", 0.1, 500.0)[1],
        tuple(name for text in row.text("aliases").split(";") if (name := text.strip())),
        row.text("source"),
        row.table.file,
    )


def _angles(row: _ModelRow) -> tuple[float | None, float | None]:
    """Return the least and the largest horizontal angle: that of a column of its own, else what is called horizontal.

    A field of view of which nobody says which it is may be the diagonal one, and is not read.
    """
    if row.text("hfov_deg"):
        return row.ends("hfov_deg", 0.1, 360.0)
    told = _horizontal(row.text("field_of_view_deg"))
    return row.ends("field_of_view_deg", 0.1, 360.0, told) if told else (None, None)


def _horizontal(text: str) -> str:
    """Return the numbers of a text that are horizontal; each belongs to the word before it, else to the one behind it.

    >>> _horizontal("112 horizontal, 60 vertical"), _horizontal("H: 97° V: 55°"), _horizontal("97°"), _horizontal("100-30 (H)")
    ('112', '97', '', '30 100')
    """
    found = [(match["of"], match["number"]) for match in _SPOKEN.finditer(text.casefold())]
    if found and found[0][0] is None:
        found.reverse()
    kept, of = list[str](), ""
    for word, number in found:
        of = word or of
        if number and of.startswith(_LEVEL):
            kept.append(number)
    return " ".join(kept)
