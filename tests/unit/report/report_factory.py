"""A small assessment made by hand: one certain camera, one possible camera, homes, a part, a gap and an overlap."""

from dataclasses import replace
from functools import cache

import numpy as np
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from lhasaplan.core.changes.camera_change import AddCamera, TurnCamera
from lhasaplan.core.changes.proposal import Proposal, Source
from lhasaplan.core.model.camera import Basis, Camera, Field, Kind, Mount, Placed, Status, View
from lhasaplan.core.model.layer import InputRecord, Layer
from lhasaplan.core.model.optics import LensClass
from lhasaplan.core.model.place import Part, ProtectedClass, Required
from lhasaplan.core.project.decisions import Confirmation, Excuse, Mandate
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import (
    Assessment,
    CameraLoss,
    CameraResult,
    Gate,
    Measured,
    Necessity,
    Overlap,
    PackUse,
    PartResult,
    PartView,
    ServiceOption,
    Sighting,
)
from lhasaplan.core.results.finding import (
    Certainty,
    ChangeFigures,
    Finding,
    Mitigation,
    MitigationAction,
    SeenSurface,
    Severity,
    SharpestSurface,
)

X, Y = 385_000.0, 6_672_000.0  # Helsinki, UTM zone 35N
LON, LAT = 24.9283, 60.1710
EVIL = "<script>alert('&')</script>"
INPUT = InputRecord("city.osm.pbf", "ab" * 32, 1234, "2024-05-01", "© OpenStreetMap contributors, ODbL 1.0", "osm")


def a_view(camera: Camera, basis: Basis) -> View:
    return View(
        camera.camera_id,
        basis,
        camera.x_m,
        camera.y_m,
        4.0,
        90.0,
        0.0,
        10.0,
        0.0,
        68.0,
        40.0,
        1920,
        1080,
        LensClass.RECTILINEAR,
        60.0,
    )


def wedge(x: float, y: float, reach: float) -> Polygon:
    return Polygon([(x, y), (x + reach, y - reach / 2), (x + reach, y + reach / 2)])


def a_field(camera: Camera, basis: Basis, reach: float) -> Field:
    near, far = wedge(camera.x_m, camera.y_m, reach / 2), wedge(camera.x_m, camera.y_m, reach)
    return Field(basis, far, ((25.0, far.difference(near)), (62.5, near)), far.area)


def mask_mitigation() -> Mitigation:
    """Return a mask with three other mitigations: one only named, two tried out."""
    turn = ChangeFigures(azimuth_deg=121.5, turn_deg=31.5, duty_left_percent=88)
    others = (
        Mitigation(MitigationAction.END_NEED, rank=1, is_verified=False),
        Mitigation(MitigationAction.REMOVE, rank=2, is_verified=True),
        Mitigation(MitigationAction.TURN, figures=turn, rank=3, is_verified=True),
    )
    return Mitigation(MitigationAction.MASK, ((80.0, 95.0),), ChangeFigures(area_left_percent=71.0), alternatives=others)


def certain_camera() -> CameraResult:
    camera = Camera(
        "cam-1",
        X,
        Y,
        name=EVIL,
        azimuth_deg=90.0,
        hfov_deg=68.0,
        kind=Kind.FIXED,
        mount=Mount.POLE,
        owner="Works Department",
        source="city",
        night_range_m=20.0,
    )
    field = a_field(camera, Basis.RECORDED, 40.0)
    night = box(X, Y - 10, X + 10, Y + 10)
    mitigation = mask_mitigation()
    sighting = Sighting(
        "cam-1",
        ProtectedClass.HOME,
        "recorded",
        Severity.DUE,
        None,
        None,
        (80.46, 80.46),
        12.34,
        2,
        ((80.0, 95.0),),
        LineString([(X + 38, Y - 6), (X + 38, Y + 6)]),
        mitigation,
        places_by_grade={"note": 1, "due": 2},
        sharpest=(SharpestSurface("ground_floor", (80.46, 80.46), 12.34, 62.5, (25.0, 50.0), "e"),),
        surfaces=(
            SeenSurface("frontage", "ground_floor", 2, 10.04, (80.46, 80.46), 37.96, 0.75),
            SeenSurface("entrance", "", 1, 0.0, (78.1, 78.1), 38.2, None),
        ),
    )
    placed = Placed(camera, (a_view(camera, Basis.RECORDED),), (), Mount.POLE, certain=True)
    return CameraResult(
        placed,
        LON,
        LAT,
        field,
        (),
        800.06,
        300.04,
        None,
        (sighting,),
        parts_served=("p1",),
        removable=False,
        necessity=Necessity(0.375, 0.25, {"home": {"note": 1, "due": 2, "error": 0}}, (CameraLoss("p1", 0.857, 0.9),), "node/42"),
        night=night,
        night_m2=night.area,
    )


