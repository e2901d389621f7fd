"""Keep what other programs take out of the layers of a project file, or write over, until this program has counted it.

Triggers of the file itself put the row as it was into a table: they work in whatever program opens it (QGIS, GDAL, SQLite).
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence

import numpy as np

from lhasaplan.core.base.arrays import ObjectArray
from lhasaplan.core.model.layer import Layer, Tags
from lhasaplan.store import geometry_blob
from lhasaplan.store.tables import has_table

REPLACED = "lhasaplan_replaced"
_COLUMNS = "id TEXT, source TEXT, tags TEXT, geom BLOB"
_EVENTS = {
    "gone": 'AFTER DELETE ON "{layer}"',
    "other": 'AFTER UPDATE OF geom, tags ON "{layer}" WHEN OLD.geom IS NOT NEW.geom OR OLD.tags IS NOT NEW.tags',
}


def watch(connection: sqlite3.Connection, layers: Iterable[str]) -> None:
    """Let layers keep what is taken out of them from now on, and forget what was kept: the project that is written has it."""
    connection.execute(f"CREATE TABLE IF NOT EXISTS {REPLACED} (fid INTEGER PRIMARY KEY, layer TEXT, {_COLUMNS})")
    connection.execute(f"DELETE FROM {REPLACED}")
    for layer in layers:
        for event, when in _EVENTS.items():
            name = f"lhasaplan_{event}_{layer}".replace('"', '""')
            text = layer.replace("'", "''")
            connection.execute(
                f'CREATE TRIGGER IF NOT EXISTS "{name}" {when.format(layer=layer)} BEGIN INSERT INTO {REPLACED} '
                f"(layer, id, source, tags, geom) VALUES ('{text}', OLD.id, OLD.source, OLD.tags, OLD.geom); END"
            )


def replaced_layers(connection: sqlite3.Connection) -> tuple[Layer, ...]:
    """Return the rows that other programs took out or wrote over, as layers; tags that somebody broke say nothing."""
    if not has_table(connection, REPLACED):
        return ()
    rows = connection.execute(f"SELECT layer, id, source, tags, geom FROM {REPLACED} ORDER BY fid").fetchall()
    found: dict[str, list[tuple[object, ...]]] = {}
    for name, *row in rows:
        found.setdefault(str(name), []).append(tuple(row))
    return tuple(_layer(name, some) for name, some in found.items())


def _layer(name: str, rows: Sequence[tuple[object, ...]]) -> Layer:
    names, sources, texts, blobs = zip(*rows, strict=True)
    ids: ObjectArray = np.empty(len(rows), object)
    ids[:] = [str(each or "") for each in names]
    tags = tuple(_tags(each) for each in texts)
    return Layer(name, ids, geometry_blob.decode(blobs), tags, tuple(str(each or "") for each in sources))


def _tags(text: object) -> Tags:
    try:
        return {str(key): str(value) for key, value in json.loads(str(text or "{}")).items()}
    except (ValueError, AttributeError):
        return {}
