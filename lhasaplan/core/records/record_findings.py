"""Findings on a camera's record: purpose, retention, sign, direction, optics, movement, required fields."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

import shapely

from lhasaplan.core.base.spelling import plain
from lhasaplan.core.changes.camera_change import fixed, kept_for
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.model.camera import Camera, Kind, Placed, Status
from lhasaplan.core.project.decisions import is_filled
from lhasaplan.core.results.finding import Certainty, ChangeFigures, Draft, Finding, Mitigation, MitigationAction, Severity, rank

# Join notes on what records lack: one finding for each kind and controller, with the list of its cameras.

# What a record of a working camera may merely not carry; a city has thousands of such records.
KINDS = frozenset(
    (
        *("no_purpose", "retention_unknown", "sign_unknown", "direction_unknown", "optics_unknown"),
        *("fields_missing", "incidents_unknown"),
    )
)
Same = tuple[str, str, str, str, tuple[str, ...]]


def by_controller(findings: Iterable[Finding], owners: Mapping[str, str]) -> list[Finding]:
    """Return the findings; notes of one kind on cameras of one controller, which lack the same fields, as one.

    One camera alone is named, under the same id: it does not change when another camera comes.

    Parameters
    ----------
    owners : the controller by camera, empty where none is recorded; those cameras are reported together.
    """
    kept: list[Finding] = []
    alike: dict[Same, list[Finding]] = {}
    for each in findings:
        if each.kind in KINDS and each.severity is Severity.NOTE and each.certainty is Certainty.CERTAIN and each.camera_id:
            alike.setdefault(
                (each.kind, each.pack, each.article, owners.get(each.camera_id, "").strip(), each.fields or each.questions), []
            ).append(each)
        else:
            kept.append(each)
    return kept + [_joined(group, same[3]) for same, group in alike.items()]


def _joined(group: Sequence[Finding], owner: str) -> Finding:
    first, cameras = group[0], tuple(each.camera_id for each in group)
    asked = first.questions if not first.fields else ()
    spots = [each.geometry for each in group if each.geometry is not None]
    return replace(
        first,
        finding_id=":".join((first.kind, owner or "controller_unknown", *first.fields, *asked)),
        camera_id=cameras[0] if len(cameras) == 1 else "",
        cameras=cameras,
        geometry=shapely.MultiPoint(spots) if len(spots) > 1 else first.geometry,
        params={**first.params, "count": len(cameras), "controller": owner},
    )


# Join what the record of a planned camera still lacks: nobody has filled it in yet, and that is one thing to do.
STILL_TO_STATE = frozenset(("no_purpose", "retention_unknown", "sign_unknown", "fields_missing", "end_missing"))
PLANNED_RECORD = "planned"


def by_planned_camera(findings: Iterable[Finding], planned: Collection[str]) -> list[Finding]:
    """Return the findings; of a planned camera whose record lacks several fields one that names them all, with every article.

    Parameters
    ----------
    planned : ids of cameras that only a plan has.
    """
    kept: list[Finding] = []
    of_camera: dict[str, list[Finding]] = {}
    for each in findings:
        is_lack = each.kind in STILL_TO_STATE and each.camera_id in planned and "variant" not in each.params
        (of_camera.setdefault(each.camera_id, []) if is_lack else kept).append(each)
    for group in of_camera.values():
        fields = tuple(dict.fromkeys(name for each in group for name in each.questions))
        kept += [_to_state(group, fields)] if len(fields) > 1 else group
    return kept


def _to_state(group: Sequence[Finding], fields: tuple[str, ...]) -> Finding:
    first = next((each for each in group if each.kind == "fields_missing"), group[0])
    cited = [article for each in group for article in (f"{each.pack} {each.article}", *each.also)]
    also = tuple(dict.fromkeys(article for article in cited if article != f"{first.pack} {first.article}"))
    return replace(
        first,
        finding_id=f"fields_missing:{first.camera_id}",
        kind="fields_missing",
        severity=max((each.severity for each in group), key=rank),  # a mild lack must not hide a grave one
        mitigation=_ask(*fields),
        params={"variant": PLANNED_RECORD, "fields": fields, **({"also": also} if also else {})},
    )


def stated_by_plan(findings: Iterable[Finding], planned: Collection[str]) -> list[Finding]:
    """Return the findings; what is lacking of planned cameras alone is to be stated in the plan: nobody controls them yet.

    Parameters
    ----------
    planned : ids of cameras that only a plan has.
    """
    return [
        replace(each, mitigation=replace(each.mitigation, action=MitigationAction.STATE))
        if each.mitigation is not None
        and each.mitigation.action is MitigationAction.ASK
        and all(one in planned for one in each.camera_ids)
        else each
        for each in findings
    ]


OPTICS = ("hfov_deg", "image_width_px")


def record(placed: Placed, context: AuditContext) -> Iterator[Draft]:
    """Give what the record of one camera owes."""
    camera = placed.camera
    rules: tuple[Callable[[Placed, AuditContext], Draft | None], ...] = (
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
        draft = rule(placed, context)
        if draft is not None:
            yield draft.at(point)


@cache  # thousands of cameras lack the same few fields
def _ask(*fields: str) -> Mitigation:
    return Mitigation(MitigationAction.ASK, figures=ChangeFigures(questions=fields))


def _lacking(camera: Camera) -> Severity:
    """Return how grave a gap is: a plan owes what an imported record of a working camera may merely not carry."""
    return Severity.DUE if camera.status is Status.PLANNED else Severity.NOTE


def _says(value: object, context: AuditContext) -> bool:
    """Return whether a field of the record says anything; a dash or "unknown" does not."""
    words = context.reference_data.policy.words
    return is_filled(value) and not (isinstance(value, str) and plain(value.replace("/", "_")) in words.unknown)


def _purpose(placed: Placed, context: AuditContext) -> Draft | None:
    camera = placed.camera
    if _says(camera.purpose, context):
        return None
    return Draft("no_purpose", _lacking(camera), camera.camera_id, mitigation=_ask("purpose"))


def _retention(placed: Placed, context: AuditContext) -> Draft | None:
    camera, limits = placed.camera, context.thresholds
    days = camera.retention_days
    if days is None:
        return Draft("retention_unknown", _lacking(camera), camera.camera_id, mitigation=_ask("retention_days"))
    unnamed_days = None if _says(camera.purpose, context) else limits.retention_purpose_days
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
                mitigation=_ask("purpose") if severity is Severity.NOTE else _kept_shorter(camera, limit, context),
                params=(*variant, ("days", days), ("limit_days", limit)),
            )
    return None


def _kept_shorter(camera: Camera, limit_days: float, context: AuditContext) -> Mitigation:
    """Return what ends the finding: the days of the mandate where it promises fewer than the limit."""
    promised = context.project.mandate.retention_days if context.project.mandate else None
    days = min(limit_days, promised) if promised else limit_days
    return Mitigation(MitigationAction.RETENTION, figures=ChangeFigures(retention_days=days), changes=kept_for(camera, days))


def _sign(placed: Placed, context: AuditContext) -> Draft | None:
    camera = placed.camera
    if plain(camera.sign) in context.reference_data.policy.words.no:
        return Draft("sign_missing", Severity.DUE, camera.camera_id, mitigation=_ask("sign"))
    return (
        None
        if _says(camera.sign, context)
        else Draft("sign_unknown", _lacking(camera), camera.camera_id, mitigation=_ask("sign"))
    )


def _direction(placed: Placed, _context: AuditContext) -> Draft | None:
    if "azimuth_deg" not in placed.assumed:
        return None
    return Draft("direction_unknown", Severity.NOTE, placed.camera.camera_id, mitigation=_ask("azimuth_deg"))


def _optics(placed: Placed, _context: AuditContext) -> Draft | None:
    unknown = tuple(field for field in OPTICS if field in placed.assumed)
    return Draft("optics_unknown", Severity.NOTE, placed.camera.camera_id, mitigation=_ask(*unknown)) if unknown else None


def _movement(placed: Placed, _context: AuditContext) -> Draft | None:
    if placed.camera.kind is not Kind.PAN_TILT:
        return None
    return Draft(
        "pan_tilt",
        Severity.NOTE,
        placed.camera.camera_id,
        mitigation=Mitigation(MitigationAction.SHORTEN, changes=fixed(placed.camera)),
    )


def _fields(placed: Placed, context: AuditContext) -> Draft | None:
    wanted = dict.fromkeys(name for pack in context.reference_data.packs for name in pack.required_fields)
    missing = tuple(name for name in wanted if not _says(getattr(placed.camera, name, ""), context))
    if not missing:
        return None
    params = (("fields", missing),)
    return Draft("fields_missing", _lacking(placed.camera), placed.camera.camera_id, mitigation=_ask(*missing), params=params)
