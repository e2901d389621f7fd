"""Notes that stand beside the numbers of every output: the limits of the data and of this version."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import shapely

from lhasaplan.core.city.streets import NearestStreet
from lhasaplan.core.city.territory import names_of, odd_script
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.demand.ground_in_view import MAPPED_M
from lhasaplan.core.demand.guard import FoundCandidates, Refusal
from lhasaplan.core.demand.part_verdicts import Coverage
from lhasaplan.core.exposure.ended_by_record import ended_counts
from lhasaplan.core.exposure.grading import BehindGround, Counts
from lhasaplan.core.findings.entry_signs import signs_of_others
from lhasaplan.core.findings.notes import NOTES
from lhasaplan.core.gate.planning_ground import BORDER, IN_COUNTRY, NO_BUILDINGS, beyond_data_m2, beyond_law, cell_text, plan_area
from lhasaplan.core.model.camera import Camera, Mount, Status
from lhasaplan.core.model.camera_models import assumed_of
from lhasaplan.core.model.place import ProtectedClass
from lhasaplan.core.project.decisions import DWELLING, NOT_AS_NAMED, NOT_DWELLING, is_filled, stands_for
from lhasaplan.core.protection.lost_protection import losses, unread
from lhasaplan.core.results.assessment import CameraResult
from lhasaplan.core.results.finding import Declared
from lhasaplan.core.site.camera_placing import cut_short_m
from lhasaplan.core.site.terrain import COARSE_M, ROOF_KEY, houses_rise_m
from lhasaplan.core.site.terrain import SOURCE as ROOF

DECLARED = {
    NO_BUILDINGS: "declared_cells",
    IN_COUNTRY: "declared_country",
    DWELLING: "declared_dwellings",
    NOT_DWELLING: "declared_no_dwellings",
    NOT_AS_NAMED: "declared_names",
}
_LEAST_BEYOND_M2 = 100.0
MOST_NAMED = 20  # cameras in one sentence; JSON has all
Note = tuple[str, Mapping[str, object]]


def notes_of(
    context: AuditContext, results: Sequence[CameraResult], refused: Sequence[Refusal], candidates: FoundCandidates, is_open: bool
) -> tuple[Note, ...]:
    """Return all notes, the gravest first."""
    missing = {"suspended": len(context.project.suspended), "unread": unread(context.project.inputs)}
    counts = {
        "planned_closed": 0 if is_open else sum(each.status is Status.PLANNED for each in context.project.cameras),
        "signs_of_others": signs_of_others(context),
        "indoors_nowhere": sum(
            each.mount is Mount.INDOOR and (not each.views or each.views[0].own_building < 0) for each in context.placed
        ),
        "thin_walls": context.thin_walls,
        "crossing": context.crossing,
        "unsourced": sum(map(_is_unsourced, context.project.cameras)),
        "assumed": sum(not result.placed.certain for result in results),
        "night_unknown": sum(result.night_m2 is None for result in results),
        "candidates": sum(candidates.not_requested.values()),
        "candidates_refused": candidates.refused,
    }
    plain: tuple[Note, ...] = (
        *_ended(results),
        *((NOTES[name], {}) for name in _plain(context)),
        *_bare(context),
        *_beyond_law(context),
        *_script(context),
        *_cut_short(context),
        *_ground(context),
        *_roofs(context),
        *_surface_model(context),
        *_declared(context),
        *_beyond_data(context, candidates),
    )
    lost, counted = (
        tuple((NOTES[name], {"count": count}) for name, count in some.items() if count) for some in (missing, counts)
    )
    closed = ((NOTES["closed"], {"count": context.project.closed_count}),) if context.project.is_closed else ()
    named = ((template, {"part": part.name or part.part_id, **params}) for part, template, params in refused)
    return (*closed, *_gone(context), *lost, *plain, *counted, *named)


def _ended(results: Sequence[CameraResult]) -> Iterator[Note]:
    """Yield the cameras of which a declared range or masks alone end views of protected places."""
    counts = ended_counts(results)
    for by in Declared:
        names = tuple(each.placed.camera.camera_id for each in results if any(row.by == by for row in each.ended_by_record))
        views = _by_class({cls: counts[by][cls] for cls in ProtectedClass})
        reported = {name: views[name] for name in ("homes", "protected", "likely")}
        if len(names) > MOST_NAMED:
            yield NOTES[f"ended_by_{by}_many"], {**reported, "cameras": names[:MOST_NAMED], "more": len(names) - MOST_NAMED}
        elif names:
            yield NOTES[f"ended_by_{by}"], {**reported, "cameras": names}


def _declared(context: AuditContext) -> Iterator[Note]:
    """Yield what people declared of cells and buildings, by whom and when: cells by name, buildings by their number alone."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for each in context.project.declarations:
        if each.fact in DECLARED and stands_for(each.by, each.date):
            found.setdefault((each.fact, each.by, each.date), []).append(each.subject)
    at = NearestStreet(context.project.layers.get("roads"), context.crs) if found else None
    for (fact, by, date), subjects in sorted(found.items()):
        params = {"by": by, "date": date, "count": len(subjects)}
        named: dict[str, object] = {}
        if at and fact == NO_BUILDINGS:
            named["cells"] = "; ".join(cell_text(each, at) for each in subjects)
        elif fact == IN_COUNTRY:
            names = context.reference_data.territory.names
            codes = (each.removeprefix(BORDER) for each in subjects)
            named["countries"] = ", ".join(names.get(code, code) for code in codes)
        yield NOTES[DECLARED[fact]], {**params, **named}


