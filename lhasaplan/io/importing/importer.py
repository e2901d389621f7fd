"""Read one file into the project's metres: layers, cameras, terrain, and all of its faults at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely

from lhasaplan.core.base.arrays import ObjectArray
from lhasaplan.core.base.crs import GEOGRAPHIC, check_known, check_metric, choose_crs, is_metric, transform
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.model.file_kinds import DATUMS, READ_KINDS
from lhasaplan.core.model.layer import InputRecord, Layer
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.files.undisturbed import digest
from lhasaplan.io.content.layer_spec import ORDER, LayerSpecs, load_height_rules, load_layer_specs
from lhasaplan.io.maps.city_model import is_city_gml, is_city_json, read_city_gml, read_city_json
from lhasaplan.io.maps.completeness import in_utf8
from lhasaplan.io.maps.layer_cleaning import cleaned, count_left, merged, without_vast
from lhasaplan.io.maps.layer_crs import Home
from lhasaplan.io.maps.map_file import ReadFeatures, layer_names, opened, read_features
from lhasaplan.io.maps.vector_file import RECORDS, read_vector
from lhasaplan.io.maps.vector_rows import one_layer
from lhasaplan.io.osm.features import read_osm
from lhasaplan.io.osm.source import ENDINGS, is_osm
from lhasaplan.io.parse.coordinate_systems import WGS84
from lhasaplan.io.parse.file_check import CHOSEN, file_of, look_at
from lhasaplan.io.parse.file_signatures import PARQUETS, RASTERS, zipped_raster
from lhasaplan.io.parse.foreign import reading
from lhasaplan.io.parse.raw_import import Imported, RawImport, Way, few, middles, middles_lonlat, to_project
from lhasaplan.io.tables.camera_table import cameras_from, fits_column
from lhasaplan.io.tables.columns import folded, is_unread, load_columns, understand
from lhasaplan.io.tables.positions import POSITION, find_positions
from lhasaplan.io.tables.table_file import TABLES, read_table
from lhasaplan.io.tables.table_rows import TextTable, reported_with

# Turn a table of trees, poles or places into a layer of points.
KINDS = ("trees", "poles", "places")


def points_from(table: TextTable, specs: LayerSpecs, kind: str, crs: str = "", datum: str = "") -> RawImport:
    """Return the rows as points with their cells as tags.

    Raises
    ------
    InputError
        Every row whose position cannot be read.
    """
    faults: list[Fault] = []
    columns = {name: load_columns()[name] for name in POSITION}
    meaning = understand(table.headings, columns, lambda index, column: fits_column(table, index, column))
    places = find_positions(table, meaning, crs, faults, datum)
    if faults:
        raise InputError(*faults)
    used = set(meaning.known.values())
    keep = [index for index, heading in enumerate(table.headings) if heading and index not in used and not is_unread(heading)]
    features = ReadFeatures(
        file=table.file,
        stem=table.file.split(".")[0],
        layer=table.file.split(".")[0],
        crs=places.crs,
        geometry=np.array(shapely.points(places.xy), object, ndmin=1),
        headings=tuple(table.headings[index] for index in keep),
        columns=tuple([row.cells[index] for row in table.rows] for index in keep),
        fids=[row.number for row in table.rows],
        counts_rows=True,
    )
    found = one_layer(features, specs[kind], specs)
    return RawImport(found.layers, crs=found.crs, remarks=(*places.remarks, *found.remarks), is_wgs84=places.is_wgs84)


# Headings that only these tables have: without --as such a table is refused, for its rows would become cameras.
OTHER_TABLE = marked(
    "the column {column} is one of a table of {kind}; say what the file holds (“Content of the file”, or --as): "
    "{kind}, or cameras"
)
_TELLING = {"signs": ("sign_id", "pictogram"), "baseline": ("approved_on",)}
VECTORS = (".gpkg", ".shp", ".geojson", ".json", ".geojsonl", ".fgb", ".gml", ".kml", ".zip")
DRAWINGS = (".dxf",)


def read_file(
    path: Path,
    kind: str | None = None,
    crs: str | None = None,
    datum: str = "",
    *,
    project_crs: str = "",
    national_grid: str = "",
    near: tuple[float, float] | None = None,
) -> Imported:
    """Return all that a file holds, or raise with all that is wrong with it; nothing partial.

    Parameters
    ----------
    kind : one of ``READ_KINDS``; None lets the file's name and content decide.
    crs : the system of data that do not say theirs; where the project's is not fixed yet it becomes that too, if it is metric.
    datum : ``wgs84``, or ``gcj02`` or ``bd09`` for data of Chinese map providers; empty for what the file says, else ``wgs84``.
    project_crs : the project's system, empty before the first import.
    near : longitude and latitude of the middle of what the project holds; None for nothing.
    national_grid : the system to prefer to a UTM zone when the project's is not fixed and the grid covers the data.

    Raises
    ------
    InputError
        Every fault of the file with row and column, or a project's system that is not metric.
    """
    file = file_of(path)
    with reading(file):
        _check_request(file, kind, crs, datum, project_crs)
        wish = _Wish(kind, Home(crs or "", project_crs, near), datum)
        return _read_file(path, file, wish, national_grid)


def _read_file(path: Path, file: Path, wish: "_Wish", national_grid: str) -> Imported:
    kind, datum, crs, project_crs = wish.kind, wish.datum, wish.home.crs, wish.home.project_crs
    target = project_crs or (crs if crs and is_metric(crs) else "")
    form = _form(file, kind)
    if form is TERRAIN:
        return _terrain(file, crs or "", project_crs, target, national_grid)
    specs = load_layer_specs()
    founds = _read(path, form, specs, wish)
    if not target:
        lon, lat = middles_lonlat([middles(found) for found in founds], datum or WGS84, file.name)
        target = choose_crs(lon, lat, national_grid)
    projected = [to_project(found, Way(file.name, WGS84 if found.is_wgs84 else datum or WGS84, target)) for found in founds]
    found = _imported(file, kind, target, projected, specs)
    # Under its own name, so that a second layer of the file does not take the place of the first.
    return replace(found, record=replace(found.record, path=Path(path).name)) if CHOSEN in str(path) else found


def _check_request(path: Path, kind: str | None, crs: str | None, datum: str, project_crs: str) -> None:
    look_at(path)
    if kind is not None and kind not in READ_KINDS:
        raise InputError(
            Fault("{kind} is no kind of data; write one of {kinds}", params={"kind": kind, "kinds": ", ".join(READ_KINDS)})
        )
    if datum not in {"", *DATUMS}:
        text = "{datum} is no known datum; write one of {datums}"
        raise InputError(Fault(text, params={"datum": datum, "datums": ", ".join(DATUMS)}))
    if crs:
        check_known(crs)
    if project_crs:
        check_metric(project_crs)


def _form(path: Path, kind: str | None) -> "FileForm":
    """Return what takes the file; InputError where nothing does, or where such a file does not hold the kind."""
    form = next((each for each in FORMS if each.is_one(path)), None)
    if form is None:
        text = "files of this kind are not read; these are: {formats}"
        raise InputError(
            Fault(text, Where(path.name), {"formats": " ".join((*ENDINGS, *VECTORS, *PARQUETS, *DRAWINGS, *TABLES, *RASTERS))})
        )
    if not form.holds(kind):
        raise InputError(Fault("{kind} cannot be read from a file of this kind", Where(path.name), {"kind": kind}))
    return form


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the caller says of a file: its kind, the system of what does not say its own, where it belongs, and the datum."""

    kind: str | None
    home: Home
    datum: str


