"""The tables that workbook, maps and documents share, as plain values, and their order in the workbook."""

from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.model.camera import Status
from lhasaplan.core.model.camera_fields import CAMERA_FIELDS, CameraField
from lhasaplan.core.results.assessment import Assessment, CameraResult, Sighting
from lhasaplan.core.results.finding import Matter, rank
from lhasaplan.report.facts.basis import cell
from lhasaplan.report.facts.called import Called
from lhasaplan.report.facts.necessity import alternative_table, necessity_table
from lhasaplan.report.facts.part_options import blockers_text, service_table, sum_table, view_table
from lhasaplan.report.facts.summary import grade_of, measured_end, sorted_findings, summarise, surface_table
from lhasaplan.report.text import finding_words, words
from lhasaplan.report.text.columns import Cell, Column, Table, make_table
from lhasaplan.report.text.document import Remembered
from lhasaplan.report.text.numerals import sharpest_text

OF_MODELS = ("hfov_deg", "image_width_px", "image_height_px")  # what a catalogue of models narrows
_overlaps: Remembered[Table] = Remembered()


def worst(result: CameraResult, cls: str, end: str = "grade") -> str:
    """Return the gravest grade of a camera's sightings of a class (``grade_low`` and ``grade_high`` of a possible view)."""
    grades = [grade_of(getattr(s, end) if not s.is_recorded else s.grade) for s in result.sightings if s.cls == cls]
    return max(grades, key=rank, default="")


def gravity(result: CameraResult) -> tuple[object, ...]:
    """Return a sort key: gravest first, certain before possible, then by what they would be at most."""
    certain = max((rank(s.grade) for s in result.sightings if s.is_recorded), default=0)
    possible = max((rank(s.grade_high) for s in result.sightings if not s.is_recorded), default=0)
    density = max((s.density_px_m[1] for s in result.sightings), default=0.0)
    return -certain, -possible, -density, result.placed.camera.camera_id


