"""Run by the system's Python, which has QGIS: install the plugin's zip, run its algorithms, and a model of two steps.

``run_in_qgis.py ZIP FOLDER`` prints JSON. FOLDER holds the layers of the town; LHASAPLAN_PROGRAM names the program.
"""

import json
import sys
import zipfile
from pathlib import Path

sys.path.append("/usr/share/qgis/python/plugins")
import processing
from processing.core.Processing import Processing
from qgis.analysis import QgsNativeAlgorithms
from qgis.core import (
    QgsApplication,
    QgsFeature,
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
    reported = {"algorithms": described(app.processingRegistry().providerById("lhasaplan"))}
    layers = {name: QgsVectorLayer(f"{folder}/{name}.gpkg", name, "ogr") for name in ("cameras", "buildings", "spots", "square")}
    file = {"PROJECT_FILE": str(folder / "town.gpkg")}
    town = {"CAMERAS": layers["cameras"], "BUILDINGS": layers["buildings"]}
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
