"""Read rule packs and mandates, refuse what loosens the core, and say which pack differs from the shipped one."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from functools import cache
from json import dumps
from pathlib import Path

from annotated_types import Interval
from pydantic import AfterValidator, BeforeValidator

from lhasaplan.content import content_digests, content_folder
from lhasaplan.core.base.spelling import iso_date
from lhasaplan.core.base.translations import marked
from lhasaplan.core.city.territory import PackTerms, Territory
from lhasaplan.core.gate.planning_ground import OUTLINES_SHA256, PLANNING_TERMS_SHA256, lonlat_area, terms_of
from lhasaplan.core.project.decisions import Mandate
from lhasaplan.core.rules.pack import CORE_THRESHOLDS, RECOGNITION_PX_M, Article, How, Pack, Thresholds, loosened
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.files.replacing import replacing
from lhasaplan.io.content.catalogue import Release, this_release
from lhasaplan.io.content.countries import Countries, countries_file, load_scripts
from lhasaplan.io.parse.toml_file import read_toml
from lhasaplan.io.parse.validation import TomlSchema, read_stated, refuse, stated_by

# What a rule pack's TOML may hold beyond the types of ``Pack``; anything else is refused with file and key.

#: The kinds of finding that an article may be cited by.
FINDING_KINDS = frozenset(
    {
        "view_home",
        "view_protected",
        "view_dwelling_likely",
        "view_unknown_use",
        "unasked_area",
        "no_purpose",
        "retention_over",
        "retention_reason",
        "retention_unknown",
        "optics_unknown",
        "direction_unknown",
        "sign_unknown",
        "sign_missing",
        "sign_not_before_entry",
        "indoor_forbidden",
        "pan_tilt",
        "gap",
        "weak",
        "partial",
        "overlap",
        "removable",
        "fields_missing",
        "changed_since_approval",
        "removed_since_approval",
        "not_approved",
        "purpose_differs",
        "purpose_not_listed",
        "assembly_hours",
        "assembly_ground",
        "beyond_named_ground",
        "entrance_in_view",
        "sharper_than_needed",
        "no_incidents",
        "incidents_unknown",
        "approval_expired",
        "approval_renewal",
        "review_overdue",
        "end_passed",
        "end_missing",
    }
)
NEVER_READ = "religion"  # this tag is read by nobody

UNKNOWN_FINDINGS = marked("No finding is called {kinds}.")
REASON_NEEDED = marked("An article out of reach needs a reason.")
RELIGION = marked("The tag religion is never read; a rule must not ask for it.")
NO_POLYGON = marked("This is not a valid WKT polygon in longitude and latitude.")
NOBODY_OVERSEES = marked("A planning pack needs countries and supervisory authorities.")
NO_DUTIES = marked("Only a duties pack may have categories.")
TWICE = marked("Given twice: {names}.")


def _known_finding(kind: str) -> str:
    if kind not in FINDING_KINDS:
        raise refuse(UNKNOWN_FINDINGS, kinds=kind)
    return kind


def _reasoned(article: Article) -> Article:
    if article.how is How.OUT_OF_REACH and not article.reason:
        raise refuse(REASON_NEEDED)
    return article


def _no_religion(condition: str) -> str:
    if condition.split("=", maxsplit=1)[0].strip().casefold() == NEVER_READ:
        raise refuse(RELIGION)
    return condition


def lonlat_polygon(wkt: str) -> str:
    """Return a polygon in longitude and latitude as it is written, or nothing; refuse any other text."""
    if wkt and lonlat_area(wkt) is None:
        raise refuse(NO_POLYGON)
    return wkt


def _of_all_countries(value: object) -> object:
    """Return the authorities of a table by country in one list, each once; any other value as it is."""
    if not isinstance(value, Mapping):
        return value
    lists = (names for names in value.values() if isinstance(names, list))
    return list(dict.fromkeys(name.strip() for names in lists for name in names if isinstance(name, str) and name.strip()))


def _whole(pack: Pack) -> Pack:
    if pack.planning == "yes" and not (pack.countries and pack.authorities):
        raise refuse(NOBODY_OVERSEES)
    if pack.planning != "duties" and pack.categories:
        raise refuse(NO_DUTIES)
    names = [article.number for article in pack.articles] + [category.name for category in pack.categories]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise refuse(TWICE, names=", ".join(twice))
    return pack


PACK = TomlSchema(
    keys={"authority_of": "authorities"},  # a list, or a table from country code to its list
    checks={
        "Article": AfterValidator(_reasoned),
        "Article.findings[]": AfterValidator(_known_finding),
        "Category.match[][]": AfterValidator(_no_religion),
        "Required.density_px_m": Interval(gt=0, lt=RECOGNITION_PX_M),  # the recognition class is never a default
        "Pack": AfterValidator(_whole),
        "Pack.assembly_ground[]": AfterValidator(_no_religion),
        "Pack.authorities": BeforeValidator(_of_all_countries),
        "Pack.authority_of": BeforeValidator(lambda value: value if isinstance(value, Mapping) else {}),
        "Pack.excluded_wkt": AfterValidator(lonlat_polygon),
        "Pack.territory_wkt": AfterValidator(lonlat_polygon),
    },
)


# Read rule packs, refuse what loosens the core, and say which pack differs from the shipped one.

# Read and write the terms of the shipped packs: what each may open, held by one digest in the core.
TERMS_FILE = "planning_terms.toml"
_HEAD = "# Written by tools/write_planning_terms.py. Edited by hand it opens nothing: no pack may plan then.\n"


def load_shipped(path: Path | None = None, terms_sha256: str = PLANNING_TERMS_SHA256) -> dict[str, PackTerms]:
    """Return the terms of each shipped pack; none at all when the table is missing or is not the one that the core knows."""
    try:
        table, sha256 = read_toml(path or content_folder("data") / TERMS_FILE)
    except InputError:
        return {}
    return {name: _terms(row) for name, row in table.items()} if sha256 == terms_sha256 else {}


def table_text(packs: Iterable[Pack]) -> str:
    """Return the table of the packs as TOML, the same text for the same packs."""
    return _HEAD + "\n".join(_row(pack) for pack in sorted(packs, key=lambda pack: pack.name))


def _terms(row: dict[str, object]) -> PackTerms:
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    by_country = row.get("authority_of")
    if isinstance(by_country, dict):
        values["authority_of"] = {code: tuple(names) for code, names in by_country.items()}
    return PackTerms(**values)  # type: ignore[arg-type]


def _row(pack: Pack) -> str:
    terms = terms_of(pack)
    lines = [f'["{pack.name}"]', f"planning = {_quoted(terms.planning)}"]
    lines += [f"{key} = {_listed(getattr(terms, key))}" for key in ("countries", "authorities", "sample_digests")]
    lines += [f"{key} = {_quoted(getattr(terms, key))}" for key in ("territory_wkt", "excluded_wkt")]
    lines += [f"duties = {_listed(terms.duties)}"] if terms.duties else []
    lines += [f"public_precision_deg = {terms.public_precision_deg}"] if terms.public_precision_deg else []
    lines += [f"[{_quoted(pack.name)}.authority_of]"] if terms.authority_of else []
    lines += [f"{_quoted(code)} = {_listed(names)}" for code, names in sorted(terms.authority_of.items())]
    return "\n".join(lines) + "\n"


def _listed(values: Iterable[str]) -> str:
    return "[" + ", ".join(_quoted(value) for value in values) + "]"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


UNKNOWN = marked("There is no rule pack {pack}; there are: {known}.")
LOOSER = marked("{value} is looser than the {limit} of the program; a pack may tighten, never loosen.")
FINER = marked("{value} is finer than the {limit} of the shipped pack; positions may only be made coarser.")
OTHER_NAME = marked("The pack calls itself {name}, but its file is called {file}.")


def available_packs(folder: Path | None = None) -> tuple[str, ...]:
    """Return the names of all packs: the shipped ones, those of the samples, and those of the user's folder."""
    return tuple(sorted(pack_files(folder)))