def possible_camera(camera_id: str = "node/42", x: float = X + 60) -> CameraResult:
    camera = Camera(camera_id, x, Y + 20, source="osm", source_date="2023-01-01")
    views = (a_view(camera, Basis.POSSIBLE),)
    placed = Placed(camera, views, ("azimuth_deg", "hfov_deg"), Mount.WALL, certain=False, moved_m=0.42)
    seen = LineString([(x + 20, Y), (x + 20, Y + 15)])
    sightings = tuple(
        Sighting(
            camera_id,
            cls,
            "assumed",
            Severity.NOTE,
            most,
            least,
            (30.0, 180.0),
            9.0,
            3,
            ((0.0, 90.0),),
            seen,
            Mitigation(MitigationAction.ASK),
        )
        for cls, most, least in (
            (ProtectedClass.HOME, Severity.ERROR, Severity.NOTE),
            (ProtectedClass.PROTECTED, Severity.DUE, None),
        )
    )
    fields = (a_field(camera, Basis.POSSIBLE, 50.0),)
    return CameraResult(
        placed,
        LON + 0.00108,
        LAT + 0.0002,
        None,
        fields,
        1250.0,
        1250.0,
        None,
        sightings,
        questions=("azimuth_deg", "mask"),
        removable=True,
    )


def _row(density_px_m: tuple[float, float], over_px_m: float, side: str) -> dict[str, object]:
    """Return where a view is sharpest as a finding carries it."""
    where = {"distance_m": (25.0, 50.0), "side": side}
    return {"surface": "ground_floor", "density_px_m": density_px_m, "length_m": 12.3, "over_px_m": over_px_m, **where}


def findings() -> tuple[Finding, ...]:
    params = {"places": 2, "sharpest": (_row((80.46, 80.46), 62.5, "e"),)}
    mitigation = mask_mitigation()
    seen = LineString([(X + 38, Y - 6), (X + 38, Y + 6)])
    ask = Mitigation(MitigationAction.ASK, figures=ChangeFigures(questions=("azimuth_deg", "hfov_deg")))
    certain, possible = Certainty.CERTAIN, Certainty.POSSIBLE
    return (
        Finding(
            "f2",
            "view_home",
            Severity.NOTE,
            possible,
            "eu-gdpr",
            "Art. 5(1)(c)",
            "node/42",
            (30.0, 180.0),
            25.0,
            "px/m",
            ask,
            None,
            params,
        ),
        Finding(
            "f1",
            "view_home",
            Severity.DUE,
            certain,
            "eu-gdpr",
            "Art. 5(1)(c)",
            "cam-1",
            80.46,
            62.5,
            "px/m",
            mitigation,
            seen,
            params,
        ),
        Finding("f3", "no_purpose", Severity.NOTE, certain, "", "", "node/42", None, None, "", None, None),
    )


def a_part() -> PartResult:
    part = Part(
        "p1",
        "w1",
        "Bridge " + EVIL,
        "municipal-safety",
        "bridge",
        "deck",
        "area",
        box(X + 10, Y - 3, X + 45, Y + 3),
        Required(62.5),
    )
    gap = MultiPolygon([box(X + 40, Y - 3, X + 45, Y + 3)])
    before, after = Measured(0.857, 0.9, 120.0), Measured(1.0, 1.0, 150.0)
    views = (PartView("cam-1", 0.857, 0.9, 120.0), PartView("plan-1", 0.5, 0.7, 150.0, planned=True))
    blockers = (("way/1", 2), ("out_of_angle", 1))
    result = PartResult(part, "partial", "met", before, after, ("cam-1",), blockers, gap)
    return replace(result, views=views, blocker_kinds={"way/1": "building"}, service=options(), tried={"turn": 12, "new": 9})


