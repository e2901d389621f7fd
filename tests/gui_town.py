"""A small town for the tests of the window, and a context that answers at once by simple stand-ins."""

from dataclasses import replace
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from faked_ports import faked
from scipy import sparse
from shapely import STRtree
from shapely.geometry import LineString, Point, box

from lhasaplan import workflow
from lhasaplan.app.jobs.app_context import AppContext
from lhasaplan.bootstrap import open_services
from lhasaplan.core.base.crs import Crs
from lhasaplan.core.changes.camera_change import TurnCamera, masked
from lhasaplan.core.city.building_heights import NO_PLAN
from lhasaplan.core.context.scenes import GuardedScenes
from lhasaplan.core.exposure.who_sees import spot_rule, spot_scenes, why_not_seen
from lhasaplan.core.gate.decide import judge_gate
from lhasaplan.core.gate.planning_ground import EMPTY_CELLS
from lhasaplan.core.live.effect import ChangeEffect, effect_on, on_protected
from lhasaplan.core.live.live_answers import is_decided, make_live
from lhasaplan.core.live.near_camera import CoveragePreview, coverage_preview
from lhasaplan.core.live.plan_options import compare
from lhasaplan.core.model.camera import Basis, Camera, Field, Kind, Mount, Placed, Status, View
from lhasaplan.core.model.layer import Buildings, InputRecord, Layer, empty_layer
from lhasaplan.core.model.place import ProtectedClass
from lhasaplan.core.project.project import ClosedPlaces, PlaceKey, Project
from lhasaplan.core.protection.undisclosed import SpotRule
from lhasaplan.core.results.assessment import Assessment, CameraResult, Gate, Sighting
from lhasaplan.core.results.finding import Certainty, ChangeFigures, Finding, Mitigation, MitigationAction, SeenSurface, Severity
from lhasaplan.core.rules.pack import mandate_gaps
from lhasaplan.core.sight import explain
from lhasaplan.core.sight.obstacles.relief import level_relief
from lhasaplan.core.site.camera_placing import refuse_impossible_lenses
from lhasaplan.core.site.terrain import level
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.content.catalogue import load_translations
from lhasaplan.io.content.policy_files import load_camera_classes, load_street_widths, load_unusual_rules
from lhasaplan.ports import KeptProject
from lhasaplan.workflow.imports import ImportReport
from lhasaplan.workflow.new_states import PlanningState

TODAY = "2026-11-25"
WORDING = cache(load_translations)  # hundreds of windows, four languages
CLASSES = load_camera_classes()
SERVICES = faked(open_services(), load_translations=WORDING)
OPEN_PLACE = SimpleNamespace(hides_people=False, drawn=False)  # of a kind that outputs tell one by one
TURNED = ChangeFigures(azimuth_deg=300.0, turn_deg=-60.0, area_left_percent=95)
ALTERNATIVES = (
    Mitigation(MitigationAction.MOVE, rank=1, is_verified=False),
    Mitigation(MitigationAction.TURN, figures=TURNED, changes=(TurnCamera("known", 300.0),), rank=2, is_verified=True),
)


def layer(name, shapes, tags):
    ids = np.array([f"{name}/{i}" for i in range(len(shapes))], dtype=object)
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = shapes
    return Layer(name, ids, geometry, tuple(tags))


def town():
    """Two houses at a street; one camera with all its numbers, one with none."""
    known = Camera(
        "known",
        50.0,
        40.0,
        azimuth_deg=0.0,
        tilt_deg=10.0,
        hfov_deg=60.0,
        image_width_px=1920,
        image_height_px=1080,
        range_m=30.0,
        mount_height_m=4.0,
        kind=Kind.FIXED,
        mount=Mount.POLE,
        source="register",
        source_date="2024-01-01",
    )
    return Project(
        name="town",
        crs="EPSG:32632",
        packs=("eu-gdpr",),
        layers={
            "buildings": layer("buildings", [box(0, 60, 40, 80), box(60, 60, 100, 80)], [{"building": "house"}] * 2),
            "roads": layer("roads", [LineString([(0, 40), (100, 40)])], [{"highway": "residential"}]),
            "places": layer("places", [box(0, 0, 100, 20)], [{"leisure": "park"}]),
        },
        cameras=(known, Camera("bare", 80.0, 40.0, source="OpenStreetMap")),
        inputs=(InputRecord("town.osm", "0", 4, licence="© somebody"),),
    )


