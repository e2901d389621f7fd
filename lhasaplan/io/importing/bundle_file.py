"""Read a bundle that somebody handed on: what it says of itself, and whether its files are those that it names."""

import hashlib
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

from lhasaplan.core.base.plain_values import JsonObject
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.file_kinds import BUNDLE_CONTENTS, BUNDLE_CRATE, BUNDLE_FORM, BUNDLED_ANSWERS, BUNDLED_PROJECT
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.parse.file_check import check_packed, copy_within_limits

NO_BUNDLE = marked(
    "this is no bundle: it has no {name} that says what it holds; choose the .zip that export --format bundle wrote"
)
BROKEN = marked("this bundle cannot be read: {cause}; copy or download it again")
NOT_STATED = marked("{name} does not state {fields}; the bundle was changed or cut off")
STATED = ("program", "answers", "level", "language", "date", "inputs", "packages", "files")


@dataclass(frozen=True, slots=True)
class BundleFile:
    """What a bundle says of itself, the answers that it states, its project where it has one, and files that are not as named."""

    contents: JsonObject
    answers: JsonObject
    project: Path | None
    changed: tuple[str, ...]


def open_bundle(path: Path, folder: Path) -> BundleFile:
    """Return what a bundle states; its project is unpacked into a folder. Nothing else of it is written anywhere.

    Raises InputError for a file that is no bundle, is damaged, or would unpack beyond the limits of ``data/limits.toml``.
    """
    try:
        check_packed(path)
        with zipfile.ZipFile(path) as bundle:
            contents = _contents(bundle, path)
            names = {entry.filename for entry in bundle.infolist()}
            altered = [name for name, digest in contents["files"].items() if name not in names or _digest(bundle, name) != digest]
            # Of files that lie in the bundle and stand in no list nothing says what they should be.
            changed = sorted({*altered, *names - set(contents["files"]) - {BUNDLE_CONTENTS, BUNDLE_CRATE}})
            answers = json.loads(bundle.read(BUNDLED_ANSWERS))
            project = folder / BUNDLED_PROJECT if BUNDLED_PROJECT in names else None
            if project is not None:
                with bundle.open(BUNDLED_PROJECT) as source, project.open("wb") as target:
                    copy_within_limits(source, target, path)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, KeyError, ValueError, NotImplementedError, EOFError) as error:
        raise InputError(Fault(BROKEN, Where(path.name), {"cause": str(error)})) from error
    if not isinstance(answers, dict):
        raise InputError(Fault(BROKEN, Where(path.name), {"cause": BUNDLED_ANSWERS}))
    return BundleFile(contents, answers, project, tuple(changed))


def _contents(bundle: zipfile.ZipFile, path: Path) -> JsonObject:
    if BUNDLE_CONTENTS not in bundle.namelist():
        raise InputError(Fault(NO_BUNDLE, Where(path.name), {"name": BUNDLE_CONTENTS}))
    contents = json.loads(bundle.read(BUNDLE_CONTENTS))
    if not isinstance(contents, dict) or not str(contents.get("form", "")).startswith(BUNDLE_FORM.partition("/")[0]):
        raise InputError(Fault(NO_BUNDLE, Where(path.name), {"name": BUNDLE_CONTENTS}))
    missing = [name for name in STATED if name not in contents]
    if missing:
        raise InputError(Fault(NOT_STATED, Where(path.name), {"name": BUNDLE_CONTENTS, "fields": ", ".join(missing)}))
    return contents


def _digest(bundle: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with bundle.open(name) as source:
        while piece := source.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()