def camera_table(assessment: Assessment, labels: Mapping[str, str] | None = None, called: Called | None = None) -> Table:
    """Return one row per camera, in the order of the assessment.

    ``labels`` are how parts are called, ``called`` what the cameras of the whole assessment are called.
    """
    counts: dict[str, int] = {}
    for finding in assessment.findings:
        for camera_id in finding.camera_ids:
            counts[camera_id] = counts.get(camera_id, 0) + 1
    digits = 6 if assessment.public_precision_deg is None or any(result.placed.views for result in assessment.cameras) else 2
    grade = words.GRADES
    hide = partial(cell, assessment)
    cells: list[Cell] = [
        (Column("camera_id", marked("Camera"), width=18), lambda c: c.placed.camera.camera_id),
        *_recorded(assessment, 1),
        (Column("lon", marked("Longitude"), "°", digits, width=11), lambda c: float(c.lon)),
        (Column("lat", marked("Latitude"), "°", digits, width=11), lambda c: float(c.lat)),
        (
            Column("basis", marked("Optics and direction"), words=words.BASES),
            lambda result: "recorded" if result.placed.certain else "assumed",
        ),
        (Column("area_m2", marked("Area it can see"), "m²", 1), lambda c: float(c.area_m2)),
        (Column("unasked_m2", marked("of this no purpose stated"), "m²", 1), lambda c: float(c.unasked_m2)),
        (Column("not_mapped_m2", marked("Not mapped, not counted"), "m²", 1), lambda c: float(c.not_mapped_m2)),
        (Column("home_grade", marked("Homes: severity"), words=grade, width=14), lambda c: worst(c, "home")),
        (Column("home_low", marked("Homes: at least"), words=grade), lambda c: worst(c, "home", "grade_low")),
        (Column("home_high", marked("Homes: at most"), words=grade), lambda result: worst(result, "home", "grade_high")),
        (Column("protected_grade", marked("Other protected: severity"), words=grade), lambda c: worst(c, "protected")),
        (
            Column("protected_low", marked("Other protected: at least"), words=grade),
            lambda c: worst(c, "protected", "grade_low"),
        ),
        (
            Column("protected_high", marked("Other protected: at most"), words=grade),
            lambda c: worst(c, "protected", "grade_high"),
        ),
        (Column("findings", marked("Findings")), lambda c: counts.get(c.placed.camera.camera_id, 0)),
        (Column("assumed", marked("Assumed"), words=words.FIELDS, width=30), lambda c: tuple(c.placed.assumed)),
        (Column("questions", marked("Ask the controller for"), words=words.FIELDS, width=30), lambda c: tuple(c.questions)),
        (
            Column("parts_served", marked("Parts it serves"), words=labels, width=20),
            hide(Matter.SERVED, lambda c: tuple(c.parts_served)),
        ),
        (Column("removable", marked("Can go")), lambda c: c.removable),
        *_recorded(assessment, 2),
        (Column("night_m2", marked("Area by infrared at night"), "m²", 1), lambda c: c.night_m2),
        (
            Column("moved_m", marked("Moved to the facade"), "m", 2),
            hide(Matter.RECORD, lambda c: float(c.placed.moved_m)),
        ),
        (Column("likely_grade", marked("Likely dwellings: severity"), words=grade), lambda c: worst(c, "dwelling_likely")),
        (
            Column("likely_low", marked("Likely dwellings: at least"), words=grade),
            lambda c: worst(c, "dwelling_likely", "grade_low"),
        ),
        (
            Column("likely_high", marked("Likely dwellings: at most"), words=grade),
            lambda c: worst(c, "dwelling_likely", "grade_high"),
        ),
        (Column("areas", marked("Areas")), hide(Matter.AREAS, lambda c: tuple(c.area_names))),
        *_called_columns(called),
        *_recorded(assessment, 3),
        (Column("ended_by_range", marked("Views ended only by the declared range"), words=words.CLASSES), _ended("range")),
        (Column("ended_by_mask", marked("Views ended only by declared masks"), words=words.CLASSES), _ended("mask")),
        (
            Column("ended_by_other", marked("Views ended only by declared height, picture or indoor place"), words=words.CLASSES),
            _ended("height", "picture", "indoor"),
        ),
        (Column("ended_by_ground", marked("Views hidden only by imported terrain"), words=words.CLASSES), _ended("ground")),
        (
            Column("ended_grade", marked("Severity without it"), words=grade),
            lambda result: max((grade_of(view.grade) for view in result.ended_by_record), key=rank, default=""),
        ),
        (Column("in_plan", marked("In the plan"), words=words.IN_PLAN), in_plan),
    ]
    return make_table("cameras", marked("Cameras"), cells, assessment.cameras)


def _recorded(assessment: Assessment, group: int) -> list[Cell]:
    """Return the columns of the record that stand together in a table of cameras."""

    def column(each: CameraField) -> Cell:
        read = _mount if each.key == "mount" else lambda c: each.plain(c.placed.camera)
        shown = cell(assessment, Matter(each.matter), read) if each.matter else read
        return Column(each.key, each.title, each.unit, width=each.width, words=each.words or None), shown

    return [column(each) for each in CAMERA_FIELDS if each.drafted == group]


def in_plan(result: CameraResult) -> str:
    """Return what the plan does to a camera: it comes, is to be so, is changed, goes, or nothing."""
    if result.replaces:
        return "to_be"
    if result.placed.camera.status is Status.PLANNED:
        return "comes"
    if result.as_planned:
        return "changed"
    return "goes" if result.leaves else ""


def _called_columns(called: Called | None) -> list[Cell]:
    """Return the number on the maps and what a camera is called, where that is known."""
    if called is None:
        return []
    return [
        (Column("number", marked("No."), width=6), lambda c: called.number(c.placed.camera.camera_id)),
        (Column("called", marked("Name on plan"), width=28), lambda c: called.cameras.get(c.placed.camera.camera_id, "")),
    ]


