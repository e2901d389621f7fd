"""What an assessment comes to: counts and sums that every format prints the same."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.model.camera import Status
from lhasaplan.core.model.place import Verdict
from lhasaplan.core.results.assessment import Assessment, CameraResult, PartResult, Sighting
from lhasaplan.core.results.finding import GRAVE, GRAVEST_FIRST, Certainty, Finding, SeenSurface, rank
from lhasaplan.report.text import words
from lhasaplan.report.text.columns import Cell, Column, Table, make_table
from lhasaplan.report.text.numerals import density_text, number_text, percent_of

# Count what of protected places is in view, for drafts: frontage by height, open ground, doors.

SURFACES = {"frontage": marked("frontage"), "ground": marked("open ground"), "entrance": marked("doors")}
Terms = Mapping[str, Mapping[str, str]]
Row = tuple[Sighting, SeenSurface]


def surface_table(assessment: Assessment, translations: Translations, results: tuple[CameraResult, ...] | None = None) -> Table:
    """Return one row per camera, class and surface in view; ``results`` limits it to some cameras."""
    bands = {
        key.removeprefix("band:"): words.term(assessment.terms, key, translations) for key in assessment.terms if "band:" in key
    }
    cells: list[Cell] = [
        (Column("camera_id", marked("Camera"), width=18), lambda r: r[0].camera_id),
        (Column("class", marked("Can see"), words=words.CLASSES, width=22), lambda r: str(r[0].cls)),
        (Column("basis", marked("Optics and direction"), words=words.BASES), lambda r: r[0].basis),
        (Column("surface", marked("Surface"), words=SURFACES), lambda r: r[1].surface),
        (Column("band", marked("Height"), words={"": "–", **bands}, width=22), lambda r: r[1].band),
        (Column("count", marked("Count")), lambda r: int(r[1].count)),
        (Column("length_m", marked("Length"), "m", 1), lambda r: float(r[1].length_m) if r[1].surface == "frontage" else None),
        (Column("density_low_px_m", marked("Density, low"), "px/m", 1), lambda r: float(r[1].density_px_m[0])),
        (Column("density_high_px_m", marked("Density, high"), "px/m", 1), lambda r: float(r[1].density_px_m[1])),
        (Column("nearest_m", marked("Nearest"), "m", 1), lambda r: r[1].nearest_m),
        (Column("night_percent", marked("in range at night"), "%"), lambda r: percent_of(r[1].night_share)),
    ]
    rows = [
        (sighting, surface)
        for result in (assessment.cameras if results is None else results)
        for sighting in result.sightings
        for surface in sighting.surfaces
    ]
    return make_table("surfaces", marked("Surfaces of protected places in view"), cells, rows)


def basis_behind(finding: Finding) -> str:
    """Return what the sighting of a finding about a view rests on."""
    return "recorded" if finding.certainty is Certainty.CERTAIN else "assumed"


def sighting_behind(finding: Finding, assessment: Assessment) -> Sighting | None:
    """Return the sighting that a finding about a view was made from; None for any other finding."""
    basis = basis_behind(finding)
    sightings = (s for c in assessment.cameras if c.placed.camera.camera_id == finding.camera_id for s in c.sightings)
    return next((s for s in sightings if f"view_{s.cls}" == finding.kind and s.basis == basis), None)


def surfaces_text(sighting: Sighting, terms: Terms, translations: Translations) -> str:
    """Return the surfaces of one sighting in one line: what, how much of it, and how sharp at best."""
    return translations(marked("; ")).join(_surface_text(surface, terms, translations) for surface in sighting.surfaces)


def _surface_text(surface: SeenSurface, terms: Terms, translations: Translations) -> str:
    facts = {
        "what": words.word(SURFACES, surface.surface, translations),
        "band": words.term(terms, f"band:{surface.band}", translations),
        "length": number_text(surface.length_m, translations),
        "count": surface.count,
        "density": density_text(0.0, surface.density_px_m[1], translations),
    }
    is_front = surface.surface == "frontage"
    if surface.nearest_m is None:
        return translations(
            marked("{band}: {length} m in view, {density} px/m")
            if is_front
            else marked("{what}: {count} in view, {density} px/m"),
            **facts,
        )
    near = marked("{band}: {length} m in view, {density} px/m, the nearest {nearest} m away")
    text = near if is_front else marked("{what}: {count} in view, {density} px/m, the nearest {nearest} m away")
    return translations(text, **facts, nearest=number_text(surface.nearest_m, translations))


SCHEMA = "lhasaplan/4"  # rises when a field of the JSON changes its meaning or goes (docs/json.md)

GROUND = (
    ("area_seen_certain_m2", marked("Ground that they can see for certain")),
    ("unasked_certain_m2", marked("of this with no purpose stated")),
    ("area_seen_possible_m2", marked("Ground that they can possibly see")),
    ("unasked_possible_m2", marked("of this with no purpose stated (possible)")),
)
NOT_MAPPED = "area_not_mapped_m2", marked("Ground in view that is not mapped (no building within 100 m), not counted as seen")


# Of an area only sums are known: ground that two cameras can see is counted twice.
SUMMED = (
    ("seen_summed_m2", marked("Ground in view, summed over cameras")),
    ("unasked_summed_m2", marked("of this with no purpose stated")),
)
STREETS = marked("Public streets and paths that they can see for certain")
SURVEYED = (
    ("streets_surveyed_m", marked("Public streets and paths where somebody looked for cameras")),
    ("streets_not_surveyed_m", marked("Public streets and paths where nobody is recorded to have looked for cameras")),
)
SURVEYED_IN_VIEW = (
    ("surveyed", "certain", marked("Surveyed streets and paths in view for certain")),
    ("surveyed", "possible", marked("Surveyed streets and paths possibly in view")),
    ("not_surveyed", "certain", marked("Other streets and paths in view for certain")),
    ("not_surveyed", "possible", marked("Other streets and paths possibly in view")),
)
BEHIND_GROUND = {
    "hidden": ("behind_terrain", marked("Views of homes and other protected places hidden only by the ground")),
    "not_hidden_by_coarse": (
        "not_behind_coarse",
        marked("Graded views of them that coarse terrain would have hidden"),
    ),
}
SHARES = {
    "certain": marked("Share of the certain ground with no purpose stated"),
    "possible": marked("Share of the possible ground with no purpose stated"),
}


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One figure of the first page: a stable key, its English title, the value and its unit."""

    key: str
    title: str
    value: float | int
    unit: str = ""
    digits: int = 0  # that sheets and the screen show; the value itself is not rounded

    @property
    def stored(self) -> float | int:
        """Return the value as sheets hold it, rounded from the value itself."""
        return round(self.value, self.digits) if self.digits else round(self.value)


