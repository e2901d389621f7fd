"""Where projects are kept: one store a project, whoever keeps it, and what opens, seals and locks them."""

from __future__ import annotations  # the values are named here, not loaded: a shell that only helps needs none of them

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from lhasaplan.core.model.layer import Layer, Tags
    from lhasaplan.core.project.journal import JournalEntry
    from lhasaplan.core.project.project import ClosedPlaces, PlaceKey, Project
    from lhasaplan.core.project.projects import Choices, JoinedProjects
    from lhasaplan.core.results.assessment import Assessment
    from lhasaplan.errors import Fault

Address = str | os.PathLike[str]  # of a project: a path, or a URL
PROJECT_ENDING = ".gpkg"  # of a file that a person did not name


class Store(Protocol):
    """Keeps one project, whole: a file, or a place in a database. What opens it is its address, a URL.

    It remembers in which state it loaded and saved the project, and does not write over what another start did meanwhile.
    """

    @property
    def address(self) -> str:
        """Return the URL under which this project opens from anywhere, without what logs in."""

    @property
    def name(self) -> str:
        """Return what people call it where they see many: without folders or computers."""

    def exists(self) -> bool:
        """Tell whether something is kept there already."""

    def load(self) -> Project:
        """Return the project; InputError when there is none, or one that a newer program wrote."""

    @property
    def needs_password(self) -> bool:
        """Say whether an account's password must be given first, by :meth:`unseal`, and is known from nowhere else."""

    @property
    def is_sealed(self) -> bool:
        """Say whether the whole project is sealed and its passphrase was not given yet: nothing else can be asked before."""

    @property
    def has_passphrase(self) -> bool:
        """Say whether a passphrase opens the whole project, whether it was given yet or not."""

    def unseal(self, passphrase: str) -> None:
        """Take the passphrase of a sealed project for what is asked from now on; InputError when it is another."""

    def has_results(self) -> bool:
        """Tell whether the project was saved together with answers; InputError as in :meth:`load`."""

    def save(self, project: Project, assessment: Assessment | None = None, *, key: PlaceKey | None = None) -> None:
        """Keep the project, and results if given; on failure what was kept before is untouched.

        Places that lie open under a lock are closed with the key, and no results are kept with them. Raises InputError
        where the key is missing or another, where another start has locked the project, and where one changed it since it was
        loaded here.
        """

    def lock(self) -> tuple[Fault, ...]:
        """Lock the project for this start until it is unlocked; returns who locked it where another did: it is read only then."""

    def unlock(self) -> None:
        """Let others lock the project; nothing where this start did not."""

    def remarks(self) -> tuple[Fault, ...]:
        """Return what a person who opens the project should know about where it is kept; nothing where all is as usual."""

    def examine(self) -> tuple[Fault, ...]:
        """Return all that is wrong with what is kept, without changing it; InputError where there is no project at all."""

    def rescue(self) -> Rescued:
        """Return what can still be read, and what cannot; InputError where there is no project at all."""

    def log(self, entry: JournalEntry) -> None:
        """Append what changes nothing of the project, as an export: saving keeps it, and taking a step back does not end it."""

    def logged(self) -> tuple[JournalEntry, ...]:
        """Return what was appended, in its order."""


@runtime_checkable
class FileStore(Store, Protocol):
    """Keeps a project in a file of its own."""

    @property
    def file(self) -> Path:
        """Return the file that is written: of a symbolic link its target."""

    def state_of(self, copy: Path) -> str:
        """Return what tells the state of the project in a copy of the file, or in itself, from other states of it.

        It is the same whatever was logged since; empty where another program wrote to it, or nothing is known of it.
        """


@runtime_checkable
class SharedStore(Store, Protocol):
    """Keeps a project that several change at a time: each saving keeps the rows that differ, beside those of others.

    Holding it keeps nobody from saving; a row that two changed to different things is refused to the second.
    """

    def news(self) -> tuple[Fault, ...]:
        """Return who changed which rows since the project was loaded or taken over here; a saving in between shows none."""

    def incoming(self, project: Project, choices: Choices | None = None, *, key: PlaceKey | None = None) -> Incoming:
        """Return what is kept now, and the project with it; unless there are conflicts the caller goes on from there."""


@runtime_checkable
class WatchedStore(Store, Protocol):
    """Keeps a project where other programs may write to it, and what they take out of its layers."""

    def replaced(self) -> tuple[Layer, ...]:
        """Return what other programs took out of the layers, or wrote over, since this program wrote them."""


@dataclass(frozen=True, eq=False, slots=True)
class Incoming:
    """What others kept, and what it makes with what is here: steps from the one to the other are what is not saved yet."""

    kept: Project
    joined: JoinedProjects


@dataclass(frozen=True, eq=False, slots=True)
class Rescued:
    """A project as far as it could be read, with what left it, and a fault for each thing lost.

    Parameters
    ----------
    lost_features : one for each feature of a layer, and each loss that was known, that is lost: its tags where they can be read.
    replaced : what other programs took out of its layers, or wrote over, before.
    """

    project: Project
    logged: tuple[JournalEntry, ...]
    lost: tuple[Fault, ...]
    lost_features: tuple[Tags | None, ...] = ()
    replaced: tuple[Layer, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class KeptProject:
    """A project that was opened: its value, the store that keeps it, and the key of closed places that lie open in it."""

    project: Project
    store: Store
    key: PlaceKey | None = None

    def holding(self, project: Project) -> KeptProject:
        """Return the same opening with the project as it was changed."""
        return replace(self, project=project)


class ProjectStores(Protocol):
    """Where projects are kept: a store by its address, one that is sealed as another is, and locks."""

    def open(self, address: Address) -> Store:
        """Return the store of an address; InputError names the schemes that there are. Nothing is read or made yet."""

    def copy(self, of: Store | None, path: Path, secret: bytes = b"") -> Store:
        """Return the store of a copy: sealed as the project is, else by a key of 32 bytes where one is given."""

    def derived(self, sources: Sequence[Store], address: Address) -> Store:
        """Return the store of what is made of projects: sealed with the same passphrase as the first of them that is sealed."""

    def seal(self, address: Address, passphrase: str) -> None:
        """Seal the file of a project, or give one that is sealed, and was unsealed here, a new passphrase."""

    def break_seal(self, address: Address) -> None:
        """Keep a project in a plain file again; InputError where its passphrase was not given."""

    def new_lock(self, passphrase: str) -> tuple[ClosedPlaces, PlaceKey]:
        """Return a lock for places that users draw, and its key."""

    def open_box(self, project: Project, passphrase: str) -> tuple[Project, PlaceKey]:
        """Return the project with its closed places in the layers, and their key; InputError for another passphrase."""
