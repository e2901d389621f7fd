"""Read the wording of a language: every TOML file of its folder, English sentence to translation."""

from pathlib import Path

from lhasaplan.content import content_folder
from lhasaplan.core.wording import LANGUAGES, Wording
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.toml_file import read_toml


def load_wording(language: str, folder: Path | None = None) -> Wording:
    """Return the wording of ``en``, ``zh_CN`` or ``fr``; English needs no file.

    Raises InputError for another language, and for catalogues that cannot be read or contradict each other.
    """
    if language not in LANGUAGES:
        raise InputError(
            Fault("{language} is not a language of this program; there are: {known}", params=_language_params(language))
        )
    root = (folder or content_folder("reports") / "wording") / language
    return Wording(language, _merged(sorted(root.glob("*.toml"))))


def _language_params(language: str) -> dict[str, str]:
    return {"language": language, "known": ", ".join(LANGUAGES)}


def _merged(paths: list[Path]) -> dict[str, str]:
    catalogue: dict[str, str] = {}
    faults: list[Fault] = []
    for path in paths:
        for english, text in _entries(path).items():
            if catalogue.setdefault(english, text) != text:
                faults.append(Fault("This sentence is translated in two ways", Where(file=path.name, item=english)))
    if faults:
        raise InputError(*faults)
    return catalogue


def _entries(path: Path) -> dict[str, str]:
    table, _ = read_toml(path)
    return {str(english): str(text) for english, text in table.items()}
