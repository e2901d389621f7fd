"""Put styles and a stored project into a GeoPackage, beside what a person keeps there."""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Sequence

from lhasaplan.qgis.renderer import qml
from lhasaplan.qgis.sld import sld
from lhasaplan.qgis.stored_project import NAME, Extent, QgisSystem, StoredProject, packed
from lhasaplan.qgis.symbols import LayerSymbols

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
    tables = _tables(connection)
    mark = _mark(file, title, crs, tables)
    if _kept_mark(connection) in {mark, OF_A_PERSON}:
        return
    layers = [each for each in symbols() if each.table in tables]
    _write_styles(connection, [each for each in layers if each.classes])
    _write_project(connection, StoredProject(file, title, _system(connection, crs), _extent(connection, layers), layers), mark)


def is_of_qgis(table: str) -> bool:
    """Tell whether a table holds styles or projects, which are made anew."""
    return table in {STYLES, PROJECTS}


def _tables(connection: sqlite3.Connection) -> tuple[str, ...]:
    listed = connection.execute("SELECT table_name FROM gpkg_contents WHERE table_name != ? ORDER BY table_name", (STYLES,))
    return tuple(str(name) for (name,) in listed)


def _has(connection: sqlite3.Connection, table: str) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone() is not None


def _mark(file: str, title: str, crs: str, tables: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps([file, title, crs, tables]).encode()).hexdigest()


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
    rows = [_style_row(each, each.table not in taken) for each in layers]
    connection.executemany(f"INSERT INTO {STYLES} ({_FILLED}) VALUES ({', '.join('?' * 12)})", rows)


def _style_row(layer: LayerSymbols, is_default: bool) -> tuple[object, ...]:
    return "", "", layer.table, "geom", NAME, qml(layer), sld(layer), is_default, layer.title, OWNER, None, _DATE


def _write_project(connection: sqlite3.Connection, project: StoredProject, mark: str) -> None:
    if not _has(connection, PROJECTS):
        connection.execute(_MAKE_PROJECTS)
    metadata = json.dumps({"last_modified_time": _DATE, "last_modified_user": OWNER, "made_for": mark})
    connection.execute(f"INSERT OR REPLACE INTO {PROJECTS} VALUES (?, ?, ?)", (NAME, metadata, packed(project).hex()))


def _system(connection: sqlite3.Connection, crs: str) -> QgisSystem:
    organisation, _, code = crs.partition(":")
    told = "SELECT definition FROM gpkg_spatial_ref_sys WHERE upper(organization) = ? AND organization_coordsys_id = ?"
    row = connection.execute(told, (organisation.upper(), code)).fetchone()
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
