"""Reference data of an audit besides the project: packs, classes, kinds, heights, territory and the date."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lhasaplan.core.base.data_state import AS_SHIPPED, DataState
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.city.streets import SHIPPED, StreetWidths
from lhasaplan.core.city.trees_and_hoardings import ScreenRules
from lhasaplan.core.model.camera import CameraClass, Kind
from lhasaplan.core.rules.audit_policy import SHIPPED as SHIPPED_POLICY
from lhasaplan.core.rules.audit_policy import AuditPolicy, ServiceRules
from lhasaplan.core.rules.pack import Pack, Thresholds
from lhasaplan.core.site.terrain import Terrain, level

if TYPE_CHECKING:
    from lhasaplan.core.city.building_heights import HeightRules
    from lhasaplan.core.city.territory import Territory
    from lhasaplan.core.protection.kind_types import ProtectedKinds

__all__ = ["SEEN_PX_M", "Progress", "ReferenceData", "no_progress", "part_of", "tightest"]

SEEN_PX_M = 25.0  # docs/glossary.md: unasked area and "share seen" are always meant at 25 px/m


@dataclass(frozen=True, eq=False, slots=True)
class ReferenceData:
    """Content of the data folders as values; ``today`` is an ISO date, since the core has no clock.

    ``terrain`` is the ground that the project's stored rasters give, since the core reads no files either.
    """

    packs: tuple[Pack, ...]
    classes: Mapping[Kind, CameraClass]
    kinds: "ProtectedKinds"
    heights: "HeightRules"
    territory: "Territory"
    today: str
    widths: StreetWidths = SHIPPED
    terrain: Terrain = field(default_factory=level)
    screens: ScreenRules = field(default_factory=ScreenRules)
    policy: AuditPolicy = SHIPPED_POLICY
    service: ServiceRules = field(default_factory=ServiceRules)
    data: DataState = AS_SHIPPED


def tightest(packs: tuple[Pack, ...]) -> Thresholds:
    """Return the strictest of all packs' thresholds; the core's own figures are never loosened.

    >>> tightest(()).due_px_m
    62.5
    """
    every = [Thresholds(), *(pack.thresholds for pack in packs)]
    return Thresholds(
        note_px_m=min(each.note_px_m for each in every),
        due_px_m=min(each.due_px_m for each in every),
        error_px_m=min(each.error_px_m for each in every),
        frontage_m=min(each.frontage_m for each in every),
        unasked_distance_m=min(each.unasked_distance_m for each in every),
        sharper_times=min(each.sharper_times for each in every),
        named_ground_m=min(each.named_ground_m for each in every),
        retention_days=_least(each.retention_days for each in every),
        retention_reason_days=_least(each.retention_reason_days for each in every),
        retention_purpose_days=_least(each.retention_purpose_days for each in every),
        approval_days=_least(each.approval_days for each in every),
        renewal_notice_days=max(
            (each.renewal_notice_days for each in every if each.renewal_notice_days is not None), default=None
        ),
        review_days=_least(each.review_days for each in every),
        end_days=_least(each.end_days for each in every),
    )


def _least(values: Iterable[float | None]) -> float | None:
    return min((value for value in values if value is not None), default=None)
