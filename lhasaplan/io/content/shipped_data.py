"""Compare every file under ``data``, ``layers`` and ``reports`` with the digests that a wheel or an archive was built with."""

from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from lhasaplan.content import content_digests, content_folder
from lhasaplan.core.base.translations import LANGUAGES, DataState

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
