"""Arguments and options that several verbs share."""

from pathlib import Path
from typing import Annotated

import typer

from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where

Project = Annotated[
    str,
    typer.Argument(
        metavar="PROJECT",
        help=marked("Project file (.gpkg), or its file: or postgresql: address."),
        show_default=False,
    ),
]
Json = Annotated[
    Path | None,
    typer.Option("--json", metavar="FILE", help=marked("Write the answers as JSON (docs/json.md)."), show_default=False),
]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help=marked("Write all drafts into this folder."), show_default=False)
]
Folder = Annotated[Path, typer.Option("--out", metavar="DIR", help=marked("Folder for the files."), show_default=False)]
Private = Annotated[
    bool,
    typer.Option("--private", help=marked("Exact positions even where a rule pack asks for coarse ones; not for passing on.")),
]
Strict = Annotated[
    bool,
    typer.Option(
        "--strict", help=marked("End with exit code 1 for possible findings too: views that an assumption makes due or severe.")
    ),
]
Scheduler = Annotated[
    str,
    typer.Option(
        metavar="ADDRESS",
        help=marked("Let the workers of this dask scheduler (tcp://HOST:PORT) compute what cameras see; see docs/scaling.md."),
        show_default=False,
    ),
]


def require_folder(path: Path | None) -> None:
    """Refuse a file in a folder that is not there, before any work is done for it: a mistyped name makes no folders."""
    if path is not None and not path.parent.is_dir():
        raise InputError(
            Fault(marked("there is no folder {folder}; make it first"), Where(str(path)), {"folder": str(path.parent)})
        )


def listed(text: str) -> tuple[str, ...]:
    """Return the names in a list with commas."""
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def spot(text: str) -> tuple[float, float]:
    """Return longitude and latitude of ``LON,LAT``; InputError when it is no position."""
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        lon, lat = 999.0, 999.0
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise InputError(Fault("{text} is not a position; write LON,LAT in degrees, e.g. 24.941,60.171", params={"text": text}))
    return lon, lat
