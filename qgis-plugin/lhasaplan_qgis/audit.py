"""The audit: what cameras must not see, with the drafts that were asked for and the map layers loaded with their symbols."""

from collections import Counter
from pathlib import Path

from qgis.core import (
    QgsProcessingOutputFile,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterString,
    QgsProviderRegistry,
)

from .base import TownAlgorithm, layer_of, load
from .words import marked, say

FORMATS, LOAD, FOLDER, PACKAGE = "FORMATS", "LOAD", "FOLDER", "GEOPACKAGE"
COUNTS = {"ERRORS": "error", "DUE": "due", "NOTES": "note"}
WORDS = {"error": marked("severe"), "due": marked("due"), "note": marked("note")}


class AuditAlgorithm(TownAlgorithm):
    """The audit of a town."""

    KEY, TITLE = "audit", marked("Audit of cameras")
    HELP = marked(
        "Writes the audit into a folder: what each camera can see of homes and other protected places, each finding with the "
        "rule it rests on and what would end it. The GeoPackage audit.gpkg is always among the files; its layers are loaded "
        "with their symbols.\n"
        "Formats: docx, xlsx, html, pdf, pptx, pages, summary, letter, register and more.\n"
        "An audit judges cameras, never areas or people, and plans nothing."
    )

    def add_own(self):
        self.addParameter(QgsProcessingParameterString(FORMATS, say("Formats of drafts, separated by commas"), "html"))
        self.addParameter(QgsProcessingParameterBoolean(LOAD, say("Load the layers"), True))
        self.addParameter(QgsProcessingParameterFolderDestination(FOLDER, say("Folder of the drafts")))
        self.addOutput(QgsProcessingOutputFile(PACKAGE, "GeoPackage"))
        for key, word in COUNTS.items():
            self.addOutput(QgsProcessingOutputNumber(key, say("Findings: {severity}", severity=say(WORDS[word]))))

    def processAlgorithm(self, parameters, context, feedback):  # noqa: N802
        folder = Path(self.parameterAsString(parameters, FOLDER, context))
        asked = self.parameterAsString(parameters, FORMATS, context).split(",")
        formats = ",".join(dict.fromkeys(["gpkg", *(each.strip() for each in asked if each.strip())]))
        package = self.exported(parameters, context, feedback, formats, folder)
        if self.parameterAsBool(parameters, LOAD, context):
            load(package, _names(package), context)
        return {FOLDER: str(folder), PACKAGE: str(package), **_counts(package)}


def _names(package):
    found = QgsProviderRegistry.instance().querySublayers(str(package))
    return list(dict.fromkeys(each.name() for each in found if each.name() != "layer_styles"))


def _counts(package):
    found = Counter()
    if "findings" in _names(package):
        found.update(feature["severity"] for feature in layer_of(package, "findings").getFeatures())
    return {key: found[word] for key, word in COUNTS.items()}
