"""Read the translations of a language: every TOML file of its folder, English sentence to translation."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from lhasaplan.content import content_folder
from lhasaplan.core.base.translations import AS_SHIPPED, LANGUAGES, ONE, DataState, Translations
from lhasaplan.errors import Fault, InputError
from lhasaplan.io.content.shipped_data import load_translations_state
from lhasaplan.io.parse.toml_file import read_toml

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
