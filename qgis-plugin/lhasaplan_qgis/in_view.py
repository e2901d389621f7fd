"""For those who are looked at: what cameras can see along lines, on every street, and the least seen path on foot."""

import json

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeatureSink,
    QgsField,
    QgsFields,
    QgsProcessing,
    QgsProcessingException,
    QgsProcessingOutputNumber,
    QgsProcessingOutputVectorLayer,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterPoint,
    QgsVectorLayer,
    QgsWkbTypes,
)

from .base import DECIMAL, TEXT, WHOLE, TownAlgorithm, layer_of, load
from .program import run
from .town import private_words, scratch, town_of, written
from .words import marked, say

LINES, SPEED, OUTPUT, FILE, LOAD, START, END, COST = "LINES", "SPEED", "OUTPUT", "FILE", "LOAD", "START", "END", "COST"
STREETS, AREAS = "STREETS", "AREAS"
LENGTHS = {
    "LENGTH_M": ("length_m", marked("Length (m)")),
    "CERTAIN_M": ("certain_m", marked("In view for certain (m)")),
    "POSSIBLE_M": ("possible_m", marked("Possibly in view (m)")),
    "NOT_MAPPED_M": ("not_mapped_m", marked("Not mapped (m)")),
}
STRETCH = {"line": WHOLE, "from_m": DECIMAL, "to_m": DECIMAL, "state": TEXT, "certain_px_m": DECIMAL}
STRETCH = {**STRETCH, "highest_px_m": DECIMAL, "certain": TEXT, "possible": TEXT}
LONLAT = "EPSG:4326"


class ExposureAlgorithm(TownAlgorithm):
    """What cameras can see along lines."""

    KEY, TITLE = "exposure", marked("What cameras can see along lines")
    HELP = marked(
        "Takes the lines as one walk, in their order, and says on which stretches known cameras can or may see somebody's head, "
        "1.5 m above the ground, how sharply (pixels per metre), and which cameras these are.\n"
        "Under a rule pack that never plans there are the sums of a walk and no stretches. The lines are kept nowhere."
    )

    def add_own(self):
        lines = [QgsProcessing.SourceType.TypeVectorLine]
        self.addParameter(QgsProcessingParameterFeatureSource(LINES, say("Lines of the walk"), lines))
        _add_speed(self)
        line = QgsProcessing.SourceType.TypeVectorLine
        self.addParameter(QgsProcessingParameterFeatureSink(OUTPUT, say("Stretches in view"), line))
        for key, (_, title) in LENGTHS.items():
            self.addOutput(QgsProcessingOutputNumber(key, say(title)))

    def processAlgorithm(self, parameters, context, feedback):  # noqa: N802
        lines = self.parameterAsSource(parameters, LINES, context)
        town, folder = town_of(self, parameters, context, feedback), scratch(context)
        walk, sums, drawn = (
            written(lines, "walk", lines.sourceCrs(), folder, context),
            folder / "walk.json",
            folder / "in_view.gpkg",
        )
        words = ("--speed", self.parameterAsDouble(parameters, SPEED, context), *private_words(self, parameters, context))
        try:
            run(feedback, "exposure", town, walk, "--out", sums, "--out", drawn, *words)
        except QgsProcessingException:
            if not sums.is_file() or _told(sums)["stretches"] is not None:
                raise
            feedback.pushWarning(say("A rule pack of this project lets a walk have its sums alone."))
        return {OUTPUT: self._stretches(drawn, lines, parameters, context), **_numbers(_told(sums)["lengths"])}

    def _stretches(self, drawn, lines, parameters, context):
        found = layer_of(drawn, "stretches") if drawn.is_file() else None
        fields, system = QgsFields(), lines.sourceCrs() if found is None else found.crs()
        for name, kind in STRETCH.items():
            fields.append(QgsField(name, kind))
        sink, name = self.parameterAsSink(parameters, OUTPUT, context, fields, QgsWkbTypes.Type.LineString, system)
        for feature in () if found is None else found.getFeatures():
            feature.setAttributes([feature[each] for each in STRETCH])
            sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert)
        return name


