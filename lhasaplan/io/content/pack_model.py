"""What a rule pack's TOML may hold beyond the types of ``Pack``; anything else is refused with file and key."""

from collections.abc import Mapping

from annotated_types import Interval
from pydantic import AfterValidator, BeforeValidator

from lhasaplan.core.base.translations import marked
from lhasaplan.core.gate.planning_ground import lonlat_area
from lhasaplan.core.rules.pack import RECOGNITION_PX_M, Article, How, Pack
from lhasaplan.io.parse.validation import TomlSchema, refuse

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


def _known_findings(kinds: tuple[str, ...]) -> tuple[str, ...]:
    if unknown := sorted(set(kinds) - FINDING_KINDS):
        raise refuse(UNKNOWN_FINDINGS, kinds=", ".join(unknown))
    return kinds


def _reasoned(article: Article) -> Article:
    if article.how is How.OUT_OF_REACH and not article.reason:
        raise refuse(REASON_NEEDED)
    return article


def _no_religion(conditions: tuple[str, ...]) -> tuple[str, ...]:
    if any(condition.split("=")[0].strip().casefold() == NEVER_READ for condition in conditions):
        raise refuse(RELIGION)
    return conditions


def _no_religion_in_any(match: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    _no_religion(tuple(condition for rule in match for condition in rule))
    return match


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
        "Article.findings": AfterValidator(_known_findings),
        "Category.match": AfterValidator(_no_religion_in_any),
        "Required.density_px_m": Interval(gt=0, lt=RECOGNITION_PX_M),  # the recognition class is never a default
        "Pack": AfterValidator(_whole),
        "Pack.assembly_ground": AfterValidator(_no_religion),
        "Pack.authorities": BeforeValidator(_of_all_countries),
        "Pack.authority_of": BeforeValidator(lambda value: value if isinstance(value, Mapping) else {}),
        "Pack.excluded_wkt": AfterValidator(lonlat_polygon),
        "Pack.territory_wkt": AfterValidator(lonlat_polygon),
    },
)