@dataclass(frozen=True, slots=True)
class Interval:
    """Possible views of one class, and how many of them are due or severe at least and at most."""

    views: int
    least: int
    most: int


def grade_of(value: object) -> str:
    """Return a grade as text, empty below a note."""
    return "" if value is None else str(value)


def of_status(assessment: Assessment, *statuses: Status) -> tuple[CameraResult, ...]:
    """Return the cameras of these states."""
    return tuple(result for result in assessment.cameras if result.placed.camera.status in statuses)


def standing_with_plan(assessment: Assessment) -> tuple[CameraResult, ...]:
    """Return the cameras that stand once the plan is carried out: those that come, and not those that go or are changed."""
    return tuple(result for result in of_status(assessment, Status.OPERATING, Status.PLANNED) if not result.leaves)


def coming(assessment: Assessment) -> tuple[CameraResult, ...]:
    """Return the cameras that the plan adds; how one that stands is to be is none of them."""
    return tuple(result for result in of_status(assessment, Status.PLANNED) if not result.replaces)


def planned_removals(assessment: Assessment) -> tuple[CameraResult, ...]:
    """Return the cameras that stand and that the plan takes down."""
    return tuple(result for result in assessment.cameras if result.leaves and not result.as_planned)


def removable_ids(cameras: Iterable[CameraResult]) -> tuple[str, ...]:
    """Return by id which of these cameras can go, each taken alone."""
    return tuple(result.placed.camera.camera_id for result in cameras if result.removable)


def planned_changes(assessment: Assessment) -> tuple[CameraResult, ...]:
    """Return the cameras that stand and that the plan changes, as they stand."""
    return tuple(result for result in assessment.cameras if result.as_planned)


def has_plan(assessment: Assessment) -> bool:
    """Say whether what stands and what is planned differ."""
    return any(result.leaves or result.placed.camera.status is Status.PLANNED for result in assessment.cameras)


def count_sightings(cameras: Sequence[CameraResult]) -> Counter[tuple[str, str, str]]:
    """Return how many cameras have a sighting, by class, basis and grade."""
    return Counter((str(s.cls), s.basis, grade_of(s.grade)) for camera in cameras for s in camera.sightings)


