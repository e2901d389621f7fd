"""Read the figures that no law sets: of the audit, disclosure, districts, siting, and what is assumed where a map is silent."""

import re
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

from annotated_types import Interval, MinLen
from pydantic import AfterValidator, BeforeValidator

from lhasaplan.content import content_folder
from lhasaplan.core.audit.disclosure import LEVELS, PEOPLE, SOURCES, Level, tightened
from lhasaplan.core.base.spelling import bare_words, plain
from lhasaplan.core.base.translations import marked
from lhasaplan.core.changes.work import UnitPrices, Work
from lhasaplan.core.city.streets import StreetWidths
from lhasaplan.core.city.trees_and_hoardings import Leafless, ScreenRules
from lhasaplan.core.model.camera import CameraClass, Kind, Span
from lhasaplan.core.model.optics import RECTILINEAR_LIMIT_DEG, LensClass
from lhasaplan.core.rules.audit_policy import (
    SHIPPED,
    ApprovalSlack,
    AuditPolicy,
    DistrictRules,
    HeightBand,
    IdentityRules,
    RecordWords,
    ServiceRules,
    SignRule,
    SitingRules,
    SurveyRule,
    UnusualRules,
    least_frontage,
)
from lhasaplan.core.rules.pack import LEAST, MandateRules, milder
from lhasaplan.core.site.snapping import SnapRules
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.parse.toml_file import read_toml
from lhasaplan.io.parse.validation import BY_TYPE, WHOLE, TomlSchema, read_stated, refuse
from lhasaplan.io.tables.columns import unknown_words

# Read ``data/siting.toml``: where cameras may be proposed, what they may be, and what weighs how much.

# Read ``data/prices.toml``: what each kind of work on cameras costs once, as far as the office has filled it in.
NOT_A_PRICE = marked("{value} is no price: state a number above 0, or leave it empty until it is known.")
NO_CURRENCY = marked("{value} is no currency: write its three letters, such as EUR")
LONGEST, MOST = 60, sys.float_info.max
_LETTERS = re.compile(r"[A-Z]{3}")  # of ISO 4217


def _price(value: object) -> float | None:
    """Return a price; None for one that is to be filled, which is never nothing."""
    if value == "":
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= MOST:
        return float(value)
    raise refuse(NOT_A_PRICE, value=str(value)[:LONGEST] or "?")


def _currency(value: object) -> str:
    """Return a currency by its three letters; empty where it is not stated."""
    text = value.strip().upper() if isinstance(value, str) else "?"
    if text and not _LETTERS.fullmatch(text):
        raise refuse(NO_CURRENCY, value=str(value)[:LONGEST] or "?")
    return text


Currency = Annotated[str, BeforeValidator(_currency)]
Price = Annotated[float | None, BeforeValidator(_price)]


@dataclass(frozen=True, slots=True)
class PricesFile:
    """The whole file for :class:`UnitPrices`; a kind of work that is left out is to be filled, too."""

    unit_prices: Mapping[Work, Price]
    currency: Currency = ""


def load_unit_prices(path: Path | None = None) -> UnitPrices:
    """Return the prices that the shipped file states, or another; InputError names every key that is wrong."""
    stated = read_stated(path or content_folder("data") / "prices.toml", PricesFile)
    prices = {work: price for work in Work if (price := stated.unit_prices.get(work)) is not None}
    return UnitPrices(prices, stated.currency)


TOO_LIGHT = marked(
    "protected frontage in view weighs {value}; beside the other weights it has to weigh {least}: data may tighten, never loosen"
)
SITING = TomlSchema(
    keys={"classes": "class", "weights": "weight"},
    is_whole=True,
    empty=frozenset({"SitingRules.poles", "SitingRules.forbidden"}),
)


def load_siting_rules(path: Path | None = None) -> SitingRules:
    """Return the shipped rules, or those of another file; InputError names every key that is wrong."""
    path = path or content_folder("data") / "siting.toml"
    rules = read_stated(path, SitingRules, SITING)
    least = least_frontage(rules.weights)
    if rules.weights.frontage_m < least:
        params = {"value": f"{rules.weights.frontage_m:g}", "least": f"{least:g}"}
        raise InputError(Fault(TOO_LIGHT, Where(path.name, item="weight.frontage_m"), params))
    return rules


# Read the figures that no law sets: of the audit, disclosure, districts, identity, options of parts.


# Read ``data/disclosure.toml``: what drafts tell at each level of disclosure, tightened by what the program drops anyway.
def _known_drops(drops: frozenset[str]) -> frozenset[str]:
    if unknown := sorted(drops - {SOURCES, PEOPLE}):
        raise refuse(BY_TYPE["literal_error"], value=", ".join(unknown), expected=f"'{SOURCES}' or '{PEOPLE}'")
    return drops


DISCLOSURE = TomlSchema(checks={"Level.drops": AfterValidator(_known_drops)})


@dataclass(frozen=True, slots=True)
class DisclosureFile:
    """The whole file."""

    levels: Mapping[Literal["internal", "authority", "council", "public"], Level]


