"""What fixed cameras can see, as algorithms of QGIS Processing; the work is done by the program lhasaplan, which is called."""


def classFactory(iface):  # noqa: N802 - the name that QGIS asks for
    """Return the plugin."""
    from .plugin import LhasaplanPlugin  # noqa: PLC0415 - QGIS reads this file of every plugin, enabled or not

    return LhasaplanPlugin()
