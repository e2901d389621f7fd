"""Export the cameras in the form of published city registers, as CSV and JSON; what is not recorded stays empty.

What a version does not tell is ``withheld``, so that it does not read as if nothing were on record.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from lhasaplan.core.base.translations import Translations
from lhasaplan.core.model.camera import Camera, Kind, Status
from lhasaplan.core.model.camera_fields import CAMERA_FIELDS, CameraField
from lhasaplan.core.project.decisions import Mandate
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment, CameraResult, ShownAssessment, ShownProject
from lhasaplan.core.results.finding import Matter
from lhasaplan.core.rules.forms import COUNT, VALUES, FormField, FormSheet, RegisterForm
from lhasaplan.ports import WHOLE, DraftOrder
from lhasaplan.report.facts.basis import IN_REGISTERS, basis_of
from lhasaplan.report.formats.docx_parts import settled
from lhasaplan.report.formats.schedule import SAFE
from lhasaplan.report.text.output_files import inert, numbered_name, replacing
from lhasaplan.report.text.words import banners

# Write the register in the forms of cities and states that publish one: workbooks with their sheets and headings.

FormEntry = Mapping[str, object]
_WIDEST = 60


def write_form(form: RegisterForm, entries: Iterable[FormEntry], folder: Path, date: str) -> list[Path]:
    """Write ``register-NAME.xlsx``, or one a body (numbered); return the files, none where no camera belongs in the form."""
    meant = [entry for entry in entries if entry["status"] in form.statuses]
    start = f"register-{form.name}"
    if not form.one_file_for:
        return [_write(form, meant, folder / f"{start}.xlsx", date)] if meant else []
    reported = (str(entry[form.one_file_for] or "") for entry in meant)
    bodies = dict.fromkeys(body for body in reported if body not in ("", IN_REGISTERS))
    return [
        _write(form, [e for e in meant if e[form.one_file_for] == body], folder / f"{numbered_name(start, n, body)}.xlsx", date)
        for n, body in enumerate(bodies, 1)
    ]


def _write(form: RegisterForm, entries: Sequence[FormEntry], path: Path, date: str) -> Path:
    stream = io.BytesIO()
    with Workbook(stream, SAFE) as book:
        book.set_properties({"author": "lhasaplan"})
        for sheet in form.sheets:
            _fill(book.add_worksheet(sheet.name), rows_of(sheet, entries), book.add_format({"bold": True}), is_head=sheet.is_head)
    with replacing(path) as draft:
        draft.write_bytes(settled(stream.getvalue(), date))
    return path


def rows_of(sheet: FormSheet, entries: Sequence[FormEntry]) -> list[list[object]]:
    """Return the rows of a sheet, its headings first; of a head its headings and what stands beside each."""
    if sheet.is_head:
        return [[field.heading, _of_all(field, entries)] for field in sheet.fields]
    headings: list[object] = [field.heading for field in sheet.fields]
    return [headings, *([_of_all(field, group) for field in sheet.fields] for group in _groups(sheet, entries))]


def _groups(sheet: FormSheet, entries: Sequence[FormEntry]) -> list[list[FormEntry]]:
    if not sheet.one_row_for:
        return [[entry] for entry in entries]
    groups: dict[tuple[object, ...], list[FormEntry]] = {}
    for entry in entries:
        groups.setdefault(tuple(entry[key] for key in sheet.one_row_for), []).append(entry)
    return list(groups.values())


def _of_all(field: FormField, entries: Sequence[FormEntry]) -> object:
    """Return what stands in a field for several cameras: each different value once."""
    if field.first_of == (COUNT,):
        return len(entries)
    found = (_first(field, entry) for entry in entries)
    values = [field.text] if field.text else list(dict.fromkeys(value for value in found if value is not None))
    numbers = [value for value in values if isinstance(value, int | float)]
    if len(values) == len(numbers) > 1:
        return "; ".join(f"{value:g}" for value in sorted(numbers))
    return values[0] if len(values) == 1 else "; ".join(map(str, values))


def _first(field: FormField, entry: FormEntry) -> object:
    """Return the first value that is there; that one is withheld is said only where none is disclosed."""
    found = [entry[key] for key in field.first_of if entry[key] not in {None, ""}]
    return next((value for value in found if value != IN_REGISTERS), found[0] if found else None)


def _fill(sheet: Worksheet, rows: Sequence[Sequence[object]], bold: Format, *, is_head: bool) -> None:
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            is_heading = column == 0 if is_head else number == 0
            put = sheet.write_number if isinstance(value, int | float) else sheet.write_string
            put(number, column, value, bold if is_heading else None)
    for column in range(len(rows[0])):
        sheet.set_column(column, column, min(_WIDEST, 2 + max(len(str(row[column])) for row in rows)))
    if not is_head:
        sheet.freeze_panes(1, 0)


SCHEMA = "lhasaplan-register/1"
Entry = dict[str, object]
# What a city may add in columns of its own camera table, by these names; nothing else of those columns is published.
ADDED = (
    *("contact", "dpo_contact", "authorisation", "authorisation_expires", "live_or_recorded", "hours", "sound", "analysis"),
    *("recipients", "end_date", "review_date", "incidents_served", "version", "change_reason"),
)
RECORDED = ("legal_basis", "impact_assessment_date", "complaints", "can_turn", "sector_deg", "class_px_m")
OF_FIELDS: Mapping[str, CameraField] = {each.register: each for each in CAMERA_FIELDS if each.register}
OF_MATTER: Mapping[str, Matter] = {
    **dict.fromkeys((*RECORDED, *ADDED), Matter.RECORD),
    **{name: Matter(each.matter) for name, each in OF_FIELDS.items() if each.matter},
}


def write_register(
    project: ShownProject, assessment: ShownAssessment, folder: Path, translations: Translations, order: DraftOrder = WHOLE
) -> list[Path]:
    """Write ``register.csv`` and ``register.json``, and the forms of cities and states that the packs have; return the files.

    Keys and values are the same in every language, and the headings of a form are in that of the office that takes it.

    A table of published registers has no room for a heading: what stands at the head of other outputs is the last column.
    """
    is_coarse = assessment.public_precision_deg is not None
    entries = list(register_entries(project, assessment, is_coarse))
    table, values = folder / "register.csv", folder / "register.json"
    forms = [path for form in order.forms for path in write_form(form, entries, folder, order.date)]
    return [_write_csv(entries, table), _write_json(entries, assessment, values, is_coarse), *forms]


def register_entries(project: Project, assessment: Assessment, is_coarse: bool = False) -> Iterator[Entry]:
    """Return an entry for each camera of the answers and for each that was removed."""
    mandate = project.mandate or Mandate()  # it speaks for planned cameras alone: who runs the others is not known
    for result in assessment.cameras:
        yield _entry(result.placed.camera, result, mandate, assessment, is_coarse)
    for camera in project.cameras:
        if camera.status is Status.REMOVED:
            yield _entry(camera, None, mandate, assessment, is_coarse)


def _entry(camera: Camera, result: CameraResult | None, mandate: Mandate, assessment: Assessment, is_coarse: bool) -> Entry:
    if camera.status is not Status.PLANNED:
        mandate = Mandate()
    entry: Entry = {
        **{name: each.plain(camera) for name, each in OF_FIELDS.items()},
        "operator": camera.owner or mandate.controller,
        "legal_basis": camera.extra.get("legal_basis", "") or mandate.legal_basis,
        "impact_assessment_date": camera.extra.get("impact_assessment_date", "") or mandate.impact_assessment_date,
        "complaints": camera.extra.get("complaints", "") or mandate.complaint_route,
        **{name: camera.extra.get(name, "") for name in ADDED},
        "can_turn": None if camera.kind is None else camera.kind is Kind.PAN_TILT,
        **_view(camera, result, is_coarse),
        "answers": basis_of(assessment),
        "not_recorded": [] if result is None else list(result.questions),
        "synthetic": assessment.synthetic,
        "remark": " ".join(banners(assessment, Translations())),
    }
    return {key: _or_withheld(key, entry[key], assessment.withheld) for key in VALUES}


def _or_withheld(key: str, value: object, withheld: frozenset[Matter]) -> object:
    """Return a value, or that this version does not tell it: an empty one would read as if nothing were on record."""
    return IN_REGISTERS if value in (None, "") and OF_MATTER.get(key) in withheld else value


def _view(camera: Camera, result: CameraResult | None, is_coarse: bool) -> Entry:
    """Return place, sector, class and what is in view: numbers only, no place is named."""
    digits = 2 if is_coarse else 5
    bands = [] if result is None or result.certain is None else result.certain.bands
    return {
        "lon": None if result is None else round(result.lon, digits),
        "lat": None if result is None else round(result.lat, digits),
        "sector_deg": _sector(camera, result),
        "class_px_m": max((low for low, band in bands if not band.is_empty), default=None),
        "masks": IN_REGISTERS if is_coarse else "recorded" if camera.mask_px or camera.mask_sector_deg else "none known",
        "views": "" if result is None else "certain" if result.placed.certain else "possible",
        "homes_in_view": _in_view(result, "home"),
        "protected_in_view": _in_view(result, "protected"),
        "dwellings_likely_in_view": _in_view(result, "dwelling_likely"),
        "ground_in_view_m2": None if result is None else round(result.area_m2),
        "without_purpose_m2": None if result is None else round(result.unasked_m2),
    }


def _sector(camera: Camera, result: CameraResult | None) -> list[float] | None:
    """Return the two true azimuths between which a camera looks, clockwise; ``None`` where that is not recorded."""
    views = [] if result is None or not result.placed.certain else result.placed.views
    if camera.azimuth_deg is None or not views:
        return None
    half = min(views[0].hfov_deg, 360.0) / 2
    return [round((camera.azimuth_deg + side) % 360, 1) for side in (-half, half)]


def _in_view(result: CameraResult | None, cls: str) -> int | None:
    return None if result is None else sum(s.places for s in result.sightings if str(s.cls) == cls and s.grade is not None)


def _write_csv(entries: list[Entry], path: Path) -> Path:
    with replacing(path) as draft, draft.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(entries[0] if entries else ["id"])
        table.writerows([_cell(value) for value in entry.values()] for entry in entries)
    return path


def _cell(value: object) -> str:
    """Return the text of a cell; a text that a spreadsheet would run as a formula is quoted."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        numbers = all(isinstance(one, (int, float)) for one in value)
        text = " ".join(str(one) for one in value)
        return text if numbers else inert(text)
    return inert(value) if isinstance(value, str) else str(value)


def _write_json(entries: list[Entry], assessment: Assessment, path: Path, is_coarse: bool) -> Path:
    content: Mapping[str, object] = {
        "schema": SCHEMA,
        "project": assessment.project,
        "answers": basis_of(assessment),
        "synthetic": assessment.synthetic,
        "closed_places": assessment.closed_places,
        "public_precision_deg": assessment.public_precision_deg if is_coarse else None,
        "inputs": [{"path": r.path, "date": r.date, "licence": r.licence} for r in assessment.inputs],
        "packs": [{"name": pack.name, "changed": pack.changed} for pack in assessment.packs],
        "data": {"own_build": assessment.data.own_build, "changed": list(assessment.data.changed)},
        "entries": entries,
    }
    with replacing(path) as draft:
        draft.write_text(json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    return path