def load_disclosure(path: Path | None = None) -> Mapping[str, Level]:
    """Return every level by name; one that the file leaves out drops what the program drops. InputError names what is wrong."""
    stated = read_stated(path or content_folder("data") / "disclosure.toml", DisclosureFile, DISCLOSURE).levels
    known = {str(name): level for name, level in stated.items()}
    return {name: tightened(name, known.get(name, Level())) for name in LEVELS}


def load_district_rules(path: Path | None = None) -> DistrictRules:
    """Return when a district's plan differs from the city's; InputError names every key that is wrong."""
    return read_stated(path or content_folder("data") / "districts.toml", DistrictRules, WHOLE)


def load_identity_rules(path: Path | None = None) -> IdentityRules:
    """Return when two states of a thing are the same thing; InputError names every key that is wrong or too loose."""
    return read_stated(path or content_folder("data") / "identity.toml", IdentityRules, WHOLE)


def load_service_rules(path: Path | None = None) -> ServiceRules:
    """Return what is tried out for a confirmed part that is not met; InputError names every key that is wrong."""
    return read_stated(path or content_folder("data") / "service.toml", ServiceRules, WHOLE)


# Read ``data/audit.toml``: figures of the audit that no law sets. They may be stricter than the core's, never looser.
BANDS_IN_ORDER = marked("Height bands have different names, go upwards, and only the last one has no end.")


@dataclass(frozen=True, slots=True)
class Entrances:
    """Which door belongs to a building; a wider reach finds more doors and is stricter."""

    reach_m: Annotated[float, Interval(ge=SHIPPED.entrance_reach_m, le=10)]


@dataclass(frozen=True, slots=True)
class AuditFile:
    """The whole file: the sections of :class:`AuditPolicy` as planners know them, its words as people write them."""

    height_bands: Annotated[tuple[HeightBand, ...], MinLen(1)]
    entrances: Entrances
    approval: ApprovalSlack
    signs: SignRule
    survey: SurveyRule
    records: RecordWords
    mandate: MandateRules


def _in_order(found: AuditFile) -> AuditFile:
    ends = [band.to_m for band in found.height_bands]
    known = [end for end in ends[:-1] if end is not None]
    is_rising = len(known) == len(ends) - 1 and all(low < high for low, high in pairwise(known))
    if ends[-1] is not None or not is_rising or len({band.name for band in found.height_bands}) < len(ends):
        raise refuse(BANDS_IN_ORDER)
    return found


AUDIT = TomlSchema(checks={"AuditFile": AfterValidator(_in_order)}, is_whole=True, empty=frozenset({"MandateRules.no_answer"}))


def load_audit_policy(path: Path | None = None) -> AuditPolicy:
    """Return the shipped figures, or those of another file; InputError names every key that is wrong or too loose."""
    found = read_stated(path or content_folder("data") / "audit.toml", AuditFile, AUDIT)
    words = found.records
    # What means unknown in tables and records is no answer of a mandate either.
    no_answer = bare_words(found.mandate.no_answer | words.unknown | frozenset(unknown_words()))
    return AuditPolicy(
        bands=found.height_bands,
        entrance_reach_m=found.entrances.reach_m,
        approval=found.approval,
        signs=found.signs,
        survey=found.survey,
        words=RecordWords(frozenset(map(plain, words.no)), frozenset(map(plain, words.unknown))),
        mandate=replace(found.mandate, no_answer=no_answer),
    )


# Read what is assumed of a town where the map is silent: cameras, trees, streets, what is unusual, what is snapped to.

# Read what is assumed of trees and hoardings (``layers/specs/trees.toml``).

NUMBERS = tuple(field.name for field in fields(ScreenRules) if field.name != "leafless")
SHARES = ("crown_base_share", "leafless_share", "hides_from")


def load_screen_rules(folder: Path | None = None) -> ScreenRules:
    """Return how trees and hoardings hide.

    Raises
    ------
    InputError
        Every entry that is missing, no number, negative, or a share above 1.
    """
    path = (folder or content_folder("layers")) / "specs" / "trees.toml"
    content = read_toml(path)[0].get("screens", {})
    shares = [(f"leafless_share {each.get('key', '')}", each.get("share")) for each in content.get("leafless", ())]
    entries = [*((name, content.get(name)) for name in NUMBERS), *shares]
    faults = [
        Fault("{key} has to be a number that makes sense", Where(path.name), {"key": k}) for k, v in entries if not _fits(k, v)
    ]
    if faults:
        raise InputError(*faults)
    leafless = tuple(Leafless(each["key"], frozenset(each["values"]), float(each["share"])) for each in content["leafless"])
    return ScreenRules(**{name: float(content[name]) for name in NUMBERS}, leafless=leafless)


def _fits(key: str, value: object) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0.0
    return is_number and (key.split(maxsplit=1)[0] not in SHARES or float(str(value)) <= 1.0)


def load_snap_rules(path: Path | None = None) -> SnapRules:
    """Return the shipped figures and tags, or those of another file; InputError names every key that is wrong."""
    return read_stated(path or content_folder("data") / "snapping.toml", SnapRules, WHOLE)


