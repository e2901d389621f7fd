"""The layers that a file has, to be chosen from before it is read."""

from pathlib import Path

from lhasaplan.io.importing.importer import DRAWINGS, VECTORS
from lhasaplan.io.maps.map_file import layer_names, opened
from lhasaplan.io.maps.shapefile_text import in_utf8
from lhasaplan.io.parse.file_check import look_at
from lhasaplan.io.parse.foreign import reading


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
            from lhasaplan.io.drawings.drawing import drawn_layers  # noqa: PLC0415 - loads ezdxf, which no other file needs

            return drawn_layers(path)
        with opened(path) as source, in_utf8(source) as (readable, _):
            return tuple(layer_names(readable))
