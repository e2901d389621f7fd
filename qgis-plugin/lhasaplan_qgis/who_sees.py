"""Who sees what: of each point the cameras that can see it, and how sharply."""

import csv

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsFeatureSink,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsProcessing,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterNumber,
    QgsWkbTypes,
)

from .base import BOOLEAN, DECIMAL, TEXT, TownAlgorithm
from .program import run
from .town import private_words, scratch, town_of
from .words import marked, say

POINTS, HEIGHT, ALL, OUTPUT = "POINTS", "HEIGHT", "ALL", "OUTPUT"
ROW = {"seen": BOOLEAN, "certainty": TEXT}
ROW = {**ROW, **dict.fromkeys(("density_low_px_m", "density_high_px_m", "distance_m"), DECIMAL)}
ROW = {"camera_id": TEXT, **ROW, "reason": TEXT, "blocker_id": TEXT}


class WhoSeesAlgorithm(TownAlgorithm):
    """Which cameras see a point."""

    KEY, TITLE = "whosees", marked("Who sees these points")
    HELP = marked(
        "Gives a point for each pair of a point and a camera that can or may see it, with camera_id, certainty, lowest and "
        "highest density in pixels per metre and distance; with all pairs in range also those that cannot, with the reason.\n"
        "certainty possible: not all of the camera is recorded; it may see the point, and if it does between these densities.\n"
        "Of points on protected ground no distance and no reason is told."
    )

    def add_own(self):
        points = [QgsProcessing.SourceType.TypeVectorPoint]
        self.addParameter(QgsProcessingParameterFeatureSource(POINTS, say("Points that are asked about"), points))
        number = QgsProcessingParameterNumber.Type.Double
        self.addParameter(QgsProcessingParameterNumber(HEIGHT, say("Height above the ground (m)"), number, 1.5, minValue=0.0))
        self.addParameter(QgsProcessingParameterBoolean(ALL, say("All pairs in range, also those not seen"), False))
        self.addParameter(QgsProcessingParameterFeatureSink(OUTPUT, say("Who sees"), QgsProcessing.SourceType.TypeVectorPoint))

    def processAlgorithm(self, parameters, context, feedback):  # noqa: N802
        town, folder = town_of(self, parameters, context, feedback), scratch(context)
        points = self.parameterAsSource(parameters, POINTS, context)
        features = {str(feature.id()): feature for feature in points.getFeatures() if feature.hasGeometry()}
        height = self.parameterAsDouble(parameters, HEIGHT, context)
        asked, reported = folder / "points.csv", folder / "pairs.csv"
        _write(asked, features, points.sourceCrs(), context, height)
        private = private_words(self, parameters, context)
        run(feedback, "sight", town, "--points", asked, "--out", reported, *private)
        fields = _fields(points.fields())
        kind, system = QgsWkbTypes.flatType(points.wkbType()), points.sourceCrs()
        sink, name = self.parameterAsSink(parameters, OUTPUT, context, fields, kind, system)
        is_all = self.parameterAsBool(parameters, ALL, context)
        for row in _rows(reported):
            if is_all or row["seen"]:
                sink.addFeature(_pair(features[row["point_id"]], row, fields), QgsFeatureSink.Flag.FastInsert)
        return {OUTPUT: name}


def _write(path, features, system, context, height_m):
    turn = QgsCoordinateTransform(system, QgsCoordinateReferenceSystem("EPSG:4326"), context.transformContext())
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(("point_id", "lon", "lat", "height_m"))
        for key, feature in features.items():
            at = turn.transform(feature.geometry().centroid().asPoint())
            table.writerow((key, f"{at.x():.9f}", f"{at.y():.9f}", height_m))


def _fields(of_points):
    fields = QgsFields()
    for field in of_points:
        if field.name() not in ROW:
            fields.append(field)
    for name, kind in ROW.items():
        fields.append(QgsField(name, kind))
    return fields


def _rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield {name: _cell(name, value) for name, value in row.items()}


def _cell(name, text):
    kind = ROW.get(name, TEXT)
    if kind == BOOLEAN:
        return text == "true"
    if kind == DECIMAL:
        return float(text) if text else None
    return text


def _pair(point, row, fields):
    feature = QgsFeature(fields)
    feature.setGeometry(QgsGeometry(point.geometry()))
    for field in point.fields():
        if field.name() not in ROW:
            feature[field.name()] = point[field.name()]
    for name in ROW:
        feature[name] = row[name]
    return feature
