"""Register the provider with Processing; QGIS calls this with and without a window."""

from qgis.core import QgsApplication

from .provider import LhasaplanProvider


class LhasaplanPlugin:
    """The plugin: a provider of algorithms and nothing else."""

    def __init__(self):
        self.provider = None

    def initProcessing(self):  # noqa: N802 - called by qgis_process
        """Register the provider."""
        self.provider = LhasaplanProvider()
        QgsApplication.processingRegistry().addProvider(self.provider)

    def initGui(self):  # noqa: N802 - called by the window
        """Register the provider."""
        self.initProcessing()

    def unload(self):
        """Take the provider away."""
        QgsApplication.processingRegistry().removeProvider(self.provider)
