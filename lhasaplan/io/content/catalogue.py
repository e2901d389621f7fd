"""Read the translations of a language: every TOML file of its folder, English sentence to translation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from lhasaplan.content import content_digests, content_folder
from lhasaplan.core.base.translations import AS_SHIPPED, LANGUAGES, ONE, DataState, Translations
from lhasaplan.errors import Fault, InputError
from lhasaplan.io.parse.toml_file import read_toml

# Compare every file under ``data``, ``layers`` and ``reports`` with the digests that a wheel or an archive was built with.

DATA, REPORTS = ("data", "layers"), ("reports",)


@dataclass(frozen=True, slots=True)
class Release:
    """What a wheel or an archive was built with: path -> SHA-256 of each file, and its version, empty of an own build."""

    version: str = ""
    sha256: dict[str, str] = field(default_factory=dict)


def this_release() -> Release | None:
    """Return the release that this program is; None of a checkout, which has no digests to compare with."""
    try:
        module = import_module(".release_files", "lhasaplan")  # made by hatch_build.py
    except ModuleNotFoundError:
        return None
    return Release(module.RELEASE, module.SHA256)


def load_data_state(root: Path | None = None) -> DataState:
    """Return which shipped files are changed, added or missing; a checkout is an own build of which nothing is compared."""
    return _state(root or content_folder("data").parent, DATA)


def load_translations_state(language: str, root: Path | None = None) -> DataState:
    """Return which files that drafts in a language are worded and laid out by are changed, added or missing.

    Outputs in other languages, and those that have no language, do not rest on them and name them not.
    """
    state = _state(root or content_folder("reports").parent, REPORTS)
    others = tuple(f"reports/{kind}/{other}/" for kind in ("translations", "help") for other in LANGUAGES if other != language)
    return DataState(tuple(path for path in state.changed if not path.startswith(others)), state.own_build)


def _state(root: Path, folders: tuple[str, ...]) -> DataState:
    release = this_release()
    if release is None:
        return DataState(own_build=True)
    found = content_digests(root, folders)
    shipped = {path: digest for path, digest in release.sha256.items() if path.startswith(tuple(f"{one}/" for one in folders))}
    differing = [path for path in sorted({*found, *shipped}) if found.get(path) != shipped.get(path)]
    return DataState(tuple(differing), own_build=not release.version)


WORDING, SINGULAR = "reports/translations/", "singular.toml"


def load_translations(language: str, folder: Path | None = None) -> Translations:
    """Return the translations of a language of the program; of English only the singulars are in a file.

    Where two files translate a sentence, the first by name stands. Raises InputError for another language, and for a
    catalogue that cannot be read.
    """
    if language not in LANGUAGES:
        params = {"language": language, "known": ", ".join(LANGUAGES)}
        raise InputError(Fault("{language} is not a language of this program; there are: {known}", params=params))
    state = load_translations_state(language) if folder is None else AS_SHIPPED
    lines = _lines(language, singulars(language, folder), catalogue_files(language, folder))
    return Translations(language, lines, state, sealed_lines(language, state, folder) if state.changed else lines)


def _lines(language: str, ones: Mapping[str, tuple[str, str]], files: Iterable[Path]) -> dict[str, str]:
    lines = {ONE.format(name=of) + english: text for english, (of, text) in ones.items()}
    for path in files:
        lines = entries(path) | lines
    return lines


def sealed_lines(language: str, state: DataState, folder: Path | None = None) -> dict[str, str]:
    """Return the lines of those files of a language that are as shipped."""
    sealed = [path for path in catalogue_files(language, folder) if f"{WORDING}{language}/{path.name}" not in state.changed]
    return _lines(language, {} if WORDING + SINGULAR in state.changed else singulars(language, folder), sealed)


def singulars(language: str, folder: Path | None = None) -> dict[str, tuple[str, str]]:
    """Return how sentences read when a number in them is 1, where a language has such a form, with the name of the number."""
    path = (folder or content_folder("reports") / "translations") / SINGULAR
    table = read_toml(path)[0] if path.exists() else {}
    return {english: (forms.get("of", "count"), forms[language]) for english, forms in table.items() if language in forms}


def catalogue_files(language: str, folder: Path | None = None) -> list[Path]:
    """Return the files of a language, by name."""
    return sorted(((folder or content_folder("reports") / "translations") / language).glob("*.toml"))


def entries(path: Path) -> dict[str, str]:
    """Return the sentences of one file, English to translation."""
    table, _ = read_toml(path)
    return {str(english): str(text) for english, text in table.items()}