def _ended(*by: str) -> Callable[[CameraResult], tuple[str, ...]]:
    """Return how to read the classes of views that any of these declarations alone ends, each once."""
    return lambda result: tuple(dict.fromkeys(str(view.cls) for view in result.ended_by_record if view.by in by))


def _mount(result: CameraResult) -> str:
    """Return the mount as placed; a camera without views was redacted and says nothing."""
    return str(result.placed.mount) if result.placed.views else str(result.placed.camera.mount or "")


def sighting_table(assessment: Assessment, translations: Translations) -> Table:
    """Return one row per camera and class of protected place that it can see."""
    grade = words.GRADES
    cells: list[Cell] = [
        (Column("camera_id", marked("Camera"), width=18), lambda s: s.camera_id),
        (Column("class", marked("Can see"), words=words.CLASSES, width=22), lambda s: str(s.cls)),
        (Column("basis", marked("Optics and direction"), words=words.BASES), lambda s: s.basis),
        (Column("grade", marked("Severity"), words=grade), lambda s: grade_of(s.grade)),
        (Column("grade_low", marked("severity at least"), words=grade), lambda s: _end(s, s.grade_low)),
        (Column("grade_high", marked("severity at most"), words=grade), lambda s: _end(s, s.grade_high)),
        (Column("density_low_px_m", marked("Density, low"), "px/m", 1), lambda s: float(s.density_px_m[0])),
        (Column("density_high_px_m", marked("Density, high"), "px/m", 1), lambda s: float(s.density_px_m[1])),
        (Column("sharpest", marked("Sharpest view, and where"), width=44), lambda s: sharpest_text(s, translations)),
        (Column("in_view_m", marked("Frontage in view"), "m", 1), lambda s: float(s.in_view_m)),
        (Column("frontage_m", marked("Frontage at its own grade"), "m", 1), lambda s: float(s.frontage_m)),
        (Column("places", marked("Places in view")), lambda s: int(s.places)),
        (Column("sector_deg", marked("Sectors from true north"), width=24), lambda s: finding_words.sectors_text(s.sector_deg)),
        (Column("cure", marked("Remedy"), width=36), lambda s: finding_words.mitigation_text(s.mitigation, translations)),
    ]
    sightings = [s for result in assessment.cameras for s in result.sightings]
    return make_table("sightings", marked("What cameras can see of protected places"), cells, sightings)


def _end(sighting: Sighting, grade: object) -> str:
    return grade_of(sighting.grade if sighting.is_recorded else grade)


def finding_table(assessment: Assessment, translations: Translations, named: finding_words.Named = str) -> Table:
    """Return one row per finding, gravest first, certain before possible; ``named`` calls cameras and parts in its sentence."""
    cells: list[Cell] = [
        (Column("severity", marked("Severity"), words=words.SEVERITIES, width=10), lambda f: str(f.severity)),
        (Column("certainty", marked("Certainty"), words=words.CERTAINTIES, width=10), lambda f: str(f.certainty)),
        (Column("kind", marked("Kind"), words=words.FINDING_KINDS, width=24), lambda f: f.kind),
        (Column("sentence", marked("What"), width=48), lambda f: finding_words.sentence(f, translations, named)),
        (Column("article", marked("Rests on"), width=28), lambda f: finding_words.article_text(f.pack, f.article, translations)),
        (Column("camera_id", marked("Camera"), width=18), finding_words.cameras_text),
        (Column("measured_low", marked("Measured, low"), digits=1, width=9), lambda f: measured_end(f, 0)),
        (Column("measured_high", marked("Measured, high"), digits=1, width=9), lambda f: measured_end(f, 1)),
        (Column("required", marked("Limit"), digits=1, width=8), lambda f: None if f.required is None else float(f.required)),
        (Column("unit", marked("Unit"), words=words.UNITS, width=7), lambda f: f.unit),
        (Column("cure", marked("Remedy"), width=36), lambda f: finding_words.mitigation_text(f.mitigation, translations)),
        (Column("finding_id", marked("Finding"), width=24), lambda f: f.finding_id),
    ]
    return make_table("findings", marked("Findings"), cells, sorted_findings(assessment))


