"""Areas that maps draw, read back from what each format was given, and the areas that the text beside them states.

``python tests/map_areas.py hilltown helsinki monaco`` prints both for every format (``PYTHONPATH=.:tests``).
"""

import json
import re
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import docx
import numpy as np
import pyogrio
import shapely
import shapely.affinity
from pyproj import Transformer
from PySide6.QtGui import QColor, QImage, QPainter
from sources import shared_data

from lhasaplan import workflow
from lhasaplan.app.map.cones import draw_overlays, prepare_overlays
from lhasaplan.app.map.painter import ShownMap, sheet_of
from lhasaplan.app.map.sight import CurrentSight, sight_of
from lhasaplan.app.map.style import LIGHT
from lhasaplan.bootstrap import open_services
from lhasaplan.core.base.translations import Translations
from lhasaplan.report.facts.called import camera_numbers
from lhasaplan.report.formats.docx import write_docx
from lhasaplan.report.formats.gis import write_gpkg
from lhasaplan.report.formats.html import write_html
from lhasaplan.report.formats.papers import write_pages
from lhasaplan.report.formats.pdf import write_pdf
from lhasaplan.report.maps import figures, map_drawing
from lhasaplan.report.text.style import load_style

FINE_PX_PER_M = 20.0  # the window's paths in twentieths of a metre
PICTURE_PX = 1200  # along the longer side of a painted picture
COARSEST_M_PER_PX = 0.35  # of it: of a wider field the part round the camera is painted
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
STATED = re.compile(r"(?<!The cameras )(?:can see|be able to see up to) ([\d\s\u00a0\u202f]+(?:\.\d+)?) m²")


@dataclass
class Drawn:
    """One map of one camera as a figure: what its paths fill, its walls in view, its frame."""

    ground: object
    frontage: object
    frame: object


@dataclass
class Areas:
    """Square metres drawn and stated, by camera, of one format."""

    drawn: dict = field(default_factory=dict)
    stated: dict = field(default_factory=dict)

    def both(self):
        return [(name, self.drawn[name], self.stated[name]) for name in self.drawn if name in self.stated]


def city(name):
    """Return project and answers of a sample, or of the published extract of Monaco."""
    services = open_services()
    if name != "monaco":
        project = workflow.open_sample(services, services.content.read_sample(name))
        return project, (workflow.check if name == "hilltown" else workflow.audit)(services, project)
    empty = workflow.new_project(services, ("eu-gdpr",), name="monaco")
    project, _ = workflow.import_file(services, empty, shared_data("monaco/monaco.osm.pbf"))
    return project, workflow.audit(services, project)


def number(text):
    return float(re.sub(r"[\s\u00a0\u202f]", "", text))


def rebuilt(rings, shells_turn):
    """Return all ground inside rings: a ring that turns as shells do opens a polygon, the others are holes of the last one."""
    polygons = []
    for ring in (ring for ring in rings if len(ring) > 3):
        x, y = np.asarray(ring, float).T
        area = float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) / 2.0)
        if area * shells_turn > 0.0:
            polygons.append([ring, []])
        elif polygons:
            polygons[-1][1].append(ring)
    return shapely.union_all(shapely.make_valid([shapely.Polygon(shell, holes) for shell, holes in polygons]))


# Figures of docx, pdf, pptx and the papers


@contextmanager
def watched_figures():
    """Collect each camera's map, and the overviews under an empty name, as the figures that are about to be printed."""
    found, names = {}, []
    camera, png = figures._camera, figures.png

    def named(drawing, result, **looks):
        names.append(result.placed.camera.camera_id)
        return camera(drawing, result, **looks)

    def seen(figure, *args, **kwargs):
        found.setdefault(names.pop() if names else "", []).append(figure_of(figure))
        return png(figure, *args, **kwargs)

    with patch.object(figures, "_camera", named), patch.object(figures, "png", seen):
        yield found


