"""Our file: one GeoPackage that holds the whole project and that QGIS opens."""