def _read(path: Path, form: "FileForm", specs: LayerSpecs, wish: _Wish) -> Sequence[RawImport]:
    founds = form.read(path, specs, wish)
    if not any(found.cameras or any(len(layer) for layer in found.layers) for found in founds):
        said = few([remark for found in founds for remark in found.remarks])
        raise InputError(Fault("there is nothing in this file that is read here", Where(file_of(path).name)), *said)
    return founds


def _osm(path: Path, specs: LayerSpecs, wish: _Wish) -> Sequence[RawImport]:
    return (read_osm(file_of(path), specs, ORDER if wish.kind in {None, "osm"} else (str(wish.kind),)),)


def _drawing(path: Path, specs: LayerSpecs, wish: _Wish) -> Sequence[RawImport]:
    from lhasaplan.io.maps.drawing import read_drawing  # noqa: PLC0415 - loads ezdxf, which no other file needs

    return read_drawing(path, specs, wish.kind, wish.home, wish.datum)


def _city_model(path: Path, specs: LayerSpecs, wish: _Wish) -> Sequence[RawImport]:
    return read_city_json(file_of(path), specs, wish.home, wish.datum)


def _city_gml(path: Path, specs: LayerSpecs, wish: _Wish) -> Sequence[RawImport]:
    """Return the solids of a city model; of one that has none what GDAL finds in it."""
    return read_city_gml(file_of(path), specs, wish.home, wish.datum) or _vector(path, specs, wish)


