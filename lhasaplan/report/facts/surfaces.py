"""Count what of protected places is in view, for drafts: frontage by height, open ground, doors."""

from collections.abc import Mapping

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.results.assessment import Assessment, CameraResult, Sighting
from lhasaplan.core.results.finding import Certainty, Finding
from lhasaplan.core.results.seen_surface import SeenSurface
from lhasaplan.report.text import words
from lhasaplan.report.text.columns import Cell, Column, Table, make_table
from lhasaplan.report.text.numerals import density_text, number_text

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
        (Column("night_percent", marked("in range at night"), "%"), lambda r: _percent(r[1].night_share)),
    ]
    rows = [
        (sighting, surface)
        for result in (assessment.cameras if results is None else results)
        for sighting in result.sightings
        for surface in sighting.surfaces
    ]
    return make_table("surfaces", marked("Surfaces of protected places in view"), cells, rows)


def _percent(share: float | None) -> float | None:
    return None if share is None else 100.0 * share


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