def view_of(camera):
    return View(
        camera.camera_id,
        Basis.RECORDED if camera.azimuth_deg is not None else Basis.POSSIBLE,
        camera.x_m,
        camera.y_m,
        camera.mount_height_m or 4.0,
        camera.azimuth_deg or 0.0,
        0.0 if camera.azimuth_deg is not None else 180.0,
        10.0,
        0.0,
        camera.hfov_deg or 90.0,
        40.0,
        1920,
        1080,
        camera.lens_class or CLASSES[camera.kind or Kind.FIXED].lens_class,
        camera.range_m or 20.0,
    )


def result_of(camera):
    """The answers about a camera that sees a disc of its range, half of it near."""
    view, is_known = view_of(camera), camera.azimuth_deg is not None
    disc, near = (Point(view.x_m, view.y_m).buffer(view.range_m / part) for part in (1, 2))
    field = Field(view.basis, disc, ((25.0, disc.difference(near)), (125.0, near)), disc.area)
    placed = Placed(camera, (view,), () if is_known else ("azimuth_deg",), Mount.POLE, is_known)
    certain, possible = (field, ()) if is_known else (None, (field,))
    return CameraResult(placed, 9.0, 47.0, certain, possible, disc.area, disc.area, disc, ())


class FakeContext:
    """Answers at once: a camera sees a disc of its range."""

    def __init__(self):
        self.gate = Gate(False, (("There is no mandate.", {}),))
        self.saved, self.exported, self.logged = [], [], []
        self.closed = None
        self.is_effect_reported = None
        self.services = faked(SERVICES, open=self.open_store, derived=self.open_derived, write_mandate=self.write_mandate)
        self.classes, self.unusual = CLASSES, load_unusual_rules()
        self.blocks = self.broken = self.has_stored_results = False

    def lost_by_undo(self, now, before):
        return ()  # nothing of the town of the tests is protected

    def may_be_named(self, tags):
        return tags.get("name") != "Chapel Park"

    def usual_of(self, camera):
        return AppContext.usual_of(self, camera)

    def open_walls(self, _project, _progress):
        """No wall is asked for: what cameras see is a disc."""
        return SimpleNamespace(rooms=None)

    def open_city(self, project, _walls, _progress):
        """Set up what drawing asks of a city; what cameras see in it is a disc."""
        layer = project.layers.get("buildings") or empty_layer("buildings")
        count = len(layer)
        heights, source = np.full(count, 9.0), np.full(count, "default", object)
        buildings = Buildings(layer.ids, layer.geometry, np.zeros(count), heights, source, layer.tags)
        scene = SimpleNamespace(buildings=buildings, tree=STRtree(buildings.polygons), floor=NO_PLAN)
        guards = GuardedScenes(scene, None, level())
        placing = SimpleNamespace(buildings=buildings, relief=level_relief())
        known = SimpleNamespace(widths=load_street_widths())
        return SimpleNamespace(
            **{"project": project, "buildings": buildings, "rooms": scene, "guards": guards, "terrain": level()},
            **{"crs": Crs(project.crs), "town": placing, "reference_data": known},
        )

    def refused_places(self, _live, cameras):
        """Keep planned cameras off the houses, as the core keeps them off protected ground."""
        return tuple(Fault("{camera} on protected ground", params={"camera": c.camera_id}) for c in cameras if c.y_m > 60.0)

    def begin(self, city):
        return SimpleNamespace(city=city, results={}, requested=None)

    def reopen(self, _known, project, progress):
        return self.begin(self.open_city(project, None, progress))

    def is_decided(self, _live, _project, _is_planning):
        return True

    def follow(self, live, _project, cameras, gone, _is_planning, _progress):
        standing = [camera for camera in cameras if camera.status is not Status.REMOVED]
        refuse_impossible_lenses(standing, self.classes)  # as the core does: one bad camera fails all
        kept = {key: result for key, result in live.results.items() if key not in gone}
        results = kept | {each.camera_id: result_of(each) for each in standing}
        return SimpleNamespace(**{**vars(live), "results": results, "disclosed_result": results.__getitem__})

    def coverage_preview(self, _city, cameras, _progress):
        refuse_impossible_lenses(cameras, self.classes)
        found = [result_of(camera) for camera in cameras]
        return tuple(CoveragePreview(one.placed, one.fields, tuple(f.geometry for f in one.fields), None) for one in found)

    def effect_on(self, camera_ids, before, after, *, is_disclosed=False):
        self.is_effect_reported = is_disclosed
        areas = tuple(each.results[camera_ids[0]].unasked_m2 for each in (before, after))
        places = {"home": {"note": (1, 1), "due": (1, 0), "error": (0, 0), "possible": (0, 0)}}
        return ChangeEffect(camera_ids, (), (), places, areas, (0.0, 0.0))

    def convergence_deg(self, _project, _x, _y):
        return 0.0

    def lonlat(self, _project, x, y):
        return 9.0 + x / 1e5, 47.0 + y / 1e5

    def xy(self, _project, lon, lat):
        return (lon - 9.0) * 1e5, (lat - 47.0) * 1e5

    def densities(self, views, spot, _scene):
        near = [np.hypot(v.x_m - spot[:, 0], v.y_m - spot[:, 1]) <= v.range_m for v in views]
        return sparse.csr_array(80.0 * np.column_stack(near))

    def make_pictures_ready(self):
        pass  # no picture is drawn

    def picture_town(self, _city):
        return SimpleNamespace(placed=lambda _camera: None)

    def spot_scenes(self, city):
        return SimpleNamespace(densities=lambda views, _level, xyz_m, _see: self.densities(views, xyz_m, city.rooms))

    def explain(self, _view, _spot, _scene):
        return SimpleNamespace(reason="out_of_range", blocker_id="")

    def spot_rule(self, _city):
        return SpotRule(SimpleNamespace(covers_points=lambda x, y: np.array([float(y[0]) > 60.0]), places=(OPEN_PLACE,)))

    def judge_gate(self, *_of_town, **_rules):
        return self.gate

    def planning_state(self, project):
        """A whole mandate opens the gate once the cell east of the town is confirmed."""
        reported = {each.subject for each in project.declarations}
        cells = () if "cell:1:0" in reported else (("cell:1:0", box(500, 0, 1000, 500)),)
        missing = mandate_gaps(project.mandate) + (((EMPTY_CELLS, {"count": 1, "cells": "cell:1:0"}),) if cells else ())
        return PlanningState(Gate(not missing, missing), cells, ("Board of Town", "Board of Country"))

    def state_mandate(self, project, mandate):
        return replace(project, mandate=mandate)

    def write_mandate(self, path, mandate):
        self.saved.append((path, mandate))

    def areas_by_name(self, _project, _kinds):
        return {"Old town": box(0, 0, 100, 100)}

    def polygon_of(self, project, what):
        return self.areas_by_name(project, None)[what]

    def open_derived(self, _of, address):
        return self.open_store(address)

    def open_store(self, address):
        return SimpleNamespace(
            address=str(address),
            name=Path(address).name,
            has_results=lambda: self.has_stored_results,
            is_sealed=False,
            needs_password=False,
        )

    def open_project(self, address):
        store = self.open_store(address)
        if self.broken:
            raise InputError(Fault("this is not a project", Where(file=store.name)))
        return KeptProject(replace(town(), closed=self.closed), store)

    def open_places(self, opened, passphrase):
        if passphrase != "the right passphrase":
            raise InputError(Fault("wrong"))
        closed = replace(opened.project.closed, lie_open=True)
        return replace(opened, project=replace(opened.project, closed=closed), key=PlaceKey(b"s", b"k"))

    def close_places(self, opened, _passphrase):
        closed = replace(opened.project, closed=ClosedPlaces(2, b"s", lie_open=True))
        return replace(opened, project=closed, key=PlaceKey(b"s", b"k"))

    def import_file(self, project, _path, **_more):
        taken = {camera.camera_id for camera in project.cameras}
        free = next(name for name in map("new-{}".format, range(len(taken), 1000)) if name not in taken)
        more = replace(project, cameras=(*project.cameras, Camera(free, 20.0, 30.0)))
        record = InputRecord("more.csv", "1", 1, kind="cameras")
        return more, ImportReport(record, {"cameras": 1}, (Fault("row 2 was left out"),), (("id", "camera_id"), ("colour", "")))

    def save(self, opened, results=None):
        self.saved.append((opened, results))

    def log_export(self, store, formats, files, who):
        self.logged.append((store.name, formats))

    def propose(self, _project, progress):
        progress(0.5, "siting")
        return SimpleNamespace()

    def disclosed_proposals(self, _proposals, private):
        assert not private
        return "with proposals"

    def export(self, _project, _results, formats, folder, *, language, templates, progress, proposals=None):
        self.templates = templates
        progress(0.0, "write the drafts")
        self.exported.append((formats, language) if proposals is None else (formats, language, proposals))
        return [folder / f"draft.{name}" for name in formats]

    def audit(self, project, _store, progress):
        progress(0.5, "sight")
        while self.blocks:
            progress(0.5, "sight")
        return assessment_of(project, self.gate)

    check = audit