def part_table(assessment: Assessment, translations: Translations, labels: Mapping[str, str] | None = None) -> Table:
    """Return one row per confirmed part, before and after the planned cameras; none outside the gate.

    ``labels`` are how parts are called.
    """
    categories = words.category_words(assessment.terms, translations)
    responsible = words.responsible_words(assessment.terms, translations)
    labels = labels or part_labels(assessment, translations)
    hide = partial(cell, assessment)
    cells: list[Cell] = [
        (Column("part_id", marked("Identifier"), width=18), lambda r: r.part.part_id),
        (Column("number", marked("No."), width=8), lambda r: assessment.numbers.get(r.part.part_id, "")),
        (Column("label", marked("Part"), words=labels, width=24), lambda r: r.part.part_id),
        (Column("name", marked("Name"), width=24), hide(Matter.RESPONSIBLE, lambda r: r.part.name)),
        (Column("category", marked("Category"), words=categories, width=18), lambda r: r.part.category),
        (Column("kind", marked("Surface"), words=words.PART_KINDS, width=16), lambda r: r.part.kind),
        (
            Column("responsible", marked("Responsible"), words=responsible, width=18),
            hide(Matter.RESPONSIBLE, lambda r: r.part.responsible),
        ),
        (Column("required_px_m", marked("Needed density"), "px/m", 1), lambda r: float(r.part.required.density_px_m)),
        (Column("min_views", marked("Needed views")), lambda r: r.part.required.min_views),
        (Column("min_share", marked("Needed share"), digits=2), lambda r: float(r.part.required.min_share)),
        (Column("verdict", marked("Verdict today"), words=words.VERDICTS), lambda r: r.verdict),
        (Column("verdict_after", marked("Verdict with planned cameras"), words=words.VERDICTS), lambda r: r.verdict_after),
        (Column("share_served", marked("Share served today"), digits=3), lambda r: float(r.measured.share_served)),
        (Column("share_seen", marked("Share seen today"), digits=3), lambda r: float(r.measured.share_seen)),
        (Column("best_px_m", marked("Best density today"), "px/m", 1), lambda r: float(r.measured.best_px_m)),
        (
            Column("share_served_after", marked("Share served with planned"), digits=3),
            lambda result: float(result.measured_after.share_served),
        ),
        (Column("best_px_m_after", marked("Best density with planned"), "px/m", 1), lambda r: float(r.measured_after.best_px_m)),
        (
            Column("gap_m2", marked("Gap"), "m²", 1),
            hide(Matter.SERVED, lambda result: 0.0 if result.gap is None else float(result.gap.area)),
        ),
        (
            Column("gap_after_m2", marked("Gap with the plan"), "m²", 1),
            hide(Matter.SERVED, lambda result: 0.0 if result.gap_after is None else float(result.gap_after.area)),
        ),
        (Column("cameras", marked("Cameras"), width=24), lambda r: tuple(r.cameras)),
        (
            Column("blockers", marked("Not seen because"), width=30),
            hide(Matter.SERVED, lambda r: blockers_text(r, translations)),
        ),
        (Column("areas", marked("Areas")), hide(Matter.AREAS, lambda r: tuple(r.area_names))),
    ]
    return make_table("parts", marked("Confirmed parts"), cells, assessment.parts or ())


def part_labels(assessment: Assessment, translations: Translations) -> dict[str, str]:
    """Return how drafts call each part, by identifier."""
    return {r.part.part_id: words.part_label(r.part, assessment.terms, translations) for r in assessment.parts or ()}


def overlap_table(assessment: Assessment, cameras: Mapping[str, str] | None = None) -> Table:
    """Return one row per pair of cameras that overlap, by name where ``cameras`` has names; none outside the gate."""
    return _overlaps(assessment, (cameras,), lambda: _overlap_table(assessment, cameras))