def load_street_widths(path: Path | None = None) -> StreetWidths:
    """Return how wide streets are of which the map does not say it; InputError names every key that is wrong."""
    return read_stated(path or content_folder("data") / "streets.toml", StreetWidths, WHOLE)


def load_unusual_rules(path: Path | None = None) -> UnusualRules:
    """Return what is remarked of a camera as it is recorded; InputError names every key that is wrong."""
    return read_stated(path or content_folder("data") / "cameras" / "unusual.toml", UnusualRules, WHOLE)


# Read the generic camera classes: what is assumed of a camera where its source records nothing.

SPANS = tuple(name for name, hint in get_type_hints(CameraClass).items() if hint is Span)
ENDS = ("narrow", "typical", "wide")
LIMITS = {"hfov_deg": (0.1, 360.0), "tilt_deg": (-90.0, 90.0)}
POSITIVE = (1e-3, 1e6)


def load_camera_classes(path: Path | None = None) -> Mapping[Kind, CameraClass]:
    """Return the class of every kind; all faults of the file are raised together as an InputError."""
    path = path or content_folder("data") / "cameras" / "classes.toml"
    table = _parse(path)
    faults: list[Fault] = []
    classes = {kind: _class(kind, table.get(kind.value), path.name, faults) for kind in Kind}
    known = {kind.value for kind in Kind}
    faults += [_fault("{kind} is not a kind of camera; use {known}", path.name, name, kind=name, known=", ".join(sorted(known)))
               for name in table if name not in known]  # fmt: skip
    faults += [fault for cls in classes.values() if cls is not None for fault in milder(cls, path.name)]
    if faults:
        raise InputError(*faults)
    return {kind: cls for kind, cls in classes.items() if cls is not None}


def _parse(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(_fault("the file of camera classes is missing", str(path))) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(_fault("not valid TOML: {problem}", path.name, problem=str(error))) from None


def _class(kind: Kind, entry: object, file: str, faults: list[Fault]) -> CameraClass | None:
    """Return one class, or note what is wrong with it."""
    before = len(faults)
    if not isinstance(entry, dict):
        faults.append(_fault("no class for the kind {kind}", file, kind.value, kind=kind.value))
        return None
    spans = {name: _span(entry.get(name), name, file, f"{kind.value}.{name}", faults) for name in SPANS}
    lens = _lens_class(entry.get("lens_class"), file, f"{kind.value}.lens_class", faults)
    hfov = spans["hfov_deg"]
    if lens is LensClass.RECTILINEAR and hfov and max(hfov.narrow, hfov.wide) > RECTILINEAR_LIMIT_DEG:
        faults.append(_fault("a rectilinear lens is at most 120 degrees wide", file, f"{kind.value}.hfov_deg"))
    limit = _range_limit(kind, entry.get("range_limit_m", LEAST[kind][-1]), file, faults)
    if len(faults) > before or lens is None or limit is None:
        return None
    whole: dict[str, Any] = {name: span for name, span in spans.items() if span is not None}
    return CameraClass(kind=kind, lens_class=lens, source=str(entry.get("source", "")), range_limit_m=limit, **whole)


def _lens_class(value: object, file: str, key: str, faults: list[Fault]) -> LensClass | None:
    if value in set(LensClass):
        return LensClass(str(value))
    faults.append(_fault("{value} is not a lens class; use rectilinear or equidistant", file, key, value=value))
    return None


def _range_limit(kind: Kind, value: object, file: str, faults: list[Fault]) -> float | None:
    """Return how far is looked where no range is recorded; a file that does not say gets the program's."""
    if isinstance(value, int | float) and not isinstance(value, bool) and POSITIVE[0] <= value <= POSITIVE[1]:
        return float(value)
    faults.append(_fault("{value} is no number", file, f"{kind.value}.range_limit_m", value=value))
    return None


def _span(value: object, name: str, file: str, key: str, faults: list[Fault]) -> Span | None:
    """Return one span with numbers at all three ends, the typical one between the others."""
    if not isinstance(value, dict) or set(value) != set(ENDS):
        faults.append(_fault("needs the keys narrow, typical and wide", file, key))
        return None
    if not all(isinstance(value[end], int | float) and not isinstance(value[end], bool) for end in ENDS):
        faults.append(_fault("narrow, typical and wide must be numbers", file, key))
        return None
    span = Span(*(float(value[end]) for end in ENDS))
    low, high = LIMITS.get(name, POSITIVE)
    if not all(low <= number <= high for number in (span.narrow, span.typical, span.wide)):
        faults.append(_fault("a value is outside {low} to {high}", file, key, low=low, high=high))
    if not min(span.narrow, span.wide) <= span.typical <= max(span.narrow, span.wide):
        faults.append(_fault("typical must lie between narrow and wide", file, key))
    return span


def _fault(template: str, file: str, key: str | None = None, **params: object) -> Fault:
    return Fault(template, Where(file=file, item=key), params)
