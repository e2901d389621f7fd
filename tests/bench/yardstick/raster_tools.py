"""Ask tools that know rasters alone: a viewshed of each camera on the surface of its scene, written as rasters of 0 and 1.

``python3 -m PACKAGE.raster_tools gdal|grass|qgis FOLDER``, by a Python that has the tool (Debian's; for GRASS inside ``grass
--exec``). Needs nothing of the program. A tool that is not there ends with ``absent`` and what to install.
"""

import csv
import resource
import subprocess
import sys
import time
from pathlib import Path

SCENES = Path(__file__).parent / "scenes"
TARGET_M = 1.5


class Absent(Exception):
    """A tool is not installed; says what would be."""


def gdal_viewshed():
    """Return a function that asks GDAL's viewshed in this process."""
    try:
        from osgeo import gdal
    except ImportError as error:
        raise Absent("apt-get install python3-gdal") from error
    gdal.UseExceptions()

    def ask(surface, east, north, height_m, range_m, target):
        data = gdal.Translate("", str(surface), format="MEM")
        start = time.process_time()
        made = gdal.ViewshedGenerate(
            data.GetRasterBand(1), "MEM", "", [], east, north, height_m, TARGET_M, 1, 0, 0, -1, 0.0, gdal.GVM_Edge, range_m
        )
        spent = time.process_time() - start
        gdal.Translate(str(target), made, creationOptions=["COMPRESS=DEFLATE"])
        return spent

    return ask


def grass_viewshed():
    """Return a function that asks GRASS's r.viewshed, as modules of the session around this process."""

    def run(*words):
        subprocess.run([*words, "--overwrite", "--quiet"], check=True, capture_output=True)

    def ask(surface, east, north, height_m, range_m, target):
        run("r.in.gdal", f"input={surface}", "output=surface")
        subprocess.run(["g.region", "raster=surface"], check=True)
        start = resource.getrusage(resource.RUSAGE_CHILDREN)
        heights = f"observer_elevation={height_m}", f"target_elevation={TARGET_M}", f"max_distance={range_m}"
        run("r.viewshed", "-b", "input=surface", "output=seen", f"coordinates={east},{north}", *heights)
        end = resource.getrusage(resource.RUSAGE_CHILDREN)
        run("r.out.gdal", "-f", "input=seen", f"output={target}", "type=Byte", "createopt=COMPRESS=DEFLATE")
        return end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime

    return ask


def qgis_viewshed():
    """Return a function that asks QGIS's plugin Visibility Analysis: viewpoints first, then the viewshed."""
    try:
        from qgis.core import QgsApplication, QgsFeature, QgsGeometry, QgsPointXY, QgsVectorLayer
    except ImportError as error:
        raise Absent("apt-get install qgis python3-qgis") from error
    application = QgsApplication([], False)
    application.initQgis()
    _load_plugin(application)
    import processing

    def ask(surface, east, north, height_m, range_m, target):
        spot = QgsFeature()
        spot.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(east, north)))
        layer = QgsVectorLayer("Point?crs=EPSG:32635", "cameras", "memory")
        layer.dataProvider().addFeatures([spot])
        start = time.process_time()
        asked = {"DEM": str(surface), "OBS_HEIGHT": height_m, "TARGET_HEIGHT": TARGET_M, "RADIUS": int(range_m)}
        viewpoints = processing.run(
            "visibility:createviewpoints", {"OBSERVER_POINTS": layer, "OUTPUT": "TEMPORARY_OUTPUT", **asked}
        )
        asked = {"OBSERVER_POINTS": viewpoints["OUTPUT"], "DEM": str(surface), "ANALYSIS_TYPE": 0, "USE_CURVATURE": False}
        processing.run("visibility:viewshed", {**asked, "REFRACTION": 0.0, "OPERATOR": 0, "OUTPUT": str(target)})
        return time.process_time() - start

    return application, ask


def _load_plugin(application):
    """Load QGIS's Processing and the plugin from where QGIS keeps plugins, or from QGIS_PLUGINPATH."""
    import os

    own = Path(application.qgisSettingsDirPath()) / "python/plugins"
    profiles = Path.home().glob(".local/share/QGIS/QGIS3/profiles/*/python/plugins")
    named = [Path(each) for each in os.environ.get("QGIS_PLUGINPATH", "").split(";") if each]
    folders = [*named, own, *profiles, Path(application.pkgDataPath()) / "python/plugins"]
    found = [path.parent for folder in folders for path in folder.glob("*/visibility_provider.py")]
    if not found:
        raise Absent("in QGIS, Plugins, Manage and Install Plugins: Visibility Analysis")
    sys.path += [str(Path(application.pkgDataPath()) / "python/plugins"), str(found[0].parent)]
    from importlib import import_module

    from processing.core.Processing import Processing

    Processing.initialize()
    provider = import_module(f"{found[0].name}.visibility_provider").VisibilityProvider()
    application.processingRegistry().addProvider(provider)
    application.of_the_yardstick = provider  # the registry does not keep it alive


def main(tool, folder):
    """Write ``SCENE/CAMERA.tif`` for every camera and ``seconds.csv``; 3 where the tool is absent."""
    try:
        ask = {"gdal": gdal_viewshed, "grass": grass_viewshed, "qgis": qgis_viewshed}[tool]()
    except Absent as error:
        print(f"absent: {error}")
        return 3
    keep, ask = ask if isinstance(ask, tuple) else (None, ask)
    seconds = {scene.name: ask_scene(scene, folder / scene.name, ask) for scene in sorted(SCENES.iterdir())}
    lines = ["scene,seconds", *(f"{name},{spent:.4f}" for name, spent in seconds.items())]
    (folder / "seconds.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    del keep
    return 0


def ask_scene(scene, folder, ask):
    """Ask for every camera of a scene, and return the seconds of the processor that viewsheds took."""
    folder.mkdir(parents=True, exist_ok=True)
    surface, spent = scene / "surface.tif", 0.0
    with (scene / "cameras.csv").open(encoding="utf-8", newline="") as source:
        cameras = list(csv.DictReader(source))
    for each in cameras:
        east, north = float(each["x_m"]), float(each["y_m"])
        height_m = max(float(each["lens_z_m"]) - height_at(surface, east, north), 0.01)
        spent += ask(surface, east, north, height_m, float(each["range_m"]), folder / f"{each['camera_id']}.tif")
    return spent


def height_at(surface, east, north):
    """Return the height of the surface in the cell of a place; tools take the height of an observer above it."""
    from osgeo import gdal

    gdal.UseExceptions()
    data = gdal.Open(str(surface))
    west, side, _, top = data.GetGeoTransform()[:4]
    return float(data.GetRasterBand(1).ReadAsArray(int((east - west) / side), int((top - north) / side), 1, 1)[0, 0])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