def _beyond_data(context: AuditContext, candidates: FoundCandidates) -> Iterator[Note]:
    """Yield how much of the plan area lies where the imported data end."""
    project = context.project
    planned = tuple(camera for camera in project.cameras if camera.status is Status.PLANNED)
    if project.mandate is None or context.crs is None:
        return
    area = plan_area(project.mandate, candidates.confirmed, planned, context.crs)
    beyond_m2 = 0.0 if area is None else beyond_data_m2(area, project.layers)
    if beyond_m2 >= _LEAST_BEYOND_M2:
        yield NOTES["beyond_data"], {"hectares": round(beyond_m2 / 1e4, 1)}


def _is_unsourced(camera: Camera) -> bool:
    """Tell whether nothing but the table that was imported says of a camera that it hangs there."""
    is_own = not is_filled(camera.source) or camera.source == camera.input_file
    return camera.status is Status.OPERATING and is_own and not is_filled(camera.source_date)


def _gone(context: AuditContext) -> Iterator[Note]:
    """Yield what steps from one state to another took out of protection, each with its day: no place, no file."""
    for loss in losses(context.project):
        if loss.known:
            yield NOTES["gone"], {"count": loss.known, "gone_on": loss.day}
        if loss.unknown:
            yield NOTES["gone_unknown"], {"count": loss.unknown, "gone_on": loss.day}


def terrain_of(context: AuditContext, behind: BehindGround | None) -> tuple[Note, ...]:
    """Return how coarse terrain counts, and what ground alone hides or would hide of protected places."""
    if behind is None:
        return ()
    sources = [each for each in context.terrain.sources if each.is_coarse]
    named = ", ".join(f"{each.name} ({each.spacing_m:.3g} m)" for each in sources)
    reported = (("behind_terrain", behind.hidden), ("not_behind_coarse", behind.graded_all_the_same))
    return (
        *(((NOTES["coarse"], {"metres": round(COARSE_M), "sources": named}),) if sources else ()),
        *((NOTES[name], _by_class(counts)) for name, counts in reported if counts),
    )


def _by_class(counts: Counts) -> Mapping[str, object]:
    homes, protected, likely, unknown = (counts.get(cls, 0) for cls in ProtectedClass)
    return {"homes": homes, "protected": protected, "likely": likely, "unknown": unknown}


def trees_of(context: AuditContext, coverage: Coverage | None) -> tuple[Note, ...]:
    """Return how trees and hoardings count, and how many demand points they alone hide."""
    if not len(context.project.layers.get("trees") or ()):
        return ()
    hidden = coverage.behind_trees if coverage else 0
    counted = {"count": hidden, "free": coverage.free_leafless if coverage else 0}
    return ((NOTES["trees"], {}), *(((NOTES["behind_trees"], counted),) if hidden else ()))