class StreetsAlgorithm(TownAlgorithm):
    """How much of every street cameras can see."""

    KEY, TITLE, ASKS_ROADS = "streets", marked("What cameras can see of every street"), True
    HELP = marked(
        "Writes a GeoPackage with the layers streets and areas: of each street, and of the streets of each area, the length and "
        "the share in view, certain and possible, by class of density, and what is not mapped. The layers are loaded with their "
        "symbols.\n"
        "Streets of a project file are its layer of roads; of layers they are lines with a field highway.\n"
        "Known cameras alone count: where nobody looked for cameras, not in view says little. Under a rule pack that never plans "
        "there is no table of streets."
    )

    def add_own(self):
        self.addParameter(QgsProcessingParameterBoolean(LOAD, say("Load the layers"), True))
        kind, title = "GeoPackage (*.gpkg)", say("GeoPackage of streets and areas")
        self.addParameter(QgsProcessingParameterFileDestination(FILE, title, kind))
        self.addOutput(QgsProcessingOutputVectorLayer(STREETS, say("Streets")))
        self.addOutput(QgsProcessingOutputVectorLayer(AREAS, say("Areas")))

    def processAlgorithm(self, parameters, context, feedback):  # noqa: N802
        town = town_of(self, parameters, context, feedback)
        path = self.parameterAsFileOutput(parameters, FILE, context)
        run(feedback, "exposure", town, "--out", path)
        names = [each for each in ("streets", "areas") if QgsVectorLayer(f"{path}|layername={each}", each, "ogr").isValid()]
        if self.parameterAsBool(parameters, LOAD, context):
            load(path, names, context)
        return {FILE: path, **{each.upper(): f"{path}|layername={each}" for each in names}}


class RouteAlgorithm(TownAlgorithm):
    """The shortest path on foot, and the one on which cameras see least."""

    KEY, TITLE, ASKS_ROADS = "route", marked("The shortest and the least seen path"), True
    HELP = marked(
        "Gives two lines: the shortest path on foot between two points, and the one on which cameras see least, with lengths and "
        "shares in view. A metre in view, certain or possible, costs as much as the given number of metres out of view.\n"
        "Streets of a project file are its layer of roads; of layers they are lines with a field highway."
    )

    def add_own(self):
        self.addParameter(QgsProcessingParameterPoint(START, say("From")))
        self.addParameter(QgsProcessingParameterPoint(END, say("To")))
        number, title = QgsProcessingParameterNumber.Type.Double, say("What a metre in view costs (m)")
        self.addParameter(QgsProcessingParameterNumber(COST, title, number, 10.0, minValue=1.0))
        _add_speed(self)
        line = QgsProcessing.SourceType.TypeVectorLine
        self.addParameter(QgsProcessingParameterFeatureSink(OUTPUT, say("Paths"), line))

    def processAlgorithm(self, parameters, context, feedback):  # noqa: N802
        town, path = town_of(self, parameters, context, feedback), scratch(context) / "paths.gpkg"
        degrees = QgsCoordinateReferenceSystem(LONLAT)
        both = [self.parameterAsPoint(parameters, each, context, degrees) for each in (START, END)]
        places = [f"{each.x():.9f},{each.y():.9f}" for each in both]
        numbers = [
            word
            for option, key in (("--cost", COST), ("--speed", SPEED))
            for word in (option, self.parameterAsDouble(parameters, key, context))
        ]
        run(feedback, "route", *numbers, "--out", path, "--", town, *places)  # a place west of Greenwich begins with a dash
        paths = QgsVectorLayer(f"{path}|layername=paths", "paths", "ogr")
        if not paths.isValid():
            raise QgsProcessingException(say("The program wrote no paths."))
        sink, name = self.parameterAsSink(parameters, OUTPUT, context, paths.fields(), paths.wkbType(), paths.crs())
        for feature in paths.getFeatures():
            sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert)
        return {OUTPUT: name}


def _add_speed(algorithm):
    number = QgsProcessingParameterNumber.Type.Double
    algorithm.addParameter(QgsProcessingParameterNumber(SPEED, say("Walking speed (km/h)"), number, 5.0, minValue=0.1))


def _told(path):
    return json.loads(path.read_text("utf-8"))


def _numbers(lengths):
    return {key: lengths[column] for key, (column, _) in LENGTHS.items()}
