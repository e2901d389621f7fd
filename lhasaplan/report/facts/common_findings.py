"""What holds for many cameras, so that a report says it once, what to do first, and how grave possible views are."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.model.camera import Basis, Kind, Status, View
from lhasaplan.core.model.optics import depth_for_density_m, focal_length_px
from lhasaplan.core.results.assessment import Assessment, CameraResult
from lhasaplan.core.results.finding import GRAVE, Finding, Severity, rank
from lhasaplan.report.facts.called import Called
from lhasaplan.report.facts.short_answer import gravest_possible
from lhasaplan.report.facts.summary import grade_of, grave_findings, interval_of, of_status
from lhasaplan.report.text import finding_words, words
from lhasaplan.report.text.document import Block, Grid, Heading, Paragraph

# Explain possible views in plain words: how grave they are at least and at most within the limits, and why.

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
        views = [s for camera in assessment.cameras for s in camera.sightings if s.cls == cls and not s.is_recorded]
        for end, title in ENDS if views else ():
            counts = Counter(grade_of(getattr(view, end)) for view in views)
            grave = sum(counts[grade] for grade in GRAVE)
            rows.append((translations(name), translations(title), *(str(counts[grade]) for grade in grades), str(grave)))
    return Grid(headings, tuple(rows), (2.4, 2, 1.2, 1, 1, 1, 1.2), numeric=NUMBERS)


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


# What holds for many cameras, so that a report says it once: faults of the record, and questions to the controller.
VIEWS = frozenset(("view_home", "view_protected", "view_dwelling_likely", "view_unknown_use"))
# Findings whose sentence has no figure of its own camera; its ground stands in the line under its name.
PLAIN = frozenset(
    (
        *("direction_unknown", "optics_unknown", "fields_missing", "no_purpose", "retention_unknown"),
        *("sign_unknown", "sign_missing", "pan_tilt", "unasked_area"),
    )
)
FEWEST = 2

Same = tuple[str, str, str, str, tuple[str, ...]]  # severity, kind, pack, article, fields


@dataclass(frozen=True, slots=True)
class Common:
    """Findings and questions that several cameras share, each with its number in the report and how many share it."""

    findings: tuple[tuple[Same, int], ...]
    questions: tuple[tuple[str, int], ...]

    def rows_of(self, findings: Iterable[Finding]) -> list[int]:
        """Return the numbers of the rows that hold for these findings of a camera."""
        mine = {same_of(finding) for finding in findings}
        return [number for number, (same, _) in enumerate(self.findings, 1) if same in mine]

    def holds(self, finding: Finding) -> bool:
        """Say whether the finding stands in the table of many cameras."""
        return same_of(finding) in {same for same, _ in self.findings}

    def questions_of(self, result: CameraResult) -> list[int]:
        """Return the numbers of the questions to be asked about a camera."""
        return [number for number, (field, _) in enumerate(self.questions, 1) if field in result.questions]


def same_of(finding: Finding) -> Same:
    """Return what two findings must share to be reported in one line."""
    return str(finding.severity), finding.kind, finding.pack, finding.article, finding.fields


def common_ground(assessment: Assessment) -> Common:
    """Return what at least two cameras share, the gravest and most frequent first."""
    counts: Counter[Same] = Counter()
    for finding in assessment.findings:
        if finding.kind in PLAIN:
            counts[same_of(finding)] += max(len(finding.camera_ids), 1)
    shared = [(same, count) for same, count in counts.items() if count >= FEWEST]
    asked = Counter(field for result in assessment.cameras for field in result.questions)
    order = list(dict.fromkeys(field for result in assessment.cameras for field in result.questions))
    findings = sorted(shared, key=lambda pair: (-rank(pair[0][0]), -pair[1], pair[0]))
    return Common(tuple(findings), tuple((field, asked[field]) for field in sorted(order, key=lambda f: -asked[f])))


def questions_grid(
    questions: Sequence[tuple[str, int]], translations: Translations, caption: str = "", anchor: str = ""
) -> list[Grid]:
    """Return the questions to controllers, each with how many cameras it is asked of; no table where none is."""
    headings = translations(marked("Question")), translations(marked("Cameras"))
    rows = tuple((finding_words.question_text(field, translations), str(count)) for field, count in questions)
    return [Grid(headings, rows, (6, 1), caption, frozenset({1}), anchor)] if rows else []


def common_chapter(common: Common, translations: Translations) -> list[Block]:
    """Return the two tables that the sections of the cameras refer to by number."""
    blocks: list[Block] = []
    if common.findings:
        blocks += [Heading(translations(marked("Findings shared by many cameras")), 2), _findings_grid(common, translations)]
    if common.questions:
        text = marked("No view can be certain before the controller answers. The sections below name these questions by number.")
        blocks += [
            Heading(translations(marked("Questions to the controller")), 2),
            Paragraph(translations(text)),
            _asked(common, translations),
        ]
    return blocks


def _findings_grid(common: Common, translations: Translations) -> Grid:
    headings = (
        translations(marked("No.")),
        translations(marked("Finding")),
        translations(marked("Cameras")),
        translations(marked("Severity")),
        translations(marked("Rests on")),
    )
    rows = tuple(
        (
            str(number),
            _sentence(kind, fields, translations),
            str(count),
            words.word(words.SEVERITIES, severity, translations),
            finding_words.article_text(pack, article, translations),
        )
        for number, ((severity, kind, pack, article, fields), count) in enumerate(common.findings, 1)
    )
    return Grid(headings, rows, (0.6, 4.4, 1.2, 1.2, 3), numeric=frozenset({0, 2}))


def _sentence(kind: str, fields: Sequence[str], translations: Translations) -> str:
    name = words.word(words.FINDING_KINDS, kind, translations)
    if not fields:
        return name
    return translations(marked("{finding}: {fields}"), finding=name, fields=words.listed(words.FIELDS, fields, translations))


def _asked(common: Common, translations: Translations) -> Grid:
    headings = (translations(marked("No.")), translations(marked("Question")), translations(marked("Cameras")))
    rows = tuple(
        (str(number), finding_words.question_text(field, translations), str(count))
        for number, (field, count) in enumerate(common.questions, 1)
    )
    return Grid(headings, rows, (0.6, 8.6, 1.2), numeric=frozenset({0, 2}))


def numbers_text(numbers: Sequence[int]) -> str:
    """Return numbers in rising order as ``1–3, 5``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)


