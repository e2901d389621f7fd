"""What reads strangers' bytes besides the readers of the corpus: tables taken back, backgrounds, templates, sealed projects."""

import io as streams
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import docx
import numpy as np
import openpyxl
import pyogrio
import rasterio
import shapely
from PIL import Image
from rasterio.transform import from_origin

from lhasaplan.core.model.camera import Camera
from lhasaplan.core.project.project import Project, TerrainRecord
from lhasaplan.core.records.schedule import row_mark
from lhasaplan.errors import InputError
from lhasaplan.io.content.policy_files import load_unit_prices
from lhasaplan.io.importing import basemap_file
from lhasaplan.io.importing.importer import layers_in
from lhasaplan.io.tables.filled_in_tables import filled_in_name, read_declarations, read_filled_in
from lhasaplan.io.tables.filled_table import read_pasted
from lhasaplan.io.terrain.terrain_grid import sheets_of
from lhasaplan.report.formats.docx import template_faults, template_remarks
from lhasaplan.report.formats.slide_frame import empty_presentation
from lhasaplan.store.geopackage import GeoPackageStore
from lhasaplan.store.sealed import SealedStore, sealed_by

CRS, BOX = "EPSG:3857", (0.0, 0.0, 64.0, 64.0)
SECRET = bytes(range(32))


@dataclass(frozen=True, slots=True)
class Door:
    """One way in: its name, the name of its file, how a sound file is written, and how one is read (InputError refuses it)."""

    name: str
    file: str
    write: Callable[[Path], object]
    read: Callable[[Path], object]


def _text(*rows: str) -> Callable[[Path], object]:
    return lambda path: path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def _workbook(*rows: str) -> Callable[[Path], object]:
    def write(path: Path) -> None:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row.split(","))
        book.save(path)

    return write


ANSWERS = (
    "camera_id,kind,mount_height_m,hfov_deg,answered_by,answered_on",
    "A,fixed,4.5,60,City,2026-03-01",
    "B,dome,5,90,City,",
)
SCHEDULE = (
    "camera_id,name,work,unit_price,currency,phase,decision,decided_by,decided_on,due_on,row_mark",
    "A,Gate,new,1200.50,EUR,2027,approved,Council,2026-03-01,2027-03-31," + row_mark("A", "Gate", "new"),
    "B,North,goes,,EUR,2027,open,,,,",
)
MINUTES = (
    "item,question,decision,outcome,decided_by,decided_on,due_on",
    "camera:A,Is it put up?,approved,yes,Council,2026-03-01,2027-03-31",
    "no_camera,Is none put up?,refused,no,Council,2026-03-01,",
)
REASONS = ("subject,difference,reason,reason_by,reason_on", "A,missing,the mast is gone,Office,2026-03-01")
DECLARED = ("id,declaration,reason,by,date", "way/1,not_dwelling,a shed,A. Example,2026-03-01")
PASTED = ("camera_id\tmount_height_m\tkind", "A\t4.5\tfixed", "B\t5\tdome")
PRICES = ('currency = "EUR"', "[unit_prices]", "new_on_pole = 1200.5", 'move = ""')
RING = [(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 0.0)]


def _filled_in(name: str) -> Callable[[Path], object]:
    """Return what the import does: ask which table it is, and read it as the one that is meant, whatever the answer is."""
    return lambda path: (filled_in_name(path), read_filled_in(path, name))


def _layers(path: Path) -> None:
    shapes = np.array([shapely.to_wkb(shapely.Polygon(RING))], object)
    for layer in ("houses", "roads"):
        how = {"layer": layer, "geometry_type": "Polygon", "crs": CRS, "append": path.exists()}
        pyogrio.raw.write(path, shapes, [np.array([9.0])], ["height"], driver="GPKG", **how)


def raster(path: Path, bands: int = 3) -> None:
    """Write a small sound GeoTIFF, of a picture or of heights."""
    shape = {"width": 64, "height": 64, "count": bands, "dtype": "uint8", "crs": CRS, "transform": from_origin(0, 64, 1, 1)}
    with rasterio.open(path, "w", "GTiff", tiled=True, blockxsize=16, blockysize=16, compress="deflate", **shape) as target:
        target.write(np.full((bands, 64, 64), 90, np.uint8))


