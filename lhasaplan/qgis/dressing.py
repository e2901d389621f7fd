"""Put styles and a stored project into a GeoPackage, beside what a person keeps there."""

import hashlib
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from lhasaplan.qgis.symbols import (
    DOCTYPE,
    WRITTEN_FOR,
    Condition,
    Equals,
    Filling,
    LayerLook,
    LayerSymbols,
    Shape,
    Stroke,
    SymbolClass,
    add_look,
    qml,
)

# Write a QGIS project that a GeoPackage carries: its layers in groups, with their symbols, system and extent.

NAME = "lhasaplan"
UNDATED = (1980, 1, 1, 0, 0, 0)  # of the file in the archive: the same project gives the same bytes
Extent = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class QgisSystem:
    """A coordinate system: its name (``EPSG:…``, empty for none) and the file's definition of it."""

    name: str
    wkt: str


@dataclass(frozen=True, slots=True)
class StoredProject:
    """What the project shows: the layers of a file from the topmost down, its title, system and extent in metres."""

    file: str
    title: str
    crs: QgisSystem
    extent: Extent | None
    layers: Sequence[LayerSymbols]


def packed(project: StoredProject) -> bytes:
    """Return the project as the archive that QGIS keeps (qgz)."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        entry = zipfile.ZipInfo("project.qgs", UNDATED)
        entry.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(entry, project_xml(project))
    return stream.getvalue()


def project_xml(project: StoredProject) -> str:
    """Return the project as QGIS reads it."""
    root = Element("qgis", version=WRITTEN_FOR, projectname=project.title)
    SubElement(root, "title").text = project.title
    _add_crs(SubElement(root, "projectCrs"), project.crs)
    _add_tree(root, project)
    _add_canvas(root, project)
    _add_order(root, project)
    layers = SubElement(root, "projectlayers")
    for symbols in project.layers:
        layers.append(_map_layer(project, symbols))
    properties = SubElement(root, "properties")
    SubElement(SubElement(properties, "Paths"), "Absolute", type="bool").text = "false"
    SubElement(SubElement(properties, "SpatialRefSys"), "ProjectionsEnabled", type="int").text = str(int(bool(project.crs.name)))
    if project.extent is not None:
        # Where the map is when it is opened, and where its key for the whole map leads.
        edges = dict(zip(("xmin", "ymin", "xmax", "ymax"), (f"{value:.3f}" for value in project.extent), strict=True))
        view = SubElement(root, "ProjectViewSettings", UseProjectScales="0", rotation="0")
        _add_crs(SubElement(view, "DefaultViewExtent", edges), project.crs)
    return DOCTYPE + tostring(root, encoding="unicode")


def _id(symbols: LayerSymbols) -> str:
    return f"{symbols.table}_{NAME}"


def _source(project: StoredProject, symbols: LayerSymbols) -> str:
    return f"./{project.file}|layername={symbols.table}"


def _add_crs(parent: Element, system: QgisSystem) -> None:
    if system.name:
        reported = SubElement(parent, "spatialrefsys", nativeFormat="Wkt")
        SubElement(reported, "wkt").text = system.wkt
        SubElement(reported, "authid").text = system.name


def _add_tree(root: Element, project: StoredProject) -> None:
    """Add the list of layers in its groups, as they follow each other."""
    tree = SubElement(root, "layer-tree-group")
    groups: dict[str, Element] = {"": tree}
    for symbols in project.layers:
        if symbols.group not in groups:
            look = {"name": symbols.group, "checked": "Qt::Checked", "expanded": "1"}
            groups[symbols.group] = SubElement(tree, "layer-tree-group", look)
        said = {"id": _id(symbols), "name": symbols.title, "providerKey": "ogr", "source": _source(project, symbols)}
        said |= {"checked": "Qt::Checked" if symbols.is_shown else "Qt::Unchecked", "expanded": "0"}
        SubElement(groups[symbols.group], "layer-tree-layer", said)


def _add_canvas(root: Element, project: StoredProject) -> None:
    canvas = SubElement(root, "mapcanvas", name="theMapCanvas", annotationsVisible="1")
    SubElement(canvas, "units").text = "meters"
    if project.extent is not None:
        reported = SubElement(canvas, "extent")
        for name, value in zip(("xmin", "ymin", "xmax", "ymax"), project.extent, strict=True):
            SubElement(reported, name).text = f"{value:.3f}"
    _add_crs(SubElement(canvas, "destinationsrs"), project.crs)


def _add_order(root: Element, project: StoredProject) -> None:
    order = SubElement(root, "layerorder")
    for symbols in project.layers:
        SubElement(order, "layer", id=_id(symbols))


def _map_layer(project: StoredProject, symbols: LayerSymbols) -> Element:
    look = {"type": "vector", "hasScaleBasedVisibilityFlag": "0", "labelsEnabled": "1" if symbols.label else "0"}
    layer = Element("maplayer", look | ({} if symbols.classes else {"geometry": "No geometry", "wkbType": "NoGeometry"}))
    SubElement(layer, "id").text = _id(symbols)
    SubElement(layer, "datasource").text = _source(project, symbols)
    SubElement(layer, "layername").text = symbols.title
    if symbols.classes:
        _add_crs(SubElement(layer, "srs"), project.crs)
    SubElement(layer, "provider", encoding="UTF-8").text = "ogr"
    add_look(layer, symbols)
    return layer


# Write the style of one layer as other programs read it: OGC Styled Layer Descriptor 1.1 with Symbology Encoding 1.1.
#
# It says less than QGIS's own style: no conditions in QGIS's language, no drawing by the shape of each feature, no labels,
# and no opacity of a layer as a whole, which is that of its fills here.
MM_OF_A_PIXEL = 0.28  # Symbology Encoding 1.1, 11.1: sizes are in pixels of this width
NAMESPACES = {
    "xmlns": "http://www.opengis.net/sld",
    "xmlns:se": "http://www.opengis.net/se",
    "xmlns:ogc": "http://www.opengis.net/ogc",
}
_SYMBOLIZER = {Shape.POINT: "se:PointSymbolizer", Shape.LINE: "se:LineSymbolizer", Shape.AREA: "se:PolygonSymbolizer"}
_DASHES = {Stroke.DASHED: "4 2", Stroke.DOTTED: "1 2"}


def sld(symbols: LayerSymbols) -> str:
    """Return the style; empty where SLD cannot say which features a class draws, since half a style would mislead."""
    if not all(len(one.looks) == 1 and all(isinstance(each, Equals) for each in one.condition) for one in symbols.classes):
        return ""
    root = Element("StyledLayerDescriptor", NAMESPACES | {"version": "1.1.0"})
    layer = SubElement(root, "NamedLayer")
    SubElement(layer, "se:Name").text = symbols.table
    style = SubElement(layer, "UserStyle")
    SubElement(style, "se:Name").text = symbols.title
    rules = SubElement(style, "se:FeatureTypeStyle")
    for each in symbols.classes:
        _add_rule(rules, each, symbols.opacity)
    return tostring(root, encoding="unicode")


def _add_rule(parent: Element, one: SymbolClass, opacity: float) -> None:
    rule = SubElement(parent, "se:Rule")
    SubElement(rule, "se:Name").text = one.label
    SubElement(SubElement(rule, "se:Description"), "se:Title").text = one.label
    if one.condition:
        _join(SubElement(rule, "ogc:Filter"), "ogc:And", list(_asked(one.condition)))
    (look,) = one.looks
    _add_symbolizer(rule, look, opacity)


def _asked(condition: Condition) -> Iterable[Element]:
    for each in condition:
        if isinstance(each, Equals):
            either = Element("all")
            _join(either, "ogc:Or", [_is(each.column, value) for value in each.values])
            yield either[0]


def _join(parent: Element, word: str, parts: list[Element]) -> None:
    """Put conditions into their parent, several under the word that joins them."""
    (parent if len(parts) == 1 else SubElement(parent, word)).extend(parts)


def _is(column: str, value: str | float) -> Element:
    root = Element("ogc:PropertyIsEqualTo")
    SubElement(root, "ogc:PropertyName").text = column
    SubElement(root, "ogc:Literal").text = value if isinstance(value, str) else f"{value:g}"
    return root


def _add_symbolizer(rule: Element, look: LayerLook, opacity: float) -> None:
    root = SubElement(rule, _SYMBOLIZER[look.shape])
    if look.shape is Shape.POINT:
        graphic = SubElement(root, "se:Graphic")
        mark = SubElement(graphic, "se:Mark")
        SubElement(mark, "se:WellKnownName").text = "circle"
        SubElement(graphic, "se:Size").text = _pixels(look.size_mm)
        root = mark
    if look.shape is not Shape.LINE:
        _add_fill(root, look, opacity)
    if look.stroke is not Stroke.NONE:
        dashes = {"stroke-dasharray": _DASHES[look.stroke]} if look.stroke in _DASHES else {}
        _say(SubElement(root, "se:Stroke"), {"stroke": look.line, "stroke-width": _pixels(look.line_mm), **dashes})


HATCH_PX = "8"  # between two lines of a hatching


def _add_fill(parent: Element, look: LayerLook, opacity: float) -> None:
    if look.filling is Filling.NONE:
        return
    fill = SubElement(parent, "se:Fill")
    if look.filling is Filling.HATCHED:
        # As QGIS itself writes a hatching: it takes any other name for a pattern of points, in black.
        graphic = SubElement(SubElement(fill, "se:GraphicFill"), "se:Graphic")
        mark = SubElement(graphic, "se:Mark")
        SubElement(mark, "se:WellKnownName").text = "horline"
        _say(SubElement(mark, "se:Stroke"), {"stroke": look.fill, "stroke-width": "1"})
        SubElement(graphic, "se:Size").text = HATCH_PX
        SubElement(SubElement(graphic, "se:Rotation"), "ogc:Literal").text = "45"
        return
    _say(fill, {"fill": look.fill, "fill-opacity": f"{look.opacity * opacity:g}"})


def _say(parent: Element, values: dict[str, str]) -> None:
    for name, value in values.items():
        SubElement(parent, "se:SvgParameter", name=name).text = value


def _pixels(mm: float) -> str:
    return f"{mm / MM_OF_A_PIXEL:.3g}"


STYLES, PROJECTS = "layer_styles", "qgis_projects"  # QGIS's own names
OF_A_PERSON = ""  # the mark of a project that was saved in QGIS, which keeps none
OWNER = "lhasaplan"  # of the rows that this program wrote; QGIS writes a person's name there, or none
MARGIN = 0.05  # of the width of what is shown
_DATE = "2000-01-01T00:00:00.000Z"
_MAKE_STYLES = f"""CREATE TABLE {STYLES} (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
 f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
 useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME)"""
_FILLED = (
    "f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, "
    "description, owner, ui, update_time"
)
_MAKE_PROJECTS = f"CREATE TABLE {PROJECTS}(name TEXT PRIMARY KEY, metadata BLOB, content BLOB)"
_LISTED = (
    "INSERT OR IGNORE INTO gpkg_contents (table_name, data_type, identifier, description, last_change) "
    f"VALUES ('{STYLES}', 'attributes', '{STYLES}', '', '{_DATE}')"
)

Symbols = Callable[[], Sequence[LayerSymbols]]  # of every table that may stand in a file, from the topmost layer down


def dress(connection: sqlite3.Connection, symbols: Symbols, file: str, title: str, crs: str) -> None:
    """Give each table of a file its default style, and the file a project of them, unless it has them already.

    What a person kept there in QGIS stays: another default style, and all of a file whose stored project was saved anew there.
    """
    listed = connection.execute("SELECT table_name FROM gpkg_contents WHERE table_name != ? ORDER BY table_name", (STYLES,))
    tables = tuple(str(name) for (name,) in listed)
    mark = hashlib.sha256(json.dumps([file, title, crs, tables]).encode()).hexdigest()
    if _kept_mark(connection) in {mark, OF_A_PERSON}:
        return
    layers = [each for each in symbols() if each.table in tables]
    _write_styles(connection, [each for each in layers if each.classes])
    _write_project(connection, StoredProject(file, title, _system(connection, crs), _extent(connection, layers), layers), mark)


def is_of_qgis(table: str) -> bool:
    """Tell whether a table holds styles or projects, which are made anew."""
    return table in {STYLES, PROJECTS}


def _has(connection: sqlite3.Connection, table: str) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone() is not None


def _kept_mark(connection: sqlite3.Connection) -> str | None:
    """Return for what the stored project was made; None where there is none."""
    if not _has(connection, PROJECTS):
        return None
    row = connection.execute(f"SELECT metadata FROM {PROJECTS} WHERE name = ?", (NAME,)).fetchone()
    return None if row is None else _mark_in(row[0])


def _mark_in(metadata: str | bytes | None) -> str:
    try:
        return str(json.loads(metadata or "{}").get("made_for", OF_A_PERSON))
    except (ValueError, AttributeError):
        return OF_A_PERSON


def _write_styles(connection: sqlite3.Connection, layers: Sequence[LayerSymbols]) -> None:
    if not _has(connection, STYLES):
        if not layers:
            return
        connection.execute(_MAKE_STYLES)
        connection.execute(_LISTED)
    connection.execute(f"DELETE FROM {STYLES} WHERE owner = ?", (OWNER,))
    taken = {str(name) for (name,) in connection.execute(f"SELECT f_table_name FROM {STYLES} WHERE useAsDefault")}
    rows = [
        ("", "", each.table, "geom", NAME, qml(each), sld(each), each.table not in taken, each.title, OWNER, None, _DATE)
        for each in layers
    ]
    connection.executemany(f"INSERT INTO {STYLES} ({_FILLED}) VALUES ({', '.join('?' * 12)})", rows)


def _write_project(connection: sqlite3.Connection, project: StoredProject, mark: str) -> None:
    if not _has(connection, PROJECTS):
        connection.execute(_MAKE_PROJECTS)
    metadata = json.dumps({"last_modified_time": _DATE, "last_modified_user": OWNER, "made_for": mark})
    connection.execute(f"INSERT OR REPLACE INTO {PROJECTS} VALUES (?, ?, ?)", (NAME, metadata, packed(project).hex()))


def _system(connection: sqlite3.Connection, crs: str) -> QgisSystem:
    organisation, _, code = crs.partition(":")
    reported = "SELECT definition FROM gpkg_spatial_ref_sys WHERE upper(organization) = ? AND organization_coordsys_id = ?"
    row = connection.execute(reported, (organisation.upper(), code)).fetchone()
    return QgisSystem(crs, str(row[0]) if row else "")


def _extent(connection: sqlite3.Connection, layers: Sequence[LayerSymbols]) -> Extent | None:
    """Return the ground of the topmost group, that of cameras and what they see, with a margin; None where there is none."""
    boxes = {str(row[0]): row[1:] for row in connection.execute(_BOXES)}
    topmost = [each.table for each in layers if each.group == layers[0].group]
    found = [boxes[name] for name in topmost if name in boxes] or list(boxes.values())
    if not found:
        return None
    west, south, east, north = (pick(edge) for pick, edge in zip((min, min, max, max), zip(*found, strict=True), strict=True))
    margin = MARGIN * max(east - west, north - south)
    return west - margin, south - margin, east + margin, north + margin


_BOXES = "SELECT table_name, min_x, min_y, max_x, max_y FROM gpkg_contents WHERE min_x IS NOT NULL AND data_type = 'features'"
