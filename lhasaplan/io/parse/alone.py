"""Give a reader a file alone in a folder of its own, with those beside it that its format has: it finds and leaves nothing else.

GDAL writes what it guessed of a GML beside it (.gfs) and trusts what it finds there the next time, though that is no part of GML:
a tag or a whole layer that such a file does not name would be missing.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lhasaplan.files.scratch import scratch_folder
from lhasaplan.files.undisturbed import is_sqlite

# Files of the same stem without which a file of this ending is not whole.
BESIDE = {
    ".shp": (".shx", ".dbf", ".prj", ".cpg"),
    ".asc": (".prj",),
}
# What other programs keep beside a file or in a zip for themselves, and what only says how a file might be read.
NOT_OF_FORMAT = (
    ".gfs",
    ".xsd",
    ".aux.xml",
    ".ovr",
    ".msk",
    ".qix",
    ".sbn",
    ".sbx",
    ".ain",
    ".aih",
    ".idm",
    ".ind",
    ".resolved.gml",
)


@contextmanager
def alone(path: Path) -> Iterator[Path]:
    """Yield a path of the same name in a folder that lasts as long as the block; a database, which has none, as it is."""
    if is_sqlite(path):
        yield path
        return
    with scratch_folder() as folder:
        for part in (path, *_parts(path)):
            _put(part.resolve(), folder / part.name)
        yield folder / path.name


def _parts(path: Path) -> Iterator[Path]:
    """Yield the files that belong to this one, in whatever letters their endings are written."""
    wanted = BESIDE.get(path.suffix.casefold(), ())
    if not wanted:
        return
    for each in path.parent.iterdir():
        if each.stem == path.stem and each.suffix.casefold() in wanted and each.is_file():
            yield each


def _put(source: Path, target: Path) -> None:
    """Let the file stand there too; a copy where the system makes no links."""
    try:
        os.symlink(source, target)
    except (OSError, NotImplementedError):
        shutil.copyfile(source, target)
