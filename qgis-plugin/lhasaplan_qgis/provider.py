"""The algorithms, and the setting that says where the program is."""

from pathlib import Path

from processing.core.ProcessingConfig import ProcessingConfig, Setting
from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from .audit import AuditAlgorithm
from .in_view import ExposureAlgorithm, RouteAlgorithm, StreetsAlgorithm
from .program import PROGRAM_SETTING
from .visibility import VisibilityAlgorithm
from .who_sees import WhoSeesAlgorithm
from .words import say

ALGORITHMS = (
    *(VisibilityAlgorithm, WhoSeesAlgorithm, AuditAlgorithm),
    *(ExposureAlgorithm, StreetsAlgorithm, RouteAlgorithm),
)


class LhasaplanProvider(QgsProcessingProvider):
    """What lhasaplan offers."""

    def id(self):
        return "lhasaplan"

    def name(self):
        return "lhasaplan"

    def longName(self):  # noqa: N802
        return say("lhasaplan (fixed public cameras)")

    def icon(self):
        return QIcon(str(Path(__file__).with_name("icon.svg")))

    def load(self):
        ProcessingConfig.settingIcons[self.name()] = self.icon()
        asked = say("Program lhasaplan (empty: the one on the path)")
        ProcessingConfig.addSetting(Setting(self.name(), PROGRAM_SETTING, asked, "", valuetype=Setting.FILE))
        ProcessingConfig.readSettings()
        self.refreshAlgorithms()
        return True

    def unload(self):
        ProcessingConfig.removeSetting(PROGRAM_SETTING)

    def loadAlgorithms(self):  # noqa: N802
        for algorithm in ALGORITHMS:
            self.addAlgorithm(algorithm())
