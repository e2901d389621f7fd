"""What an audit says of walls against dense rays: views not reported, graded too low or high, metres, mitigations, draws."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.model.camera import Camera, Placed
from lhasaplan.core.results.assessment import CameraResult, Sighting
from lhasaplan.core.results.finding import rank

from ..rivals.wall_rays import USUAL, Lens, Shown, Step, by_class, look
from ..wall_towns import WallTown, lens_of

MOST = {"use_unknown": 1, "dwelling_likely": 2}  # the gravest rank of classes of which nobody knows the use
METRES, SHARE = 0.5, 0.02
FINER = 4.0
FLOORS = {1: 25.0, 2: 62.5, 3: 125.0}


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A view on which an audit and the rays differ; ``told`` and ``seen`` in words, with all that is needed to look again."""

    what: str
    camera: Camera
    cls: str
    reported: str
    seen: str

    def __str__(self) -> str:
        """Say it in one line."""
        c = self.camera
        where = f"({c.x_m:.3f}, {c.y_m:.3f}) height {c.mount_height_m} azimuth {c.azimuth_deg} tilt {c.tilt_deg}"
        lens = f"hfov {c.hfov_deg} range {c.range_m}"
        return f"{self.what}: {c.camera_id} {where} {lens} {self.cls}: told {self.reported}, rays {self.seen}"


def grade_rank(px_m: float, cls: str) -> int:
    """Return 0 to 3 for nothing, note, due and error: a note begins at 25 px/m, due and error above theirs."""
    found = 0 if px_m < FLOORS[1] else 1 if px_m <= FLOORS[2] else 2 if px_m <= FLOORS[3] else 3
    return min(found, MOST.get(cls, 3))


@dataclass(frozen=True, eq=False, slots=True)
class Compared:
    """How many views were looked at, how many of them are due or severe, and where both differ."""

    cameras: int
    views: int
    grave: int
    disagreements: tuple[Disagreement, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """Number of disagreements by kind."""
        return Counter(each.what for each in self.disagreements)


def compare(town: WallTown, cameras: tuple[Camera, ...], step: Step = USUAL) -> Compared:
    """Audit cameras of which all is recorded and hold each view against the rays; where they differ, rays are set denser."""
    answers = audit(town.with_cameras(cameras), town.known, known=town.context)
    views = grave = 0
    found: list[Disagreement] = []
    for result in answers.cameras:
        lens = lens_in(town, result.placed)
        shown = by_class(look(lens, town.facades, town.prisms, step), town.facades)
        reported = {str(each.cls): each for each in result.sightings}
        if list(_differences(result, reported, shown)):
            shown = by_class(look(lens, town.facades, town.prisms, step.finer(FINER)), town.facades)
        found += _differences(result, reported, shown)
        ranks = [grade_rank(each.px_m[0], cls) for cls, each in shown.items()]
        views += sum(each > 0 for each in ranks)
        grave += sum(each > 1 for each in ranks)
    return Compared(len(answers.cameras), views, grave, tuple(found))


def lens_in(town: WallTown, placed: Placed) -> Lens:
    """Return the lens of a recorded camera; the lean of the grid is asked of the town's system."""
    x, y = placed.camera.x_m, placed.camera.y_m
    return lens_of(placed, float(town.context.crs.convergence_deg(x, y)))


def _differences(result: CameraResult, reported: Mapping[str, Sighting], shown: Mapping[str, Shown]) -> Iterator[Disagreement]:
    camera = result.placed.camera
    for cls in sorted({*reported, *shown}):
        seen, view = shown.get(cls, Shown()), reported.get(cls)
        least, most = (grade_rank(px_m, cls) for px_m in seen.px_m)
        has = 0 if view is None else rank(view.grade)
        words = "nothing" if view is None else f"{view.grade} {view.density_px_m[1]:.1f} px/m {view.frontage_m:.2f} m"
        wall, ground = seen.frontage_px_m, seen.ground_px_m
        truth = f"wall {wall[0]:.1f} to {wall[1]:.1f} px/m, ground {ground[0]:.1f} to {ground[1]:.1f}"
        if has < least:
            what = "not reported" if has == 0 else "grade lower"
            what = what if least > 1 else f"{what} (note)"
            yield Disagreement(what, camera, cls, words, truth)
        elif has > most:
            yield Disagreement("grade higher", camera, cls, words, truth)
        elif view is not None and has and wall[0] > 0.0:
            low, high = seen.metres[FLOORS[min(grade_rank(wall[0], cls), has)]]
            slack = max(METRES, SHARE * high)
            if not low - slack <= view.frontage_m <= high + slack and grade_rank(wall[1], cls) == grade_rank(wall[0], cls):
                yield Disagreement("metres off", camera, cls, words, f"{low:.2f} to {high:.2f} m; {truth}")


def lines_of(found: Sequence[Disagreement], most: int = 10) -> str:
    """Return the first disagreements, one a line."""
    return "\n".join(str(each) for each in found[:most])