def _parquet(path: Path, specs: LayerSpecs, wish: _Wish) -> Sequence[RawImport]:
    from lhasaplan.io.maps.geo_parquet import read_geo_parquet  # noqa: PLC0415 - loads pyarrow, which no other file needs

    return read_geo_parquet(file_of(path), specs, wish.kind, wish.home, wish.datum)


def _vector(path: Path, specs: LayerSpecs, wish: _Wish) -> Sequence[RawImport]:
    return read_vector(path, specs, wish.kind, wish.home, wish.datum)


def _table(path: Path, specs: LayerSpecs, wish: _Wish) -> Sequence[RawImport]:
    kind, crs, datum = wish.kind, wish.home.crs or wish.home.project_crs, wish.datum
    table = read_table(file_of(path))
    with reported_with(table.faults):
        if kind is None:
            _refuse_record(table)
        if kind is not None and kind in RECORDS:
            return (RECORDS[kind](table, crs, datum=datum),)
        if kind in KINDS:
            return (points_from(table, specs, kind, crs, datum),)
        return (cameras_from(table, crs, datum=datum),)


def _refuse_record(table: TextTable) -> None:
    """Raise where a heading belongs to a table of signs or approvals: what stands in those is said, never guessed."""
    headings = {folded(heading): heading for heading in table.headings}
    for kind, telling in _TELLING.items():
        for column in (headings[folded(name)] for name in telling if folded(name) in headings):
            raise InputError(Fault(OTHER_TABLE, Where(table.file, table.heading_row), {"column": column, "kind": kind}))


def _imported(path: Path, kind: str | None, crs: str, founds: Sequence[RawImport], specs: LayerSpecs) -> Imported:
    remarks = [remark for found in founds for remark in found.remarks]
    layers, vast = [], list[Fault]()
    unread = sum(found.unread for found in founds)
    for layer in merged(founds):
        borne, beyond = without_vast(layer, path.name)
        kept, said = cleaned(borne, load_height_rules(), path.name)
        layers.append(kept)
        vast.extend(beyond)
        remarks.extend((*beyond, *said))
        unread += count_left(layer, kept, specs)
    recorded = tuple(camera for found in founds for camera in found.cameras)
    if vast and not recorded and not any(map(len, layers)):
        raise InputError(*few(vast))
    cameras, baseline = ((), recorded) if kind == "baseline" else (recorded, ())
    record = InputRecord(
        path=path.name,
        sha256=digest(path),
        features=sum(len(layer) for layer in layers) + len(cameras) + len(baseline),
        date=max((found.date for found in founds), default=""),
        licence=next((found.licence for found in founds if found.licence), ""),
        kind=kind or _kind(layers, cameras, path),
        unread_protected=unread,
    )
    columns = tuple(dict.fromkeys(pair for found in founds for pair in found.columns))
    return Imported(crs, tuple(layers), cameras, baseline, (), record, few(remarks), columns)


def _kind(layers: Sequence[Layer], cameras: Sequence[Camera], path: Path) -> str:
    if is_osm(path):
        return "osm"
    names = [layer.name for layer in layers] + (["cameras"] if cameras else [])
    return names[0] if len(names) == 1 else ", ".join(names)


def _terrain(path: Path, crs: str, project_crs: str, target: str, national_grid: str) -> Imported:
    from lhasaplan.io.terrain.raster import read_raster, terrain_record  # noqa: PLC0415 - loads rasterio, which no other file needs

    raster = read_raster(path, crs, project_crs)
    lon, lat = middles_lonlat([(raster.crs, np.array([raster.middle]))], "wgs84", path.name)
    sha256 = digest(path)
    target = target or choose_crs(lon, lat, national_grid)
    record = InputRecord(path.name, sha256, 1, kind="terrain")
    return Imported(target, (), (), (), (terrain_record(raster, target, sha256),), record, raster.remarks)


@dataclass(frozen=True, slots=True)
class FileForm:
    """One form of files: how one is recognised, which kinds it may hold, and what reads it."""

    is_one: Callable[[Path], bool]
    holds: Callable[[str | None], bool]
    read: Callable[[Path, LayerSpecs, _Wish], Sequence[RawImport]]


