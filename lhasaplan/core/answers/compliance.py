"""What a camera's record owes the rules: purpose, retention, sign, optics, movement, forbidden spots, required fields."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import shapely

from lhasaplan.core.answers.approvals import against_baseline, match_baseline
from lhasaplan.core.answers.articles import Articles, articles_by_kind, cited
from lhasaplan.core.answers.draft import Draft
from lhasaplan.core.answers.knowledge import Progress, no_progress
from lhasaplan.core.answers.review import review
from lhasaplan.core.answers.setting import Setting
from lhasaplan.core.answers.signs import sign_answers, with_signs
from lhasaplan.core.assessment import CameraResult, Sighting
from lhasaplan.core.camera import Camera, Kind, Mount, Placed, Status
from lhasaplan.core.conditions import plain
from lhasaplan.core.finding import Certainty, Cure, CureAction, Finding, Severity
from lhasaplan.core.layer import Buildings
from lhasaplan.core.mandate_check import is_filled
from lhasaplan.core.protected import ProtectedClass, ProtectedPlace
from lhasaplan.core.rules import Pack, Thresholds
from lhasaplan.core.watching import watched

OPTICS = ("hfov_deg", "image_width_px")
# What people write into a record where nothing is there, and where nothing is known.
NO_SIGN = frozenset(
    {
        *(
            "no",
            "n",
            "none",
            "0",
            "false",
            "missing",
            "absent",
            "non",
            "aucun",
            "aucune",
            "nein",
            "kein",
            "keine",
            "keines",
            "fehlt",
        ),
        *("无", "否", "没有"),
    }
)
UNKNOWN = frozenset({"unknown", "not_recorded", "n_a", "inconnu", "inconnue", "unbekannt", "未知", "不详"})
SIGHTING_KINDS = {
    ProtectedClass.HOME: "view_home",
    ProtectedClass.PROTECTED: "view_protected",
    ProtectedClass.USE_UNKNOWN: "view_unknown_use",
}


def cite(draft: Draft, packs: Sequence[Pack], articles: Articles) -> Finding:
    """Return the finding under the most specific article that cites its kind; the others stand in its params."""
    found = cited(draft.kind, draft.required, packs, articles)
    also = {"also": tuple(f"{pack} {number}" for pack, number in found[1:])} if len(found) > 1 else {}
    return Finding(
        finding_id=":".join(each for each in (draft.kind, draft.camera_id, draft.subject) if each),
        kind=draft.kind,
        severity=draft.severity,
        certainty=draft.certainty,
        pack=found[0][0],
        article=found[0][1],
        camera_id=draft.camera_id,
        measured=draft.measured,
        required=draft.required,
        unit=draft.unit,
        cure=_with_caution(draft.cure, packs),
        geometry=draft.geometry,
        params={**dict(draft.params), **also},
    )


def _with_caution(cure: Cure | None, packs: Sequence[Pack]) -> Cure | None:
    """Return a removal with what a pack warns of beside it, in every language; any other cure as it is."""
    if cure is None or cure.action is not CureAction.REMOVE:
        return cure
    cautions = tuple(dict(pack.cautions["removal"]) for pack in packs if "removal" in pack.cautions)
    return replace(cure, values={**cure.values, "cautions": cautions}) if cautions else cure


def findings_of(
    setting: Setting,
    results: Sequence[CameraResult],
    knows_parts: bool,
    others: Iterable[Draft] = (),
    progress: Progress = no_progress,
) -> tuple[Finding, ...]:
    """Return all findings of all cameras and the drafts of others, the gravest first, then by id."""
    packs = setting.knowledge.packs
    articles = articles_by_kind(packs)
    inside = inside_protected(setting.placed, setting.protected, setting.buildings)
    slack = setting.knowledge.policy.approval
    matches = match_baseline(setting.project, slack)
    found = [cite(draft, packs, articles) for draft in (*others, *against_baseline(setting.project, matches, slack))]
    answers = sign_answers(setting, watched(results, progress, "findings", every=4))
    for result, stands_inside in watched(list(zip(results, inside, strict=True)), progress, "findings", every=4):
        drafts = [*views(result, setting.thresholds), *ground(result, knows_parts), *record(result.placed, setting)]
        drafts += [*indoors(result.placed, bool(stands_inside)), *review(result, setting, articles, matches.matched_ids)]
        drafts = with_signs(drafts, answers.get(result.placed.camera.camera_id))
        found += [cite(draft, packs, articles) for draft in drafts]
    rank = {Severity.ERROR: 0, Severity.DUE: 1, Severity.NOTE: 2}
    return tuple(sorted(found, key=lambda each: (rank[each.severity], each.finding_id)))


def views(result: CameraResult, thresholds: Thresholds) -> Iterator[Draft]:
    """Give one finding per class of protected place that the camera can see at a grade."""
    for sighting in result.sightings:
        if sighting.grade is not None:
            yield _view(sighting, result.placed, thresholds)


def _view(sighting: Sighting, placed: Placed, thresholds: Thresholds) -> Draft:
    low, high = sighting.density_px_m
    density = f"{high:.0f}" if sighting.basis == "recorded" else f"{low:.0f} - {high:.0f}"
    sweeps = placed.certain and sighting.basis == "assumed"
    masked = (("variant", "masked"),) if placed.camera.mask_px or placed.camera.mask_sector_deg else ()
    return Draft(
        kind=SIGHTING_KINDS[sighting.cls],
        severity=sighting.grade or Severity.NOTE,
        camera_id=sighting.camera_id,
        certainty=Certainty.CERTAIN if sighting.basis == "recorded" else Certainty.POSSIBLE,
        measured=high if sighting.basis == "recorded" else (low, high),
        required=thresholds.note_px_m,
        unit="px/m",
        cure=sighting.cure,
        geometry=sighting.geometry,
        subject=str(sighting.cls) + (":sweep" if sweeps else ""),
        params=(("density", density), ("frontage_m", round(sighting.frontage_m, 1)), ("places", sighting.places), *masked),
    )


def ground(result: CameraResult, knows_parts: bool) -> Iterator[Draft]:
    """Give the finding on ground that nobody asked for, with the same rank as coverage."""
    if result.unasked_m2 >= 1.0:
        yield Draft(
            kind="unasked_area",
            severity=Severity.NOTE,
            camera_id=result.placed.camera.camera_id,
            certainty=Certainty.CERTAIN if result.certain is not None else Certainty.POSSIBLE,
            measured=result.unasked_m2,
            required=0.0,
            unit="m2",
            geometry=result.unasked,
            params=(("area_m2", round(result.unasked_m2)), *(() if knows_parts else (("variant", "no_purpose"),))),
        )


def record(placed: Placed, setting: Setting) -> Iterator[Draft]:
    """Give what the record of one camera owes."""
    camera = placed.camera
    rules: tuple[Callable[[Placed, Setting], Draft | None], ...] = (
        _purpose,
        _retention,
        _sign,
        _direction,
        _optics,
        _movement,
        _fields,
    )
    point = shapely.Point(camera.x_m, camera.y_m)
    for rule in rules:
        draft = rule(placed, setting)
        if draft is not None:
            yield draft.at(point)


def _ask(*fields: str) -> Cure:
    return Cure(CureAction.ASK, values={"questions": fields})


def _lacking(camera: Camera) -> Severity:
    """Return how grave a gap is: a plan owes what an imported record of a working camera may merely not carry."""
    return Severity.DUE if camera.status is Status.PLANNED else Severity.NOTE


def _says(value: object) -> bool:
    """Return whether a field of the record says anything; a dash or "unknown" does not."""
    return is_filled(value) and not (isinstance(value, str) and plain(value.replace("/", "_")) in UNKNOWN)


def _purpose(placed: Placed, _setting: Setting) -> Draft | None:
    camera = placed.camera
    if _says(camera.purpose):
        return None
    return Draft("no_purpose", _lacking(camera), camera.camera_id, cure=_ask("purpose"))


def _retention(placed: Placed, setting: Setting) -> Draft | None:
    camera, limits = placed.camera, setting.thresholds
    days = camera.retention_days
    if days is None:
        return Draft("retention_unknown", _lacking(camera), camera.camera_id, cure=_ask("retention_days"))
    unnamed_days = None if _says(camera.purpose) else limits.retention_purpose_days
    for kind, limit, severity in (
        ("retention_over", limits.retention_days, Severity.ERROR),
        ("retention_reason", limits.retention_reason_days, Severity.DUE),
        ("retention_reason", unnamed_days, Severity.NOTE),
    ):
        if limit is not None and days > limit:
            variant = (("variant", "purpose"),) if severity is Severity.NOTE else ()
            return Draft(
                kind,
                severity,
                camera.camera_id,
                measured=days,
                required=limit,
                unit="days",
                cure=_ask("purpose") if severity is Severity.NOTE else _keep_for(limit),
                params=(*variant, ("days", days), ("limit_days", limit)),
            )
    return None


def _keep_for(limit_days: float) -> Cure:
    return Cure(CureAction.RETENTION, values={"retention_days": limit_days})


def _sign(placed: Placed, _setting: Setting) -> Draft | None:
    camera = placed.camera
    if plain(camera.sign) in NO_SIGN:
        return Draft("sign_missing", Severity.DUE, camera.camera_id, cure=_ask("sign"))
    return None if _says(camera.sign) else Draft("sign_unknown", _lacking(camera), camera.camera_id, cure=_ask("sign"))


def _direction(placed: Placed, _setting: Setting) -> Draft | None:
    if "azimuth_deg" not in placed.assumed:
        return None
    return Draft("direction_unknown", Severity.NOTE, placed.camera.camera_id, cure=_ask("azimuth_deg"))


def _optics(placed: Placed, _setting: Setting) -> Draft | None:
    unknown = tuple(field for field in OPTICS if field in placed.assumed)
    return Draft("optics_unknown", Severity.NOTE, placed.camera.camera_id, cure=_ask(*unknown)) if unknown else None


def _movement(placed: Placed, _setting: Setting) -> Draft | None:
    if placed.camera.kind is not Kind.PAN_TILT:
        return None
    return Draft("pan_tilt", Severity.NOTE, placed.camera.camera_id, cure=Cure(CureAction.SHORTEN))


def _fields(placed: Placed, setting: Setting) -> Draft | None:
    wanted = dict.fromkeys(name for pack in setting.knowledge.packs for name in pack.required_fields)
    missing = tuple(name for name in wanted if not _says(getattr(placed.camera, name, "")))
    if not missing:
        return None
    params = (("fields", missing),)
    return Draft("fields_missing", _lacking(placed.camera), placed.camera.camera_id, cure=_ask(*missing), params=params)


def indoors(placed: Placed, stands_inside: bool) -> Iterator[Draft]:
    """Give the finding on a camera inside a protected place: an error when it is recorded as indoor, else a question."""
    if not stands_inside:
        return
    camera, point = placed.camera, shapely.Point(placed.camera.x_m, placed.camera.y_m)
    if placed.mount is Mount.INDOOR:
        yield Draft("indoor_forbidden", Severity.ERROR, camera.camera_id, cure=Cure(CureAction.REMOVE), geometry=point)
    elif camera.mount is None:
        yield Draft("indoor_forbidden", Severity.NOTE, camera.camera_id, Certainty.POSSIBLE, cure=_ask("mount"), geometry=point)


INSIDE_M = 2.0  # a point nearer to a wall than this is a wall mount drawn a little inside


def inside_protected(
    placed: Sequence[Placed], places: Sequence[ProtectedPlace], buildings: Buildings
) -> "np.typing.NDArray[np.bool_]":
    """Tell which recorded positions lie inside a protected building, or at a protected spot inside any building.

    An unrecorded mount must lie well inside the building. A spot is a toilet or a changing room in a station or a shop.
    """
    known = [place for place in places if place.cls is not ProtectedClass.USE_UNKNOWN]
    index = sorted({building for place in known for building in (place.buildings or (place.building,)) if building >= 0})
    inside = np.zeros(len(placed), bool)
    if not known or not len(placed):
        return inside
    deep = np.array([0.0 if each.mount is Mount.INDOOR else INSIDE_M for each in placed])
    points = shapely.points([(each.camera.x_m, each.camera.y_m) for each in placed])
    inside[_at_spots(points, deep, known, buildings)] = True
    footprints = buildings.polygons[index]
    camera, footprint = shapely.STRtree(footprints).query(points, predicate="intersects")
    to_wall = shapely.distance(points[camera], shapely.boundary(footprints[footprint]))
    inside[camera[to_wall >= deep[camera]]] = True
    return inside


def _at_spots(
    points: "np.typing.NDArray[np.object_]",
    deep: "np.typing.NDArray[np.float64]",
    known: Sequence[ProtectedPlace],
    buildings: Buildings,
) -> "np.typing.NDArray[np.int64]":
    """Return the points on the ground of a place that has no building of its own, where some building stands."""
    grounds = np.array([*(place.ground for place in known if place.building < 0 and not place.buildings), None], object)[:-1]
    at_spot = shapely.STRtree(grounds).query(points, predicate="intersects")[0]
    roofed, roof = shapely.STRtree(buildings.polygons).query(points, predicate="intersects")
    to_wall = shapely.distance(points[roofed], shapely.boundary(buildings.polygons[roof]))
    return np.intersect1d(at_spot, roofed[to_wall >= deep[roofed]])
