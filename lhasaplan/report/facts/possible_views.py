"""Explain possible views in plain words: how grave they are at least and at most within the limits, and why."""

from collections import Counter
from dataclasses import dataclass

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.model.camera import Basis, Kind, View
from lhasaplan.core.model.optics import depth_for_density_m, focal_length_px
from lhasaplan.core.results.assessment import Assessment, Sighting
from lhasaplan.core.results.finding import GRAVE, Severity
from lhasaplan.report.facts.summary import grade_of, interval_of
from lhasaplan.report.text import words
from lhasaplan.report.text.document import Block, Grid, Heading, Paragraph

ENDS = (("grade_low", marked("at least")), ("grade_high", marked("at most")))
COARSEST, SHARPEST = marked("coarsest"), marked("sharpest")
NUMBERS = frozenset(range(2, 7))
DUE_PX_M, ERROR_PX_M = 62.5, 125.0


BY_MODEL = marked(
    "The model of {count} cameras is on record, and their lens and picture keep within what the catalogue of the project says of "
    "it instead of their kind."
)


def interval_chapter(assessment: Assessment, translations: Translations) -> list[Block]:
    """Return what possible views may be, with its figures; nothing where every view is recorded."""
    intervals = [interval_of(assessment.cameras, cls) for cls in words.CLASSES]
    views = sum(one.views for one in intervals)
    if not views:
        return []
    lead = translations(
        marked(
            "{views} views are only possible, because direction, lens, pixels, tilt or height of the camera is "
            "not recorded. Each view covers all values that the limits of its kind of camera allow "
            "(data/cameras/classes.toml): every direction, wide-angle to tele, the fewest and the most pixels. "
            "At least {low} and at most {high} of the views would be due or severe. A real camera has one of "
            "these values and looks one way only. Within the limits it shows nothing sharper than the most "
            "stated here. So each view stays a note until the controller answers."
        ),
        views=views,
        high=sum(one.most for one in intervals),
        low=sum(one.least for one in intervals),
    )
    if modelled := int(assessment.totals.get("assumed_by_model", 0)):
        lead = words.running_text([lead, translations(BY_MODEL, count=modelled)])
    heading = Heading(translations(marked("Possible views: what they may be")), 2)
    return [heading, Paragraph(lead), _ends_grid(assessment, translations), *_reason(assessment, translations)]


def _ends_grid(assessment: Assessment, translations: Translations) -> Grid:
    """Return how many possible views each grade would get at either end."""
    grades = ("", *Severity)
    headings = (
        translations(marked("Possible views of")),
        translations(marked("the view would be")),
        *(words.word(words.GRADES, grade, translations) for grade in grades),
        translations(marked("due or severe")),
    )
    rows = []
    for cls, name in words.CLASSES.items():
        views = _possible(assessment, cls)
        for end, title in ENDS if views else ():
            counts = Counter(grade_of(getattr(view, end)) for view in views)
            grave = sum(counts[grade] for grade in GRAVE)
            rows.append((translations(name), translations(title), *(str(counts[grade]) for grade in grades), str(grave)))
    return Grid(headings, tuple(rows), (2.4, 2, 1.2, 1, 1, 1, 1.2), numeric=NUMBERS)


def _possible(assessment: Assessment, cls: str) -> list[Sighting]:
    return [s for camera in assessment.cameras for s in camera.sightings if s.cls == cls and not s.is_recorded]


@dataclass(frozen=True, slots=True)
class AssumedLens:
    """The coarsest or the sharpest lens of a set: kind of camera, angle and pixels across, and where its densities end."""

    kind: Kind | None
    is_sharpest: bool
    hfov_deg: float
    width_px: int
    due_m: float
    error_m: float


def lenses_of(kind: Kind | None, view: View) -> tuple[AssumedLens, AssumedLens]:
    """Return the coarsest and the sharpest lens of a view, and to which distance along the axis 62.5 and 125 px/m reach."""
    return _lens(kind, view, view.hfov_deg, view.fewest_px), _lens(kind, view, view.narrowest_deg, view.width_px)


def _lens(kind: Kind | None, view: View, hfov_deg: float, width_px: int) -> AssumedLens:
    focal = focal_length_px(width_px, hfov_deg, view.lens_class)
    due, error = depth_for_density_m(DUE_PX_M, focal), depth_for_density_m(ERROR_PX_M, focal)
    return AssumedLens(kind, (hfov_deg, width_px) == (view.narrowest_deg, view.width_px), hfov_deg, width_px, due, error)


def _reason(assessment: Assessment, translations: Translations) -> list[Block]:
    """Return the lenses that were assumed and how far each grade reaches with them: the distances explain the counts."""
    counts = Counter(
        lens
        for result in assessment.cameras
        for view in result.placed.views
        if view.basis is not Basis.RECORDED
        for lens in dict.fromkeys(lenses_of(result.placed.camera.kind, view))
    )
    if not counts:
        return []
    text = translations(
        marked(
            "Why “at least” and “at most” differ so much: a grade depends on the pixels on one metre of wall. "
            "The table says how far away a wall straight ahead gets 62.5 px/m (due) and 125 px/m (severe), with "
            "the coarsest and with the sharpest lens within the limits. Buildings of unknown use are at most a "
            "note."
        )
    )
    headings = (
        translations(marked("Kind of camera")),
        translations(marked("lens within the limits")),
        translations(marked("cameras")),
        translations(marked("angle of the lens (°)")),
        translations(marked("pixels across")),
        translations(marked("due up to (m)")),
        translations(marked("severe up to (m)")),
    )
    ordered = sorted(counts.items(), key=lambda pair: (str(pair[0].kind or ""), pair[0].is_sharpest, -pair[1]))
    rows = tuple(_lens_row(lens, count, translations) for lens, count in ordered)
    return [Paragraph(text), Grid(headings, rows, (1.8, 1.6, 1, 1.3, 1.2, 1.3, 1.3), numeric=NUMBERS)]


def _lens_row(lens: AssumedLens, count: int, translations: Translations) -> tuple[str, ...]:
    kind = words.word(words.KINDS, lens.kind, translations) if lens.kind else translations(marked("kind not recorded"))
    end = SHARPEST if lens.is_sharpest else COARSEST
    figures = (str(count), f"{lens.hfov_deg:.0f}", str(lens.width_px), f"{lens.due_m:.0f}", f"{lens.error_m:.0f}")
    return kind, translations(end), *figures
