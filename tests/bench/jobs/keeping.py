"""What the project file costs: an edit, a saving, an opening and an import of a city, beside GDAL on the same layers."""

import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from statistics import median

import numpy as np
import shapely

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.project.decisions import Declaration
from lhasaplan.core.project.project import Project
from lhasaplan.io.apart.process import end_readers
from lhasaplan.store.geopackage import GeoPackageStore
from lhasaplan.store.sealed import SealedStore, seal
from lhasaplan.workflow.new_states import with_decided_things

from ..files import pyogrio_raw, read, write
from ..row import Row, measured
from ..setting import Setting
from ..town import CRS, Town, make_town

FULL_M, QUICK_M, CAMERAS, DECISIONS = 10_400.0, 2_300.0, 1000, 5000  # sides of a town of some 203,000 and of 10,000 buildings
PASSPHRASE = "seven grey herons at noon"
RIVAL = "pyogrio (GDAL), its layers alone"
Turn = Callable[[], object]


def keeping(setting: Setting) -> Iterator[Row]:
    """Each in turns with its rival on the same town, which is synthetic; what is written is on the disk before its turn ends."""
    town = make_town(QUICK_M if setting.quick else FULL_M)
    project, folder = _project(town), setting.folder
    size = f"{len(town.top_m):,} buildings, {CAMERAS:,} cameras"
    ours, theirs = folder / "ours.gpkg", folder / "theirs.gpkg"
    layers = _layers(project)
    yield _beside("first saving", size, lambda: _saved_new(project, ours), lambda: _new(layers, theirs), 3)
    yield _beside("open", size, lambda: GeoPackageStore(ours).load(), lambda: _read(theirs), setting.rounds, "1.5 s clock")
    yield _edit(size, ours, lambda: _written({"cameras": layers["cameras"]}, theirs), setting.rounds)
    yield _import(town, folder, size)
    yield _again(town, folder, size)
    seal(ours, PASSPHRASE)
    mb = f"{ours.stat().st_size / 1e6:.0f} MB, {size}"
    yield _beside("open, sealed", mb, lambda: _unsealed(ours), lambda: _read(theirs), 3, "2 s of 100 MB clock")


def _project(town: Town) -> Project:
    number = range(len(town.top_m))
    ids = np.array([f"way/{n}" for n in number], object)
    tags = tuple({"building": "yes", "height": f"{top:.1f}"} for top in town.top_m)
    houses = Layer("buildings", ids, town.polygons(), tags, ("town.osm",) * len(ids))
    spots = town.pavement_m[:CAMERAS]
    cameras = tuple(Camera(f"C{n}", float(x), float(y), azimuth_deg=float(n % 360)) for n, (x, y) in enumerate(spots))
    return Project(name="synthetic", crs=CRS, packs=("eu-gdpr",), layers={"buildings": houses}, cameras=cameras)


def _layers(project: Project) -> dict[str, tuple[np.ndarray, dict[str, np.ndarray], str]]:
    """Return what the rival keeps: geometry, columns and kind of each layer."""
    houses, cameras = project.layers["buildings"], project.cameras
    tags = {key: np.array([each[key] for each in houses.tags], object) for key in ("building", "height")}
    spots = shapely.points([(c.x_m, c.y_m) for c in cameras])
    columns = {"camera_id": np.array([c.camera_id for c in cameras], object), "azimuth_deg": np.zeros(len(cameras))}
    return {"buildings": (houses.geometry, {"id": houses.ids, **tags}, "Polygon"), "cameras": (spots, columns, "Point")}


def _written(layers: dict[str, tuple[np.ndarray, dict[str, np.ndarray], str]], path: Path) -> None:
    """Write layers into a file; one that is there already is written anew, the others stay."""
    for name, (shapes, columns, kind) in layers.items():
        how = {"layer": name, "geometry_type": kind, "crs": CRS, "driver": "GPKG"}
        pyogrio_raw.write(path, shapely.to_wkb(shapes), list(columns.values()), list(columns), **how)