OF_SERVICES = (  # use cases that are handed the services first
    *(
        "import_file",
        "open_places",
        "close_places",
        "state_mandate",
        "planning_state",
        "lost_by_undo",
        "log_export",
        "polygon_of",
    ),
    *("open_project", "propose", "export", "shown", "evaluate", "write_district", "merge"),
)
OTHERS = ("save", "areas_by_name", "disclosed_proposals")
OF_CORE = {  # what the core answers, and what a fake context calls it
    make_live: "begin",
    is_decided: "is_decided",
    effect_on: "effect_on",
    on_protected: "refused_places",
    coverage_preview: "coverage_preview",
    compare: "compare",
    spot_rule: "spot_rule",
    spot_scenes: "spot_scenes",
    why_not_seen: "why_not_seen",
    judge_gate: "judge_gate",
    explain: "explain",
}


def stand_in(context, monkeypatch):
    """Let use cases and core answer as a fake context does when they are asked, as long as a test lasts; returns the context."""

    def put(place, name, known):
        real = getattr(place, name)
        answer = partial(_answer, context, known, real, 1 if name in OF_SERVICES and place is workflow else 0)
        monkeypatch.setattr(place, name, answer)

    for name in (*OF_SERVICES, *OTHERS):
        put(workflow, name, name)
    for function, known in OF_CORE.items():
        put(import_module(function.__module__), function.__name__, known)
    return context