def load_packs(names: Iterable[str], folder: Path | None = None) -> tuple[Pack, ...]:
    """Return the packs in the order asked for; a pack in the user's folder stands before a shipped one of its name.

    Raises
    ------
    InputError
        With every fault of every pack: unknown names (and what there is), unknown or missing keys, wrong values,
        thresholds looser than the core's.
    """
    files, own, terms, release = pack_files(folder), pack_files(), load_shipped(), this_release()
    faults: list[Fault] = []
    packs: list[Pack] = []
    for name in dict.fromkeys(names):
        try:
            if name not in files:
                raise InputError(Fault(UNKNOWN, Where(), {"pack": name, "known": ", ".join(sorted(files))}))
            packs.append(read_pack(files[name], terms.get(name), _digest_as_shipped(own.get(name), release)))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(*faults)
    return tuple(packs)


def read_pack(path: Path, terms: PackTerms | None = None, shipped_sha256: str = "") -> Pack:
    """Return the pack of one file, with the terms and the digest of the shipped pack of its name, if there is one."""
    table, sha256 = read_toml(path)
    pack = stated_by(table, path.name, Pack, PACK, _row_name(table))
    faults = [_looser(pack.thresholds, key, path.name) for key in loosened(pack.thresholds)]
    if pack.name != path.stem:
        faults.append(Fault(OTHER_NAME, Where(file=path.name, item="name"), {"name": pack.name, "file": path.stem}))
    if terms is not None and _is_finer(pack.public_precision_deg, terms.public_precision_deg):
        params = {"value": pack.public_precision_deg or 0, "limit": terms.public_precision_deg}
        faults.append(Fault(FINER, Where(file=path.name, item="public_precision_deg"), params))
    if faults:
        raise InputError(*faults)
    is_changed = terms is not None and (sha256 != shipped_sha256 or terms_of(pack) != terms)
    return replace(pack, sha256=sha256, changed=is_changed, shipped=terms is not None)


