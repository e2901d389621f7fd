"""The algorithms, and the setting that says where the program is."""

from pathlib import Path

from processing.core.ProcessingConfig import ProcessingConfig, Setting
from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from .audit import AuditAlgorithm
from .program import PROGRAM_SETTING
from .visibility import VisibilityAlgorithm
from .who_sees import WhoSeesAlgorithm


class LhasaplanProvider(QgsProcessingProvider):
    """What lhasaplan offers."""

    def id(self):
        return "lhasaplan"

    def name(self):
        return "lhasaplan"

    def longName(self):  # noqa: N802
        return "lhasaplan (fixed public cameras)"

    def icon(self):
        return QIcon(str(Path(__file__).with_name("icon.svg")))

    def load(self):
        ProcessingConfig.settingIcons[self.name()] = self.icon()
        asked = "Program lhasaplan (empty: the one on the path)"
        ProcessingConfig.addSetting(Setting(self.name(), PROGRAM_SETTING, asked, "", valuetype=Setting.FILE))
        ProcessingConfig.readSettings()
        self.refreshAlgorithms()
        return True

    def unload(self):
        ProcessingConfig.removeSetting(PROGRAM_SETTING)

    def loadAlgorithms(self):  # noqa: N802
        for algorithm in (VisibilityAlgorithm(), WhoSeesAlgorithm(), AuditAlgorithm()):
            self.addAlgorithm(algorithm)
