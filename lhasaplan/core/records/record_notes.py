"""Join notes on what records lack: one finding for each kind and controller, with the list of its cameras."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import shapely

from lhasaplan.core.results.finding import Certainty, Finding, Severity

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
    owners : the controller by camera, empty where none is recorded; those cameras are told together.
    """
    kept: list[Finding] = []
    alike: dict[Same, list[Finding]] = {}
    for each in findings:
        if each.kind in KINDS and each.severity is Severity.NOTE and each.certainty is Certainty.CERTAIN and each.camera_id:
            alike.setdefault(_same(each, owners.get(each.camera_id, "").strip()), []).append(each)
        else:
            kept.append(each)
    return kept + [_joined(group, same[3]) for same, group in alike.items()]


def _same(finding: Finding, owner: str) -> Same:
    """Return what notes must share to be told as one."""
    asked = (finding.cure.figures.questions or ()) if finding.cure is not None else ()
    return finding.kind, finding.pack, finding.article, owner, tuple(map(str, finding.params.get("fields") or asked))


def _joined(group: Sequence[Finding], owner: str) -> Finding:
    first, cameras = group[0], tuple(each.camera_id for each in group)
    fields = tuple(map(str, first.params.get("fields", ())))
    asked = tuple(map(str, first.cure.figures.questions or ())) if first.cure is not None and not fields else ()
    spots = [each.geometry for each in group if each.geometry is not None]
    return replace(
        first,
        finding_id=":".join((first.kind, owner or "controller_unknown", *fields, *asked)),
        camera_id=cameras[0] if len(cameras) == 1 else "",
        cameras=cameras,
        geometry=shapely.MultiPoint(spots) if len(spots) > 1 else first.geometry,
        params={**first.params, "count": len(cameras), "controller": owner},
    )
