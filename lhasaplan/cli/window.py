"""The verb open: the window, in a process of its own, since nothing else here knows Qt."""

import os
import subprocess
import sys
from typing import Annotated

import typer

from lhasaplan.cli.screen import terminal_of
from lhasaplan.core.base.wording import marked
from lhasaplan.errors import Fault, InputError

WINDOW = "lhasaplan.app"


def add_window(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("open", help=marked("Open the window, with a project if one is named.\n\nExample: open monaco.gpkg"))(_open)


def _open(
    context: typer.Context,
    project: Annotated[
        str | None,
        typer.Argument(
            metavar="[PROJECT]", help=marked("Project file (.gpkg), or its file: or postgresql: address."), show_default=False
        ),
    ] = None,
) -> None:
    terminal = terminal_of(context)
    if not _has_screen():
        raise InputError(Fault("There is no screen here; every other verb works without one (--help)"))
    words = [sys.executable, "-m", WINDOW, *([] if project is None else [project])]
    environment = {**os.environ, "LHASAPLAN_LANG": terminal.wording.language}
    raise typer.Exit(subprocess.call(words, env=environment))


def _has_screen() -> bool:
    """Tell whether a window can be shown; Qt would end the process where it cannot."""
    named = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
    return named or not sys.platform.startswith("linux")
