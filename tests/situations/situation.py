"""Reads made-up towns from TOML and sets them up as projects; README.md says what the keys mean."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from faked_ports import faked
from shapely.affinity import translate

from lhasaplan.bootstrap import open_services
from lhasaplan.core.audit.pipeline import audit, check
from lhasaplan.core.base.crs import Crs
from lhasaplan.core.context.audit_context import ReferenceData
from lhasaplan.core.model.camera import Camera, Correction, Kind, Mount, Status
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.model.optics import LensClass
from lhasaplan.core.model.place import HandMadePart
from lhasaplan.core.project.decisions import Confirmation, Declaration, Excuse, Mandate
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.core.site.terrain import Terrain, TerrainSheet, lay_over
from lhasaplan.workflow.answers import reference_data

TOWNS = Path(__file__).parent / "towns"
TODAY = "2026-11-25"
EXTENT_M = 200.0


@dataclass(frozen=True)
class Land:
    """Where a town lies: on the middle meridian of its system, in the middle of a 500 m cell, and who oversees planning."""

    crs: str
    north_m: float
    authority: str
    east_m: float = 500_248.0


LANDS = {
    "fi": Land("EPSG:32635", 6_740_248.0, "Data Protection Ombudsman"),  # 60.8 north 27 east
    "fr": Land("EPSG:32631", 5_300_248.0, "CNIL"),  # 47.9 north 3 east
    "uk": Land("EPSG:32630", 5_750_248.0, "Information Commissioner"),  # 51.9 north 3 west
    "de": Land("EPSG:32632", 5_600_248.0, "BfDI"),  # 50.6 north 9 east
    "es": Land("EPSG:32630", 4_460_248.0, "AEPD"),  # 40.3 north 3 west
    "nl": Land("EPSG:28992", 463_248.0, "Autoriteit Persoonsgegevens", 155_248.0),  # 52.2 north 5.4 east
    "it": Land("EPSG:32633", 4_540_248.0, "Garante privacy"),  # 41.0 north 15 east
    "cn": Land("EPSG:32646", 3_280_248.0, ""),  # 29.6 north 93 east
}
# What the record of a camera says unless a situation says otherwise: nothing is owed.
RECORD = {
    "x": 0.0,
    "y": 0.0,
    "mount_height_m": 4.0,
    "azimuth_deg": 0.0,
    "tilt_deg": 0.0,
    "hfov_deg": 68.0,
    "image_width_px": 1920,
    "image_height_px": 1080,
    "range_m": 60.0,
    "kind": "fixed",
    "mount": "pole",
    "owner": "Town works",
    "purpose": "Transport flows",
    "installed_on": "2024-03-01",
    "retention_days": 2.0,
    "sign": "at the kerb",
    "extra": {"review_date": "2027-01-31", "incidents_served": "3"},
}
SIGNED = ("A. Example", TODAY)
GROUNDS = {"purpose": RECORD["purpose"], "reason": "two collisions", "milder_means": "signs"}
APART = ("id", "unrecorded", "approved", "corrected")  # what is no field of the record
ENUMS = {"kind": Kind, "mount": Mount, "status": Status, "lens_class": LensClass}
BLANK = {"owner": "", "purpose": "", "installed_on": "", "sign": ""}
WAREHOUSE = {"id": "way/warehouse", "box": [190, 190, 198, 198], "tags": {"building": "warehouse", "height": "6"}}


def situations() -> dict[str, Mapping[str, Any]]:
    """Return every situation by name, in the order of the files."""
    read = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(TOWNS.glob("*.toml"))]
    every = [each for file in read for each in file["situation"]]
    names = [each["name"] for each in every]
    assert len(set(names)) == len(names), "two situations have one name"
    return dict(zip(names, every, strict=True))


def project_of(said: Mapping[str, Any]) -> Project:
    """Return the town as a project."""
    land = LANDS[said["land"]]
    has_mandate = "gate" in said
    layers = {name: _layer(name, said[name], land) for name in ("places", "roads", "trees", "areas", "signs") if name in said}
    buildings = [*said.get("buildings", ()), *([WAREHOUSE] if has_mandate else [])]
    return Project(
        name=said["name"],
        crs=land.crs,
        packs=tuple(said["packs"]),
        layers={"buildings": _layer("buildings", buildings, land), **layers},
        cameras=tuple(_camera(each, land) for each in said.get("cameras", ())),
        mandate=replace(_mandate(land), **_mandated(said)) if has_mandate else None,
        confirmations=tuple(
            Confirmation(part, by=SIGNED[0], date=SIGNED[1], **{**GROUNDS, **grounds}) for part, grounds in _grounds(said).items()
        ),
        excuses=tuple(Excuse(each["part"], each["reason"], "A. Example", TODAY) for each in said.get("excused", ())),
        declarations=tuple(Declaration(each["subject"], each["fact"], "A. Example", TODAY) for each in said.get("declared", ())),
        hand_made_parts=tuple(_part(each, land) for each in said.get("parts", ())),
        synthetic=True,
        baseline=tuple(_camera(each, land) for each in said.get("baseline", ())),
    )


def assess(project: Project, said: Mapping[str, Any]) -> Assessment:
    """Return the check of a town with a mandate, the audit of any other."""
    known = known_of(tuple(said["packs"]))
    if "hill" in said:
        known = replace(known, terrain=_hill(LANDS[said["land"]], **said["hill"]))
    return (check if "gate" in said else audit)(project, known)


@functools.cache
def known_of(packs: tuple[str, ...]) -> ReferenceData:
    """Return the shipped content with these packs, on a fixed day."""
    return replace(reference_data(_services(), Project(packs=packs)), today=TODAY)


@functools.cache
def _services() -> Any:
    services = open_services()
    once = ("load_camera_classes", "load_protected_kinds", "load_height_rules", "load_territory", "load_street_widths")
    return faked(services, **{name: functools.cache(getattr(services.content, name)) for name in once})


def shape_of(said: Mapping[str, Any], land: Land) -> shapely.Geometry:
    """Return the geometry of a feature in the project's metres."""
    if "box" in said:
        shape = shapely.box(*said["box"])
    elif "line" in said:
        shape = shapely.LineString(said["line"])
    else:
        shape = shapely.Point(said["point"]) if "point" in said else shapely.from_wkt(said["wkt"])
    return translate(shape, land.east_m, land.north_m)


