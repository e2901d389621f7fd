"""Say what a person asks of OpenStreetMap and gives back to it by hand: a query, and what a project knows better of its cameras.

Nothing is sent or fetched.
"""

import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lhasaplan.core.base.crs import Crs
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Status
from lhasaplan.core.model.layer import empty_layer
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.osm_changes import OsmChange, change_of, new_node, surveyed_finds
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.ports import Services
from lhasaplan.workflow.answers import NO_CITY, asks_for_coarse, require_city
from lhasaplan.workflow.import_checks import positions_of

NOT_READ = marked(
    "this is not the imported file; its versions are not those you corrected. Name the extract that the cameras came from"
)
NO_EXACT = marked("A rule pack of this project asks for coarse positions, so nothing is written for OpenStreetMap")
_NODE = re.compile(r"node/(\d+)")


@dataclass(frozen=True, slots=True)
class OsmChanges:
    """The nodes whose tags change and the new ones, and how many cannot be written.

    Parameters
    ----------
    left : cameras of the extract without version or with several directions.
    doubtful : finds near a camera of the map, or in a building.
    """

    changes: tuple[OsmChange, ...]
    left: int
    doubtful: int = 0


def osm_changes(services: Services, project: Project, extract: Path) -> OsmChanges:
    """Return the tags of aim, height, kind and mount that the project has otherwise than the extract that it was imported from.

    Cameras that operate count; one that was drawn, moved or removed is left to a person, one found in a survey is a new node.
    Each change is one of the version that was read: OpenStreetMap refuses it where somebody changed the node since.

    Raises
    ------
    InputError
        Another file than was imported, or a pack that asks for coarse positions.
    """
    require_city(project)
    if asks_for_coarse(services, project):
        raise InputError(Fault(NO_EXACT))
    if services.files.digest(extract) not in {record.sha256 for record in project.inputs}:
        raise InputError(Fault(NOT_READ, Where(extract.name)))
    working = [camera for camera in project.cameras if camera.status is Status.OPERATING]
    by_id = {int(found[1]): camera for camera in working if (found := _NODE.fullmatch(camera.camera_id))}
    nodes = services.files.read_camera_nodes(extract, frozenset(by_id))
    words = services.content.load_camera_words()
    corrected = (change_of(by_id[node.node_id], node, words) for node in nodes)
    buildings = project.layers.get("buildings") or empty_layer("buildings")
    finds, doubtful = surveyed_finds(project.cameras, buildings.geometry)
    lon, lat = Crs(project.crs).to_lonlat([each.x_m for each in finds], [each.y_m for each in finds])
    new = (new_node(each, n + 1, (float(lon[n]), float(lat[n])), words) for n, each in enumerate(finds))
    return OsmChanges((*new, *(each for each in corrected if each is not None)), len(by_id) - len(nodes), doubtful)


# A query for Overpass is a text that a person copies. It asks for everything in a rectangle, so that no kind of protected place
# is missed and no tag is named; ``meta`` has the versions that corrections need.

QUERY = """[out:xml][timeout:180];
(
  node({box});
  way({box});
  relation["type"="multipolygon"]({box});
  relation["boundary"="administrative"]["admin_level"~"^(9|10|11)$"]({box});
);
(._;>;);
out meta;
"""
MARGIN_DEG, STEP_DEG, MOST_KM2, DEGREE_KM = 0.002, 0.001, 100.0, 111.3  # some 200 m, for walls and streets that go on outside
NO_BOX = marked("{value} is no rectangle: give west,south,east,north in degrees, such as 24.94,60.16,24.96,60.17")
TOO_LARGE = marked(
    "The rectangle has {area} km²; Overpass gives everything in at most {most} km². Take an extract (.osm.pbf) of a larger area"
)


def overpass_query(box: str) -> str:
    """Return the query for everything in a rectangle, written as west,south,east,north in degrees.

    Raises
    ------
    InputError
        The rectangle is none, or too large.
    """
    try:
        west, south, east, north = (float(each) for each in box.split(","))
    except ValueError as error:
        raise InputError(Fault(NO_BOX, params={"value": box})) from error
    if not (-180.0 <= west < east <= 180.0 and -90.0 < south < north < 90.0):
        raise InputError(Fault(NO_BOX, params={"value": box}))
    height_km, width_km = (north - south) * DEGREE_KM, (east - west) * DEGREE_KM * math.cos(math.radians((south + north) / 2.0))
    if height_km * width_km > MOST_KM2:
        raise InputError(Fault(TOO_LARGE, params={"area": f"{height_km * width_km:.0f}", "most": f"{MOST_KM2:g}"}))
    return QUERY.format(box=_degrees(south, west, north, east))


def overpass_box(project: Project) -> str:
    """Return the rectangle of a project's streets, buildings and cameras with some ground around it, as west,south,east,north."""
    require_city(project)
    layers = [project.layers[name] for name in ("buildings", "roads") if name in project.layers]
    xy_m = positions_of(layers, project.cameras)
    if not len(xy_m):
        raise InputError(Fault(NO_CITY))
    degrees = Crs(project.crs).to_lonlat(xy_m[:, 0], xy_m[:, 1])
    low = [math.floor((float(np.nanmin(each)) - MARGIN_DEG) / STEP_DEG) * STEP_DEG for each in degrees]
    high = [math.ceil((float(np.nanmax(each)) + MARGIN_DEG) / STEP_DEG) * STEP_DEG for each in degrees]
    return _degrees(*low, *high)


def _degrees(*values: float) -> str:
    return ",".join(f"{each:.4f}".rstrip("0").rstrip(".") for each in values)
