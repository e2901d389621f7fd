"""A large plan for measuring drafts: the sample town laid side by side until it has so many cameras and parts (synthetic)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
import shapely
from shapely import affinity

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.model.camera import Field
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment, CameraResult, PartResult

PITCH_M, COLUMNS = 900.0, 15
PAIRS_A_CAMERA = 15  # cameras of a dense city share ground with so many others
METRES_A_DEGREE = 78_000.0, 111_000.0


@dataclass(frozen=True)
class PlanSize:
    """How large the plan is."""

    cameras: int = 2_000
    parts: int = 5_000
    areas: int = 8


@dataclass(frozen=True)
class Tile:
    """One copy of the town."""

    number: int
    areas: int

    @property
    def shift_m(self) -> tuple[float, float]:
        """How far it lies east and north of the town."""
        return self.number % COLUMNS * PITCH_M, self.number // COLUMNS * PITCH_M

    @property
    def area(self) -> tuple[str, ...]:
        """The area that it lies in."""
        return (f"District {self.number % self.areas + 1}",)

    def shape(self, geometry):
        """Return a shape at its place in this copy."""
        return None if geometry is None else affinity.translate(geometry, *self.shift_m)


def large_plan(size: PlanSize) -> tuple[Project, Assessment]:
    """Return project and answers, which are those of the town again and again, and no city that anybody could plan."""
    services = open_services()
    project = workflow.open_sample(services, services.content.read_sample("hilltown"))
    town = workflow.check(services, project)
    cameras = tuple(islice(_each(town.cameras, size.areas, _camera), size.cameras))
    tiles = [Tile(n, size.areas) for n in range(-(-size.cameras // len(town.cameras)))]
    answers = replace(
        town,
        cameras=cameras,
        parts=tuple(islice(_each(town.parts, size.areas, _part), size.parts)),
        findings=tuple(_finding(f, tile) for tile in tiles for f in town.findings if f.camera_id),
        overlaps=tuple(islice(_each(town.overlaps, size.areas, _overlap), PAIRS_A_CAMERA * size.cameras)),
        disclosed=None,
    )
    layers = {name: _layer(layer, tiles) if name in ("buildings", "roads") else layer for name, layer in project.layers.items()}
    return replace(project, layers=layers, cameras=tuple(c.placed.camera for c in cameras)), answers


def _each(things, areas: int, moved) -> Iterator:
    for number in range(1_000_000):
        tile = Tile(number, areas)
        yield from (moved(one, tile) for one in things)


def _field(field: Field | None, tile: Tile) -> Field | None:
    if field is None:
        return None
    return replace(field, geometry=tile.shape(field.geometry), bands=tuple((low, tile.shape(band)) for low, band in field.bands))


def _camera(result: CameraResult, tile: Tile) -> CameraResult:
    name, (east, north) = f"{result.placed.camera.camera_id}-{tile.number}", tile.shift_m
    camera = result.placed.camera
    camera = replace(camera, camera_id=name, name="", x_m=camera.x_m + east, y_m=camera.y_m + north)
    views = tuple(replace(v, camera_id=name, x_m=v.x_m + east, y_m=v.y_m + north) for v in result.placed.views)
    return replace(
        result,
        placed=replace(result.placed, camera=camera, views=views),
        certain=_field(result.certain, tile),
        possible=tuple(_field(one, tile) for one in result.possible),
        unasked=tile.shape(result.unasked),
        night=tile.shape(result.night),
        sightings=tuple(replace(one, camera_id=name, geometry=tile.shape(one.geometry)) for one in result.sightings),
        area_names=tile.area,
        lon=result.lon + east / METRES_A_DEGREE[0],
        lat=result.lat + north / METRES_A_DEGREE[1],
    )


def _part(result: PartResult, tile: Tile) -> PartResult:
    part = replace(result.part, part_id=f"{result.part.part_id}-{tile.number}", geometry=tile.shape(result.part.geometry))
    return replace(result, part=part, gap=tile.shape(result.gap), area_names=tile.area)


def _overlap(overlap, tile: Tile):
    return replace(overlap, a=f"{overlap.a}-{tile.number}", b=f"{overlap.b}-{tile.number}", geometry=tile.shape(overlap.geometry))


def _finding(finding, tile: Tile):
    name, number = f"{finding.camera_id}-{tile.number}", f"{finding.finding_id}-{tile.number}"
    return replace(finding, finding_id=number, camera_id=name, geometry=tile.shape(finding.geometry))


def _layer(layer: Layer, tiles: list[Tile]) -> Layer:
    shapes = [shapely.transform(layer.geometry, lambda at, tile=tile: at + np.array(tile.shift_m)) for tile in tiles]
    ids = np.array([f"{one}-{tile.number}" for tile in tiles for one in layer.ids], object)
    tags, source = tuple(layer.tags) * len(tiles), tuple(layer.source) * len(tiles)
    return replace(layer, ids=ids, geometry=np.concatenate(shapes), tags=tags, source=source)