def grave_views_of(cameras: Iterable[CameraResult]) -> int:
    """Return how many views of these cameras are due or severe, those onto likely dwellings among them."""
    return sum(grade_of(sighting.grade) in GRAVE for result in cameras for sighting in result.sightings)


def interval_of(cameras: Sequence[CameraResult], cls: str) -> Interval:
    """Return the interval of the possible views onto a class."""
    views = [s for camera in cameras for s in camera.sightings if s.cls == cls and not s.is_recorded]
    least = sum(grade_of(s.grade_low) in GRAVE for s in views)
    return Interval(len(views), least, sum(grade_of(s.grade_high) in GRAVE for s in views))


def summarise(assessment: Assessment) -> tuple[SummaryLine, ...]:
    """Return the figures of the first page; unasked area stands beside the area seen."""
    operating = of_status(assessment, Status.OPERATING)
    current = today(assessment).findings
    severities = Counter((str(f.severity), str(f.certainty)) for f in current)
    lines = [
        SummaryLine("cameras", marked("Cameras in operation"), len(operating)),
        SummaryLine(
            "cameras_certain",
            marked("of these with direction, lens, pixels, tilt and height recorded"),
            sum(c.placed.certain for c in operating),
        ),
        SummaryLine("cameras_planned", marked("Planned cameras"), _planned(assessment)),
        *_plan_lines(assessment),
        *_ground_lines(assessment),
        *_behind_ground(assessment),
    ]
    for severity in GRAVEST_FIRST:
        lines.append(SummaryLine(f"findings_{severity}_certain", CERTAIN_TITLES[severity], severities[severity, "certain"]))
    lines.append(
        SummaryLine(
            "findings_possible", marked("Findings: possible"), sum(n for (_, c), n in severities.items() if c == "possible")
        )
    )
    if len(current) < len(assessment.findings):
        planned = len(assessment.findings) - len(current)
        lines.append(SummaryLine("findings_planned", marked("Findings about planned cameras"), planned))
    return tuple(lines + _part_lines(assessment))


def line_text(line: SummaryLine, translations: Translations, digits: int = 0) -> str:
    """Return a figure with its unit: rounded here, once, from the value itself."""
    return f"{number_text(line.value, translations, digits)} {line.unit}".rstrip()


def _plan_lines(assessment: Assessment) -> list[SummaryLine]:
    """Return how many cameras the plan takes down and changes, where it does; and how many stand with it."""
    removals, changes = planned_removals(assessment), planned_changes(assessment)
    if not removals and not changes:
        return []
    return [
        SummaryLine("cameras_to_go", marked("Cameras to be taken down"), len(removals)),
        SummaryLine("cameras_to_change", marked("Cameras to be changed"), len(changes)),
        SummaryLine("cameras_with_plan", marked("Cameras with the plan"), len(standing_with_plan(assessment))),
    ]


def _planned(assessment: Assessment) -> int:
    """Return how many planned cameras the project has; outside the gate they are counted, not looked through."""
    counts = assessment.totals.get("cameras", {})
    return int(counts.get(str(Status.PLANNED), len(of_status(assessment, Status.PLANNED))))


def today(assessment: Assessment) -> Assessment:
    """Return what operates today: planned cameras and what is found about them are counted apart."""
    planned = {result.placed.camera.camera_id for result in of_status(assessment, Status.PLANNED)}
    if not planned:
        return assessment
    findings = tuple(finding for finding in assessment.findings if finding.camera_id not in planned)
    return replace(assessment, cameras=of_status(assessment, Status.OPERATING), findings=findings)


def _ground_lines(assessment: Assessment) -> list[SummaryLine]:
    """Return the ground that operating cameras see and its unasked part, each square metre once if that is known."""
    if GROUND[0][0] not in assessment.totals:
        operating = of_status(assessment, Status.OPERATING)
        sums = (sum(result.area_m2 for result in operating), sum(result.unasked_m2 for result in operating))
        counted = [SummaryLine(key, title, value, "m²", 1) for (key, title), value in zip(SUMMED, sums, strict=True)]
        blank_m2 = sum(result.not_mapped_m2 for result in operating)
        return [*counted, *([SummaryLine("not_mapped_summed_m2", NOT_MAPPED[1], blank_m2, "m²", 1)] if blank_m2 else [])]
    lines = [SummaryLine(key, title, float(assessment.totals.get(key, 0.0)), "m²", 1) for key, title in GROUND]
    for kind, (seen, unasked) in {"certain": lines[:2], "possible": lines[2:]}.items():
        if seen.value > 0:
            lines.append(SummaryLine(f"unasked_{kind}_percent", SHARES[kind], 100.0 * unasked.value / seen.value, "%", 1))
    if blank_m2 := float(assessment.totals.get(NOT_MAPPED[0], 0.0)):
        lines.append(SummaryLine(*NOT_MAPPED, blank_m2, "m²", 1))
    streets_m = float(assessment.totals.get("streets_seen_certain_m", 0.0))
    if streets_m > 0:
        lines.append(SummaryLine("streets_seen_certain_m", STREETS, streets_m, "m"))
    if survey := assessment.totals.get("survey"):
        lengths = survey["streets_surveyed_m"], survey["streets_m"] - survey["streets_surveyed_m"]
        lines += [SummaryLine(*named, metres, "m") for named, metres in zip(SURVEYED, lengths, strict=True)]
        if in_view := survey.get("streets_in_view"):
            lines += [
                SummaryLine(f"streets_{where}_{sure}_m", title, in_view[where][sure], "m")
                for where, sure, title in SURVEYED_IN_VIEW
            ]
    return lines


