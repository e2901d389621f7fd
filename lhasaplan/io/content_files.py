"""Read the shipped samples: their files, and what people decided about them."""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from lhasaplan.content import content_folder
from lhasaplan.core.decision import Confirmation, Declaration
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.ports import Sample

Decision = TypeVar("Decision", Confirmation, Declaration)


def sample_names(folder: Path | None = None) -> tuple[str, ...]:
    """Return the cities that are shipped."""
    return tuple(sorted(path.parent.name for path in _samples(folder).glob("*/sample.toml")))


def read_sample(city: str, folder: Path | None = None) -> Sample:
    """Return a shipped sample; InputError for an unknown city or a sample file that is not whole."""
    if city not in sample_names(folder):
        known = ", ".join(sample_names(folder))
        raise InputError(Fault("There is no sample {city}; there are: {known}", params={"city": city, "known": known}))
    home = _samples(folder) / city
    table = read_toml(home / "sample.toml")
    about = table.get("sample", {})
    return Sample(
        city=city,
        title=about.get("title", city),
        packs=tuple(about.get("packs", ())),
        crs=about.get("crs", ""),
        synthetic=bool(about.get("synthetic", False)),
        licence=about.get("licence", ""),
        files=tuple((home / entry["path"], entry["kind"]) for entry in table.get("files", ())),
        mandate=home / about["mandate"] if "mandate" in about else None,
        confirmations=_decisions(home, about, "confirmation", Confirmation),
        declarations=_decisions(home, about, "declaration", Declaration),
    )


def read_toml(path: Path) -> dict[str, Any]:
    """Return a TOML file as a table; InputError when it is missing or not TOML."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise InputError(Fault("There is no such file", Where(file=path.name))) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(Fault("This is not TOML: {error}", Where(file=path.name), {"error": str(error)})) from error


def _samples(folder: Path | None) -> Path:
    return folder or content_folder("data") / "samples"


def _decisions(home: Path, about: dict[str, Any], name: str, cls: type[Decision]) -> tuple[Decision, ...]:
    if f"{name}s" not in about:
        return ()
    path = home / about[f"{name}s"]
    return tuple(_made(path, row, entry, cls) for row, entry in enumerate(read_toml(path).get(name, ()), 1))


def _made(path: Path, row: int, entry: dict[str, Any], cls: type[Decision]) -> Decision:
    wanted = cls.__dataclass_fields__.keys()
    faults = [
        *_faults(path, row, "is missing", wanted - entry.keys()),
        *_faults(path, row, "is not known", entry.keys() - wanted),
    ]
    if faults:
        raise InputError(*faults)
    return cls(**{key: str(value) for key, value in entry.items()})


def _faults(path: Path, row: int, what: str, keys: Iterable[str]) -> list[Fault]:
    template = "This field is missing" if what == "is missing" else "This field is not known"
    return [Fault(template, Where(file=path.name, item=f"{row}: {key}")) for key in sorted(keys)]
