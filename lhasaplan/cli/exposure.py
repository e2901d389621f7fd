"""Verbs for those who are looked at: what cameras can see along a route and on every street, and the least seen path."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lhasaplan import workflow
from lhasaplan.cli.protection import open_project
from lhasaplan.cli.screen import Private, Project, Scheduler, Terminal, terminal_of
from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.ports import Heads

if TYPE_CHECKING:
    from lhasaplan.core.exposure.along_lines import LengthsInView, Walk
    from lhasaplan.core.exposure.streets_in_view import StreetsInView
    from lhasaplan.core.project.project import Project as ProjectValue

Files = Annotated[
    list[Path] | None,
    typer.Option("--out", metavar="FILE", help=marked("File to write, by its ending; once for each."), show_default=False),
]
Speed = Annotated[float, typer.Option("--speed", metavar="KM/H", help=marked("Walking speed, for the time in view."))]
WALKING_KM_H, METRE_IN_VIEW = 5.0, 10.0
PRINTED = 20  # cameras of a route; a file of it has all
STATE, LENGTH, SHARE, TIME, CLASSES = (
    marked("state"),
    marked("length, m"),
    marked("share"),
    marked("time, min"),
    marked("of it by px/m: 25 / 62.5 / 125 / 250 and more"),
)


def add_exposure(app: typer.Typer) -> None:
    """Add these verbs."""
    app.command(
        "exposure",
        help=marked(
            "List along a route, metre by metre, which cameras can see a person's head (1.5 m above the ground), "
            "certainly or possibly, and how sharply. Without a route it does so for every street and area of the "
            "project.\n\nA route is a GPX track or any layer of lines; it is not saved. Files of a route: csv, "
            "geojson, gpkg, json, and the profile as svg, png or pdf; of streets: csv, geojson, gpkg, json, html "
            "(a map). Only known cameras count: where nobody looked for cameras, “not in view” says "
            "little.\n\n\b\nExamples:\n  exposure helsinki.gpkg walk.gpx --out walk.csv --out walk.svg\n  "
            "exposure helsinki.gpkg --out streets.gpkg"
        ),
    )(_exposure)
    app.command(
        "route",
        help=marked(
            "Find the shortest path on foot between two places, and the one on which cameras see least.\n\n"
            "A and B are LON,LAT or an address. A metre in view, certain or possible, costs as much as --cost metres out of "
            "view. Files: geojson, gpkg, gpx, json.\n\n"
            "\b\nExamples:\n"
            "  route helsinki.gpkg 24.9414,60.1719 'Aleksanterinkatu 52' --out paths.geojson\n"
            "  route helsinki.gpkg 24.9414,60.1719 24.9520,60.1690 --cost 100"
        ),
    )(_route)


def _exposure(
    context: typer.Context,
    project: Project,
    route: Annotated[
        str, typer.Argument(metavar="[ROUTE]", help=marked("File with the lines of a route."), show_default=False)
    ] = "",
    *,
    out: Files = None,
    speed: Speed = WALKING_KM_H,
    private: Private = False,
    scheduler: Scheduler = "",
) -> None:
    terminal = terminal_of(context)
    value = open_project(terminal, project).project
    if route:
        lines, remarks = workflow.read_route(terminal.services, value, Path(route))
        terminal.remark(remarks)
        with terminal.progress() as progress:
            walk = workflow.exposure(terminal.services, value, lines, speed, progress, scheduler=scheduler, private=private)
        _print_route(terminal, Path(route).name, walk)
        drafts, words = terminal.services.drafts, terminal.translations
        _write(terminal, value, out or (), lambda path, said: drafts.write_walk(path, walk, said, words))
    else:
        _print_streets(terminal, value, out or (), scheduler)


def _print_route(terminal: Terminal, name: str, walk: "Walk") -> None:
    from lhasaplan.core.exposure.along_lines import STATES  # noqa: PLC0415 - help needs no arrays

    _print_walk(terminal, name, walk)
    if walk.stretches is None:
        terminal.complain(terminal.translations(marked("A rule pack of this project allows only the sums of a walk.")))
    if walk.cameras:
        of = terminal.translations
        heads = [of(marked("camera")), of(STATES["certain"]), of(STATES["possible"]), of(marked("px/m, highest"))]
        some = walk.cameras[:PRINTED]
        rows = [(each.camera_id, *map(round, (each.certain_m, each.possible_m, each.highest_px_m))) for each in some]
        text = marked("Cameras along the route, metres in view ({shown} of {count})")
        terminal.table(terminal.translations(text, shown=len(some), count=len(walk.cameras)), heads, rows)


def _print_streets(terminal: Terminal, project: "ProjectValue", out: Sequence[Path], scheduler: str) -> None:
    with terminal.progress() as progress:
        found = workflow.streets(terminal.services, project, progress, scheduler)
    title = terminal.translations(marked("All streets and paths open to the public: {count}"), count=len(found.streets))
    terminal.table(title, _heads(terminal)[:-2], [row[:-2] for row in _rows(terminal, found.whole)])
    _say_unless_surveyed(terminal, found.whole)
    _print_areas(terminal, found)
    _write(
        terminal,
        project,
        out,
        lambda path, said: terminal.services.drafts.write_streets(path, found, said, terminal.translations),
    )


def _print_areas(terminal: Terminal, found: "StreetsInView") -> None:
    if not found.areas:
        return
    from lhasaplan.core.exposure.along_lines import STATES  # noqa: PLC0415 - help needs no arrays

    of = terminal.translations
    heads = [of(marked("area")), of(LENGTH), of(STATES["certain"]), of(STATES["possible"])]
    rows = [
        (
            each.name,
            round(each.lengths.length_m),
            _percent(each.lengths.share(each.lengths.certain_m)),
            _percent(each.lengths.share(each.lengths.possible_m)),
        )
        for each in found.areas
    ]
    terminal.table(of(marked("Streets by area")), heads, rows)


def _route(
    context: typer.Context,
    project: Project,
    start: Annotated[str, typer.Argument(metavar="A", help=marked("Where from: LON,LAT or an address."), show_default=False)],
    end: Annotated[str, typer.Argument(metavar="B", help=marked("Where to: LON,LAT or an address."), show_default=False)],
    *,
    out: Files = None,
    cost: Annotated[
        float, typer.Option("--cost", metavar="METRES", help=marked("What a metre in view costs, in metres out of view."))
    ] = METRE_IN_VIEW,
    speed: Speed = WALKING_KM_H,
    scheduler: Scheduler = "",
) -> None:
    from lhasaplan.core.exposure.streets_in_view import Journey  # noqa: PLC0415 - help needs no arrays

    terminal = terminal_of(context)
    value = open_project(terminal, project).project
    a, b = workflow.spot_of(value, start), workflow.spot_of(value, end)
    terminal.remark((*a.remarks, *b.remarks))
    journey = Journey(a.xy_m, b.xy_m, (a.name, b.name), speed)
    with terminal.progress() as progress:
        paths = workflow.route(terminal.services, value, journey, cost, progress, scheduler=scheduler)
    text = marked("A metre in view counts as much as {cost} metres out of view.")
    terminal.say(terminal.translations(text, cost=f"{paths.metre_in_view:g}"))
    _print_walk(terminal, terminal.translations(marked("The shortest path")), paths.shortest.walk)
    _print_walk(terminal, terminal.translations(marked("The path least seen by cameras")), paths.least_seen.walk)
    _write(terminal, value, out or (), lambda path, said: terminal.services.drafts.write_paths(path, paths, said))


def _print_walk(terminal: Terminal, what: str, walk: "Walk") -> None:
    lengths, text = walk.lengths, marked("{what}: {metres} m, {minutes} min at {speed} km/h")
    of = {"metres": f"{lengths.length_m:.0f}", "minutes": f"{walk.seconds(lengths.length_m) / 60.0:.1f}"}
    title = terminal.translations(text, what=what, speed=f"{walk.speed_km_h:g}", **of)
    terminal.table(title, _heads(terminal), _rows(terminal, lengths, walk))
    _say_unless_surveyed(terminal, lengths)


def _say_unless_surveyed(terminal: Terminal, lengths: "LengthsInView") -> None:
    """Say that not in view means little, where no survey is recorded."""
    from lhasaplan.core.city.surveys import NO_SURVEY  # noqa: PLC0415 - help needs no arrays

    if lengths.not_surveyed_m is None:
        terminal.say(terminal.translations(NO_SURVEY))


def _heads(terminal: Terminal) -> list[str]:
    return [terminal.translations(each) for each in (STATE, LENGTH, SHARE, TIME, CLASSES)]


def _rows(terminal: Terminal, lengths: "LengthsInView", walk: "Walk | None" = None) -> list[tuple[object, ...]]:
    """Return what is in view, what is not known, and the rest as one sum."""
    from lhasaplan.core.exposure.along_lines import STATES  # noqa: PLC0415 - help needs no arrays

    classes = {"certain": lengths.certain_by_class_m, "possible": lengths.possible_by_class_m}
    rows: list[tuple[object, ...]] = []
    for name in lengths.states:
        metres = getattr(lengths, f"{name}_m")
        minutes = "" if walk is None else f"{walk.seconds(metres) / 60.0:.1f}"
        by_class = " / ".join(f"{each:.0f}" for each in classes.get(name, ()))
        rows.append((terminal.translations(STATES[name]), round(metres), _percent(lengths.share(metres)), minutes, by_class))
    return rows


def _percent(share: float) -> str:
    return f"{100.0 * share:.1f} %"


def _write(terminal: Terminal, project: "ProjectValue", files: Sequence[Path], write: Callable[[Path, Heads], Path]) -> None:
    """Write the files that were asked for, each with what stands at the head of every output."""
    if not files:
        return
    from lhasaplan.report.maps.base_map import attribution  # noqa: PLC0415 - what answers need is loaded when there are some
    from lhasaplan.report.text.words import banners  # noqa: PLC0415

    sheet = workflow.sheet_of(terminal.services, project)
    said = Heads(banners(sheet, Translations()), attribution(sheet))
    terminal.files([write(path, said) for path in files])
