"""Which cameras may see a spot; of a spot inside a building, what of its walls they may see."""

from typing import TYPE_CHECKING, Any

import shapely

from lhasaplan.app.map.sight import CurrentSight, Seen
from lhasaplan.core.protection.spot_disclosure import SpotRule, Witness, in_order
from lhasaplan.core.site.queried_spot import Asked

if TYPE_CHECKING:
    from lhasaplan.core.context.audit_context import AuditContext

NEAR_M = 60.0  # so near one wonders why a camera does not see


def who_sees(asked: Asked, sight: CurrentSight, city: "AuditContext", engine: Any, protected: Any) -> tuple[Witness, ...]:
    """Return the cameras that may see a spot, sharpest first, then those near it that do not, with the reason.

    What blocks a view is withheld by the one rule that the command line has, too (``core/protection/spot_disclosure.py``).
    """
    tells_why = not bool(SpotRule(protected).is_withheld(asked.spot).any())
    found = [_witness(one, asked, city, engine, tells_why=tells_why) for one in sight.seen.values() if _reaches(one, asked)]
    return in_order(found)


def _reaches(one: Seen, asked: Asked) -> bool:
    """Say whether a camera is worth asking: in range, or so near that one wonders why it does not see."""
    ground = asked.footprint if asked.footprint is not None else shapely.Point(asked.spot[0, :2])
    return any(ground.distance(shapely.Point(v.x_m, v.y_m)) <= max(v.range_m, NEAR_M) for v in one.placed.views)


def _witness(one: Seen, asked: Asked, city: "AuditContext", engine: Any, *, tells_why: bool) -> Witness:
    """Ask every view of a camera what it shows of the points, and why it does not see; the answer is the command line's."""
    from lhasaplan.core.exposure.who_sees import witness_at  # noqa: PLC0415 - a bare window opens without sight

    seen = engine.spot_densities(one.placed, asked.points, city).toarray()
    return witness_at(one.placed, asked, seen, city.rooms, engine.explain, tells_why=tells_why)
