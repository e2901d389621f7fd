"""Chapters of the audit; the plan draft shares those on sightings, map, data and limits."""

from collections.abc import Iterable, Sequence

from lhasaplan.core.assessment import Assessment, CameraResult, Sighting
from lhasaplan.core.layer import InputRecord
from lhasaplan.core.wording import Wording, marked
from lhasaplan.report import words
from lhasaplan.report.base_map import BaseMap, attribution
from lhasaplan.report.document import Block, Bullets, Figure, Grid, Heading, Paragraph
from lhasaplan.report.figures import camera_map, overview_map
from lhasaplan.report.grids import grid_of, interval_text
from lhasaplan.report.style import load_style
from lhasaplan.report.summary import count_sightings, grade_of, interval_of, summarise
from lhasaplan.report.tables import assumption_table, camera_table, gravity, input_table, sorted_findings


def banners(assessment: Assessment, wording: Wording) -> tuple[str, ...]:
    """Return what stands at the head of every page."""
    return (wording(words.FICTITIOUS),) if assessment.synthetic else ()


def footer_text(assessment: Assessment) -> str:
    """Return project and licences for the foot of every page."""
    return " · ".join([assessment.project, *attribution(assessment)])


def at_a_glance(assessment: Assessment, wording: Wording) -> list[Block]:
    """Return the head of the first page: what this is, what it stands on, and the totals."""
    lead = wording(
        marked(
            "This report says what fixed cameras can see, what of that they must not see, and what would end it. It says what "
            "can be seen, never what was seen: nobody here can know whether a camera is switched on or masked inside."
        )
    )
    return [Paragraph(lead, "lead"), *_standing(assessment, wording), *totals(assessment, wording)]


def _standing(assessment: Assessment, wording: Wording) -> list[Block]:
    rows = [
        (wording(marked("Data")), "; ".join(_data_line(record) for record in assessment.inputs) or "–"),
        (wording(marked("Rule packs")), ", ".join(_pack_name(p.name, p.changed, wording) for p in assessment.packs) or "–"),
        (wording(marked("Planning gate")), _gate_line(assessment, wording)),
        (wording(marked("Coordinate system")), assessment.crs or "–"),
    ]
    if assessment.public_precision_deg is not None:
        rows.append((wording(marked("Positions")), wording(marked("a pack asks for coarse positions in public outputs"))))
    grid = Grid((wording(marked("Stands on")), ""), tuple(rows), (1, 4))
    missing = tuple(words.said(one, wording) for one in assessment.gate.missing)
    return [grid, Paragraph(wording(marked("Missing for planning:"))), Bullets(missing)] if missing else [grid]


def _data_line(record: InputRecord) -> str:
    facts = [record.date, f"SHA-256 {record.sha256[:12]}…" if record.sha256 else ""]
    return f"{record.path} ({', '.join(fact for fact in facts if fact)})"


def _pack_name(name: str, changed: bool, wording: Wording) -> str:
    return wording(marked("{name} (CHANGED, not as shipped)"), name=name) if changed else name


def _gate_line(assessment: Assessment, wording: Wording) -> str:
    if assessment.gate.open:
        return wording(marked("open: confirmed parts are answered in the plan draft"))
    return wording(marked("closed: an audit only, no gaps, no proposals, no plan"))


def totals(assessment: Assessment, wording: Wording) -> list[Block]:
    """Return the totals; ground with no purpose stated stands beside the area seen."""
    rows = tuple((wording(line.title), _figure(line.value, line.unit)) for line in summarise(assessment))
    return [Grid((wording(marked("Totals")), ""), rows, (4, 1), numeric=frozenset({1}))]


def _figure(value: float, unit: str) -> str:
    return f"{value:,.0f} {unit}".replace(",", " ").strip()


def sightings_grid(assessment: Assessment, wording: Wording) -> list[Block]:
    """Return cameras by class and grade, certain and possible apart."""
    counts = count_sightings(assessment.cameras)
    headings = (
        wording(marked("Cameras that can see")),
        *(wording(marked("certain: {grade}"), grade=word) for word in _grade_words(wording)),
        wording(marked("possible")),
        wording(marked("of these due or error at the wide assumption")),
        wording(marked("at the narrow assumption")),
    )
    rows = []
    for cls, name in words.CLASSES.items():
        certain = [str(counts[cls, "recorded", grade]) for grade in ("error", "due", "note")]
        interval = interval_of(assessment.cameras, cls)
        rows.append((wording(name), *certain, str(interval.views), str(interval.at_wide), str(interval.at_narrow)))
    heading = Heading(wording(marked("What cameras can see of protected places")), 2)
    return [heading, Grid(headings, tuple(rows), (2.2, 1, 1, 1, 1, 1.5, 1.5), numeric=frozenset(range(1, 7)))]