def figure_of(figure):
    """Return what the paths of a figure fill, by what they say they are."""
    axes = figure.axes[0]
    ground = [_path_ground(one) for one in axes.get_children() if one.get_gid() in map_drawing.FIELDS.values()]
    walls = [_path_ground(one) for one in axes.get_children() if one.get_gid() == map_drawing.FRONTAGE]
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    return Drawn(shapely.union_all(ground), shapely.union_all(walls), shapely.box(west, south, east, north))


def _path_ground(artist):
    path = artist.get_path()
    starts = np.flatnonzero(path.codes == path.MOVETO)
    return rebuilt(np.split(path.vertices, starts[1:]), 1.0)


def fresh(assessment):
    """Return the same answers as a value that no picture was made of yet."""
    reported = None if assessment.disclosed is None else fresh(assessment.disclosed)
    return replace(assessment, cameras=(*(one for one in assessment.cameras),), totals={**assessment.totals}, disclosed=reported)


def in_docx(project, assessment, folder):
    """Return figures and stated areas of the Word file."""
    with watched_figures() as found:
        write_docx(project, fresh(assessment), folder, Translations())
    tables = [[[cell.text.replace("\u200b", "") for cell in row.cells] for row in table.rows] for table in _tables(folder)]
    table = next(table for table in tables if {"Camera", "Area it can see (m²)"} <= set(table[0]))
    column, name = table[0].index("Area it can see (m²)"), table[0].index("Camera")
    return found, {row[name]: number(row[column]) for row in table[1:]}


def _tables(folder):
    return docx.Document(folder / "audit.docx").tables


def in_pdf(project, assessment, folder, write=write_pages, name="camera-pages.pdf"):
    """Return figures and stated areas of pages of one camera each, named by its id or by its number below its map."""
    with watched_figures() as found:
        write(project, fresh(assessment), folder, Translations())
    stated, numbers = {}, camera_numbers(assessment)
    for page in read_back(folder / name):
        text = " ".join(page.split())
        said, camera = (
            STATED.search(text),
            next((one for one in found if one and re.search(rf"{re.escape(one)}(?!\d)|Camera {numbers[one]} ·", text)), ""),
        )
        if said and camera:
            stated.setdefault(camera, number(said[1]))
    return found, stated


def read_back(path):
    """Return the text of each page, by a reader that is not ours."""
    return subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout.split("\f")


# map.html


def in_html(project, assessment, folder):
    """Return drawn and stated areas by camera, both read from the page alone."""
    write_html(project, fresh(assessment), folder, Translations())
    to_xy = Transformer.from_crs("EPSG:4326", assessment.crs, always_xy=True)
    colours = load_style()["colours"]
    fills = {*load_style()["bands"].values(), colours["far"]}
    ids = {result.placed.camera.camera_id: bool(result.placed.certain) for result in assessment.cameras}
    shapes, areas = {}, Areas()
    for one in features((folder / "map.html").read_text("utf-8")):
        text, style = one["properties"]["text"], one["properties"]["style"]
        name = text.split("\n")[-1]
        if name in ids and style.get("fillColor") in fills and "Polygon" in one["geometry"]["type"]:
            # What a recorded camera's sweep may show lies beside the area that its text gives.
            if not (ids[name] and style["fillColor"] == colours["far"]):
                shapes.setdefault(name, []).append(shapely.from_geojson(json.dumps(one["geometry"])))
            areas.stated[name] = number(STATED.search(text)[1])
    for name, found in shapes.items():
        metres = shapely.transform(np.array(found), lambda at: np.column_stack(to_xy.transform(at[:, 0], at[:, 1])))
        areas.drawn[name] = float(shapely.union_all(shapely.make_valid(metres)).area)
    return areas


def features(page):
    """Return every feature that the page hands to its script, read back as the script does."""
    return [one for layer in layers_of(page).values() for one in layer]


