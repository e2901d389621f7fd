"""What a drawing's things are on the ground: its unit, blocks taken apart, closed lines as grounds, arcs as short lines."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from ezdxf import path, units
from ezdxf.document import Drawing
from ezdxf.entities.dxfentity import DXFEntity
from ezdxf.entities.dxfgfx import DXFGraphic
from ezdxf.entities.insert import Insert
from ezdxf.enums import InsertUnits
from pyproj import CRS

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.parse.coordinate_systems import fits
from lhasaplan.io.parse.file_check import load_limits

LOOP = marked("the blocks {blocks} of this drawing hold each other without end; mend them in the drawing, then import it again")
TOO_MANY = marked(
    "with its blocks taken apart this drawing would have {count} or more shapes, too many for what it is; "
    "give the layers that are wanted as a drawing of their own"
)
TOO_DEEP = marked("the blocks of this drawing stand within each other more than {count} deep; explode some of them first")
_OF_THE_INSERT = "0"  # the layer of what takes the layer of the place where its block is set
_FROM_ELSEWHERE = 4 | 8  # a block whose content is another drawing


@dataclass(frozen=True, slots=True)
class PlacedDrawing:
    """One shape where it stands: its layer, its handle in the file, and what is written at the blocks around it."""

    entity: DXFGraphic
    layer: str
    handle: str
    written: Mapping[str, str]


@dataclass(frozen=True)
class Blocks:
    """The blocks of a drawing.

    ``is_whole`` says of a layer whether a block on it is one thing at one point: a pole, a camera.
    """

    drawing: Drawing
    file: str
    is_whole: Callable[[str], bool]

    def placed(self) -> Iterator[PlacedDrawing]:
        """Give every shape of the model, blocks taken apart, in the order of the file.

        Raises
        ------
        InputError
            Blocks hold each other without end, or would give more shapes than ``data/limits.toml`` allows.
        """
        self._check()
        for entity in self.drawing.modelspace():
            yield from self._apart(entity, str(entity.dxf.handle), {}, "")

    def from_elsewhere(self) -> tuple[str, ...]:
        """Return the names of the blocks that only point to another drawing."""
        blocks = (block for block in self.drawing.blocks if block.block is not None)
        return tuple(str(each.name) for each in blocks if int(each.block.dxf.flags) & _FROM_ELSEWHERE)  # type: ignore[union-attr]

    def _apart(self, entity: DXFGraphic, handle: str, written: Mapping[str, str], around: str) -> Iterator[PlacedDrawing]:
        own = str(entity.dxf.layer)
        layer = around if around and own == _OF_THE_INSERT else own
        if not isinstance(entity, Insert):
            yield PlacedDrawing(entity, layer, handle, written)
            return
        said = {**written, **{str(each.dxf.tag): str(each.dxf.text) for each in entity.attribs}}
        for number, single in enumerate(entity.multi_insert()):
            name = handle if entity.mcount == 1 else f"{handle}-{number + 1}"
            if self.is_whole(layer):
                yield PlacedDrawing(single, layer, name, said)
                continue
            for index, part in enumerate(single.virtual_entities(), 1):
                yield from self._apart(part, f"{name}-{index}", said, layer)

    def _check(self) -> None:
        limits = load_limits().drawing
        count = self._count(self.drawing.modelspace(), ())
        if count > limits.most_shapes:
            raise InputError(Fault(TOO_MANY, Where(self.file), {"count": f"{limits.most_shapes:,}"}))

    def _count(self, entities: Iterable[DXFEntity], within: tuple[str, ...]) -> int:
        return sum(self._count_of(each, within) if isinstance(each, Insert) else 1 for each in entities)

    def _count_of(self, insert: Insert, within: tuple[str, ...]) -> int:
        """Return how many shapes a block in its place comes to; each block is counted once and multiplied."""
        name = str(insert.dxf.name)
        if name in within:
            raise InputError(Fault(LOOP, Where(self.file), {"blocks": ", ".join(within[within.index(name) :])}))
        if len(within) >= load_limits().drawing.most_deep:
            raise InputError(Fault(TOO_DEEP, Where(self.file), {"count": load_limits().drawing.most_deep}))
        if name not in self._counted:
            block = self.drawing.blocks.get(name)
            self._counted[name] = 0 if block is None else self._count(block, (*within, name))
        return int(insert.mcount) * max(1, self._counted[name])  # an empty block a thousand million times takes its time, too

    @cached_property
    def _counted(self) -> dict[str, int]:
        return {}


UNSAID = marked("this drawing does not say its unit; it is read in metres")
UNTRUE = marked("this drawing says that its unit is {unit}, in which it lies nowhere in {crs}; it is read in metres")
SCALED = marked("the unit of this drawing is {unit}; its coordinates and heights were turned into metres")


def metres_of(drawing: Drawing, middles: FloatArray, crs: str, file: str) -> tuple[float, tuple[Fault, ...]]:
    """Return how many metres one unit is, with a remark where that was not plain.

    Parameters
    ----------
    middles : shape (n, 2), middles of what is drawn, in units of the drawing.
    crs : the system in which the drawing lies; empty where nobody says one.
    """
    if drawing.units not in {each.value for each in InsertUnits} or drawing.units == InsertUnits.Unitless:
        return 1.0, (Fault(UNSAID, Where(file)),)
    said, metre = InsertUnits(drawing.units), InsertUnits.Meters
    if said == metre:
        return 1.0, ()
    unit, factor = units.unit_name(said), float(units.conversion_factor(said, metre))
    if crs and not _lies(middles * factor, crs) and _lies(middles, crs):
        return 1.0, (Fault(UNTRUE, Where(file), {"unit": unit, "crs": crs}),)
    return factor, (Fault(SCALED, Where(file), {"unit": unit}),)


def _lies(middles_m: FloatArray, crs: str) -> bool:
    xy = middles_m / metres_a_unit(crs)
    return bool(len(xy)) and bool(np.mean(fits(crs, xy[:, 0], xy[:, 1])) > 0.5)


def metres_a_unit(crs: str) -> float:
    """Return the metres of one unit of a system's axes; 1 for none and for degrees, which no drawing is in.

    >>> metres_a_unit("EPSG:32635"), round(metres_a_unit("EPSG:2263"), 4)
    (1.0, 0.3048)
    """
    axes = [axis for axis in CRS.from_user_input(crs).axis_info if "metre" not in axis.unit_name] if crs else []
    return float(axes[0].unit_conversion_factor) if axes and "degree" not in axes[0].unit_name else 1.0


_LINES = ("LINE", "LWPOLYLINE", "POLYLINE", "ARC", "CIRCLE", "ELLIPSE", "SPLINE")


def shape_of(entity: DXFGraphic, sagitta: float, *, as_point: bool = False) -> shapely.Geometry | None:
    """Return the shape of an entity in the units of the drawing, seen from above; None for what is no line, ring or point.

    Parameters
    ----------
    sagitta : how far the short lines may lie off an arc, in the units of the drawing.
    as_point : circles and blocks are a point at their middle: poles, trees, cameras.
    """
    kind = entity.dxftype()
    if kind in _AT_POINT and (as_point or kind == "POINT"):
        where = _AT_POINT[kind](entity)
        return shapely.Point(where[0], where[1])
    is_mesh = bool(getattr(entity, "is_poly_face_mesh", False) or getattr(entity, "is_polygon_mesh", False))
    if kind not in _LINES or (kind == "POLYLINE" and is_mesh):
        return None
    return _drawn(entity, sagitta)


def _drawn(entity: DXFGraphic, sagitta: float) -> shapely.Geometry | None:
    points = [(float(at.x), float(at.y)) for at in path.make_path(entity).flattening(sagitta)]
    if len(set(points)) < 2:
        return None
    is_closed = entity.dxftype() == "CIRCLE" or bool(getattr(entity, "closed", False) or getattr(entity, "is_closed", False))
    is_ring = is_closed or points[0] == points[-1]
    return shapely.Polygon(points) if is_ring and len(set(points)) > 2 else shapely.LineString(points)


_AT_POINT: Mapping[str, Callable[[DXFGraphic], tuple[float, float]]] = {
    "POINT": lambda entity: entity.dxf.location,
    "INSERT": lambda entity: entity.ocs().to_wcs(entity.dxf.insert),
    "CIRCLE": lambda entity: entity.ocs().to_wcs(entity.dxf.center),
}
