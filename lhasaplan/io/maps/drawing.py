"""Read a drawing of a CAD program (DXF): closed lines as buildings and areas, lines as walls, blocks as poles and cameras."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from pathlib import Path

import numpy as np
import shapely
from ezdxf import path, units
from ezdxf.document import Drawing
from ezdxf.entities.dxfentity import DXFEntity
from ezdxf.entities.dxfgfx import DXFGraphic
from ezdxf.entities.insert import Insert
from ezdxf.enums import InsertUnits
from ezdxf.filemanagement import readfile
from pyproj import CRS

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.content.layer_spec import ORDER, LayerSpecs
from lhasaplan.io.maps.layer_crs import NO_HOME, Home
from lhasaplan.io.maps.map_file import ReadFeatures
from lhasaplan.io.maps.vector_file import RECORDS, Reading, is_called, layers_as
from lhasaplan.io.parse.coordinate_systems import fits
from lhasaplan.io.parse.file_check import CHOSEN, load_limits
from lhasaplan.io.parse.raw_import import RawImport
from lhasaplan.io.parse.text_encoding import NAMES, other_candidates
from lhasaplan.io.tables.columns import folded, is_unread
from lhasaplan.io.tables.table_rows import notes_of

# What a drawing's things are on the ground: its unit, blocks taken apart, closed lines as grounds, arcs as short lines.

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


_AT_POINTS = ("cameras", "trees", "poles")  # layers of things at one point: a block or a circle on them is not taken apart
_HEIGHT = "height_m"
_SAGITTA_M = 0.05  # as far as short lines may lie off an arc; outlines are surveyed no better
_VERSION, _HEAD, _FIRST_UTF8 = re.compile(rb"\$ACADVER\s+1\s+AC(\d{4})"), 4096, b"1021"
OTHER_TEXT = marked("the texts of this drawing are not UTF-8, as its version asks for; they were read as {encoding}")
NO_LAYER = marked("there is no layer {layer} with shapes in this drawing; it has {names}")
WHICH = marked(
    "this drawing has several layers; say which one is meant, as {file}|layername={first}, "
    "and what it holds (“Content of the file”, or --as): {names}"
)
NO_SYSTEM = marked("a drawing does not say its coordinate system; give it as --crs EPSG:n")
READ_IN = marked("this drawing does not say its coordinate system; it is read in that of the project, {crs}")
UNREAD = marked("of the layer {layer} these were not read, for they are no outlines, lines, points or blocks: {kinds}")
ELSEWHERE = marked("these blocks only point to other drawings and were not read; import those drawings themselves: {names}")
NOTHING = marked("nothing is drawn in the model space of this drawing; was the right file exported, with all of its layers?")
ON_PAPER = marked(
    "what is drawn stands in the layouts of this drawing (paper space: {names}), and only the model space is read; "
    "draw it there, or move it (CHSPACE)"
)
NO_SHAPES = marked(
    "this drawing holds no outlines, lines, points or blocks of its own, but: {kinds}; "
    "draw the buildings as closed outlines (HATCHGENERATEBOUNDARY makes them of hatches), and take models apart (FLATSHOT)"
)
OPEN_LINES = marked(
    "what is drawn on the layers {layers} are open lines ({count}), and buildings, areas and places are closed outlines; "
    "join and close them (PEDIT: Join, Close)"
)
TOO_LARGE = marked(
    "this drawing has {size} MB, too much to be read as a whole; give the layers that are wanted in smaller drawings"
)


@dataclass(eq=False, slots=True)
class _Drawn:
    """What stands on one layer, in the order of the file, in units of the drawing."""

    shapes: list[shapely.Geometry] = field(default_factory=list)
    cells: list[dict[str, str]] = field(default_factory=list)
    thick: list[float] = field(default_factory=list)
    unread: Counter[str] = field(default_factory=Counter)


def read_drawing(
    path: Path, specs: LayerSpecs, kind: str | None = None, home: Home = NO_HOME, datum: str = ""
) -> tuple[RawImport, ...]:
    """Return what each layer of a drawing holds.

    What a layer is follows from its name or from ``kind``, as with map files. A block on a layer of poles, trees or cameras is
    one of them; on others its lines count as if drawn there. What is written at a block (attributes) are its columns, and the
    thickness of an outline is its height.

    Parameters
    ----------
    path : the file; ``plan.dxf|layername=HOUSES`` reads that layer alone.
    home : the system that the drawing is in: the caller's, else the project's.

    Raises
    ------
    InputError
        No system is said, a layer is not there, it is not clear which is meant, or blocks are without end.
    """
    name, _, wanted = str(path).partition(CHOSEN)
    file = Path(name)
    crs = home.crs or home.project_crs
    drawing = _opened(file)
    blocks = Blocks(drawing, file.name, cache(partial(_stands_at_points, specs, kind, wanted)))
    layers = _by_layer(drawing, blocks)
    _refuse_empty(drawing, file.name, layers, blocks)
    chosen = _chosen(file.name, layers, specs, kind, wanted)
    if not crs:
        raise InputError(Fault(NO_SYSTEM, Where(file.name)))
    middles = shapely.get_coordinates(shapely.centroid([shape for layer in chosen for shape in layers[layer].shapes]))
    metres, remarks = metres_of(drawing, middles, crs, file.name)
    scale = _Scale(file, crs, metres)
    features = [partial(_features, scale, layer, layers[layer]) for layer in chosen]
    found = layers_as(features, specs, kind, Reading(home, notes_of(file), datum))
    if not any(each.cameras or any(map(len, each.layers)) for each in found):
        _refuse_open(file.name, {name: layers[name] for name in chosen})
    others = blocks.from_elsewhere()
    read_in = [] if home.crs else [Fault(READ_IN, Where(file.name), {"crs": crs})]
    odd = _other_encoding(file)
    text = [Fault(OTHER_TEXT, Where(file.name), {"encoding": NAMES.get(odd, odd)})] if odd else []
    reported = (
        *text,
        *remarks,
        *read_in,
        *([Fault(ELSEWHERE, Where(file.name), {"names": ", ".join(others)})] if others else []),
    )
    return (*found, RawImport(remarks=reported)) if reported else found


def _refuse_empty(drawing: Drawing, file: str, layers: Mapping[str, _Drawn], blocks: Blocks) -> None:
    """Raise InputError where nothing of a drawing can be read, with what it holds instead."""
    if any(drawn.shapes for drawn in layers.values()):
        return
    where, others = Where(file), blocks.from_elsewhere()
    unread = sum((drawn.unread for drawn in layers.values()), Counter[str]())
    pages = [
        name
        for name in drawing.layout_names()
        if name != "Model" and any(entity.dxftype() != "VIEWPORT" for entity in drawing.layout(name))
    ]
    faults = [Fault(ELSEWHERE, where, {"names": ", ".join(others)})] if others else []
    if unread:
        faults.append(Fault(NO_SHAPES, where, {"kinds": _counted(unread)}))
    if pages:
        faults.append(Fault(ON_PAPER, where, {"names": ", ".join(pages)}))
    raise InputError(*(faults or [Fault(NOTHING, where)]))


def _refuse_open(file: str, layers: Mapping[str, _Drawn]) -> None:
    """Raise InputError where all that was drawn for outlines are lines that do not close."""
    lines = {name: sum(shape.geom_type == "LineString" for shape in drawn.shapes) for name, drawn in layers.items()}
    if count := sum(lines.values()):
        names = ", ".join(name for name, number in lines.items() if number)
        raise InputError(Fault(OPEN_LINES, Where(file), {"layers": names, "count": count}))


def _counted(kinds: Counter[str]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))


def drawn_layers(path: Path) -> tuple[str, ...]:
    """Return the names of the layers on which something stands that is read; InputError as of :func:`read_drawing`."""
    drawing = _opened(path)
    layers = _by_layer(drawing, Blocks(drawing, path.name, lambda _layer: False))
    return tuple(name for name, drawn in layers.items() if drawn.shapes)


def _opened(file: Path) -> Drawing:
    """Return the drawing; what ezdxf raises is told by the caller's :func:`foreign.reading`. A cut drawing is never mended."""
    size = file.stat().st_size
    if size > load_limits().drawing.most_bytes:
        raise InputError(Fault(TOO_LARGE, Where(file.name), {"size": f"{size / 1e6:,.0f}"}))
    encoding = _other_encoding(file)
    return readfile(file, encoding=encoding, errors="ignore") if encoding else readfile(file)