def layers_of(page):
    """Return the features of each layer by its name, as GeoJSON; shapes are steps from point to point."""
    data = json.loads(re.search(r'<script id="data" type="application/json">(.*?)</script>', page, flags=re.DOTALL)[1])
    found = {}
    for layer in data["layers"]:
        at, found[layer["name"]] = [0, 0], []
        for style, text, shapes in layer["features"]:
            properties = {"text": text_of(text, data), "style": layer["styles"][style]}
            for shape in shapes.split(" "):
                geometry = json.loads(shapely.to_geojson(unpacked(shape, at, 10.0 ** layer["digits"])))
                found[layer["name"]].append({"properties": properties, "geometry": geometry})
    return found


def text_of(coded, data):
    if not coded:
        return ""
    kind, *numbers = coded
    plain = "\n".join(data["lines"][line] for line in data["texts"][kind])
    for number_said in (each for group in numbers for each in group.replace("_", "\u202f").split("|")):
        plain = plain.replace("\ue002", number_said, 1)
    return plain


def unpacked(shape, at, scale):
    """Return a shape from its letters; ``at`` is where the shape before it ended, and goes on."""
    signs, points, lines, polygons = iter(re.findall(r"[.~:+=!]|[g-z0-9_-]*[A-Za-f]", shape)), [], [], []
    pairs, corners = [], []
    for sign in signs:
        if sign in ".~:+=!":
            into = []
            {":": pairs, "=": corners, ".": points, "~": lines, "+": polygons, "!": polygons[-1] if polygons else None}[
                sign
            ].append([into] if sign == "+" else into)
            continue
        at[0] += signed(sign)
        at[1] += signed(next(signs))
        into.append((at[0] / scale, at[1] / scale))
    lines += [each[n : n + 2] for each in pairs for n in range(0, len(each), 2)]
    for a, b, c in (each[n : n + 3] for each in corners for n in range(0, len(each), 3)):
        polygons.append([[a, b, c, (a[0] + c[0] - b[0], a[1] + c[1] - b[1])]])
    shapes = [*(shapely.Point(one[0]) for one in points), *map(shapely.LineString, lines)]
    if polygons:
        shapes.append(shapely.MultiPolygon([(shell, holes) for shell, *holes in polygons]))
    return shapes[0] if len(shapes) == 1 else shapely.GeometryCollection(shapes)


def signed(signs):
    whole = sum((ALPHABET.index(sign) & 31) << 5 * n for n, sign in enumerate(signs))
    return -(whole + 1) // 2 if whole % 2 else whole // 2


# GeoPackage and window


def in_gpkg(project, assessment, folder):
    """Return the union of the bands of each camera, and the area in the table of cameras."""
    write_gpkg(project, assessment, folder, Translations())
    fields = pyogrio.read_dataframe(folder / "audit.gpkg", layer="fields")
    cameras = pyogrio.read_dataframe(folder / "audit.gpkg", layer="cameras")
    certain = {result.placed.camera.camera_id for result in assessment.cameras if result.placed.certain}
    its = fields[(fields.certainty == "certain") | ~fields.camera_id.isin(certain)]
    drawn = {name: float(shapely.union_all(rows.geometry.to_numpy()).area) for name, rows in its.groupby("camera_id")}
    return Areas(drawn, dict(zip(cameras.camera_id, cameras.area_m2.astype(float), strict=True)))


def in_window(assessment):
    """Return what the map of the window fills for each camera, and the area that its panel gives."""
    sight, areas = sight_of(assessment), Areas()
    for result in assessment.cameras:
        camera = result.placed.camera
        if camera.camera_id in sight.seen:
            areas.drawn[camera.camera_id] = float(window_ground(camera, sight, certain_alone=result.placed.certain).area)
            areas.stated[camera.camera_id] = result.area_m2
    return areas


