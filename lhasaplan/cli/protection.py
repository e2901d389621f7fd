"""Passphrases on the command line: open closed places where a verb reads a project, and the verb protect that closes them."""

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from lhasaplan import workflow
from lhasaplan.cli.screen import Project, Terminal, terminal_of
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError
from lhasaplan.files.scratch import account

if TYPE_CHECKING:
    from lhasaplan.ports import KeptProject, Store

# Never an argument: those stand in the history of the shell and in the list of processes.
PASSPHRASE, NEW_PASSPHRASE, FILE_PASSPHRASE = "LHASAPLAN_PASSPHRASE", "LHASAPLAN_NEW_PASSPHRASE", "LHASAPLAN_FILE_PASSPHRASE"

DATABASE_PASSWORD = "PGPASSWORD"


def add_protection(app: typer.Typer) -> None:
    """Add the verb."""
    app.command(
        "protect",
        help=marked(
            "Close the drawn protected places (refuges, processional ways) in the project file with a "
            "passphrase.\n\nThe program asks for the passphrase, or reads LHASAPLAN_PASSPHRASE. It is stored "
            "nowhere, and only it opens the places again. Every command asks for it or reads it there. Without "
            "it the places are missing, the audit says so, and nothing can be planned. --change sets a new one, "
            "or reads LHASAPLAN_NEW_PASSPHRASE.\n\nExample: protect town.gpkg"
        ),
    )(_protect)
    app.command(
        "seal",
        help=marked(
            "Seal the whole project with a passphrase: without it nobody can read the file, not even "
            "QGIS.\n\nThis and every other command asks for the passphrase, or reads LHASAPLAN_FILE_PASSPHRASE. "
            "It is stored nowhere, and only it opens the project again. --change sets a new one, or reads "
            "LHASAPLAN_NEW_PASSPHRASE; --undo makes the file plain again.\n\nExample: seal town.gpkg"
        ),
    )(_seal)


def open_project(terminal: Terminal, address: str) -> "KeptProject":
    """Open a project to read it, as :func:`open_to_change` does, and log in it that it was opened."""
    opened = open_to_change(terminal, address)
    log_opening(terminal, opened)
    return opened


def open_to_change(terminal: Terminal, address: str) -> "KeptProject":
    """Open a project, with its closed places where their passphrase is given; say how many are closed or open.

    What a verb changes is a step of the journal; one that is refused leaves every byte.
    """
    unseal(terminal, address)
    opened = workflow.open_project(terminal.services, address)
    terminal.remark(opened.store.remarks())
    if opened.project.is_closed:
        text = marked("Passphrase of the {count} closed places (empty: leave them closed)")
        passphrase = _passphrase(PASSPHRASE, terminal.translations(text, count=opened.project.closed_count))
        opened = workflow.open_places(terminal.services, opened, passphrase) if passphrase else opened
    terminal.remark(workflow.remarks_on_drawn(opened.project))
    return opened


def open_bare(terminal: Terminal, address: str) -> "KeptProject":
    """Open a project as it is kept: closed places stay closed. That it was opened is logged."""
    unseal(terminal, address)
    opened = workflow.open_project(terminal.services, address)
    log_opening(terminal, opened)
    return opened


def log_opening(terminal: Terminal, opened: "KeptProject") -> None:
    """Log in a project that this verb opened it, and by which account; what cannot be logged is reported and stops nothing."""
    try:
        workflow.log_opening(terminal.services, opened.store, account(), by=terminal.verb, has_places=opened.key is not None)
    except InputError as error:
        terminal.complain(terminal.translations(workflow.NOT_LOGGED))
        terminal.say_faults(error)


def unseal(terminal: Terminal, address: str) -> "Store":
    """Return the store of a project, unsealed where it was sealed, and its account let in where a database asks for it."""
    store = terminal.services.stores.open(address)
    if store.needs_password:
        store.unseal(_needed(terminal, DATABASE_PASSWORD, marked("Password of your account in the database")))
    if store.exists() and store.is_sealed:
        store.unseal(_needed(terminal, FILE_PASSPHRASE, marked("Passphrase of the sealed project")))
    return store


def _seal(
    context: typer.Context,
    project: Project,
    change: Annotated[bool, typer.Option("--change", help=marked("Seal it with a new passphrase."))] = False,
    undo: Annotated[bool, typer.Option("--undo", help=marked("Make the file plain again."))] = False,
) -> None:
    terminal = terminal_of(context)
    is_sealed = terminal.services.stores.open(project).is_sealed
    unseal(terminal, project)
    if undo:
        log_opening(terminal, workflow.open_project(terminal.services, project))
        terminal.services.stores.break_seal(project)
        terminal.say(terminal.translations(marked("{file}: the project is not sealed any more"), file=project))
        return
    if is_sealed and not change:
        raise InputError(Fault("This project is sealed already; --change gives it a new passphrase"))
    name = NEW_PASSPHRASE if is_sealed else FILE_PASSPHRASE
    terminal.services.stores.seal(project, _needed(terminal, name, marked("New passphrase"), is_new=True))
    terminal.say(terminal.translations(marked("{file}: the project is sealed"), file=project))
    terminal.complain(terminal.translations(COPIES))


def _protect(
    context: typer.Context,
    project: Project,
    change: Annotated[bool, typer.Option("--change", help=marked("Close them with a new passphrase."))] = False,
) -> None:
    terminal = terminal_of(context)
    unseal(terminal, project)
    opened = workflow.open_project(terminal.services, project)
    if opened.project.is_closed:
        opened = workflow.open_places(terminal.services, opened, _needed(terminal, PASSPHRASE, marked("Passphrase")))
    if opened.project.closed is None or change:
        name = PASSPHRASE if opened.project.closed is None else NEW_PASSPHRASE
        opened = workflow.close_places(terminal.services, opened, _needed(terminal, name, marked("New passphrase"), is_new=True))
    workflow.save(opened)
    count = workflow.open_project(terminal.services, project).project.closed_count
    terminal.say(terminal.translations(marked("Drawn protected places that are closed now: {count}"), count=count))
    terminal.complain(terminal.translations(COPIES))


COPIES = marked("Earlier copies of the project file, the imported files and drafts stay open.")


def _needed(terminal: Terminal, variable: str, text: str, is_new: bool = False) -> str:
    passphrase = _passphrase(variable, terminal.translations(text), is_new=is_new)
    if not passphrase:
        text = "A passphrase is needed: type it when asked, or set {variable}"
        raise InputError(Fault(text, params={"variable": variable}))
    return passphrase


def _passphrase(variable: str, text: str, is_new: bool = False, environment: Mapping[str, str] = os.environ) -> str:
    """Return the passphrase of the environment, else what a person types; a new one is typed twice. Empty: none."""
    reported = environment.get(variable, "")
    if reported or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return reported
    return str(typer.prompt(text, default="", show_default=False, hide_input=True, confirmation_prompt=is_new, err=True))