def _other_encoding(file: Path) -> str:
    """Return how the texts of a drawing are written that must be UTF-8 by its version and are not; empty for all others.

    ezdxf would carry their bytes along as letters that no text can hold.
    """
    content = file.read_bytes()
    version = _VERSION.search(content[:_HEAD])
    if version is None or version[1] < _FIRST_UTF8:
        return ""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return next((name for name in other_candidates(content) if _decodes(content, name)), "cp1252")
    return ""


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _stands_at_points(specs: LayerSpecs, kind: str | None, wanted: str, layer: str) -> bool:
    """Say whether a block or a circle on this layer is one thing at one point."""
    if kind is not None and wanted:
        return layer == wanted and kind in {*_AT_POINTS, *RECORDS}
    return any(is_called(layer, specs[each]) for each in _AT_POINTS)


def _by_layer(drawing: Drawing, blocks: Blocks) -> dict[str, _Drawn]:
    sagitta = _SAGITTA_M / (metres_of(drawing, np.empty((0, 2)), "", "")[0])
    layers: dict[str, _Drawn] = {}
    for placed in blocks.placed():
        _put(layers.setdefault(placed.layer, _Drawn()), placed, sagitta, is_point=blocks.is_whole(placed.layer))
    return layers


def _put(drawn: _Drawn, placed: PlacedDrawing, sagitta: float, *, is_point: bool) -> None:
    shape = shape_of(placed.entity, sagitta, as_point=is_point)
    if shape is None:
        drawn.unread[placed.entity.dxftype()] += 1
        return
    drawn.shapes.append(shape)
    drawn.cells.append({"id": placed.handle, **placed.written})
    drawn.thick.append(float(placed.entity.dxf.get("thickness", 0.0)) if placed.entity.dxf.is_supported("thickness") else 0.0)