def _overlap_table(assessment: Assessment, cameras: Mapping[str, str] | None) -> Table:
    cells: list[Cell] = [
        (Column("a", marked("Camera"), width=18, words=cameras), lambda o: o.a),
        (Column("b", marked("Other camera"), width=18, words=cameras), lambda o: o.b),
        (Column("area_m2", marked("Area that both see"), "m²", 1), lambda o: float(o.area_m2)),
        (Column("demand", marked("Demand that both serve"), digits=1), lambda o: float(o.demand)),
    ]
    return make_table("overlaps", marked("Overlaps"), cells, assessment.overlaps or ())


def assumption_table(assessment: Assessment) -> Table:
    """Return how many cameras each assumed field rests on."""
    cells: list[Cell] = [
        (Column("field", marked("Assumed"), words=words.FIELDS, width=30), lambda pair: pair[0]),
        (Column("cameras", marked("Cameras")), lambda pair: int(pair[1])),
    ]
    if assessment.totals.get("assumed_by_model"):
        by_model = Counter(f for each in assessment.cameras if each.placed.model for f in each.placed.assumed if f in OF_MODELS)
        cells.append((Column("by_model", marked("Of these by their model")), lambda pair: by_model[pair[0]]))
    counts = sorted(assessment.assumed_counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return make_table("assumptions", marked("Assumptions"), cells, counts)


def input_table(assessment: Assessment) -> Table:
    """Return the files that the assessment stands on."""
    cells: list[Cell] = [
        (Column("path", marked("File"), width=28), lambda r: r.path),
        (Column("date", marked("Date of the data"), width=20), lambda r: r.date),
        (Column("features", marked("Features")), lambda r: int(r.features)),
        (Column("licence", marked("Licence"), width=40), lambda r: r.licence),
        (Column("sha256", "SHA-256", width=64), lambda r: r.sha256),
    ]
    return make_table("inputs", marked("Data"), cells, assessment.inputs)


def summary_table(assessment: Assessment, translations: Translations) -> Table:
    """Return the figures of the first page."""
    cells: list[Cell] = [
        (Column("title", marked("What"), width=76), lambda line: translations(line.title)),
        (Column("value", marked("Value"), digits=1), lambda line: line.stored),
        (Column("unit", marked("Unit")), lambda line: line.unit),
        (Column("key", marked("Name in the JSON file"), width=110), lambda line: line.key),  # too wide to be printed
    ]
    return make_table("summary", marked("Summary"), cells, summarise(assessment))


# Every table, in the order in which a reader wants them.
SHEETS = {
    "summary": marked("summary"),
    "cameras": marked("cameras"),
    "necessity": marked("necessity"),
    "sightings": marked("sightings"),
    "surfaces": marked("in view"),
    "findings": marked("findings"),
    "alternatives": marked("other remedies"),
    "parts": marked("parts"),
    "part_views": marked("views of parts"),
    "service": marked("what would serve"),
    "sums": marked("sums"),
    "overlaps": marked("overlaps"),
    "assumptions": marked("assumptions"),
    "inputs": marked("data"),
}


def all_tables(assessment: Assessment, translations: Translations, called: Called | None = None) -> tuple[Table, ...]:
    """Return every table; those on parts have no rows outside the gate. ``called`` are the names of cameras and parts."""
    labels = part_labels(assessment, translations) if called is None else called.parts
    named = str if called is None else called.reported
    return (
        summary_table(assessment, translations),
        camera_table(assessment, labels, called),
        necessity_table(assessment, translations, labels),
        sighting_table(assessment, translations),
        surface_table(assessment, translations),
        finding_table(assessment, translations, named),
        alternative_table(assessment, translations),
        part_table(assessment, translations, labels),
        view_table(assessment, labels),
        service_table(assessment, translations, labels, named),
        sum_table(assessment, translations),
        overlap_table(assessment),
        assumption_table(assessment),
        input_table(assessment),
    )
