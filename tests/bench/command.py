"""Run the chosen jobs of a room and keep their figures."""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path

from rich.console import Console

from . import rival_house, where_time_goes
from .accuracy.cells import compare_cells
from .accuracy.finding import Finding
from .accuracy.flat import compare_flat
from .accuracy.london import compare_london
from .accuracy.terrace import compare_terrace
from .duel import ROOT
from .growth_picture import draw_growth
from .jobs import (
    audit,
    city,
    drafts,
    growth,
    gui,
    keeping,
    lens,
    live,
    region,
    single,
    siting,
    siting_candidates,
    siting_towns,
    start,
    streets,
    walls,
)
from .machine import describe
from .report import page, write_rows
from .row import Row
from .setting import Setting
from .table import head_of, show, show_findings, write_between

Job = Callable[[Setting], Iterator[Row | Finding]]
JOBS: dict[str, Job] = {
    "sectors": single.sectors,
    "circle": single.circle,
    "plane": single.plane,
    "city": city.city,
    "fresh": city.fresh,
    "region": city.region,
    "move": city.move,
    "flat": compare_flat,
    "cells": compare_cells,
    "terrace": compare_terrace,
    "london": compare_london,
}
ANSWERS: dict[str, Job] = {"audit": audit.audit, "streets": streets.streets}
LIVE: dict[str, Job] = {"level": live.level, "hills": live.hills}
START: dict[str, Job] = {"start": start.start}
LENS: dict[str, Job] = {"lens": lens.lens}
FILE: dict[str, Job] = {"file": keeping.keeping}
DRAFTS: dict[str, Job] = {"drafts": drafts.drafts}
GROWTH: dict[str, Job] = {"cameras": growth.cameras, "buildings": growth.buildings, "range": growth.ranges}
REGION: dict[str, Job] = {"cities": region.region, "country": region.country}
WALLS: dict[str, Job] = {"views": walls.views, "mitigations": walls.mitigations, "draws": walls.draws, "speed": walls.speed}

GUI: dict[str, Job] = {"sample": gui.sample, "large": gui.large}
SITING: dict[str, Job] = {
    "published": siting.published,
    "most": siting.most,
    "spopt": siting.spopt,
    "removable": siting.removable,
    "large": siting.large,
    "candidates": siting_candidates.candidates,
    "towns": siting_towns.towns,
}
ROOMS = {
    "sight": JOBS,
    "answers": ANSWERS,
    "live": LIVE,
    "start": START,
    "siting": SITING,
    "lens": LENS,
    "drafts": DRAFTS,
    "gui": GUI,
    "file": FILE,
    "region": REGION,
    "growth": GROWTH,
    "walls": WALLS,
}
HERE = ("siting", "file")  # rooms whose jobs ours does in this very process
DOCS = ROOT / "docs/benchmarks.md"


def main(arguments: Sequence[str]) -> int:
    """Run the chosen jobs; returns 0, or 2 for a job that does not exist."""
    options = _options(arguments)
    if options.file:
        print(siting.of_file(options.file, options.seconds or siting.SECONDS, options.unicost))
        return 0
    jobs = ROOMS[options.room]
    names = options.only.split(",") if options.only else list(jobs)
    unknown = [name for name in names if name not in jobs]
    if unknown:
        print(f"no such job: {', '.join(unknown)}; there are {', '.join(jobs)}", file=sys.stderr)
        return 2
    if options.install_rivals:
        rival_house.install()
    machine, command = describe(), _reported(options)
    found: list[Row | Finding] = []
    try:
        for more in _run(names, jobs, options):
            found += more
            _keep(found, machine, command, options)
    except KeyboardInterrupt:
        print("stopped; what was measured so far:", file=sys.stderr)
    _tell(found, machine, command, options.room)
    return 0


def _reported(options: argparse.Namespace) -> str:
    """Return the command without the files that it writes."""
    words = ["python3 main.py bench", options.room, *(["--quick"] if options.quick else [])]
    words += ["--seconds", f"{options.seconds:g}"] if options.seconds else []
    words += ["--cameras", str(options.cameras)] if options.cameras else []
    words += ["--city", *(file.name for file in options.city)] if options.city else []
    return " ".join([*words, *(["--only", options.only] if options.only else [])])