def _ends(endings: tuple[str, ...]) -> Callable[[Path], bool]:
    return lambda path: path.name.casefold().endswith(endings)


def _is_raster(path: Path) -> bool:
    return _ends(RASTERS)(path) or (_ends((".zip",))(path) and zipped_raster(path) is not None)


def _holds_shapes(kind: str | None) -> bool:
    return kind not in {"terrain", "osm"}


TERRAIN = FileForm(_is_raster, lambda kind: kind in {None, "terrain"}, lambda _path, _specs, _wish: ())
# The first that recognises a file takes it.
FORMS = (
    FileForm(is_osm, lambda kind: kind not in {"terrain", *RECORDS}, _osm),
    FileForm(_ends(TABLES), lambda kind: kind in {None, "cameras", *RECORDS, *KINDS}, _table),
    TERRAIN,
    FileForm(is_city_json, lambda kind: kind in {None, "buildings"}, _city_model),
    FileForm(is_city_gml, lambda kind: kind in {None, "buildings"}, _city_gml),
    FileForm(_ends(PARQUETS), _holds_shapes, _parquet),
    FileForm(_ends(VECTORS), _holds_shapes, _vector),
    FileForm(_ends(DRAWINGS), _holds_shapes, _drawing),
)


def layers_in(path: Path) -> tuple[str, ...]:
    """Return the names of the layers with shapes; none of a file that has no layers (a table, a raster, an extract).

    Raises
    ------
    InputError
        The file cannot be read.
    """
    name = path.name.casefold()
    if not name.endswith((*VECTORS, *DRAWINGS)):
        return ()
    with reading(path):
        look_at(path)
        if name.endswith(DRAWINGS):
            from lhasaplan.io.maps.drawing import drawn_layers  # noqa: PLC0415 - loads ezdxf, which no other file needs

            return drawn_layers(path)
        with opened(path) as source, in_utf8(source) as (readable, _):
            return tuple(layer_names(readable))


# Read the lines of a route from a file: GPX tracks and routes, or the lines of any map file; nothing else of it is kept.

NO_LINES = marked("there is no line in this file; a route is a GPX track or route, or a layer of lines")
NOT_LINES = marked("not taken as a route: {count} points and areas")
GPX = "GPX"
_GPX_LINES = ("tracks", "routes")


def read_route(path: Path, crs: str) -> tuple[ObjectArray, tuple[Fault, ...]]:
    """Return the lines of a file as single lines in the project's system, in the file's order, and remarks.

    ``city.gpkg|layername=walks`` reads that layer alone.

    Raises
    ------
    InputError
        The file cannot be read, or holds no line.
    """
    file = file_of(path)
    lines, remarks = _gpx(file, crs) if file.name.casefold().endswith(".gpx") else _map(path, crs)
    parts = shapely.get_parts(lines)
    kept = parts[(shapely.get_dimensions(parts) == 1) & (shapely.length(parts) > 0.0)]
    if not len(kept):
        raise InputError(Fault(NO_LINES, Where(file.name)))
    left = len(lines) - int((shapely.get_dimensions(lines) == 1).sum())
    return kept, (*remarks, *((Fault(NOT_LINES, Where(file.name), {"count": left}),) if left else ()))


def _map(path: Path, crs: str) -> tuple[ObjectArray, tuple[Fault, ...]]:
    """Return what a map file has, read as streets are: in any layer and system, cleaned, set into the project's metres."""
    found = read_file(path, kind="roads", project_crs=crs)
    shapes = [layer.geometry for layer in found.layers]
    return np.concatenate([*shapes, np.empty(0, object)]), found.remarks


def _gpx(file: Path, crs: str) -> tuple[ObjectArray, tuple[Fault, ...]]:
    """Return tracks and routes of a GPX file, which is in longitude and latitude; heights and times are left."""
    with reading(file):
        look_at(file, read_here=GPX)
        with opened(file) as readable:
            layers = [name for name in layer_names(readable) if name in _GPX_LINES]
            found = [read_features(readable, name, GEOGRAPHIC).geometry for name in layers]
    shapes = np.concatenate([*found, np.empty(0, object)])
    there = shapes[~shapely.is_missing(shapes)]
    return shapely.transform(there, lambda xy: np.column_stack(transform(GEOGRAPHIC, crs, xy[:, 0], xy[:, 1]))), ()
