"""Write what other systems take: masks for cameras, changes of nodes for OpenStreetMap, the count grid as a GeoTIFF.

Only forms that blacken the picture are written. The masks of Frigate and Viseron are not: they stop motion and objects from
being found, and the picture is recorded all the same.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import numpy.typing as npt
import rasterio
import shapely
from rasterio.transform import from_origin
from rasterio.windows import Window

from lhasaplan.core.base.spelling import plain_letters
from lhasaplan.core.base.translations import AS_SHIPPED, DataState, Translations, marked
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.osm_changes import OsmChange
from lhasaplan.core.results.assessment import CameraResult, ShownAssessment, ShownProject
from lhasaplan.core.results.finding import Mitigation, MitigationAction
from lhasaplan.core.sight import CellFrame
from lhasaplan.core.sight.sweep.view_counts import Counts
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.report.facts.called import camera_numbers
from lhasaplan.report.text.output_files import replacing
from lhasaplan.report.text.words import data_banners

# Write changes of nodes for OpenStreetMap: as osmChange (.osc), or for JOSM (.osm) with the comment of the changeset.

NO_SUCH_FORM = marked("changes for OpenStreetMap are written as .osc, or as .osm for JOSM")
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
BY = "lhasaplan"


def write_osm_changes(path: Path, changes: Sequence[OsmChange], comment: str) -> Path:
    """Write the nodes with all their tags, those that change and those that stay, under the version that was read.

    A new node has no version: the map gives it one.
    """
    writers = {".osc": _osc, ".osm": _josm}
    lines = writers.get(path.suffix.casefold())
    if lines is None:
        raise InputError(Fault(NO_SUCH_FORM, Where(path.name)))
    with replacing(path) as draft:
        draft.write_text("\n".join((HEAD, *lines(changes, comment), "")), encoding="utf-8", newline="\n")
    return path


def _osc(changes: Sequence[OsmChange], comment: str) -> Iterator[str]:
    yield f"<!-- {re.sub('-{2,}', '-', comment).rstrip('-')} -->"  # two in a row would end a comment of XML
    yield f'<osmChange version="0.6" generator="{BY}">'
    for action, is_new in (("create", True), ("modify", False)):
        own = [each for each in changes if (each.node.version == 0) is is_new]
        if own:
            yield f"<{action}>"
            for each in own:
                yield from _node(each, "")
            yield f"</{action}>"
    yield "</osmChange>"


def _josm(changes: Sequence[OsmChange], comment: str) -> Iterator[str]:
    yield f'<osm version="0.6" generator="{BY}" upload="true">'
    yield f'<changeset><tag k="comment" v={quoteattr(comment)}/><tag k="created_by" v="{BY}"/></changeset>'
    for each in changes:
        yield from _node(each, ' action="modify"')
    yield "</osm>"


def _node(change: OsmChange, action: str) -> Iterator[str]:
    node = change.node
    version = f' version="{node.version}"' if node.version else ""
    yield f'<node id="{node.node_id}"{version} lat="{node.lat:.7f}" lon="{node.lon:.7f}"{action}>'
    for key, value in sorted(change.tags.items()):
        yield f"<tag k={quoteattr(key)} v={quoteattr(value)}/>"
    yield "</node>"


# Write the masks that would end views in the forms that cameras and recorders take: SVG, PGM, and ONVIF requests.

Polygon = tuple[tuple[float, float], ...]
MEDIA, SCHEMA, ENVELOPE = (
    "http://www.onvif.org/ver20/media/wsdl",
    "http://www.onvif.org/ver10/schema",
    "http://www.w3.org/2003/05/soap-envelope",
)
TOKEN = "VIDEO_SOURCE_CONFIGURATION"
TITLE = marked("Masks of camera {number}, {camera}: {width} by {height} pixels")
TOKEN_NOTE = marked("Put the token of your device's video source configuration in the place of {token}.")
BLACK, WHITE = 0, 255


def write_masks(
    project: ShownProject,
    assessment: ShownAssessment,
    folder: Path,
    translations: Translations,
    *,
    cameras: Sequence[str] = (),
) -> list[Path]:
    """Write ``mask-NN-CAMERA.svg``, ``.pgm`` and ``.onvif.xml`` of each camera that a mask in its picture would mend.

    Masks that are on record are in them, too. A camera whose pose is not recorded has none; coarse outputs have none at all.
    """
    numbers = camera_numbers(assessment)
    wanted = [result for result in assessment.cameras if not cameras or result.placed.camera.camera_id in cameras]
    return [path for result in wanted for path in _write_one(result, numbers, folder, translations)]


def _write_one(result: CameraResult, numbers: Mapping[str, str], folder: Path, translations: Translations) -> list[Path]:
    camera, polygons = result.placed.camera, masks_of(result)
    if not polygons or camera.image_width_px is None or camera.image_height_px is None:
        return []
    size = camera.image_width_px, camera.image_height_px
    number = numbers[camera.camera_id]
    params = {"number": number, "camera": camera.name or camera.camera_id, "width": size[0], "height": size[1]}
    title, name = translations(TITLE, **params), f"mask-{number}-{plain_letters(camera.camera_id) or 'camera'}"
    texts = {".svg": svg_of(polygons, size, title), ".onvif.xml": onvif_of(polygons, size, title, translations)}
    paths = []
    for ending, text in texts.items():
        paths.append(folder / f"{name}{ending}")
        with replacing(paths[-1]) as draft:
            draft.write_text(text, "utf-8")
    paths.append(folder / f"{name}.pgm")
    with replacing(paths[-1]) as draft:
        draft.write_bytes(pgm_of(polygons, size))
    return paths


def masks_of(result: CameraResult) -> tuple[Polygon, ...]:
    """Return the polygons that hide what is to be hidden, in pixels from the top left; none where nothing is to be masked."""
    proposed = tuple(polygon for sighting in result.sightings for polygon in _in_picture(sighting.mitigation))
    return (*result.placed.camera.mask_px, *dict.fromkeys(proposed)) if proposed else ()


def _in_picture(mitigation: Mitigation | None) -> tuple[Polygon, ...]:
    """Return the polygons of a mask in the picture: the mitigation itself, else the first alternative that is one."""
    if mitigation is None:
        return ()
    for each in (mitigation, *(mitigation.alternatives or ())):
        if each.action is MitigationAction.MASK and each.figures.mask_px:
            return each.figures.mask_px
    return ()


def svg_of(polygons: Sequence[Polygon], size_px: tuple[int, int], title: str) -> str:
    """Return the masks as black polygons over an empty picture of the same size."""
    width, height = size_px
    shapes = "".join(f' <polygon points="{_points(polygon)}" fill="black"/>\n' for polygon in polygons)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">\n'
    return f"{head} <title>{escape(title)}</title>\n{shapes}</svg>\n"


def _points(polygon: Polygon) -> str:
    return " ".join(f"{u:.1f},{v:.1f}" for u, v in polygon)


def pgm_of(polygons: Sequence[Polygon], size_px: tuple[int, int]) -> bytes:
    """Return the masks as a grey picture (PGM, P5): black is hidden, white is shown, as ``mask_privacy`` of Motion takes it.

    A pixel that a mask touches is hidden.
    """
    width, height = size_px
    pixels = np.full((height, width), WHITE, np.uint8)
    for polygon in polygons:
        _blacken(pixels, shapely.make_valid(shapely.Polygon(polygon)))
    return f"P5\n{width} {height}\n255\n".encode("ascii") + pixels.tobytes()


def _blacken(pixels: npt.NDArray[np.uint8], shape: shapely.Geometry) -> None:
    """Hide every pixel that a shape touches, row by row."""
    height, width = pixels.shape
    shape = shapely.intersection(shape, shapely.box(0, 0, width, height))
    if shapely.is_empty(shape):
        return
    _, top, _, bottom = shapely.bounds(shape)
    for row in range(max(0, int(top)), min(height, int(np.ceil(bottom)))):
        for part in shapely.get_parts(shapely.intersection(shape, shapely.box(0, row, width, row + 1))):
            west, _, east, _ = shapely.bounds(part)
            pixels[row, max(0, int(west)) : min(width, int(np.ceil(east)))] = BLACK


def onvif_of(polygons: Sequence[Polygon], size_px: tuple[int, int], title: str, translations: Translations) -> str:
    """Return one CreateMask request of ONVIF's Media2 service for each polygon, in one file.

    Points lie between -1 and 1 from the middle of the picture, y upwards (ONVIF Media2 Service Specification, masks).
    """
    note = translations(TOKEN_NOTE, token=TOKEN).replace("--", "- -")
    requests = "".join(_request(polygon, size_px) for polygon in polygons)
    name = quoteattr(title)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- {escape(note)} -->\n<requests title={name}>\n{requests}</requests>\n'


def _request(polygon: Polygon, size_px: tuple[int, int]) -> str:
    points = "".join(f'      <tt:Point x="{x:.5f}" y="{y:.5f}"/>\n' for x, y in _normal(polygon, size_px))
    return (
        f'<s:Envelope xmlns:s="{ENVELOPE}" xmlns:tr2="{MEDIA}" xmlns:tt="{SCHEMA}"><s:Body><tr2:CreateMask>\n'
        f"  <tr2:Mask>\n    <tr2:ConfigurationToken>{TOKEN}</tr2:ConfigurationToken>\n    <tr2:Polygon>\n{points}"
        "    </tr2:Polygon>\n    <tr2:Type>Color</tr2:Type>\n"
        '    <tr2:Color X="0" Y="0" Z="0" Colorspace="http://www.onvif.org/ver10/colorspace/RGB"/>\n'
        "    <tr2:Enabled>true</tr2:Enabled>\n  </tr2:Mask>\n</tr2:CreateMask></s:Body></s:Envelope>\n"
    )


def _normal(polygon: Polygon, size_px: tuple[int, int]) -> Iterator[tuple[float, float]]:
    for u, v in polygon:
        x, y = 2.0 * u / size_px[0] - 1.0, 1.0 - 2.0 * v / size_px[1]
        yield max(-1.0, min(1.0, x)), max(-1.0, min(1.0, y))


# The count grid as a GeoTIFF.

SAYS = "Number of operating cameras with recorded direction and lens that can see the ground, 1.5 m above it; no value: none"
MADE_UP = "FICTITIOUS / SYNTHETIC DATA. "
LAYOUT = {
    "driver": "GTiff",
    "count": 1,
    "dtype": "uint16",
    "nodata": 0,
    "compress": "deflate",
    "predictor": 2,
    "bigtiff": "if_safer",
}


def write_counts(
    path: Path, frame: CellFrame, project: Project, strips: Iterable[tuple[int, Counts]], data: DataState = AS_SHIPPED
) -> Path:
    """Write strips of rows as they come; the file appears when all are written, and an old one stays until then."""
    shape = {"width": frame.columns, "height": frame.rows, "crs": project.crs}
    place = from_origin(frame.west, frame.north, frame.cell, frame.cell)
    said = " ".join((*data_banners(data, Translations()), (MADE_UP if project.synthetic else "") + SAYS))
    with replacing(path) as draft, rasterio.open(draft, "w", transform=place, **shape, **LAYOUT) as grid:
        grid.update_tags(TIFFTAG_IMAGEDESCRIPTION=said)
        for first, counts in strips:
            grid.write(counts, 1, window=Window(0, first, counts.shape[1], counts.shape[0]))
    return path
