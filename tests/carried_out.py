"""Carry out what a report proposes: its own words become the row of a camera list, which is imported and answered anew."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.ports import Services
from lhasaplan.workflow import import_file

RECORDED = ("azimuth_deg", "tilt_deg", "hfov_deg", "vfov_deg", "range_m", "mount_height_m", "image_width_px", "image_height_px")
GRADES = {None: 0, "note": 1, "due": 2, "error": 3}
Row = dict[str, str]


@dataclass(frozen=True)
class Promise:
    """What a report says of one change: the camera list with it, the camera, and the report's own line."""

    what: str
    rows: list[Row]
    camera_id: str
    reported: Mapping[str, Any]


def reported_by(services: Services, assessment: Assessment, folder: Path) -> dict[str, Any]:
    """Return the report as a reader of its JSON has it."""
    return json.loads(
        services.drafts.write_json(services.drafts.public_values(Project(), assessment, True)[1], folder / "told.json").read_text(
            "utf-8"
        )
    )


def imported(services: Services, project: Project, rows: list[Row], file: Path) -> Project:
    """Return the project with its camera list replaced by these rows, written and read back."""
    heads = list(dict.fromkeys(head for row in rows for head in row))
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, heads, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return import_file(services, project, file, kind="cameras")[0]


def options(reported: Mapping[str, Any], rows: list[Row]) -> Iterator[Promise]:
    """Yield what each option of a part promises, a new camera as one that operates."""
    for part in reported["parts"] or ():
        for option in part["service"]:
            name = option["camera"] or "NEW"
            changed = _changed(rows, name, option["values"]) if option["camera"] else [*rows, _new(name, option["values"])]
            yield Promise(f"{part['id']} {option['action']}", changed, name, {**option, "part": part["id"]})


def mitigations(reported: Mapping[str, Any], rows: list[Row]) -> Iterator[Promise]:
    """Yield what each remedy that was tried out, the first one and those beside it, promises."""
    for camera in reported["cameras"]:
        for sighting in camera["sightings"]:
            for mitigation in _tried(sighting["cure"]):
                about = {**sighting, "before": camera["sightings"], "unasked_m2": camera["unasked_m2"]}
                what = f"{camera['id']} {sighting['class']} {mitigation['action']} {mitigation.get('form', '')}"
                yield Promise(what, _mitigated(rows, camera["id"], mitigation), camera["id"], about)


def _tried(mitigation: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """Return a sighting's mitigations that change the camera's record; what a reader is only asked is none."""
    if mitigation is None or mitigation["action"] == "ask":
        return []
    first = {"action": mitigation["action"], "mask_sector_deg": mitigation["mask_sector_deg"], **mitigation["values"]}
    return [each for each in (first, *mitigation["values"].get("alternatives", ())) if each.get("verified", True)]


def _changed(rows: list[Row], name: str, values: Mapping[str, Any]) -> list[Row]:
    said = {key: str(values[key]) for key in RECORDED if key in values}
    return [{**row, **said} if row["camera_id"] == name else row for row in rows]


def _mitigated(rows: list[Row], name: str, mitigation: Mapping[str, Any]) -> list[Row]:
    if mitigation["action"] == "remove":
        return [{**row, "status": "removed"} if row["camera_id"] == name else row for row in rows]
    if mitigation["action"] != "mask":
        return _changed(rows, name, mitigation)
    return [{**row, **_mask(row, mitigation)} if row["camera_id"] == name else row for row in rows]


def _mask(row: Row, mitigation: Mapping[str, Any]) -> Row:
    if mitigation.get("form") == "picture":
        rings = (", ".join(f"{u} {v}" for u, v in (*ring, ring[0])) for ring in mitigation["mask_px"])
        return {"mask_px_wkt": f"MULTIPOLYGON ({', '.join(f'(({ring}))' for ring in rings)})"}
    before = [row["mask_sector_deg"]] if row.get("mask_sector_deg") else []
    return {"mask_sector_deg": "; ".join([*before, *(f"{a},{b}" for a, b in mitigation["mask_sector_deg"])])}


def _new(name: str, values: Mapping[str, Any]) -> Row:
    said = {key: str(values[key]) for key in ("lon", "lat", "mount", *RECORDED) if key in values}
    return {"camera_id": name, "kind": "fixed", "status": "operating", **said}


def is_kept(promise: Promise, after: Mapping[str, Any]) -> bool:
    """Tell whether the report of the changed project says of an option what was promised: part, places in view, ground."""
    (part,) = [each for each in after["parts"] if each["id"] == promise.reported["part"]]
    (camera,) = [each for each in after["cameras"] if each["id"] == promise.camera_id]
    then = "_after" if camera["status"] == "planned" else ""  # a planned camera serves nothing yet
    measured = round(part[f"measured{then}"]["share_served"], 3)
    places: dict[str, dict[str, int]] = {}
    for sighting in camera["sightings"]:
        places.setdefault(sighting["class"], {}).update(sighting["places_by_grade"])
    promised = {cls: {g: n for g, n in row.items() if n} for cls, row in promise.reported["protected_after"].items()}
    same = (part[f"verdict{then}"], measured) == (promise.reported["verdict_after"], round(promise.reported["share_after"], 3))
    return same and places == promised and abs(camera["unasked_m2"] - promise.reported["unasked_after_m2"]) <= 0.2


def is_ended(promise: Promise, after: Mapping[str, Any]) -> bool:
    """Tell whether a mitigation ended its view, raised no other grade, and showed no more ground that nobody asks for."""
    now = [each for each in after["cameras"] if each["id"] == promise.camera_id]
    if not now:
        return True  # removed
    grades = {(each["class"], each["basis"]): each["grade"] for each in now[0]["sightings"]}
    before = {(each["class"], each["basis"]): each["grade"] for each in promise.reported["before"]}
    gone = (promise.reported["class"], promise.reported["basis"]) not in grades
    no_worse = all(GRADES[grade] <= GRADES[before.get(key)] for key, grade in grades.items())
    return gone and no_worse and now[0]["unasked_m2"] <= promise.reported["unasked_m2"] + 0.6