def _answer(context, known, real, drop, *asked, **options):
    """Ask the context if it knows the answer now, a test may have given it one; else what stands there really."""
    answer = getattr(context, known, None)
    return real(*asked, **options) if answer is None else answer(*asked[drop:], **options)


def assessment_of(project, gate):
    """One protected view from the camera that is known, one question about the other."""
    seen = LineString([(60, 60), (70, 60)])
    known, bare = project.cameras[:2]
    finding = Finding(
        "f1",
        "view_home",
        Severity.ERROR,
        Certainty.CERTAIN,
        "eu-gdpr",
        "5(1)(c)",
        known.camera_id,
        150.0,
        125.0,
        "px/m",
        Mitigation(
            MitigationAction.MASK,
            ((10.0, 40.0),),
            ChangeFigures(area_left_percent=80),
            masked(known, sectors_deg=((10.0, 40.0),)),
            ALTERNATIVES,
        ),
        seen,
        {"places": 1},
    )
    asked = Finding(
        "f2", "sign_unknown", Severity.NOTE, Certainty.CERTAIN, "eu-gdpr", "13", bare.camera_id, None, None, "", None, None
    )
    sighting = Sighting(
        known.camera_id,
        ProtectedClass.HOME,
        "recorded",
        Severity.ERROR,
        None,
        None,
        (150.0, 150.0),
        10.0,
        1,
        ((10.0, 40.0),),
        seen,
        None,
        surfaces=(SeenSurface("frontage", "low", 1, 10.0, (150.0, 150.0), 21.0, None),),
    )
    placed = Placed(known, (view_of(known),), (), Mount.POLE, True)
    result = CameraResult(placed, 9.0, 47.0, None, (), 2827.0, 900.0, box(40, 40, 60, 60), (sighting,))
    return Assessment(
        project.name,
        project.crs,
        False,
        (),
        gate,
        project.inputs,
        (result,),
        None,
        {},
        None,
        (finding, asked),
        {"certain": 1, "possible": 1, "area_seen_certain_m2": 2827.0, "unasked_certain_m2": 900.0},
        {"home": 2},
        {},
    )


class FakeDialogs:
    """Remembers what was told and answers what a test says."""

    def __init__(self):
        self.reported, self.answer, self.previews = [], {}, []

    def tell(self, title, lines):
        self.reported.append((title, list(lines)))

    def ask_take(self, preview):
        self.previews.append(preview)
        return self.answer.get("ask_take", True)

    def __getattr__(self, name):
        return lambda *_args, **_kwargs: self.answer.get(name)
