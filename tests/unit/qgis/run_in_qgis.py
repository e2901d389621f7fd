"""Run by the system's Python, which has QGIS: install the plugin's zip, run its algorithms, and a model of two steps.

``run_in_qgis.py ZIP FOLDER`` prints JSON. FOLDER holds the layers of the town; LHASAPLAN_PROGRAM names the program.
"""

import configparser
import json
import sys
import zipfile
from pathlib import Path

sys.path.append("/usr/share/qgis/python")
sys.path.append("/usr/share/qgis/python/plugins")
import processing
from processing.core.Processing import Processing
from qgis.analysis import QgsNativeAlgorithms
from qgis.core import (
    QgsApplication,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterFeatureSource,
    QgsVectorLayer,
)

NAMES = ("cameras", "buildings", "spots", "square", "walk", "roads")
X, Y = 385000.0, 6672000.0  # of the town of the tests
START, END = f"{X - 30},{Y}", f"{X + 15},{Y}"
HIDDEN = ((X + 44, Y - 2), (X + 44, Y + 2))  # close behind the house


class Heard(QgsProcessingFeedback):
    """Keep what an algorithm tells; cancel it at the first progress where that was asked for."""

    def __init__(self, cancels=False):
        super().__init__(False)
        self.shares, self.steps, self.cancels = [], [], cancels

    def setProgressText(self, text):  # noqa: N802
        self.steps.append(text)
        if self.cancels:
            self.cancel()


def main(archive: Path, folder: Path) -> None:
    app = QgsApplication([], False)
    app.initQgis()
    Processing.initialize()
    if app.processingRegistry().providerById("native") is None:
        app.processingRegistry().addProvider(QgsNativeAlgorithms())
    plugin = installed(archive, folder / "profile")
    if sys.argv[3:] == ["faults-only"]:
        cameras = QgsVectorLayer(f"{folder}/cameras.gpkg", "cameras", "ogr")
        print(json.dumps({"not there": refused("lhasaplan:visibility", {"CAMERAS": cameras})}))
        return
    if sys.argv[3:] == ["titles-only"]:
        print(
            json.dumps(
                {each.name(): each.displayName() for each in app.processingRegistry().providerById("lhasaplan").algorithms()}
            )
        )
        return
    if sys.argv[3:4] == ["versions-only"]:
        print(json.dumps(judged(folder / "profile", sys.argv[4:])))
        return
    layers = {name: QgsVectorLayer(f"{folder}/{name}.gpkg", name, "ogr") for name in NAMES}
    file = {"PROJECT_FILE": str(folder / "town.gpkg")}
    town = {"CAMERAS": layers["cameras"], "BUILDINGS": layers["buildings"]}
    if sys.argv[3:] == ["in-view-only"]:
        told = {"exposure": exposure(file, layers["walk"]), "streets": streets(file, town, layers["roads"]), "route": route(file)}
        print(json.dumps(told, ensure_ascii=False))
        return
    reported = {"algorithms": described(app.processingRegistry().providerById("lhasaplan"))}
    reported |= {"visibility": visibility(town), "who_sees": who_sees(town, file, layers["spots"])}
    reported |= {"audit": audit(folder, file), "model": model(town, layers["square"]), "faults": faults(layers, folder)}
    reported["cancelled"] = refused("lhasaplan:visibility", town, Heard(cancels=True))
    plugin.unload()
    print(json.dumps(reported, ensure_ascii=False))
    sys.stdout.flush()
    del app


def installed(archive, profile):
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(profile)
    sys.path.insert(0, str(profile))
    from lhasaplan_qgis import classFactory

    plugin = classFactory(None)
    plugin.initProcessing()
    return plugin


def described(provider):
    return {each.name(): [each.displayName(), len(each.shortHelpString())] for each in provider.algorithms()}


def rows(layer):
    return [dict(zip(layer.fields().names(), each.attributes(), strict=True)) for each in layer.getFeatures()]


def area_of(layer):
    return sum(each.geometry().area() for each in layer.getFeatures())


def visibility(town):
    heard = Heard()
    layer = processing.run("lhasaplan:visibility", {**town, "OUTPUT": "memory:"}, feedback=heard)["OUTPUT"]
    cameras = sorted({row["camera_id"] for row in rows(layer)})
    return {"cameras": cameras, "area_m2": area_of(layer), "crs": layer.crs().authid(), "steps": heard.steps}


def who_sees(town, file, spots):
    layer = processing.run("lhasaplan:whosees", {**town, "POINTS": spots, "ALL": True, "OUTPUT": "memory:"})["OUTPUT"]
    seen = processing.run("lhasaplan:whosees", {**file, "POINTS": spots, "OUTPUT": "memory:"})["OUTPUT"]
    names = ("point_id", "camera_id", "seen", "reason", "blocker_id")
    return {"all": [[plain(row[name]) for name in names] for row in rows(layer)], "seen": seen.featureCount()}


def exposure(file, walk):
    found = processing.run("lhasaplan:exposure", {**file, "LINES": walk, "OUTPUT": "memory:"})
    told = {key: found[key] for key in ("LENGTH_M", "CERTAIN_M", "POSSIBLE_M")}
    stretches = [{key: plain(value) for key, value in row.items()} for row in rows(found["OUTPUT"])]
    hidden = QgsVectorLayer(f"LineString?crs={walk.crs().authid()}", "hidden", "memory")
    feature = QgsFeature(hidden.fields())
    feature.setGeometry(QgsGeometry.fromPolylineXY([QgsPointXY(*each) for each in HIDDEN]))
    hidden.dataProvider().addFeature(feature)
    nothing = processing.run("lhasaplan:exposure", {**file, "LINES": hidden, "OUTPUT": "memory:"})["OUTPUT"]
    return {**told, "stretches": stretches, "fields": found["OUTPUT"].fields().names(), "hidden": nothing.featureCount()}


