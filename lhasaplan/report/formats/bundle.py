"""Write a bundle that its reader can check: project, answers, papers, digests of all inputs, in one zip file.

``bundle.json`` is what :mod:`lhasaplan.workflow.verifying` reads; ``ro-crate-metadata.json`` says the same to programs that know
RO-Crate 1.1 (https://w3id.org/ro/crate/1.1). The same project and the same program give the same bytes: files lie in the order
of their names, and bear no time.
"""

import hashlib
import json
import platform
import zipfile
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from lhasaplan import __version__
from lhasaplan.content import LOCK, locked_packages
from lhasaplan.core.base.plain_values import JsonObject
from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.model.file_kinds import BUNDLE_CONTENTS, BUNDLE_CRATE, BUNDLE_FORM, BUNDLED_ANSWERS, BUNDLED_PROJECT
from lhasaplan.core.results.assessment import ShownAssessment, ShownProject
from lhasaplan.files.scratch import scratch_folder
from lhasaplan.ports import WHOLE, DraftOrder
from lhasaplan.report.facts.basis import basis_of
from lhasaplan.report.formats.json_data import write_json
from lhasaplan.report.text.output_files import replacing

FILE = "bundle.zip"
COMPUTING = ("numpy", "scipy", "shapely", "pyproj", "pyogrio", "rasterio", "numba")  # what figures rest on
CRATE_CONTEXT = "https://w3id.org/ro/crate/1.1/context"
TYPES = {
    ".json": "application/json",
    ".gpkg": "application/geopackage+sqlite3",
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".md": "text/markdown",
    ".lock": "text/plain",
    ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first day that a zip can name
_RIGHTS = 0o644 << 16

TITLE = marked("What the cameras of {project} see: a bundle to be checked")
WITHOUT_PROJECT = marked(
    "The project is not in this bundle. This level gives only coarse positions; computing anew would need exact ones."
)
README = marked(
    "This bundle holds the answers, what they rest on and the papers made of them.\n\n"
    "Compute it anew with the program lhasaplan {version}:\n\n"
    "    lhasaplan verify {file}\n"
    "    lhasaplan verify {file} --inputs FOLDER\n\n"
    "FOLDER holds the files that are named as inputs in bundle.json. Each value is said to be equal, different or withheld.\n"
    "Places in which people hide, and places that were drawn and closed, are in no file of this bundle.\n"
)


def write_bundle(
    project: ShownProject, assessment: ShownAssessment, folder: Path, translations: Translations, order: DraftOrder = WHOLE
) -> list[Path]:
    """Write the bundle; papers of the order go into it as they were written beside it."""
    path = folder / FILE
    with scratch_folder() as room:
        files = {
            BUNDLED_ANSWERS: write_json(assessment, room / BUNDLED_ANSWERS),
            **{f"papers/{each.name}": each for each in order.papers},
        }
        if order.keep_project is not None:
            order.keep_project(room / BUNDLED_PROJECT)
            files[BUNDLED_PROJECT] = room / BUNDLED_PROJECT
        texts = {"README.md": _readme(translations, is_whole=BUNDLED_PROJECT in files), LOCK: locked_packages()}
        for name, text in texts.items():
            if text:
                (room / name).write_text(text, "utf-8", newline="\n")
                files[name] = room / name
        contents = _contents(project, assessment, files, translations, order)
        _write_plain(room / BUNDLE_CONTENTS, contents)
        files[BUNDLE_CONTENTS] = room / BUNDLE_CONTENTS
        _write_plain(room / BUNDLE_CRATE, _crate(contents, files, translations))
        files[BUNDLE_CRATE] = room / BUNDLE_CRATE
        with replacing(path) as draft:
            _pack(draft, files)
    return [path]


def _readme(translations: Translations, *, is_whole: bool) -> str:
    text = translations(README, version=__version__, file=FILE)
    return text if is_whole else f"{text}\n{translations(WITHOUT_PROJECT)}\n"


def _contents(
    project: ShownProject, assessment: ShownAssessment, files: Mapping[str, Path], translations: Translations, order: DraftOrder
) -> JsonObject:
    """Return what ``verify`` needs to know; the digests are those of the files as they lie in the bundle."""
    kind = basis_of(assessment)
    return {
        "form": BUNDLE_FORM,
        "program": __version__,
        "project": project.name,
        "synthetic": assessment.synthetic,
        "answers": kind,
        "level": order.level,
        "language": translations.language,
        "date": order.audited_on if assessment.public_precision_deg is None else "",
        "withheld": sorted(assessment.withheld),
        "inputs": [
            {"name": each.path, "sha256": each.sha256, "kind": each.kind, "features": each.features, "date": each.date}
            | {"licence": each.licence}
            for each in assessment.inputs
        ],
        "packages": {"python": platform.python_version(), **{name: version(name) for name in COMPUTING}},
        "commands": [f"lhasaplan {kind} {BUNDLED_PROJECT} --json {BUNDLED_ANSWERS}", f"lhasaplan verify {FILE} --inputs FOLDER"],
        "files": {name: _digest(path) for name, path in sorted(files.items())},
    }


def _digest(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _crate(contents: JsonObject, files: Mapping[str, Path], translations: Translations) -> JsonObject:
    """Return the bundle in the words of RO-Crate: the data set, its files, its inputs, and how it was made with what."""
    title = translations(TITLE, project=contents["project"])
    named = [_crate_file(name, path) for name, path in sorted(files.items())]
    inputs = [_crate_input(number, each) for number, each in enumerate(contents["inputs"], 1)]
    packages = [
        {"@id": f"#{name}", "@type": "SoftwareApplication", "name": name, "softwareVersion": number}
        for name, number in sorted(contents["packages"].items())
    ]
    root: JsonObject = {"@id": "./", "@type": "Dataset", "name": title, "description": title}
    root |= {"inLanguage": contents["language"], "hasPart": _ids(named), "mentions": _ids(inputs)}
    root |= {"datePublished": contents["date"]} if contents["date"] else {}
    program = {"@id": "#lhasaplan", "@type": "SoftwareApplication", "name": "lhasaplan", "softwareVersion": contents["program"]}
    made = {"@id": "#made", "@type": "CreateAction", "name": contents["commands"][0], "instrument": {"@id": "#lhasaplan"}}
    made |= {"object": _ids(inputs), "result": [{"@id": BUNDLED_ANSWERS}]}
    head = {
        "@id": BUNDLE_CRATE,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    }
    graph = [head, root, *named, *inputs, {**program, "softwareRequirements": _ids(packages)}, *packages, made]
    return {"@context": CRATE_CONTEXT, "@graph": graph}


def _crate_file(name: str, path: Path) -> JsonObject:
    kind = TYPES.get(path.suffix, "application/octet-stream")
    size = str(path.stat().st_size)
    return {"@id": name, "@type": "File", "name": name, "encodingFormat": kind, "contentSize": size, "sha256": _digest(path)}


def _crate_input(number: int, each: JsonObject) -> JsonObject:
    stated = {"license": each["licence"], "dateModified": each["date"], "additionalType": each["kind"]}
    known = {key: text for key, text in stated.items() if text}
    return {"@id": f"#input-{number}", "@type": "CreativeWork", "name": each["name"], "sha256": each["sha256"], **known}


def _ids(things: Sequence[JsonObject]) -> list[dict[str, str]]:
    return [{"@id": each["@id"]} for each in things]


def _write_plain(path: Path, value: JsonObject) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8", newline="\n")


def _pack(path: Path, files: Mapping[str, Path]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as bundle:
        for name, source in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, _RIGHTS, 3
            with source.open("rb") as content, bundle.open(entry, "w", force_zip64=True) as target:
                while block := content.read(1 << 20):
                    target.write(block)