# What to do first: few steps in the order of their weight, each with how many cameras it is about and which come first.
FIRST = 3  # views that are named with what ends them


def first_steps(assessment: Assessment, called: Called, translations: Translations) -> tuple[str, ...]:
    """Return the steps of what operates today; none where nothing was found."""
    steps = [
        *_to_end(assessment, called, translations),
        *_record(assessment, called, translations),
        *_to_ask(assessment, called, translations),
        *_purposes(assessment, called, translations),
    ]
    return tuple(steps)


def _to_end(assessment: Assessment, called: Called, translations: Translations) -> list[str]:
    """Return each of the gravest views with what ends it, and how many there are."""
    grave = [f for f in grave_findings(assessment) if f.kind in VIEWS]
    text = marked("Camera {camera}: end its {what}. {mitigation} ({article})")
    items = [
        translations(
            text,
            camera=called.title(one.camera_id),
            what=words.word(words.FINDING_KINDS, one.kind, translations),
            mitigation=finding_words.mitigation_text(one.mitigation, translations) or "–",
            article=finding_words.article_text(one.pack, one.article, translations),
        )
        for one in grave[:FIRST]
    ]
    if len(grave) > FIRST:
        more = marked("{count} further views are to be ended in the same way: cameras {cameras}.")
        others = list(dict.fromkeys(one.camera_id for one in grave[FIRST:]))
        items.append(translations(more, count=len(grave) - FIRST, cameras=called.some(others)))
    return items


def _record(assessment: Assessment, called: Called, translations: Translations) -> list[str]:
    """Return what else is due or severe, kind by kind."""
    kinds: dict[str, list[str]] = {}
    for one in grave_findings(assessment):
        if one.kind not in VIEWS:
            kinds.setdefault(one.kind, []).extend(one.camera_ids)
    text = marked("To correct: {what} (cameras {cameras})."), marked("To correct: {what} (camera {cameras}).")
    return [
        _of_cameras(text, tuple(dict.fromkeys(ids)), called, what=words.word(words.FINDING_KINDS, kind, translations))
        for kind, ids in kinds.items()
        if ids
    ]


def _of_cameras(texts: tuple[str, str], ids: tuple[str, ...], called: Called, **params: str) -> str:
    """Return the first of two sentences with the numbers of several cameras, or the second with that of one."""
    return called.translations(texts[len(ids) == 1], cameras=called.some(ids), **params)


def _to_ask(assessment: Assessment, called: Called, translations: Translations) -> list[str]:
    operating = of_status(assessment, Status.OPERATING)
    unknown = [result for result in operating if not result.placed.certain]
    if not unknown:
        return []
    text = marked(
        "Ask the controllers for direction and lens of {count} of {cameras} cameras. Letters and a questionnaire "
        "are among these drafts."
    )
    first = tuple(dict.fromkeys(one.camera_id for one in gravest_possible(assessment)))
    begin = (
        marked("Begin with cameras {cameras}: their views may be the sharpest."),
        marked("Begin with camera {cameras}: its views may be the sharpest."),
    )
    sentences = [translations(text, count=len(unknown), cameras=len(operating))]
    sentences += [_of_cameras(begin, first, called)] if first else []
    return [words.running_text(sentences)]


def _purposes(assessment: Assessment, called: Called, translations: Translations) -> list[str]:
    ids = tuple(dict.fromkeys(name for f in assessment.findings if f.kind == "no_purpose" for name in f.camera_ids))
    text = (
        marked("Ask for a purpose and an end date for cameras {cameras}, or have them taken down."),
        marked("Ask for a purpose and an end date for camera {cameras}, or have it taken down."),
    )
    everywhere = marked("No purpose is on record. Ask for a purpose and an end date for every camera, or have it taken down.")
    if not ids:
        return []
    if len(ids) == len(of_status(assessment, Status.OPERATING)):
        return [translations(everywhere)]
    return [_of_cameras(text, ids, called)]
