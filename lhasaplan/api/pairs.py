"""Ask who can see which points: every camera and point in range, with pixel density or the reason it is not seen."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lhasaplan import workflow
from lhasaplan.api.projects import OpenProject, StrPath, inside
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.base.wording import marked
from lhasaplan.core.project.project import Project
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.ports import NamedPoint, Services, SightPair

if TYPE_CHECKING:
    import pandas as pd

NO_PLACE = marked("{lon}, {lat} is no place; give longitude (-180 to 180) and latitude (-90 to 90), in degrees")
Points = StrPath | Mapping[str, tuple[float, float]]


@dataclass(frozen=True, eq=False, slots=True)
class Pairs:
    """Cameras and points in range of each other; ``remarks`` say how a table of points was read.

    A pair that is ``certain`` has one density. Where it is ``possible`` the camera may see the point, and if it does, at a
    density from ``density_low_px_m`` to ``density_high_px_m``. Of a point on protected ground no distance and no reason is
    told, and once one row of a camera is so, all are.
    """

    pairs: tuple[SightPair, ...]
    remarks: tuple[Fault, ...] = ()

    def to_pandas(self) -> "pd.DataFrame":
        """Return a row for each pair, with the fields of :class:`lhasaplan.ports.SightPair` as columns."""
        import pandas as pd  # noqa: PLC0415  (who wants no frame need not wait for it)

        columns = list(SightPair.__dataclass_fields__)
        return pd.DataFrame([asdict(pair) for pair in self.pairs], columns=columns)


def sight(
    project: OpenProject,
    points: Points | None = None,
    *,
    private: bool = False,
    scheduler: str = "",
    progress: Progress = no_progress,
) -> Pairs:
    """Return which camera can see, or may see, which point, between which pixel densities, or why it cannot.

    Parameters
    ----------
    points : longitude and latitude by name, 1.5 m above ground, ``{"door": (24.9414, 60.1719)}``; or a table (CSV, XLSX) with
        point_id and lon, lat or x_m, y_m. Without any, behind the gate, the points that sample the confirmed parts.
    private, scheduler, progress : as of :func:`audit`; a project whose packs ask for coarse positions needs ``private``.

    Raises
    ------
    InputError
        A point far from all that was imported, a table with faults, or coarse positions asked for.
    GateError
        No points were given, and the gate is closed.
    """
    services, value = inside(project)
    workflow.require_exact(services, value, private)
    asked, remarks = _asked(services, value, points, progress)
    pairs = workflow.sight_pairs(services, value, asked, progress, scheduler, of_parts=points is None)
    return Pairs(tuple(pairs), tuple(remarks))


def _asked(
    services: Services, project: Project, points: Points | None, progress: Progress
) -> tuple[Sequence[NamedPoint], Sequence[Fault]]:
    if points is None:
        return workflow.demand_points(services, project, progress), ()
    if isinstance(points, Mapping):
        return _named(points), ()
    return services.read_points(Path(points), project.crs)


def _named(points: Mapping[str, tuple[float, float]]) -> list[NamedPoint]:
    faults = [
        Fault(NO_PLACE, Where(item=name), {"lon": lon, "lat": lat})
        for name, (lon, lat) in points.items()
        if not (abs(lon) <= 180.0 and abs(lat) <= 90.0)  # nan, too
    ]
    if faults:
        raise InputError(*faults)
    return [NamedPoint(name, float(lon), float(lat), True) for name, (lon, lat) in points.items()]
