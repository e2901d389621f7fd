"""Write a QGIS project that a GeoPackage carries: its layers in groups, with their symbols, system and extent."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from lhasaplan.qgis.symbols import DOCTYPE, WRITTEN_FOR, LayerSymbols, add_look

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
        _add_first_view(root, project.extent, project.crs)
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
        _add_extent(canvas, project.extent)
    _add_crs(SubElement(canvas, "destinationsrs"), project.crs)


def _add_extent(parent: Element, extent: Extent) -> None:
    reported = SubElement(parent, "extent")
    for name, value in zip(("xmin", "ymin", "xmax", "ymax"), extent, strict=True):
        SubElement(reported, name).text = f"{value:.3f}"


def _add_first_view(root: Element, extent: Extent, crs: QgisSystem) -> None:
    """Add where the map is when it is opened, and where its key for the whole map leads."""
    edges = dict(zip(("xmin", "ymin", "xmax", "ymax"), (f"{value:.3f}" for value in extent), strict=True))
    view = SubElement(root, "ProjectViewSettings", UseProjectScales="0", rotation="0")
    _add_crs(SubElement(view, "DefaultViewExtent", edges), crs)


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
