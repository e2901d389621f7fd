"""All files of the corpus, reader by reader."""

from corpus import (
    camera_tables,
    door,
    geojson,
    lost_rows,
    map_files,
    osm_files,
    other_kinds,
    other_tables,
    projects,
    table_files,
    terrain,
    text_files,
)
from corpus.case import Case, Reader

READERS: tuple[Reader, ...] = (
    camera_tables.READER,
    *table_files.READERS,
    *other_tables.READERS,
    geojson.READER,
    *map_files.READERS,
    *osm_files.READERS,
    *terrain.READERS,
    *text_files.READERS,
    projects.READER,
    *door.READERS,
    *lost_rows.READERS,
    *other_kinds.READERS,
)
CASES: tuple[Case, ...] = tuple(case for reader in READERS for case in reader.cases)
