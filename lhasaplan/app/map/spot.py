"""Which cameras may see a spot; of a spot inside a building, what of its walls they may see."""

from typing import TYPE_CHECKING, Any

import shapely

from lhasaplan.app.map.sight import CurrentSight, Seen
from lhasaplan.core.protection.spot_disclosure import Hush, SpotRule, Witness, in_order
from lhasaplan.core.site.queried_spot import Asked

if TYPE_CHECKING:
    from lhasaplan.core.context.audit_context import AuditContext

NEAR_M = 60.0  # so near one wonders why a camera does not see


def who_sees(asked: Asked, sight: CurrentSight, city: "AuditContext", engine: Any, protected: Any) -> tuple[Witness, ...]:
    """Return the cameras that may see a spot, sharpest first, then those near it that do not, with the reason.

    What may not be told is left out by the one rule that the command line has, too (``core/protection/spot_disclosure.py``).
    """
    rule = SpotRule.of(protected, city.crs)
    guarded = rule.guarded(asked.spot)
    found = [(one, rule.hush(one.placed.views, guarded)) for one in sight.seen.values() if _reaches(one, asked)]
    return in_order([(_witness(one, asked, city, engine, hush), hush) for one, hush in found])


def _reaches(one: Seen, asked: Asked) -> bool:
    """Say whether a camera is worth asking: in range, or so near that one wonders why it does not see."""
    ground = asked.footprint if asked.footprint is not None else shapely.Point(asked.spot[0, :2])
    return any(ground.distance(shapely.Point(v.x_m, v.y_m)) <= max(v.range_m, NEAR_M) for v in one.placed.views)


def _densities(one: Seen, points: Any, city: "AuditContext", engine: Any, hush: Hush) -> Any:
    """Return what each view of a camera shows; neither walls of floor plans nor coarse terrain are masks of a protected place."""
    if hush:
        return city.guards.densities(one.placed.views, one.placed.level_views, points, engine.densities)
    return engine.densities(list(one.placed.views), points, city.rooms)


def _witness(one: Seen, asked: Asked, city: "AuditContext", engine: Any, hush: Hush) -> Witness:
    """Ask every view of a camera what it shows of the points, and why it does not see; the answer is the command line's."""
    from lhasaplan.core.exposure.who_sees import witness_at  # noqa: PLC0415 - a bare window opens without sight

    seen = _densities(one, asked.points, city, engine, hush).toarray()
    return witness_at(one.placed, asked, seen, hush, city.rooms, engine.explain)
