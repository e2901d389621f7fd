"""Errors that a user can act on: what is wrong, where it arose, and what would be right."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec


def printed(text: str) -> str:
    r"""Return a text that every stream can take: the name of a file need not be UTF-8, and Python carries such bytes along.

    >>> printed("caf\udce9.csv")
    'caf\\udce9.csv'
    """
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


@dataclass(frozen=True, slots=True)
class Where:
    """The place a fault arose; only what is known is given."""

    file: str | None = None
    row: int | None = None
    column: str | None = None
    item: str | None = None

    def __str__(self) -> str:
        return self.text("row {row}", "column {column}")

    def text(self, row: str, column: str) -> str:
        """Return the place as ``cameras.csv row 14, column azimuth_deg``, with the templates of a language."""
        line = None if self.row is None else row.format(row=self.row)
        head = " ".join(part for part in (self.file, line) if part)
        field = None if self.column is None else column.format(column=self.column)
        return printed(", ".join(part for part in (head, field, self.item) if part))


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    ``template`` is the English sentence and at the same time the key of its translation; ``params`` fill it.
    """

    template: str
    where: Where = Where()
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        place = str(self.where)
        text = self.template.format(**self.params)
        return f"{place}: {text}" if place else text


class UserError(Exception):
    """Input or a request that cannot be carried out; carries every fault found, never only the first."""

    exit_code = 2

    def __init__(self, *faults: Fault) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults

    def __reduce__(self) -> tuple[object, ...]:
        """Pass from one process to another with its faults."""
        return type(self), self.faults


class InputError(UserError):
    """A file, table or value is not what it should be."""


class ConflictError(InputError):
    """Rows that another changed too, to something else, since they were loaded; nothing was kept, and each is reported."""


class DraftsError(UserError):
    """Some drafts could not be written; ``files`` names those that were."""

    def __init__(self, faults: Iterable[Fault], files: Iterable[object]) -> None:
        super().__init__(*faults)
        self.files = tuple(map(str, files))

    def __reduce__(self) -> tuple[object, ...]:
        """Pass from one process to another with faults and files."""
        return type(self), (self.faults, self.files)


# What the base can do without, by the extra that brings it (``pyproject.toml``): names as they are imported.
_DRAFTS = "PIL docx lxml matplotlib pptx typst xlsxwriter xstatic"
EXTRA_OF: Mapping[str, str] = {
    **dict.fromkeys(_DRAFTS.split(), "drafts"),
    **{"PySide6": "window", "ezdxf": "dxf", "psycopg": "postgis", "dask": "cluster", "distributed": "cluster"},
    **{"folium": "notebook", "branca": "notebook", "pyarrow": "parquet"},
}


class MissingExtraError(UserError):
    """What was asked for needs a package of an extra that is not installed."""


def missing_extra(package: str, where: Where = Where()) -> Fault:
    """Return that a package is not installed, and which extra brings it."""
    template = "This needs the package {package}, which is not installed; install it with: pip install lhasaplan[{extra}]"
    return Fault(template, where, {"package": package, "extra": EXTRA_OF.get(package, "all")})


def require_package(package: str) -> None:
    """Raise MissingExtraError where a package of an extra is not installed; the package is not loaded."""
    with naming_extras():
        if find_spec(package) is None:
            raise ModuleNotFoundError(name=package)


@contextmanager
def naming_extras() -> Iterator[None]:
    """Import inside this block; a package of an extra that is not there is a MissingExtraError."""
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in EXTRA_OF:
            raise
        raise MissingExtraError(missing_extra(package)) from error


class GuardError(UserError):
    """A protected place would become demand, gap or proposal; the engine refuses (docs/protected-places.md)."""

    exit_code = 3


class GateError(UserError):
    """Planning was asked for outside the gate; the audit is still written."""

    exit_code = 3


class Cancelled(Exception):
    """The user cancelled; nothing was changed."""
