"""What all algorithms share: how they are made, and the layers that the program wrote."""

from qgis.core import Qgis, QgsProcessingAlgorithm, QgsProcessingContext, QgsProcessingException, QgsVectorLayer
from qgis.PyQt import QtCore

from .program import run
from .town import TOWN_HELP, add_town, private_words, scratch, town_of
from .words import marked, say

# Kinds of fields: those of QMetaType since 3.38, which is all that Qt 6 has; before it those of QVariant.
if Qgis.QGIS_VERSION_INT >= 33800:
    _kinds = QtCore.QMetaType.Type
    BOOLEAN, WHOLE, DECIMAL, TEXT = _kinds.Bool, _kinds.Int, _kinds.Double, _kinds.QString
else:
    _kinds = QtCore.QVariant.Type
    BOOLEAN, WHOLE, DECIMAL, TEXT = _kinds.Bool, _kinds.Int, _kinds.Double, _kinds.String


class TownAlgorithm(QgsProcessingAlgorithm):
    """An algorithm that asks the program about a town."""

    KEY = TITLE = HELP = ""
    ASKS_ROADS = False  # whether a town of layers may have streets

    def createInstance(self):  # noqa: N802
        return type(self)()

    def name(self):
        return self.KEY

    def displayName(self):  # noqa: N802
        return say(self.TITLE)

    def group(self):
        return ""

    def groupId(self):  # noqa: N802
        return ""

    def shortHelpString(self):  # noqa: N802
        return f"{say(TOWN_HELP)}\n\n{say(self.HELP)}"

    def initAlgorithm(self, config=None):  # noqa: N802
        add_town(self, self.ASKS_ROADS)
        self.add_own()

    def add_own(self):
        """Add the parameters of this algorithm alone."""

    def exported(self, parameters, context, feedback, formats="gpkg", folder=None):
        """Let the program write drafts of the town; returns the GeoPackage among them."""
        town = town_of(self, parameters, context, feedback)
        folder = folder or scratch(context)
        private = private_words(self, parameters, context)
        run(feedback, "export", town, "--format", formats, "--out", folder, *private)
        return folder / "audit.gpkg"


def layer_of(path, name):
    """Return a layer that the program wrote; QgsProcessingException where it had nothing to write."""
    layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
    if not layer.isValid():
        text = marked(
            "The program wrote no layer {name}: no camera of this town can see any ground, or its rule pack keeps positions "
            "coarse (then ask for exact ones among the advanced parameters)."
        )
        raise QgsProcessingException(say(text, name=name))
    return layer


def load(path, names, context):
    """Load layers that the program wrote, the first on top; the file brings their symbols."""
    for name in reversed(names):
        layer = layer_of(path, name)
        if layer.isSpatial():
            context.temporaryLayerStore().addMapLayer(layer)
            details = QgsProcessingContext.LayerDetails(name, context.project(), name)
            context.addLayerToLoadOnCompletion(layer.id(), details)