def streets(file, town, roads):
    told = {}
    for name, words in (("file", file), ("layers", {**town, "ROADS": roads})):
        found = processing.run("lhasaplan:streets", {**words, "LOAD": False, "FILE": "TEMPORARY_OUTPUT"})["STREETS"]
        layer = found if isinstance(found, QgsVectorLayer) else QgsVectorLayer(found, "streets", "ogr")
        told[name] = sorted(row["name"] for row in rows(layer))
    return {**told, "renderer": layer.renderer().type()}


def route(file):
    words = {"START": f"{START} [EPSG:32635]", "END": f"{END} [EPSG:32635]", "COST": 100.0, "OUTPUT": "memory:"}
    layer = processing.run("lhasaplan:route", {**file, **words})["OUTPUT"]
    return {row["path"]: row["length_m"] for row in rows(layer)}


def judged(profile, versions):
    """Return which versions QGIS's own plugin manager takes the plugin for."""
    from pyplugin_installer.version_compare import isCompatible

    said = configparser.ConfigParser(interpolation=None)
    said.read(profile / "lhasaplan_qgis" / "metadata.txt", encoding="utf-8")
    low, high = (said["general"][key] for key in ("qgisMinimumVersion", "qgisMaximumVersion"))
    return {version: isCompatible(version, low, high) for version in versions}


def plain(value):
    return value if isinstance(value, str | bool | float | int) else ""


def audit(folder, file):
    out = folder / "drafts"
    found = processing.run("lhasaplan:audit", {**file, "FORMATS": "register", "LOAD": False, "FOLDER": str(out)})
    return {**{key: found[key] for key in ("ERRORS", "DUE", "NOTES")}, "files": sorted(each.name for each in out.iterdir())}


def model(town, square):
    """Run a model of two steps: visibility polygons, then what of them lies on a square."""
    made = QgsProcessingModelAlgorithm("seen on the square", "test")
    for name in ("CAMERAS", "BUILDINGS", "SQUARE"):
        made.addModelParameter(QgsProcessingParameterFeatureSource(name, name), QgsProcessingModelParameter(name))
    source = QgsProcessingModelChildParameterSource
    first = QgsProcessingModelChildAlgorithm("lhasaplan:visibility")
    first.setChildId("seen")
    for name in ("CAMERAS", "BUILDINGS"):
        first.addParameterSources(name, [source.fromModelParameter(name)])
    made.addChildAlgorithm(first)
    second = QgsProcessingModelChildAlgorithm("native:intersection")
    second.setChildId("cut")
    second.addParameterSources("INPUT", [source.fromChildOutput("seen", "OUTPUT")])
    second.addParameterSources("OVERLAY", [source.fromModelParameter("SQUARE")])
    result = QgsProcessingModelOutput("RESULT", "RESULT")
    result.setChildId("cut")
    result.setChildOutputName("OUTPUT")
    second.setModelOutputs({"RESULT": result})
    made.addChildAlgorithm(second)
    made.initAlgorithm()
    [end] = [each.name() for each in made.destinationParameterDefinitions()]
    layer = processing.run(made, {**town, "SQUARE": square, end: "memory:"})[end]
    layer = layer if isinstance(layer, QgsVectorLayer) else QgsVectorLayer(layer, "cut", "ogr")
    return {"area_m2": area_of(layer), "square_m2": area_of(square)}


def faults(layers, folder):
    degrees = QgsVectorLayer("Point?crs=EPSG:4326&field=camera_id:string", "degrees", "memory")
    cases = {
        "nothing": {},
        "both": {"PROJECT_FILE": str(folder / "cameras.gpkg"), "CAMERAS": layers["cameras"]},
        "no project": {"PROJECT_FILE": str(folder / "cameras.gpkg")},
        "degrees": {"CAMERAS": degrees},
        "no such rules": {"CAMERAS": layers["cameras"], "RULES": "moon"},
        "unread field": {"CAMERAS": layers["cameras"], "BUILDINGS": marked_buildings(layers)},
        "field ticked": {"CAMERAS": layers["cameras"], "BUILDINGS": marked_buildings(layers), "NO_USE": ["Merkmal"]},
    }
    return {name: refused("lhasaplan:visibility", words) for name, words in cases.items()}


def marked_buildings(layers):
    """Return the buildings with a field that nobody reads and that has a word of protected places."""
    made = QgsVectorLayer(
        f"Polygon?crs={layers['buildings'].crs().authid()}&field=building:string&field=Merkmal:string", "b", "memory"
    )
    for feature in layers["buildings"].getFeatures():
        copy = QgsFeature(made.fields())
        copy.setGeometry(feature.geometry())
        copy.setAttributes(["retail", "Kirche"])
        made.dataProvider().addFeature(copy)
    return made


def refused(algorithm, words, feedback=None):
    try:
        processing.run(algorithm, {**words, "OUTPUT": "memory:"}, feedback=feedback or Heard())
    except QgsProcessingException as error:
        return str(error)
    return "not refused"


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
