"""Visibility polygons: the ground that each camera can see, by density."""

from qgis.core import QgsFeatureSink, QgsProcessing, QgsProcessingParameterFeatureSink

from .base import TownAlgorithm, layer_of
from .words import marked, say

OUTPUT = "OUTPUT"


class VisibilityAlgorithm(TownAlgorithm):
    """The ground that cameras can see."""

    KEY, TITLE = "visibility", marked("Visibility polygons of cameras")
    HELP = marked(
        "Gives the ground that each camera can see past walls and hills, an area for each camera and class of density (from 25, "
        "62.5, 125 and 250 pixels per metre).\n"
        "certainty: certain where direction, lens, pixels, tilt and height are recorded, else possible; reach: near, or far (a "
        "camera that turns)."
    )

    def add_own(self):
        self.addParameter(
            QgsProcessingParameterFeatureSink(OUTPUT, say("Visibility polygons"), QgsProcessing.SourceType.TypeVectorPolygon)
        )

    def processAlgorithm(self, parameters, context, feedback):  # noqa: N802
        fields = layer_of(self.exported(parameters, context, feedback), "fields")
        kind, system = fields.wkbType(), fields.crs()
        sink, name = self.parameterAsSink(parameters, OUTPUT, context, fields.fields(), kind, system)
        for feature in fields.getFeatures():
            sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert)
        return {OUTPUT: name}