def _run(names: Sequence[str], jobs: Mapping[str, Job], options: argparse.Namespace) -> Iterator[list[Row | Finding]]:
    """Yield what each job found."""
    profiles: dict[str, where_time_goes.Seconds] = {}
    with tempfile.TemporaryDirectory(prefix="lhasaplan-bench-") as folder:
        for name in names:
            print(f"{name} ...", file=sys.stderr, flush=True)
            place = Path(folder) / name
            place.mkdir()
            if options.profile:
                seen = place / "profile"
                seen.mkdir()
                os.environ[where_time_goes.FOLDER] = str(seen)
            with where_time_goes.looked_at() if options.room in HERE else nullcontext():
                found = list(jobs[name](setting_of(place, options)))
            yield found
            if options.profile:
                profiles[name] = where_time_goes.read(seen)
                print(where_time_goes.in_words(name, profiles[name]), flush=True)
                where_time_goes.draw_shares(profiles, options.profile)


def setting_of(place: Path, options: argparse.Namespace) -> Setting:
    """Return how long and where a job of this command runs."""
    cities = tuple(file.resolve() for file in options.city)
    return Setting(place, options.quick, seconds=options.seconds, cities=cities, cameras=options.cameras)


def _parted(found: Sequence[Row | Finding]) -> tuple[list[Row], list[Finding]]:
    return [one for one in found if isinstance(one, Row)], [one for one in found if isinstance(one, Finding)]


def _tell(found: Sequence[Row | Finding], machine: dict, command: str, room: str) -> None:
    rows, findings = _parted(found)
    console = Console(width=None if sys.stdout.isatty() else 180)
    console.print(f"{machine['cpu']}, {machine['cores']} cores, load {machine['load']}; {command}", highlight=False)
    show(rows, console, room)
    show_findings(findings, console, room)


def _keep(found: Sequence[Row | Finding], machine: dict, command: str, options: argparse.Namespace) -> None:
    """Write what was found so far, so that a long run that is stopped leaves its figures."""
    rows, findings = _parted(found)
    if options.json:
        lists = {"rows": [row.as_json() for row in rows], "accuracy": [one.as_json() for one in findings]}
        whole = {"schema": "lhasaplan-bench/1", "command": command, "machine": machine, **lists}
        options.json.write_text(json.dumps(whole, indent=1), "utf-8")
    if options.write_docs:
        write_between(DOCS, page(rows, findings, machine, command, head_of(DOCS)), options.room)
        write_rows(DOCS.with_suffix(""), options.room, rows, findings)
        if options.room == "growth":
            draw_growth(rows, DOCS.parent / "pictures" / "growth.png")


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="main.py bench", description=__doc__)
    parser.add_argument("room", choices=list(ROOMS), help="what is measured")
    parser.add_argument(
        "--only",
        metavar="JOB,JOB",
        help="jobs to run; " + "; ".join(f"{room}: {', '.join(jobs)}" for room, jobs in ROOMS.items()),
    )
    parser.add_argument("--quick", action="store_true", help="smaller sizes and fewer rounds, under 2 minutes")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write rows and findings with the machine")
    parser.add_argument("--write-docs", action="store_true", help=f"write the tables into {DOCS.relative_to(ROOT)}")
    parser.add_argument(
        "--profile", type=Path, metavar="FILE.png", help="say and draw where the time of ours goes; such a run is for no table"
    )
    parser.add_argument("--install-rivals", action="store_true", help="put rivals of PyPI into .venv-rivals first")
    parser.add_argument("--file", type=Path, metavar="FILE", help="siting: a set covering file of the OR-Library, scp or rail")
    parser.add_argument(
        "--seconds",
        type=float,
        default=0.0,
        metavar="N",
        help="siting: processor time for --file and for each published one (60)",
    )
    parser.add_argument(
        "--city", type=Path, nargs="+", default=[], metavar="FILE", help="walls: OSM extracts or GeoJSON of buildings to look at"
    )
    parser.add_argument("--cameras", type=int, default=0, metavar="N", help="walls: so many cameras in each city")
    parser.add_argument("--unicost", action="store_true", help="every column of --file costs 1")
    return parser.parse_args(list(arguments))
