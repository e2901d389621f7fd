"""The least that an audit takes: the cones and bands of all views, and the bytes of the answers written once.

Of a region these are the tables of answers that ours wrote into the project, whose round comes before.
"""

import json
import sqlite3
import time

import shapely

from lhasaplan.bootstrap import open_services
from lhasaplan.compute import open_sight
from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.context.audit_context import make_context
from lhasaplan.store.journal_table import TABLES
from lhasaplan.workflow.answers import reference_data

from ..audit_city import city, read_size
from ..region import ORDER_FILE, Order, region
from ..worker import serve

VIEWS_A_STRETCH = 1_024


def prepare(folder):
    """Return a run over all views; the city, its scene and, of a city, the answers are made before."""
    order = folder / ORDER_FILE
    project = region(Order(**json.loads(order.read_text("utf-8")))) if order.exists() else city(read_size(folder))
    known = reference_data(open_services(), project)
    context = make_context(project, known, with_planned=False)
    views, rounds = context.view_table.views, iter(range(2))
    write = _sqlite_of(folder) if order.exists() else _blob_of(folder, _shapes_of(project, known))

    def run():
        if next(rounds, None) == 0:  # the worker's own warm-up
            return None
        begun, cpu = time.perf_counter(), time.process_time()
        with open_sight() as sight:
            for low in range(0, len(views), VIEWS_A_STRETCH):
                for field in sight.visibility_fields(views[low : low + VIEWS_A_STRETCH], context.rooms):
                    _ = field.bands
        seen = time.perf_counter() - begun, time.process_time() - cpu
        written = write()
        return {"wall_s": seen[0] + written[0], "cpu_s": seen[1] + written[1], "written_s": written[0], "answers": len(views)}

    return run


def _shapes_of(project, known):
    """Return the geometry of all answers as bytes."""
    with open_sight() as sight:
        found = audit(project, known, sight=sight)
    shapes = [each.geometry for each in found.findings]
    for camera in found.cameras:
        shapes += [camera.unasked, camera.night, *(field.geometry for field in camera.fields)]
        shapes += [shape for each in camera.sightings for shape in (each.geometry, each.open_ground, each.at_grade)]
    return b"".join(shapely.to_wkb([shape for shape in shapes if shape is not None]).tolist())


def _blob_of(folder, blob):
    def write():
        begun, cpu = time.perf_counter(), time.process_time()
        (folder / "floor.bin").write_bytes(blob)
        return time.perf_counter() - begun, time.process_time() - cpu

    return write


def _sqlite_of(folder):
    def write():
        with sqlite3.connect(folder / "region.gpkg") as source:
            tables = {name: source.execute(f'SELECT * FROM "{name}"').fetchall() for name in TABLES}
        begun, cpu = time.perf_counter(), time.process_time()
        with sqlite3.connect(folder / "floor.sqlite") as target:
            for name, rows in tables.items():
                width = len(rows[0]) if rows else 1
                target.execute(f'CREATE TABLE "{name}" ({", ".join(f"c{k}" for k in range(width))})')
                target.executemany(f'INSERT INTO "{name}" VALUES ({", ".join("?" * width)})', rows)
        return time.perf_counter() - begun, time.process_time() - cpu

    return write


if __name__ == "__main__":
    serve(prepare)
