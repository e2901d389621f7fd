"""What all algorithms share: how they are made, and the layers that the program wrote."""

from qgis.core import QgsProcessingAlgorithm, QgsProcessingException, QgsVectorLayer

from .program import run
from .town import TOWN_HELP, add_town, private_words, scratch, town_of


class TownAlgorithm(QgsProcessingAlgorithm):
    """An algorithm that asks the program about a town."""

    KEY = TITLE = HELP = ""

    def createInstance(self):  # noqa: N802
        return type(self)()

    def name(self):
        return self.KEY

    def displayName(self):  # noqa: N802
        return self.TITLE

    def group(self):
        return ""

    def groupId(self):  # noqa: N802
        return ""

    def shortHelpString(self):  # noqa: N802
        return TOWN_HELP + self.HELP

    def initAlgorithm(self, config=None):  # noqa: N802
        add_town(self)
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
        raise QgsProcessingException(
            f"The program wrote no layer {name}: no camera of this town can see any ground, or its rule pack keeps positions "
            "coarse (then ask for exact ones among the advanced parameters)."
        )
    return layer
