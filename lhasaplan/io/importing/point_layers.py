"""Turn a table of trees, poles or places into a layer of points."""

import numpy as np
import shapely

from lhasaplan.errors import Fault, InputError
from lhasaplan.io.content.layer_spec import LayerSpecs
from lhasaplan.io.maps.map_file import Features
from lhasaplan.io.maps.vector_file import one_layer
from lhasaplan.io.parse.raw_import import RawImport
from lhasaplan.io.tables.camera_table import fits_column
from lhasaplan.io.tables.columns import is_unread, load_columns, understand
from lhasaplan.io.tables.positions import POSITION, find_positions
from lhasaplan.io.tables.table_rows import Table

KINDS = ("trees", "poles", "places")


def points_from(table: Table, specs: LayerSpecs, kind: str, crs: str = "", datum: str = "") -> RawImport:
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
    features = Features(
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