def _ground(context: AuditContext) -> Iterator[Note]:
    """Yield what the ground was made from, and where that is not enough."""
    terrain = context.terrain
    yield from ((fault.template, dict(fault.params)) for fault in terrain.remarks)
    if terrain.is_level:
        return
    sources = ", ".join(f"{each.name} ({each.resolution_m:.3g} m)" for each in terrain.sources)
    yield NOTES["ground"], {"sources": sources, "cell_m": f"{terrain.cell_m:.3g}"}
    if terrain.filled > 0.0:
        yield NOTES["ground_filled"], {"percent": f"{100.0 * terrain.filled:.2g}"}
    x, y = (np.array([getattr(each.camera, axis) for each in context.placed], float) for axis in ("x_m", "y_m"))
    beyond = int((~terrain.covers(x, y)).sum())
    if beyond:
        yield NOTES["ground_beyond"], {"count": beyond}


def _roofs(context: AuditContext) -> Iterator[Note]:
    """Yield how many roofs stand where the data say, and for how many that could not be used."""
    reported = sum(ROOF_KEY in tags for tags in context.buildings.tags)
    used = int((context.buildings.height_source == ROOF).sum()) if reported else 0
    if used:
        yield NOTES["roofs"], {"count": used}
    if reported > used:
        yield NOTES["roofs_unused"], {"count": reported - used}


def _surface_model(context: AuditContext) -> Iterator[Note]:
    """Yield that houses stand in the terrain itself, where they do."""
    rise_m = houses_rise_m(context.terrain, context.buildings.polygons)
    if rise_m is not None:
        yield NOTES["surface_model"], {"metres": f"{rise_m:.0f}"}


def _beyond_law(context: AuditContext) -> Iterator[Note]:
    """Yield how many cameras stand where a loaded pack is no law: its articles are cited all the same."""
    x, y = (np.array([getattr(each.camera, axis) for each in context.placed], float) for axis in ("x_m", "y_m"))
    lon, lat = context.crs.to_lonlat(x, y)
    for pack in context.reference_data.packs:
        count = int(beyond_law(pack, context.reference_data.territory, lon, lat).sum())
        if count:
            yield NOTES["beyond_law"], {"count": count, "pack": pack.name}


def _script(context: AuditContext) -> Iterator[Note]:
    """Yield that the names in the data are written otherwise than in the country where the cameras stand."""
    territory = context.reference_data.territory
    if not (context.placed and any(pack.planning == "yes" for pack in context.reference_data.packs)):
        return  # else nobody asked for the outlines of countries
    x_m, y_m = (float(np.median([getattr(each.camera, axis) for each in context.placed])) for axis in ("x_m", "y_m"))
    lon, lat = (float(value) for value in context.crs.to_lonlat(x_m, y_m))
    codes = territory.at(lon, lat)
    found = odd_script(names_of(context.project.layers), codes, territory.scripts) if codes else None
    if found is not None:
        country = ", ".join(territory.names.get(code, code) for code in codes)
        yield NOTES["script"], {"percent": f"{100 * found[1]:.0f}", "script": found[0], "country": country}


def _bare(context: AuditContext) -> Iterator[Note]:
    """Yield how many cameras stand where the data have no building near: an extract may have been cut, or never drawn."""
    if not (len(context.buildings) and context.placed):
        return
    spots = shapely.points([(each.camera.x_m, each.camera.y_m) for each in context.placed])
    near, _ = context.scene.tree.query_nearest(spots, max_distance=MAPPED_M, all_matches=False)
    far = np.delete(spots, near)
    if len(far):  # of these few alone every outline is asked, doubles too
        _, others = shapely.STRtree(far).query(context.buildings.polygons, predicate="dwithin", distance=MAPPED_M)
        far = np.delete(far, np.unique(others))
    count = len(far)
    if count:
        yield NOTES["bare"], {"count": count, "metres": round(MAPPED_M)}


def _cut_short(context: AuditContext) -> Iterator[Note]:
    """Yield how many cameras without a recorded range end at the limit of their kind though their lens may show more."""
    classes, least = context.reference_data.classes, context.thresholds.note_px_m
    ends = [cut_short_m(each, assumed_of(each.camera, classes), least) for each in context.placed]
    for limit_m, count in sorted(Counter(end for end in ends if end is not None).items()):
        yield NOTES["cut_short"], {"count": count, "metres": round(limit_m)}


def _plain(context: AuditContext) -> Iterator[str]:
    project = context.project
    if project.synthetic:
        yield "synthetic"
    if not any(camera.status is Status.OPERATING for camera in project.cameras):
        yield "no_cameras"
    if not len(context.buildings):
        yield "no_buildings"
    if project.terrain and context.terrain.is_level:
        yield "terrain"
    yield "unmapped"
    yield "policy"