def _behind_ground(assessment: Assessment) -> list[SummaryLine]:
    """Return how many views the ground alone hides, and how many coarse terrain would have hidden; buildings of known use."""
    reported = assessment.totals.get("behind_terrain") or {}
    sums = {name: sum(counts[cls] for cls in ("home", "protected")) for name, counts in reported.items()}
    return [SummaryLine(*BEHIND_GROUND[name], value) for name, value in sums.items() if value]


def count_verdicts(parts: Sequence[PartResult], after: bool = False) -> Counter[Verdict]:
    """Return how many parts have each verdict, before or after the planned cameras."""
    return Counter(result.verdict_after if after else result.verdict for result in parts)


def _part_lines(assessment: Assessment) -> list[SummaryLine]:
    if assessment.parts is None:
        return []
    verdicts = count_verdicts(assessment.parts)
    lines = [SummaryLine("parts", marked("Confirmed parts"), len(assessment.parts))]
    lines += [
        SummaryLine(f"parts_{verdict}", PART_TITLES[verdict], verdicts[verdict]) for verdict in Verdict if verdicts[verdict]
    ]
    if has_plan(assessment):
        after = count_verdicts(assessment.parts, after=True)
        lines.append(SummaryLine("parts_met_with_plan", marked("Parts met with the plan"), after[Verdict.MET]))
    lines.append(SummaryLine("overlaps", marked("Pairs of cameras that overlap"), len(assessment.overlaps or ())))
    removable = removable_ids(of_status(assessment, Status.OPERATING))
    lines.append(SummaryLine("removable", marked("Cameras that can go"), len(removable)))
    milder = sum(bool(c.necessity.milder_camera) for c in of_status(assessment, Status.OPERATING))
    lines.append(SummaryLine("milder", marked("Cameras that a milder one can replace"), milder))
    return lines


CERTAIN_TITLES = {
    "error": marked("Findings: severe, certain"),
    "due": marked("Findings: due, certain"),
    "note": marked("Findings: note, certain"),
}
PART_TITLES = {
    Verdict.MET: marked("Parts: met"),
    Verdict.WEAK: marked("Parts: weak"),
    Verdict.PARTIAL: marked("Parts: partial"),
    Verdict.GAP: marked("Parts: gap"),
    Verdict.DECLARED: marked("Parts: declared"),
    Verdict.ASKED: marked("Parts: data missing, asked"),
    Verdict.EXCUSED: marked("Parts: excused"),
}


# The order in which findings stand.


def sorted_findings(assessment: Assessment) -> list[Finding]:
    """Return the findings gravest first, then views before faults of the record, certain before possible, densest first."""
    return in_order(assessment.findings)


def grave_findings(assessment: Assessment) -> list[Finding]:
    """Return the findings that are due or severe for certain, in that order."""
    return [finding for finding in sorted_findings(assessment) if finding.severity in GRAVE]


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Return some findings in that order."""
    return sorted(findings, key=_finding_key)


def _finding_key(finding: Finding) -> tuple[object, ...]:
    return (
        -rank(finding.severity),
        finding.unit != "px/m",
        finding.certainty != "certain",
        -(measured_end(finding, 1) or 0.0),
        finding.finding_id,
    )


def measured_end(finding: Finding, end: int) -> float | None:
    """Return the low (0) or the high end (1) of what a finding measured, one number being both; None where nothing was."""
    if finding.measured is None:
        return None
    return float(finding.measured[end]) if isinstance(finding.measured, tuple) else float(finding.measured)
