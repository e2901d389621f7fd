"""Read the shipped samples: their files, and what people decided about them."""

from pathlib import Path
from typing import TypeVar

from lhasaplan.content import content_folder
from lhasaplan.core.project.decisions import Confirmation, Declaration
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.parse.toml_file import TomlTable, read_toml
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
    table, _ = read_toml(home / "sample.toml")
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


def _samples(folder: Path | None) -> Path:
    return folder or content_folder("data") / "samples"


def _decisions(home: Path, about: TomlTable, name: str, cls: type[Decision]) -> tuple[Decision, ...]:
    if f"{name}s" not in about:
        return ()
    path = home / about[f"{name}s"]
    table, _ = read_toml(path)
    return tuple(_made(path, row, entry, cls) for row, entry in enumerate(table.get(name, ()), 1))


def _made(path: Path, row: int, entry: dict[str, object], cls: type[Decision]) -> Decision:
    wanted = cls.__dataclass_fields__.keys() - {"thing"}  # which the layers say
    missing = [Fault("This field is missing", _where(path, row, key)) for key in sorted(wanted - entry.keys())]
    strange = [Fault("This field is not known", _where(path, row, key)) for key in sorted(entry.keys() - wanted)]
    if missing or strange:
        raise InputError(*missing, *strange)
    return cls(**{key: str(value) for key, value in entry.items()})  # type: ignore[arg-type]


def _where(path: Path, row: int, key: str) -> Where:
    return Where(file=path.name, item=f"[{row}] {key}")