def _grade_words(wording: Wording) -> tuple[str, ...]:
    return tuple(wording(words.SEVERITIES[grade]) for grade in ("error", "due", "note"))


def interval_chapter(assessment: Assessment, wording: Wording) -> list[Block]:
    """Return why possible views are an interval, with its figures; nothing where every view is recorded."""
    intervals = [interval_of(assessment.cameras, cls) for cls in words.CLASSES]
    views = sum(one.views for one in intervals)
    if not views:
        return []
    text = wording(
        marked(
            "{views} views are possible only: direction or lens is not recorded. At the wide assumption (the widest usual "
            "lens, the fewest pixels on a metre) {wide} of them would reach due or error, at the narrow one (the longest usual "
            "lens, the most pixels on a metre) {narrow}. Each counts over every direction that the camera may have, so the truth "
            "lies between: a real camera looks one way through one lens. Severity stays a note until the controller answers."
        ),
        views=views,
        wide=sum(one.at_wide for one in intervals),
        narrow=sum(one.at_narrow for one in intervals),
    )
    return [Paragraph(text)]


def overview(base: BaseMap, assessment: Assessment, wording: Wording, with_parts: bool) -> list[Block]:
    """Return the overview map, or a word on why there is none."""
    picture = overview_map(base, assessment, wording, with_parts)
    if picture is None:
        return [Paragraph(wording(marked("No map is shown: positions are coarse or there are none.")))]
    caption = wording(marked("Overview: what the cameras can see; solid is certain, hatched is possible."))
    return [Heading(wording(marked("Map")), 2), Figure(picture, caption)]


def assumptions(assessment: Assessment, wording: Wording) -> list[Block]:
    """Return how many cameras rest on each assumed value."""
    table = assumption_table(assessment)
    if not table.rows:
        return []
    heading = Heading(wording(marked("Assumed because it is not recorded")), 2)
    return [heading, grid_of(table, ("field", "cameras"), (3, 1), wording)]


def camera_chapter(base: BaseMap, assessment: Assessment, wording: Wording) -> list[Block]:
    """Return a page for each of the gravest cameras and a table of all."""
    limit = int(load_style()["limits"]["camera_pages"])
    grave = sorted((result for result in assessment.cameras if result.sightings), key=gravity)
    blocks: list[Block] = [Heading(wording(marked("Cameras with findings")), 1, on_new_page=True)]
    if len(grave) > limit:
        text = marked("The {shown} gravest of {count} have a section here; all stand in the table that follows.")
        blocks.append(Paragraph(wording(text, shown=limit, count=len(grave))))
    for result in grave[:limit]:
        blocks += camera_section(base, assessment, result, wording)
    return [*blocks, *_all_cameras(assessment, wording)]


def camera_section(base: BaseMap, assessment: Assessment, result: CameraResult, wording: Wording) -> list[Block]:
    """Return one camera: its record, map, sightings, findings with cure, and the questions to the controller."""
    camera = result.placed.camera
    blocks: list[Block] = [Heading(f"{camera.camera_id} {camera.name}".strip(), 2), Paragraph(_record(result, wording), "record")]
    picture = camera_map(base, assessment, result, wording)
    if picture is not None:
        blocks.append(Figure(picture, "", width=0.42))
    blocks.append(_camera_sightings(result.sightings, wording))
    blocks += _camera_findings(assessment, camera.camera_id, wording)
    if result.questions:
        asked = (words.question_text(field, wording) for field in result.questions)
        blocks.append(Paragraph(" ".join([wording(marked("Ask the controller:")), *asked])))
    return blocks


def _record(result: CameraResult, wording: Wording) -> str:
    table_words = [
        words.word(words.STATUSES, result.placed.camera.status, wording),
        words.word(words.KINDS, result.placed.camera.kind, wording),
        wording(
            marked("can see {area} m², of this {unasked} m² with no purpose stated"),
            area=f"{result.area_m2:.0f}",
            unasked=f"{result.unasked_m2:.0f}",
        ),
    ]
    if result.placed.assumed:
        assumed = words.listed(words.FIELDS, result.placed.assumed, wording)
        table_words.append(wording(marked("assumed: {fields}"), fields=assumed))
    return "; ".join(word for word in table_words if word)