def _chosen(file: str, layers: dict[str, _Drawn], specs: LayerSpecs, kind: str | None, wanted: str) -> Sequence[str]:
    """Return the layer that was asked for, else those called as the kind is, else all where no kind is said."""
    names = [name for name, drawn in layers.items() if drawn.shapes]
    listed = ", ".join(names) or "-"
    if wanted and wanted not in names:
        raise InputError(Fault(NO_LAYER, Where(file), {"layer": wanted, "names": listed}))
    if wanted:
        return [wanted]
    if kind is None or len(names) < 2:
        return names
    so_called = [name for name in names if kind in ORDER and is_called(name, specs[kind])]
    if not so_called:
        raise InputError(Fault(WHICH, Where(file), {"file": file, "first": names[0], "names": listed}))
    return so_called


@dataclass(frozen=True, slots=True)
class _Scale:
    """The file, its system, and how many metres one unit of it is."""

    file: Path
    crs: str
    metres: float


def _features(scale: _Scale, layer: str, drawn: _Drawn) -> ReadFeatures:
    factor = scale.metres / metres_a_unit(scale.crs)
    geometry = np.array(drawn.shapes, object)
    if factor != 1.0:
        geometry = shapely.transform(geometry, lambda xy: xy * factor)
    cells = [_with_height(each, thick * scale.metres) for each, thick in zip(drawn.cells, drawn.thick, strict=True)]
    headings = tuple(heading for heading in dict.fromkeys(key for each in cells for key in each) if not is_unread(heading))
    kinds = _counted(drawn.unread)
    remark = Fault(UNREAD, Where(scale.file.name), {"layer": layer, "kinds": kinds})
    return ReadFeatures(
        file=scale.file.name,
        stem=scale.file.name.split(".")[0],
        layer=layer,
        crs=scale.crs,
        geometry=geometry,
        headings=headings,
        columns=tuple([each.get(heading, "") for each in cells] for heading in headings),
        fids=range(len(geometry)),
        remarks=(remark,) if kinds else (),
    )


def _with_height(cells: dict[str, str], thick_m: float) -> dict[str, str]:
    """Return the cells with the thickness of the outline as its height, where nothing else says one."""
    says = any(folded(heading).startswith("height") for heading in cells)
    return cells if says or thick_m <= 0.0 else {**cells, _HEIGHT: f"{thick_m:.6g}"}
