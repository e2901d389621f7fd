"""Give GDAL a zip whose maps lie in folders as one whose maps lie at its top, the only place where it looks for them."""

import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from lhasaplan.core.base.wording import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.files.scratch import scratch_folder
from lhasaplan.io.parse.alone import NOT_OF_FORMAT
from lhasaplan.io.parse.failure_sentences import NO_INDEX
from lhasaplan.io.parse.packed_files import copy_within_limits

SAME_NAMES = marked("files of one name lie in several folders of this zip ({names}); give each folder as a zip of its own")
_HIDDEN = ("__macosx", ".")  # what systems put beside a person's files


@contextmanager
def at_the_top(path: Path) -> Iterator[Path]:
    """Yield the zip, or a copy without folders that lasts as long as the block; any other file as it is.

    Raises
    ------
    InputError
        Two files would have one name, or a Shapefile lacks its index.
    """
    if path.suffix.casefold() != ".zip":
        yield path
        return
    with zipfile.ZipFile(path) as archive:
        members = {name: PurePosixPath(name).name for name in archive.namelist() if _is_given(name)}
        _refuse(path, list(members.values()))
        if list(members) == archive.namelist() and all(name == top for name, top in members.items()):
            yield path
            return
        with scratch_folder() as folder:
            copy = folder / path.name
            with zipfile.ZipFile(copy, "w") as flat:
                for name, top in members.items():
                    with archive.open(name) as source, flat.open(top, "w", force_zip64=True) as target:
                        copy_within_limits(source, target, path)
            yield copy


def _is_given(name: str) -> bool:
    parts = PurePosixPath(name).parts
    is_hidden = any(part.casefold().startswith(_HIDDEN) for part in parts)
    return not name.endswith("/") and not is_hidden and not name.casefold().endswith(NOT_OF_FORMAT)


def _refuse(path: Path, names: list[str]) -> None:
    lower = {name.casefold() for name in names}
    if twice := sorted(name for name, count in Counter(name.casefold() for name in names).items() if count > 1):
        raise InputError(Fault(SAME_NAMES, Where(path.name), {"names": ", ".join(twice[:5])}))
    if any(name.endswith(".shp") and f"{name[:-4]}.shx" not in lower for name in lower):
        raise InputError(Fault(NO_INDEX, Where(path.name)))
