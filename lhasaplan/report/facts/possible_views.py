"""Explain possible views in plain words: two assumptions, what each would find, and why."""

from collections import Counter
from dataclasses import dataclass

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.model.camera import Basis, Kind, View
from lhasaplan.core.model.optics import depth_for_density_m, focal_length_px
from lhasaplan.core.results.assessment import Assessment, Sighting
from lhasaplan.core.results.finding import GRAVE, Severity
from lhasaplan.report.facts.summary import grade_of, interval_of
from lhasaplan.report.text import words
from lhasaplan.report.text.document import Block, Grid, Heading, Paragraph

ENDS = (
    ("grade_wide", Basis.WIDE, marked("wide assumption")),
    ("grade_narrow", Basis.NARROW, marked("narrow assumption")),
)
NUMBERS = frozenset(range(2, 7))
DUE_PX_M, ERROR_PX_M = 62.5, 125.0


def interval_chapter(assessment: Assessment, wording: Wording) -> list[Block]:
    """Return why possible views are an interval, with its figures; nothing where every view is recorded."""
    intervals = [interval_of(assessment.cameras, cls) for cls in words.CLASSES]
    views = sum(one.views for one in intervals)
    if not views:
        return []
    lead = wording(
        marked(
            "{views} views are possible only, because the direction or the lens of the camera is not recorded. Each was looked "
            "at twice. The wide assumption is the widest usual lens with the fewest pixels: walls come out coarse, and only near "
            "ones count. The narrow assumption is the longest usual lens with the most pixels: the same wall comes out sharp, "
            "and walls far away count too. At the wide end {wide} of the views would be due or error, at the narrow end "
            "{narrow}. A real camera lies between the two and looks one way only, while here every direction counts that it may "
            "have. So each view stays a note until the controller answers."
        ),
        views=views,
        wide=sum(one.at_wide for one in intervals),
        narrow=sum(one.at_narrow for one in intervals),
    )
    heading = Heading(wording(marked("Possible views: between two assumptions")), 2)
    return [heading, Paragraph(lead), _ends_grid(assessment, wording), *_reason(assessment, wording)]


def _ends_grid(assessment: Assessment, wording: Wording) -> Grid:
    """Return how many possible views each grade would get at either end."""
    grades = ("", *Severity)
    headings = (
        wording(marked("Possible views of")),
        wording(marked("looked at with the")),
        *(words.word(words.GRADES, grade, wording) for grade in grades),
        wording(marked("due or error")),
    )
    rows = []
    for cls, name in words.CLASSES.items():
        views = _possible(assessment, cls)
        for end, _, title in ENDS if views else ():
            counts = Counter(grade_of(getattr(view, end)) for view in views)
            grave = sum(counts[grade] for grade in GRAVE)
            rows.append((wording(name), wording(title), *(str(counts[grade]) for grade in grades), str(grave)))
    return Grid(headings, tuple(rows), (2.4, 2, 1.2, 1, 1, 1, 1.2), numeric=NUMBERS)


def _possible(assessment: Assessment, cls: str) -> list[Sighting]:
    return [s for camera in assessment.cameras for s in camera.sightings if s.cls == cls and not s.is_recorded]


@dataclass(frozen=True, slots=True)
class Lens:
    """One end of an assumption: kind of camera, end, angle and pixels across, and where its densities end."""

    kind: Kind | None
    basis: Basis
    hfov_deg: float
    width_px: int
    due_m: float
    error_m: float


def lens_of(kind: Kind | None, view: View) -> Lens:
    """Return what a view assumes and up to which distance along its axis 62.5 and 125 px/m reach."""
    focal = focal_length_px(view.width_px, view.hfov_deg, view.lens_class)
    due, error = depth_for_density_m(DUE_PX_M, focal), depth_for_density_m(ERROR_PX_M, focal)
    return Lens(kind, view.basis, view.hfov_deg, view.width_px, due, error)


def _reason(assessment: Assessment, wording: Wording) -> list[Block]:
    """Return the lenses that were assumed and how far each grade reaches with them: the distances explain the counts."""
    counts = Counter(
        lens_of(result.placed.camera.kind, view)
        for result in assessment.cameras
        for view in result.placed.views
        if view.basis in (Basis.WIDE, Basis.NARROW)
    )
    if not counts:
        return []
    text = wording(
        marked(
            "Why the two ends lie so far apart: a grade follows the pixels on one metre of wall. The table says up to which "
            "distance a wall straight ahead gets 62.5 px/m (due) and 125 px/m (error) with each assumed lens. Walls between the "
            "two distances are those that are graver at the narrow end only. Buildings of unknown use are a note at most."
        )
    )
    headings = (
        wording(marked("Kind of camera")),
        wording(marked("assumption")),
        wording(marked("cameras")),
        wording(marked("angle of the lens (°)")),
        wording(marked("pixels across")),
        wording(marked("due up to (m)")),
        wording(marked("error up to (m)")),
    )
    ordered = sorted(counts.items(), key=lambda pair: (str(pair[0].kind or ""), pair[0].basis != Basis.WIDE, -pair[1]))
    rows = tuple(_lens_row(lens, count, wording) for lens, count in ordered)
    return [Paragraph(text), Grid(headings, rows, (1.8, 1.6, 1, 1.3, 1.2, 1.3, 1.3), numeric=NUMBERS)]


def _lens_row(lens: Lens, count: int, wording: Wording) -> tuple[str, ...]:
    kind = words.word(words.KINDS, lens.kind, wording) if lens.kind else wording(marked("kind not recorded"))
    end = next(title for _, basis, title in ENDS if basis is lens.basis)
    figures = (str(count), f"{lens.hfov_deg:.0f}", str(lens.width_px), f"{lens.due_m:.0f}", f"{lens.error_m:.0f}")
    return kind, wording(end), *figures