def painted_in_window(assessment):
    """Yield camera id, area in its colours, area of its ground there, and what an edge through each pixel of it may change."""
    sight = sight_of(assessment)
    for result in assessment.cameras:
        camera = result.placed.camera
        ground = window_ground(camera, sight, certain_alone=result.placed.certain)
        ground = shapely.affinity.translate(ground, camera.x_m - 5e3, camera.y_m + 5e3)  # it lies as on its sheet
        box, scale = _picture_box(camera, ground)
        there = ground.intersection(shapely.box(*box))
        image = _painted(camera, sight, box, scale, certain_alone=result.placed.certain)
        faintest = LIGHT.ramp[0] if result.placed.certain else LIGHT.far
        pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)[:, : image.width(), 3]
        yield camera.camera_id, float((pixels > faintest.alpha() / 2).sum()) * scale**2, float(there.area), there.length * scale


def _picture_box(camera, ground):
    x0, y0, x1, y1 = ground.bounds if not ground.is_empty else (camera.x_m, camera.y_m, camera.x_m, camera.y_m)
    scale = min((max(x1 - x0, y1 - y0) + 4.0) / PICTURE_PX, COARSEST_M_PER_PX)
    half = scale * PICTURE_PX / 2
    x, y = (camera.x_m, camera.y_m) if scale == COARSEST_M_PER_PX else ((x0 + x1) / 2, (y0 + y1) / 2)
    return (x - half, y - half, x + half, y + half), scale


def _painted(camera, sight, box, scale, certain_alone):
    """Return what the window paints of one camera's field, on nothing: the very drawing of its tiles."""
    image = QImage(PICTURE_PX, PICTURE_PX, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(0, 0, 0, 0))
    own = CurrentSight({camera.camera_id: sight.seen[camera.camera_id]})
    keys = {"certain"} if certain_alone else {"certain", "possible", "far"}
    painter = QPainter(image)
    draw_overlays(painter, prepare_overlays([camera], own, None, 0.0), ShownMap(frozenset(keys)), box, scale)
    painter.end()
    return image


def window_ground(camera, sight, certain_alone=False):
    own = CurrentSight({camera.camera_id: sight.seen[camera.camera_id]})
    overlays, x, y = prepare_overlays([camera], own, None, 0.0), camera.x_m, camera.y_m
    sheet = sheet_of(None, ShownMap(frozenset()), (x - 5e3, y - 5e3, x + 5e3, y + 5e3), 1.0 / FINE_PX_PER_M)
    keys = ("certain",) if certain_alone else ("certain", "possible", "far")
    paths = [sheet.path(getattr(block, key)) for block in overlays.blocks for key in keys]
    scale = np.array([1.0 / FINE_PX_PER_M, -1.0 / FINE_PX_PER_M])
    rings = [np.array([(at.x(), at.y()) for at in polygon]) * scale for path in paths for polygon in path.toSubpathPolygons()]
    return rebuilt([ring if (ring[0] == ring[-1]).all() else np.vstack([ring, ring[:1]]) for ring in rings], 1.0)


def of_figures(found, stated):
    drawn = {name: float(maps[0].ground.area) for name, maps in found.items() if name}
    return Areas(drawn, stated)


def table(name):
    """Print, for each format, how many cameras it draws and the sums of what is drawn and stated of these."""
    project, assessment = city(name)
    with TemporaryDirectory() as where:
        folder = Path(where)
        rows = {
            "docx": of_figures(*in_docx(project, assessment, folder)),
            "pdf": of_figures(*in_pdf(project, assessment, folder, write_pdf, "audit.pdf")),
            "pages": of_figures(*in_pdf(project, assessment, folder)),
            "map.html": in_html(project, assessment, folder),
            "window": in_window(assessment),
            "gpkg": in_gpkg(project, assessment, folder),
        }
    for kind, areas in rows.items():
        both = areas.both()
        drawn, stated = (sum(row[n] for row in both) for n in (1, 2))
        worst = max(both, key=lambda row: abs(row[1] - row[2]))
        print(
            f"{name:9} {kind:9} cameras {len(both):4}  drawn {drawn:13,.1f}  stated {stated:13,.1f}  "
            f"largest difference {worst[0]}: {worst[1]:,.1f} / {worst[2]:,.1f} m2"
        )


if __name__ == "__main__":
    for chosen in sys.argv[1:] or ("hilltown", "helsinki"):
        table(chosen)
