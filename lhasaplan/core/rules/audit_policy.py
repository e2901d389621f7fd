"""Figures that no law sets: of the audit, identity, districts, options, siting; and the terms of the packs beside them.

Limits that stand in a type are those of the files under ``data``, which their readers hold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from annotated_types import Interval, Len, MinLen

from lhasaplan.core.model.layer import Tags
from lhasaplan.core.rules.pack import NOT_IN_FILES, Key, MandateRules, Pack, Terms, Word

# Figures that no law sets: of the audit, identity, districts, options of parts, and what is unusual.


# When two states of a thing are the same thing, and when two outlines are one building; ``data/identity.toml``.
@dataclass(frozen=True, slots=True)
class IdentityRules:
    """What ground must share and what may differ; these are the shipped figures, and the loosest that data may set.

    Parameters
    ----------
    share : of two grounds, what both have over what any has.
    apart_m : how far a point, or the middle of a part that is drawn round one, may have moved.
    storeys_more : how many storeys more a building may have and still be the one of which a use was declared.
    """

    share: Annotated[float, Interval(ge=0.5, le=1)] = 0.5
    apart_m: Annotated[float, Interval(ge=0, le=5)] = 5.0
    storeys_more: Annotated[float, Interval(ge=0, le=1)] = 1.0


# When a district's plan differs from the city's, and how much round a district its file holds; ``data/districts.toml``.
@dataclass(frozen=True, slots=True)
class DistrictRules:
    """Tolerances of the comparison, distance of cameras that may be one, and ground round the district."""

    moved_m: Annotated[float, Interval(ge=0, le=100)]
    turned_deg: Annotated[float, Interval(ge=0, le=180)]
    share: Annotated[float, Interval(ge=0, lt=1)]
    unasked_m2: Annotated[float, Interval(ge=0, le=10_000)]
    near_m: Annotated[float, Interval(ge=0, le=100)]
    around_m: Annotated[float, Interval(ge=50, le=5_000)]


# Rules for options of parts: which changes of the nearest cameras and which new mounts are evaluated.
_Metres = Annotated[float, Interval(gt=0, le=500)]
_Height = Annotated[float, Interval(gt=0, le=30)]
_Turn = Annotated[float, Interval(gt=0, le=180)]
_Tilt = Annotated[float, Interval(gt=0, lt=90)]
_Angle = Annotated[float, Interval(gt=0, le=120)]
_Factor = Annotated[float, Interval(gt=0, le=5)]
_Count = Annotated[int, Interval(ge=0, le=10_000)]
_Pixels = Annotated[int, Interval(ge=16, le=20_000)]


@dataclass(frozen=True, slots=True)
class NewCameraRules:
    """Where a new camera may stand and what it is: a fixed one, on a pole along public ground or on a facade.

    ``reach_m`` and ``away_m`` bound its distance from the part, ``hfov_deg`` are the lenses, the narrowest first.
    ``corners`` adds the corners of buildings to the places along their walls.
    """

    reach_m: _Metres
    away_m: _Metres
    spacing_m: Annotated[float, Interval(ge=1, le=100)]
    positions: _Count
    pole_height_m: _Height
    wall_height_m: _Height
    hfov_deg: tuple[_Angle, ...]
    image_width_px: _Pixels
    image_height_px: _Pixels
    corners: bool = field(default=False, metadata=NOT_IN_FILES)


@dataclass(frozen=True, slots=True)
class ServiceRules:
    """Steps and limits of what is tried; ``data/service.toml`` has them.

    Turns and tilts are tried either way; ``lens_factors`` multiply the angle of the lens; a raised lens hangs at most
    ``most_height_m`` above its ground. ``nearest_cameras`` within ``reach_m`` of a part are asked.
    """

    most_parts: _Count
    nearest_cameras: _Count
    reach_m: _Metres
    turns_deg: tuple[_Turn, ...]
    tilts_deg: tuple[_Tilt, ...]
    most_height_m: _Height
    height_step_m: Annotated[float, Interval(ge=0.1, le=10)]
    lens_factors: tuple[_Factor, ...]
    least_hfov_deg: _Angle
    most_hfov_deg: _Angle
    new: NewCameraRules


# Rules for what is unusual about a camera as it is recorded: thresholds over the usual, and what is water.
ANY, NO = "*", "no"
TagValues = Mapping[Word, frozenset[Word]]
_Times = Annotated[float, Interval(ge=1, le=1000)]
_Distance = Annotated[float, Interval(ge=0, le=1000)]


@dataclass(frozen=True, slots=True)
class UnusualValues:
    """What is above the highest or farthest usual value times its factor is remarked (``data/cameras/unusual.toml``).

    ``inside_m`` is how far inside a building a camera may be drawn that hangs on its wall.
    """

    mount_height_times: _Times
    mount_height_least_m: _Distance
    range_times: _Times
    night_range_times: _Times
    inside_m: _Distance


@dataclass(frozen=True, eq=False, slots=True)
class WaterRules:
    """What is mapped water, by tags, and how close to a building or a crossing a camera stands on it and not in the water."""

    building_m: _Distance
    crossing_m: _Distance
    areas: TagValues
    line_width_m: Mapping[Word, Mapping[Word, _Distance]]
    crossings: TagValues

    def width_m(self, tags: Tags) -> float | None:
        """Return how wide a line of water is; None where the tags are of none."""
        widths = (by_value.get(tags.get(key, "")) for key, by_value in self.line_width_m.items())
        return next((width for width in widths if width is not None), None)


@dataclass(frozen=True, eq=False, slots=True)
class UnusualRules:
    """All that is remarked of a recorded camera."""

    values: UnusualValues
    water: WaterRules


def has_any(tags: Tags, wanted: TagValues) -> bool:
    """Say whether a feature has one of the tags; ``*`` is any value but no.

    Examples
    --------
    >>> has_any({"bridge": "viaduct"}, {"bridge": frozenset({"*"})}), has_any({"bridge": "no"}, {"bridge": frozenset({"*"})})
    (True, False)
    """
    if wanted.keys().isdisjoint(tags):
        return False
    return any(tags[key] in values or (ANY in values and tags[key] != NO) for key, values in wanted.items() if key in tags)


# Figures of the audit that no law sets: height bands, tolerances of an approval, where a sign must stand.
@dataclass(frozen=True, slots=True)
class HeightBand:
    """A band of heights above the ground before a facade; it ends at ``to_m``, the last one never (None)."""

    name: Key
    to_m: Annotated[float, Interval(gt=0, le=1000)] | None = None
    term: Terms = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ApprovalSlack:
    """What may differ between an approval and the camera as measurement."""

    angle_deg: Annotated[float, Interval(ge=0, le=5.0)] = 5.0
    lens_deg: Annotated[float, Interval(ge=0, le=5.0)] = 5.0
    lens_share: Annotated[float, Interval(ge=0, le=0.1)] = 0.1
    place_m: Annotated[float, Interval(ge=0, le=2.0)] = 2.0


@dataclass(frozen=True, slots=True)
class SignRule:
    """Where a sign must stand: near the entry along the way, near the way; and what is a gap in a view, not its end."""

    before_m: Annotated[float, Interval(gt=0, le=15.0)] = 15.0
    beside_m: Annotated[float, Interval(gt=0, le=5.0)] = 5.0
    gap_m: Annotated[float, Interval(ge=0, le=15.0)] = 15.0


@dataclass(frozen=True, slots=True)
class SurveyRule:
    """How far round a camera that was checked on a known day somebody looked for others."""

    evidence_m: Annotated[float, Interval(ge=0, le=25.0)] = 25.0


@dataclass(frozen=True, slots=True)
class RecordWords:
    """What people write into a record where nothing is there, and where nothing is known; compared as ``plain`` has it."""

    no: Annotated[frozenset[str], MinLen(1)] = frozenset()
    unknown: Annotated[frozenset[str], MinLen(1)] = frozenset()


BANDS = (
    HeightBand("ground_floor", 3.0),
    HeightBand("upper_floors", 9.0),
    HeightBand("above", None),
)


@dataclass(frozen=True, slots=True)
class AuditPolicy:
    """The policy of this program (``data/audit.toml``); these are the shipped figures, and the loosest that data may set."""

    bands: tuple[HeightBand, ...] = BANDS
    entrance_reach_m: float = 1.0
    approval: ApprovalSlack = field(default_factory=ApprovalSlack)
    signs: SignRule = field(default_factory=SignRule)
    survey: SurveyRule = field(default_factory=SurveyRule)
    words: RecordWords = field(default_factory=RecordWords)
    mandate: MandateRules = field(default_factory=MandateRules)


SHIPPED = AuditPolicy()


# Rules of siting: where cameras may be proposed, what they may be, and what weighs how much.

_Weight = Annotated[float, Interval(ge=0, le=1e6)]


@dataclass(frozen=True, slots=True)
class GenericClass:
    """A class of fixed camera that is proposed."""

    name: str
    hfov_deg: Annotated[float, Interval(gt=1, le=120)]
    image_width_px: _Pixels = 1920
    image_height_px: _Pixels = 1080


@dataclass(frozen=True, slots=True)
class Weights:
    """What weighs how much in the cost of a choice; one unit is one m2 of unasked ground."""

    unasked_m2: _Weight = 1.0
    frontage_m: _Weight = 20.0
    camera: Annotated[float, Interval(gt=0, le=1e6)] = 50.0  # it weighs something
    change: _Weight = 5.0


def least_frontage(weights: Weights) -> float:
    """Return the least that a metre of protected frontage weighs beside other weights: as shipped, or more.

    Whoever makes cameras or ground weigh more makes frontage weigh as much more; else it would be free.

    >>> least_frontage(Weights()), least_frontage(Weights(unasked_m2=10.0, frontage_m=20.0))
    (20.0, 200.0)
    """
    shipped = Weights()
    beside = ("unasked_m2", "camera", "change")
    return shipped.frontage_m * max(1.0, *(float(getattr(weights, name) / getattr(shipped, name)) for name in beside))


POLES: TagValues = {
    "highway": frozenset({"street_lamp"}),
    "man_made": frozenset({"mast", "utility_pole"}),
    "power": frozenset({"pole"}),
}
FORBIDDEN: TagValues = {"lhasaplan:camera": frozenset({"no"})}
CLASSES = (GenericClass("narrow", 35.0), GenericClass("usual", 68.0), GenericClass("wide", 95.0))


_Effort = Annotated[float, Interval(gt=0, le=1e6)]


@dataclass(frozen=True, slots=True)
class FieldEffort:
    """What it takes to find out a value that is assumed; 1 is a look from the street. It takes something."""

    mount_height_m: _Effort = 1.0
    tilt_deg: _Effort = 1.0
    range_m: _Effort = 2.0
    hfov_deg: _Effort = 2.0


_Most = Annotated[int, Interval(ge=0, le=1_000_000)]
_LensHeight = Annotated[float, Interval(ge=2.0, le=30.0)]


@dataclass(frozen=True, slots=True)
class SitingRules:
    """Steps and limits (``data/siting.toml``); these are the shipped ones.

    ``heights_m`` are pairs of heights that are tried: of a lens on a pole, and on a wall.
    """

    reach_m: _Metres = 45.0
    spacing_m: Annotated[float, Interval(ge=1, le=100)] = 10.0
    positions: _Most = 60
    corners: bool = True
    heights_m: Annotated[tuple[tuple[_LensHeight, _LensHeight], ...], Len(1, 5)] = ((4.5, 4.0),)
    azimuth_step_deg: Annotated[float, Interval(ge=5, le=360)] = 30.0
    headroom_deg: Annotated[float, Interval(ge=0, le=45)] = 2.0
    most_new: _Most = 400
    most_masked: _Most = 120
    most_changes: _Most = 8
    options: Annotated[int, Interval(ge=0, le=200)] = 12
    poles: TagValues = field(default_factory=lambda: POLES)
    forbidden: TagValues = field(default_factory=lambda: FORBIDDEN)
    classes: tuple[GenericClass, ...] = CLASSES
    weights: Weights = field(default_factory=Weights)
    effort: FieldEffort = field(default_factory=FieldEffort)


# What the loaded packs say: terms in every language, and the article on which a finding rests.

# Find the article of a loaded pack on which a finding kind rests.
OWN_POLICY = ("", "")  # no loaded pack cites the kind: the program's own policy


# Kinds that a limit of days gives, and the limit: the pack that sets it is the one that is broken.
_LIMITS_OF = {
    "retention_over": ("retention_days",),
    "retention_reason": ("retention_reason_days", "retention_purpose_days"),
}


# A kind that rests on what another rests on, unless an article cites it itself: what protects homes protects likely ones.
_AS = {"view_dwelling_likely": "view_home"}

Articles = Mapping[str, tuple[tuple[str, str], ...]]  # by kind of finding: (pack, article number), the most specific first


def articles_by_kind(packs: Sequence[Pack]) -> Articles:
    """Return (pack, article number) of every article that cites a kind, the most specific first, for each cited kind.

    An article that cites fewer kinds is the more specific one; a national pack stands before the one that it builds on
    because it names fewer countries.
    """
    found: dict[str, list[tuple[int, int, int, str, str]]] = {}
    for p, pack in enumerate(packs):
        for article in pack.articles:
            row = (len(article.findings), len(pack.countries), p, pack.name, article.number)
            for kind in dict.fromkeys(article.findings):
                found.setdefault(kind, []).append(row)
    found |= {kind: found[other] for kind, other in _AS.items() if kind not in found and other in found}
    return {kind: tuple(row[3:] for row in sorted(rows, key=lambda row: row[:3])) for kind, rows in found.items()}


def cited(kind: str, required: object, packs: Sequence[Pack], articles: Articles) -> tuple[tuple[str, str], ...]:
    """Return (pack, article number) of each article that a finding rests on; one of a limit first under a pack that sets it."""
    found = articles.get(kind) or (OWN_POLICY,)
    limits = _LIMITS_OF.get(kind)
    if limits is None:
        return found
    setters = {pack.name for pack in packs if required in [getattr(pack.thresholds, limit) for limit in limits]}
    return tuple(sorted(found, key=lambda each: each[0] not in setters))


# Terms of the packs in every language, kept with the results so that outputs need no pack.
def terms_of(packs: Sequence[Pack], bands: Sequence[HeightBand] = ()) -> Mapping[str, Terms]:
    """Return titles of packs, names of categories, who answers for them, and short terms of articles.

    They stand by ``pack:``, ``category:``, ``responsible:`` (with the English name, which a part carries) and ``article:``; by
    ``mark:`` stands whether an article was verified.

    Height bands stand by ``band:`` with their heights, so that every output says what a band means.
    """
    found: dict[str, Terms] = {f"band:{band.name}": term for band, term in zip(bands, _band_terms(bands), strict=True)}
    for pack in packs:
        found[f"pack:{pack.name}"] = pack.title
        found |= {f"category:{category.name}": category.term for category in pack.categories}
        found |= {f"responsible:{category.responsible.get('en', '')}": category.responsible for category in pack.categories}
        found |= {f"article:{pack.name}:{article.number}": article.term for article in pack.articles}
        found |= {f"mark:{pack.name}:{article.number}": {"en": article.mark} for article in pack.articles}
    return found


def _band_terms(bands: Sequence[HeightBand]) -> list[Terms]:
    found: list[Terms] = []
    low_m = 0.0
    for band in bands:
        heights = f"> {low_m:g} m" if band.to_m is None else f"{low_m:g}–{band.to_m:g} m"
        found.append({language: f"{text} ({heights})" for language, text in (band.term or {"en": band.name}).items()})
        low_m = band.to_m or low_m
    return found