def _picture(form: str) -> bytes:
    stream = streams.BytesIO()
    Image.new("RGB", (256, 256), (9, 9, 9)).save(stream, form)
    return stream.getvalue()


def mbtiles(path: Path) -> None:
    """Write a tile of the whole world with what is told of it."""
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE tiles (zoom_level, tile_column, tile_row, tile_data)")
        made.execute("CREATE TABLE metadata (name, value)")
        made.execute("INSERT INTO metadata VALUES ('format', 'png')")
        made.execute("INSERT INTO tiles VALUES (0, 0, 0, ?)", (_picture("PNG"),))
        made.commit()


def as_background(path: Path) -> None:
    """Open a background as the map does, and draw a piece of it."""
    basemap_file._opened.cache_clear()
    basemap_file.check(path, CRS)
    basemap_file.picture(path, CRS, BOX, 32, 32)


def _as_tile(path: Path) -> None:
    """Put the bytes into a folder of tiles."""
    folder = path.parent / "tiles" / "0" / "0"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"0{path.suffix}").write_bytes(path.read_bytes())
    as_background(path.parent / "tiles")


def _as_ground(path: Path) -> None:
    """Put the bytes into a project as terrain, of which nobody asked what it is."""
    content = path.read_bytes()
    record = TerrainRecord(name=path.name, sha256="", crs=CRS, bounds_m=BOX, resolution_m=1.0, content=content)
    sheets_of((record,), CRS, BOX)


def word(path: Path) -> None:
    """Write the least template of a text."""
    text = docx.Document()
    text.add_paragraph("[[content]]")
    text.save(path)


def slides(path: Path) -> None:
    """Write the least template of slides."""
    empty_presentation().save(path)


def as_template(path: Path) -> None:
    """Look at a template as the drafts do."""
    if faults := template_faults([path]):
        raise InputError(*faults)
    template_remarks([path])


def _plain(path: Path) -> None:
    GeoPackageStore(path).save(Project(name="kept", crs="EPSG:25832", cameras=(Camera("A", 1.0, 2.0),)))


def _sealed(path: Path) -> None:
    _plain(plain := path.with_suffix(".plain"))
    sealed_by(path, SECRET).save(GeoPackageStore(plain).load())
    plain.unlink()


def _unsealed(path: Path) -> None:
    store: SealedStore = sealed_by(path, SECRET)
    store.load()


DOORS: tuple[Door, ...] = (
    Door("questionnaire", "a.csv", _text(*ANSWERS), _filled_in("questionnaire")),
    Door("questionnaire, workbook", "a.xlsx", _workbook(*ANSWERS), _filled_in("questionnaire")),
    Door("schedule", "a.csv", _text(*SCHEDULE), _filled_in("schedule")),
    Door("schedule, workbook", "a.xlsx", _workbook(*SCHEDULE), _filled_in("schedule")),
    Door("minutes", "a.csv", _text(*MINUTES), _filled_in("minutes")),
    Door("reasons", "a.csv", _text(*REASONS), _filled_in("differences")),
    Door("declarations", "a.csv", _text(*DECLARED), read_declarations),
    Door("pasted rows", "a.txt", _text(*PASTED), lambda path: read_pasted(path.read_text("utf-8", "replace"), ("A", "B"))),
    Door("unit prices", "a.toml", _text(*PRICES), load_unit_prices),
    Door("layers of a map", "a.gpkg", _layers, layers_in),
    Door("background GeoTIFF", "a.tif", raster, as_background),
    Door("background MBTiles", "a.mbtiles", mbtiles, as_background),
    Door("background tile PNG", "a.png", lambda path: path.write_bytes(_picture("PNG")), _as_tile),
    Door("background tile JPEG", "a.jpg", lambda path: path.write_bytes(_picture("JPEG")), _as_tile),
    Door("background tile WebP", "a.webp", lambda path: path.write_bytes(_picture("WEBP")), _as_tile),
    Door("stored terrain", "a.tif", partial(raster, bands=1), _as_ground),
    Door("Word template", "own.docx", word, as_template),
    Door("template of slides", "own.pptx", slides, as_template),
    Door("sealed project", "a.lhasaplan", _sealed, _unsealed),
)