def _camera_sightings(sightings: Sequence[Sighting], wording: Wording) -> Grid:
    headings = (
        wording(marked("Can see")),
        wording(marked("Basis")),
        wording(marked("Severity")),
        wording(marked("wide to narrow")),
        wording(marked("px/m")),
        wording(marked("Frontage (m)")),
        wording(marked("Cure")),
    )
    rows = tuple(_sighting_row(sighting, wording) for sighting in sightings)
    return Grid(headings, rows, (1.6, 1.05, 1.05, 1.5, 1, 1.15, 2.9), numeric=frozenset({4, 5}))


def _sighting_row(sighting: Sighting, wording: Wording) -> tuple[str, ...]:
    ends = "–"
    if sighting.basis != "recorded":
        grades = dict.fromkeys((grade_of(sighting.grade_wide), grade_of(sighting.grade_narrow)))
        ends = " – ".join(words.word(words.GRADES, grade, wording) for grade in grades)
    return (
        words.word(words.CLASSES, str(sighting.cls), wording),
        words.word(words.BASES, sighting.basis, wording),
        words.word(words.GRADES, grade_of(sighting.grade), wording),
        ends,
        interval_text(*sighting.density_px_m),
        f"{sighting.frontage_m:.0f}",
        words.cure_text(sighting.cure, wording) or "–",
    )


def _camera_findings(assessment: Assessment, camera_id: str, wording: Wording) -> list[Block]:
    mine = [finding for finding in sorted_findings(assessment) if finding.camera_id == camera_id]
    if not mine:
        return []
    headings = (
        wording(marked("Finding")),
        wording(marked("Severity")),
        wording(marked("Rests on")),
        wording(marked("Cure")),
    )
    rows = tuple(
        (
            words.sentence(finding, wording),
            words.word(words.SEVERITIES, str(finding.severity), wording),
            words.article_text(finding.pack, finding.article, wording),
            words.cure_text(finding.cure, wording) or "–",
        )
        for finding in mine
    )
    return [Grid(headings, rows, (4, 1, 2, 2.6))]


def _all_cameras(assessment: Assessment, wording: Wording) -> list[Block]:
    keys = (
        "camera_id",
        "status",
        "basis",
        "area_m2",
        "unasked_m2",
        "home_grade",
        "home_narrow",
        "protected_grade",
        "protected_narrow",
    )
    grid = grid_of(camera_table(assessment), keys, (1.7, 1.15, 1.15, 1, 1.1, 1.1, 1.4, 1.2, 1.4), wording)
    return [Heading(wording(marked("All cameras")), 1, on_new_page=True), grid]


def data_and_limits(assessment: Assessment, wording: Wording) -> list[Block]:
    """Return the inputs with their digests, what was left out, and what the model does not know."""
    inputs = grid_of(
        input_table(assessment), ("path", "date", "features", "licence", "sha256"), (1.5, 1.3, 1.15, 2, 2.6), wording
    )
    notes = tuple(dict.fromkeys(words.said(note, wording) for note in assessment.notes))
    blocks: list[Block] = [Heading(wording(marked("Data and limits")), 1, on_new_page=True), inputs]
    blocks += [Heading(wording(marked("Notes")), 2), Bullets((*notes, *limits(wording)))]
    return blocks + not_requested(assessment, wording)


def limits(wording: Wording) -> Iterable[str]:
    """Return what holds for every report."""
    return (
        wording(
            marked(
                "Severity by pixel density on frontage or ground: note from 25, due from 62.5, error from 125 px/m, "
                "or tighter if a pack says so."
            )
        ),
        wording(marked("A possible view stays a note; no mask known means that none is recorded, not that there is none.")),
        wording(marked("Protected places are not listed here by kind or name: only the frontage in view is shown.")),
        wording(marked("Removed cameras count nowhere; planned cameras are counted apart.")),
    )


def not_requested(assessment: Assessment, wording: Wording) -> list[Block]:
    """Return the candidates that nobody asked for, by category."""
    if not assessment.not_requested:
        return []
    rows = tuple((name, str(count)) for name, count in sorted(assessment.not_requested.items()))
    heading = Heading(wording(marked("Candidates that nobody asked for")), 2)
    return [heading, Grid((wording(marked("Category")), wording(marked("Count"))), rows, (4, 1), numeric=frozenset({1}))]