def _digest_as_shipped(path: Path | None, release: Release | None) -> str:
    """Return the digest of a shipped pack in the release; a checkout has none and takes that of the file as it lies there."""
    if path is None:
        return ""
    if release is None:
        return read_toml(path)[1]
    return release.sha256.get(path.relative_to(content_folder("data").parent).as_posix(), "")


def pack_files(folder: Path | None = None) -> dict[str, Path]:
    """Return the file of each pack by name; later folders stand before earlier ones."""
    data = content_folder("data")
    found = [*sorted(data.glob("samples/*/rules/*.toml")), *sorted(data.glob("rules/*.toml"))]
    found += sorted(folder.glob("*.toml")) if folder is not None else []
    return {path.stem: path for path in found}


def _is_finer(value: float | None, shipped: float | None) -> bool:
    """Return whether positions would be published more exactly than the shipped pack of this name does."""
    return shipped is not None and (value is None or value < shipped)


def _looser(thresholds: Thresholds, key: str, file: str) -> Fault:
    params = {"value": getattr(thresholds, key), "limit": getattr(CORE_THRESHOLDS, key)}
    return Fault(LOOSER, Where(file=file, item=f"thresholds.{key}"), params)


def _row_name(table: Mapping[str, object]) -> Mapping[str, Sequence[str]]:
    """Return what to call the rows of each list, so that a fault names article and category, not a number."""
    return {
        kind: [str(row.get(key, "?")) for row in rows if isinstance(row, dict)]
        for kind, key in (("articles", "number"), ("categories", "name"))
        if isinstance(rows := table.get(kind), list)
    }


@cache
def load_territory() -> Territory:
    """Return the territory: countries by ISO number, exact where packs plan, and what the shipped packs may open.

    With other outlines than those that the core knows they open nothing.
    """
    countries = Countries(countries_file())
    shipped = load_shipped() if outlines_sha256(content_folder("data").parent) == OUTLINES_SHA256 else {}
    return Territory(countries, shipped, countries.names, load_scripts())


def outlines_sha256(root: Path) -> str:
    """Return one digest of the files under ``data/territory``, which change once in years."""
    rows = content_digests(root, ("data/territory",)).items()
    return hashlib.sha256("".join(f"{path} {digest}\n" for path, digest in rows).encode()).hexdigest()


# Read a mandate from TOML, every fault of the file at once; and write it.

NO_DATE = marked("{value} is not a date of the form YYYY-MM-DD.")


def _day(value: object) -> object:
    text = value.isoformat() if type(value) is date else value  # TOML has dates of its own
    if isinstance(text, str) and text.strip() and iso_date(text.strip()) is None:
        raise refuse(NO_DATE, value=text)
    return text


MANDATE = TomlSchema(
    checks={
        "Mandate.impact_assessment_date": BeforeValidator(_day),
        "Mandate.date": BeforeValidator(_day),
        "Mandate.plan_area_wkt": AfterValidator(lonlat_polygon),
        "Mandate.building_extent_wkt": AfterValidator(lonlat_polygon),
    }
)


def read_mandate(path: Path) -> Mandate:
    """Return the mandate of a TOML file; an absent key is a gap that the gate names, not a fault of the file.

    Raises
    ------
    InputError
        Every unknown key, wrong type, date not YYYY-MM-DD and polygon that is none, each with file and key.
    """
    return read_stated(path, Mandate, MANDATE)


def write_mandate(path: Path, mandate: Mandate) -> None:
    """Write a mandate as the TOML file that :func:`read_mandate` reads; what it does not say is left out."""
    said = {name: value for name, value in asdict(mandate).items() if value not in ("", (), None)}
    # A string of JSON is one of TOML; other letters than ASCII stand as they are.
    lines = (f"{name} = {dumps(value, ensure_ascii=False)}" for name, value in said.items())
    text = "".join(f"{line}\n" for line in lines)
    with replacing(path) as draft:
        draft.write_text(text, "utf-8")