def _layer(name: str, features: Any, land: Land) -> Layer:
    shapes = np.empty(len(features), object)
    shapes[:] = [shape_of(each, land) for each in features]
    return Layer(name, np.array([each["id"] for each in features], object), shapes, tuple(each["tags"] for each in features))


def _camera(said: Mapping[str, Any], land: Land) -> Camera:
    values = {**RECORD, **{name: value for name, value in said.items() if name not in APART}}
    values |= {name: BLANK.get(name) for name in said.get("unrecorded", ())}
    values["extra"] = {**RECORD["extra"], **values["extra"]}
    x_m, y_m = land.east_m + values.pop("x"), land.north_m + values.pop("y")
    values["mask_px"] = tuple(tuple(tuple(corner) for corner in each) for each in values.get("mask_px", ()))
    values["mask_sector_deg"] = tuple(tuple(each) for each in values.get("mask_sector_deg", ()))
    corrections = tuple(Correction(name, before, "visit", "2026-02-01") for name, before in said.get("corrected", {}).items())
    return with_record(
        Camera(said["id"], x_m, y_m, extra=_approved(said.get("approved", {}), land), corrections=corrections), values
    )


def with_record(camera: Camera, values: Mapping[str, Any]) -> Camera:
    """Return the camera with these fields of its record; words become kinds and mounts, ``extra`` columns are added."""
    plain = {name: ENUMS[name](value) if name in ENUMS and value is not None else value for name, value in values.items()}
    return replace(camera, **{**plain, "extra": {**camera.extra, **plain.get("extra", {})}})


def _approved(said: Mapping[str, Any], land: Land) -> dict[str, str]:
    """Return the columns of an approval; a place is given as x and y."""
    columns = {f"approved_{name}": str(value) for name, value in said.items() if name not in ("x", "y")}
    if "x" in said:
        lon, lat = Crs(land.crs).to_lonlat(land.east_m + said["x"], land.north_m + said["y"])
        columns |= {"approved_lon": str(lon), "approved_lat": str(lat)}
    return columns


def _grounds(said: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return what is said of the confirmation of each part; parts that were drawn are confirmed."""
    drawn: dict[str, dict[str, str]] = {each["id"]: {} for each in said.get("parts", ())}
    return drawn | {
        each["part"]: {name: value for name, value in each.items() if name != "part"} for each in said.get("confirmed", ())
    }


def _mandated(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a situation says of the mandate; an empty retention is none."""
    reported = {name: tuple(value) if isinstance(value, list) else value for name, value in said.get("mandate", {}).items()}
    return {name: None if name == "retention_days" and value == "" else value for name, value in reported.items()}


def _part(said: Mapping[str, Any], land: Land) -> HandMadePart:
    return HandMadePart(
        said["id"], said["id"], said.get("category", "junction"), said.get("kind", "junction_ground"), said.get("shape", "area"),
        shape_of(said, land).wkt, said["density_px_m"], said.get("views", 1), said.get("share", 0.9), "A. Example", TODAY,
    )  # fmt: skip


def _mandate(land: Land) -> Mandate:
    crs, reach = Crs(land.crs), EXTENT_M
    corners = [(-reach, -reach), (reach, -reach), (reach, reach), (-reach, reach)]
    area = shapely.Polygon([tuple(map(float, crs.to_lonlat(land.east_m + x, land.north_m + y))) for x, y in corners])
    return Mandate(
        controller="Town of Example",
        legal_basis="Town act 4",
        purposes=("Transport flows", "Public buildings, installations and their surroundings"),
        supervisory_authority=land.authority,
        complaint_route="Administrative court",
        impact_assessment_officer="A. Example",
        impact_assessment_date="2026-05-01",
        retention_days=2.0,
        public_register="Town hall",
        plan_area_wkt=area.wkt,
        building_extent_wkt=area.wkt,
    )


def _hill(land: Land, height_m: float, along_y: float, flat_m: float = 0.0) -> Terrain:
    half = int(EXTENT_M)
    y = half - 0.5 - np.arange(2 * half)
    slope = height_m - np.maximum(0.0, np.abs(y - along_y) - flat_m)
    heights = np.repeat(np.maximum(0.0, slope)[:, None], 2 * half, axis=1)
    return lay_over([TerrainSheet("hill.tif", 1.0, heights)], land.east_m - half, land.north_m + half, 1.0)
