"""How layers look in QGIS: symbols as values, written as styles and as a project that a GeoPackage carries."""