def options() -> tuple[ServiceOption, ...]:
    camera = certain_camera().placed.camera
    turn = ChangeFigures(azimuth_deg=102.5, turn_deg=12.5)
    place = ChangeFigures(lon=LON, lat=LAT, distance_m=14.2, mount="wall", building="way/3", mount_height_m=4.0)
    new = replace(place, azimuth_deg=211.0, tilt_deg=8.5, hfov_deg=68.0, image_width_px=1920)
    turned, added = (Proposal((each,), source=Source.PART_OPTION) for each in (TurnCamera("cam-1", 102.5), AddCamera(camera)))
    seen = {"home": {"note": 2, "due": 0, "error": 0}}
    return (
        ServiceOption("turn", "cam-1", turn, 0.95, "met", seen, 280.4, True, turned, replace(camera, azimuth_deg=102.5)),
        ServiceOption("new", "", new, 0.88, "weak", {}, 120.0, True, added, camera),
    )


def planned_camera() -> CameraResult:
    base = possible_camera("plan-1", X + 90)
    camera = replace(base.placed.camera, status=Status.PLANNED)
    return replace(base, placed=replace(base.placed, camera=camera), sightings=(), questions=(), unasked_m2=100.0, removable=None)


# What nobody changed is the same object each time: whoever drew a map of its cameras need not draw it again.


@cache
def cameras_of_audit() -> tuple[CameraResult, ...]:
    return certain_camera(), possible_camera()


@cache
def cameras_of_check() -> tuple[CameraResult, ...]:
    return certain_camera(), possible_camera(), planned_camera()


def an_assessment(**changes: object) -> Assessment:
    """Return an audit: gate closed, two cameras."""
    values: dict[str, object] = {
        "project": "Test & town",
        "crs": "EPSG:32635",
        "synthetic": False,
        "packs": (PackUse("eu-gdpr", False, "cd" * 32), PackUse("municipal-safety", True, "ef" * 32)),
        "gate": Gate(False, (("No mandate was given.", {}),)),
        "inputs": (INPUT,),
        "cameras": cameras_of_audit(),
        "parts": None,
        "not_requested": {"bridge": 3, "hub": 1},
        "overlaps": None,
        "findings": findings(),
        "totals": {
            "area_seen_certain_m2": 1550.06,
            "unasked_certain_m2": 1150.0,
            "area_seen_possible_m2": 500.0,
            "unasked_possible_m2": 400.0,
        },
        "protected_counts": {"home": 120, "protected": 7},
        "assumed_counts": {"azimuth_deg": 1, "hfov_deg": 1},
        "notes": (("Trees are stored but not used in sight yet.", {}),),
    }
    return Assessment(**(values | changes))


def a_check(**changes: object) -> Assessment:
    """Return a check: gate open, a part, an overlap and a planned camera."""
    cameras = cameras_of_check()
    overlap = Overlap("cam-1", "node/42", 55.55, 12.5, box(X + 20, Y, X + 30, Y + 5))
    return an_assessment(**({"gate": Gate(True), "parts": (a_part(),), "overlaps": (overlap,), "cameras": cameras} | changes))


def a_project_of_three() -> Project:
    """The project with all cameras of the check among its records."""
    base = a_project()
    others = (possible_camera().placed.camera, planned_camera().placed.camera)
    return replace(base, cameras=(*base.cameras, *others))


def a_project() -> Project:
    houses = np.array(
        [box(X + 38, Y - 20, X + 55, Y + 20), box(X - 20, Y + 10, X - 5, Y + 30).difference(Point(X - 12, Y + 20).buffer(3))],
        object,
    )
    roads = np.array([LineString([(X - 40, Y), (X + 120, Y)])], object)
    layers = {
        "buildings": Layer(
            "buildings", np.array(["way/1", "way/2"], object), houses, ({"building": "apartments"}, {"building": "church"})
        ),
        "roads": Layer("roads", np.array(["way/9"], object), roads, ({"highway": "residential"},)),
    }
    mandate = Mandate(
        "City of Test",
        "Act 1",
        ("safety of the bridge",),
        "Data Protection Ombudsman",
        "desk 4",
        "A. Officer",
        "2024-01-01",
        3.0,
        "town hall",
    )
    confirmation = Confirmation("p1", "safety of the bridge", "falls", "railing: not enough", "B. Planner", "2024-02-01")
    return Project(
        "Test & town",
        "EPSG:32635",
        ("eu-gdpr",),
        layers,
        (certain_camera().placed.camera,),
        mandate,
        (confirmation,),
        (Excuse("p2", "closed until May", "C. Clerk", "2024-03-01"),),
        inputs=(INPUT,),
    )
