"""Cities and made-up towns to look at walls in, as the program reads them, with recorded cameras at random in the streets."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely

from lhasaplan.bootstrap import open_services
from lhasaplan.core.context.audit_context import AuditContext, ReferenceData, make_context, set_in
from lhasaplan.core.model.camera import Camera, Kind, Mount, Placed
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.model.place import ProtectedPlace
from lhasaplan.core.project.project import Project
from lhasaplan.workflow.answers import reference_data
from lhasaplan.workflow.imports import import_files
from lhasaplan.workflow.projects import new_project

from .rivals.wall_rays import Facades, Lens, Prisms, edges_of

PACK = "eu-gdpr"
CRS, X0, Y0 = "EPSG:32633", 500_000.0, 5_400_000.0  # where grid north is true north
CLEAR_M = 0.3  # of every footprint, so that no camera is moved
NEAR_M = 40.0  # of a place that may be graded due


@dataclass(frozen=True, eq=False)
class WallTown:
    """A project without cameras, what is known besides, and its walls as values for the rays."""

    name: str
    project: Project
    known: ReferenceData
    context: AuditContext
    prisms: Prisms
    facades: Facades

    def placed(self, cameras: tuple[Camera, ...]) -> tuple[Placed, ...]:
        """Return cameras as the program sets them into the town."""
        return set_in(self.context, cameras).placed

    def with_cameras(self, cameras: tuple[Camera, ...]) -> Project:
        """Return the project with these cameras."""
        return replace(self.project, cameras=cameras)


def read_city(file: Path) -> WallTown:
    """Return a city of an OSM extract, a GeoJSON or any other file that the program reads, without its own cameras."""
    services = open_services()
    project, _ = import_files(services, new_project(services, [PACK]), [file])
    return set_up(file.name.split(".")[0], replace(project, cameras=()), reference_data(services, project))


def boxes(count: int, side_m: float, seed: int) -> WallTown:
    """Return a made-up town of boxes, most of them homes, some wall to wall and some on posts."""
    rng = np.random.default_rng(seed)
    shapes, tags, taken = [], [], shapely.Polygon()
    while len(shapes) < count:
        x, y = rng.uniform(0.0, side_m, 2)
        box = shapely.box(X0 + x, Y0 + y, X0 + x + rng.uniform(4.0, 14.0), Y0 + y + rng.uniform(4.0, 14.0))
        if shapely.intersects(shapely.buffer(box, 1.0), taken):
            continue
        taken = shapely.union(taken, box)
        shapes.append(box)
        kind = str(rng.choice(["house", "house", "house", "retail", "roof"]))
        tags.append({"building": kind, "height": f"{rng.uniform(2.5, 15.0):.2f}"})
    ids = np.array([f"way/{number}" for number in range(len(shapes))], object)
    layer = Layer("buildings", ids, np.array([*shapes, None], object)[:-1], tuple(tags))
    project = Project("boxes", CRS, packs=(PACK,), layers={"buildings": layer})
    return set_up("made-up boxes", project, reference_data(open_services(), project))


def set_up(name: str, project: Project, known: ReferenceData) -> WallTown:
    """Return a project with its places and buildings as values."""
    context = make_context(project, known, with_planned=False)
    solid = context.guarded.buildings
    prisms = Prisms(solid.polygons, solid.base_m, solid.top_m)
    return WallTown(name, project, known, context, prisms, facades_of(context.protected))


def facades_of(places: tuple[ProtectedPlace, ...]) -> Facades:
    """Return the walls of places as edges, their outer side on the right, with what a place says of their heights."""
    ends, base, top, place, building = [np.zeros((0, 4))], [], [], [], []
    for number, each in enumerate(places):
        if each.frontage is None:
            continue
        lines = shapely.get_parts(each.frontage)
        heights = each.frontage_heights_m or ((0.0, each.top_m),) * len(lines)
        owners = each.frontage_buildings or (each.building,) * len(lines)
        found, line = edges_of(lines)
        ends.append(found)
        base += [heights[k][0] for k in line.tolist()]
        top += [heights[k][1] for k in line.tolist()]
        building += [owners[k] for k in line.tolist()]
        place += [number] * len(found)
    classes = np.array([str(each.cls) for each in places], object)
    grounds = np.array([*(each.open_ground for each in places), None], object)[:-1]
    numbers = np.array(place, int), np.array(building, int)
    return Facades(np.concatenate(ends), np.array(base, float), np.array(top, float), *numbers, classes, grounds)


def lens_of(placed: Placed, convergence_deg: float) -> Lens:
    """Return the lens of a camera of which all is recorded but perhaps its range, as its record says and where it was set."""
    camera, view = placed.camera, placed.views[0]
    return Lens(
        view.x_m,
        view.y_m,
        view.lens_z_m,
        camera.azimuth_deg - convergence_deg,
        camera.tilt_deg,
        camera.recorded_hfov_deg,
        camera.vfov_deg,
        camera.image_width_px,
        camera.image_height_px,
        np.inf if camera.range_m is None else camera.range_m,
        camera.mask_px,
        tuple((first - convergence_deg, last - convergence_deg) for first, last in camera.mask_sector_deg),
        view.own_building,
    )


def random_cameras(town: WallTown, count: int, seed: int) -> tuple[Camera, ...]:
    """Return recorded cameras outside buildings, near places of which the use is known; every other has a range of 60 m."""
    rng = np.random.default_rng(seed)
    kept = np.array([place.cls != "use_unknown" and place.frontage is not None for place in town.context.protected], bool)
    grounds = np.array([place.ground for place in town.context.protected], object)[kept]
    corners, owner = shapely.get_coordinates(grounds, return_index=True)
    start = np.searchsorted(owner, np.arange(len(grounds)))
    found: list[Camera] = []
    while len(found) < count:
        corner = start[rng.integers(len(grounds))]
        share = rng.random()
        spot = corners[corner] * share + corners[corner + 1] * (1.0 - share)
        turn, away = rng.uniform(0.0, 2.0 * np.pi), NEAR_M * rng.random()
        x, y = spot[0] + away * np.sin(turn), spot[1] + away * np.cos(turn)
        if len(town.prisms.tree.query(shapely.Point(x, y), predicate="dwithin", distance=CLEAR_M)):
            continue
        back = np.degrees(turn) + 180.0
        azimuth = back + rng.uniform(-60.0, 60.0) if rng.random() < 0.5 else rng.uniform(0.0, 360.0)
        found.append(_recorded(len(found), x, y, azimuth % 360.0, rng))
    return tuple(found)


def _recorded(number: int, x: float, y: float, azimuth_deg: float, rng: np.random.Generator) -> Camera:
    return Camera(
        f"c{number}",
        float(x),
        float(y),
        mount_height_m=round(float(rng.uniform(3.0, 6.0)), 2),
        azimuth_deg=round(float(azimuth_deg), 1) % 360.0,
        tilt_deg=round(float(rng.uniform(2.0, 25.0)), 1),
        hfov_deg=round(float(rng.uniform(25.0, 95.0)), 1),
        image_width_px=1920,
        image_height_px=1080,
        range_m=60.0 if number % 2 else None,
        kind=Kind.FIXED,
        mount=Mount.POLE,
    )
