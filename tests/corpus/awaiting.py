"""Files that the readers do not treat as they should yet, by the key of the case, each with the reason in words."""

# These never end, so that they are not even tried.
HANGING: dict[str, str] = {
    "GeoPackage: a view that never ends": "a view of endless rows is read without a limit",
    "GeoTIFF: a huge raster of nothing": "a raster is looked at to its last cell, however many it promises",
}
AWAITING: dict[str, str] = {
    "GeoJSON: longitude and latitude swapped, in the sea": "the sentence does not say what a planner needs",
    "GeoJSON: metres with the system given": "not all of it is taken",
    "GeoJSON: half in degrees, half in metres": "is taken with a remark where it should be refused",
    "GeoJSON: degrees that are said to be metres": "is taken with a remark where it should be refused",
    "GeoJSON: all at zero": "is taken with a remark where it should be refused",
    "GeoJSON: the same name, other data that would empty the layer": "is taken with a remark where it should be refused",
    "GeoPackage: degrees that are said to be Lambert": "is taken with a remark where it should be refused",
    "GeoPackage: half in degrees, half in metres": "is taken with a remark where it should be refused",
    "Shapefile: a .prj that says Lambert of degrees": "is taken with a remark where it should be refused",
}