def _new(layers: dict[str, tuple[np.ndarray, dict[str, np.ndarray], str]], path: Path) -> None:
    path.unlink(missing_ok=True)
    _written(layers, path)


def _read(path: Path) -> None:
    for name in ("buildings", "cameras"):
        shapely.from_wkb(pyogrio_raw.read(path, layer=name)[2])


def _saved_new(project: Project, path: Path) -> None:
    path.unlink(missing_ok=True)
    GeoPackageStore(path).save(project)


def _unsealed(path: Path) -> None:
    store = SealedStore(path)
    store.unseal(PASSPHRASE)
    store.load()


def _edit(size: str, ours: Path, rewrite: Turn, rounds: int) -> Row:
    """Return what one turned camera costs: the row here, the layer of cameras there."""
    store, number = GeoPackageStore(ours), count(1)
    project = store.load()

    def turn() -> None:
        first = replace(project.cameras[0], azimuth_deg=next(number) / 8)
        store.save(replace(project, cameras=(first, *project.cameras[1:])))

    return _beside("one edit, on the disk", size, turn, rewrite, rounds, "10 ms clock")


def _import(town: Town, folder: Path, size: str) -> Row:
    file, services = folder / "buildings.gpkg", open_services()
    write(file, town.polygons(), {"height": town.top_m}, "Polygon")
    empty = workflow.new_project(services, ("eu-gdpr",), CRS)

    def take_in() -> None:
        project, _ = workflow.import_files(services, empty, [file], kind="buildings")
        _saved_new(project, folder / "imported.gpkg")

    def copy() -> None:
        shapes, columns = read(file)
        write(folder / "copied.gpkg", shapes, columns, "Polygon")

    return _beside("import and saving", size, take_in, copy, 3, "6 s clock")


def _again(town: Town, folder: Path, size: str) -> Row:
    """Return what another import of the same buildings costs, in another order, with decisions that must find their thing."""
    file, services = folder / "buildings.gpkg", open_services()
    empty = workflow.new_project(services, ("eu-gdpr",), CRS)
    write(file, town.polygons(), {"height": town.top_m}, "Polygon")
    known, _ = workflow.import_files(services, empty, [file], kind="buildings")
    said = known.layers["buildings"].ids[:DECISIONS].tolist()
    day = services.today()
    made = tuple(Declaration(each, "not_dwelling", "A. Example", day, "seen from the street") for each in said)
    decided = with_decided_things(services, replace(known, declarations=made))
    order = np.random.default_rng(1).permutation(len(town.top_m))
    write(file, town.polygons()[order], {"height": town.top_m[order]}, "Polygon")

    def take_in() -> None:
        project, _ = workflow.import_files(services, decided, [file], kind="buildings")
        if len(project.declarations) != len(made) or project.suspended:
            raise AssertionError("a decision lost its thing")
        _saved_new(project, folder / "again.gpkg")

    def copy() -> None:
        shapes, columns = read(file)
        write(folder / "copied.gpkg", shapes, columns, "Polygon")

    reported = f"{size}, {len(made):,} decisions"
    return _beside("another import in another order, and saving", reported, take_in, copy, 3, "8 s clock")


def _beside(job: str, size: str, ours: Turn, rival: Turn, rounds: int, target: str = "") -> Row:
    turns = [(_timed(ours), _timed(rival)) for _ in range(rounds)]
    mine, its = ([turn[side] for turn in turns] for side in (0, 1))
    clock = [median(each[1] for each in side) for side in (mine, its)]
    note = f"clock {clock[0]:.2g} s, rival {clock[1]:.2g} s; the clock waits for the disk"
    return measured(job, size, median(each[0] for each in mine), median(each[0] for each in its), "s CPU", note, RIVAL, target)


def _timed(work: Turn) -> tuple[float, float]:
    """Return processor and clock seconds; those of the process that reads are in the first, with its start."""
    end_readers()
    before, begun = _processor_s(), time.perf_counter()
    work()
    took = time.perf_counter() - begun
    end_readers()  # only one that has ended is counted
    return _processor_s() - before, took


def _processor_s() -> float:
    used = [resource.getrusage(each) for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)
