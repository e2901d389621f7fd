"""Files that the readers do not treat as they should yet, by the key of the case, each with the reason in words."""

# These never end, so that they are not even tried.
HANGING: dict[str, str] = {
    "GeoPackage: a view that never ends": "a view of endless rows is read without a limit",
}
AWAITING: dict[str, str] = {
    "GeoTIFF: a huge raster of nothing": "sparse cells without a declared void count as ground at 0 m",
    "camera table: a geocentric system": "is taken with a remark where it should be refused",
    "text table: a pasted row in another encoding": "the sentence does not say what a planner needs",
    "workbook: a workbook cut in two": "the sentence does not say what a planner needs",
    "points: points in two encodings": "the sentence does not say what a planner needs",
    "GeoJSON: longitude and latitude swapped, in the sea": "the sentence does not say what a planner needs",
    "GeoJSON: metres with the system given": "not all of it is taken",
    "GeoJSON: half in degrees, half in metres": "is taken with a remark where it should be refused",
    "GeoJSON: degrees that are said to be metres": "is taken with a remark where it should be refused",
    "GeoJSON: a system that there is not": "is taken where it should be refused",
    "GeoJSON: all at zero": "is taken with a remark where it should be refused",
    "GeoJSON: GB 18030": "ends with a traceback: UnicodeDecodeError",
    "GeoJSON: the same name, other data that would empty the layer": "is taken with a remark where it should be refused",
    "GeoPackage: degrees that are said to be Lambert": "is taken with a remark where it should be refused",
    "GeoPackage: half in degrees, half in metres": "is taken with a remark where it should be refused",
    "Shapefile: a .prj that says Lambert of degrees": "is taken with a remark where it should be refused",
    "zipped Shapefile: in a folder": "is refused where it should be taken",
    "zipped Shapefile: no index": "the sentence does not say what a planner needs",
    "FlatGeobuf: cut in two": "the sentence does not say what a planner needs",
    "FlatGeobuf: cut by a hair": "the sentence does not say what a planner needs",
    "GML and KML: cameras of KML": "is taken with a remark where it should be taken",
    "GeoTIFF: the system given": "the sentence does not say what a planner needs",
    "GeoTIFF: a cell of no size": "is taken with a remark where it should be refused",
    "ASCII grid: a grid with decimal commas": "is taken with a remark where it should be refused",
    "ASCII grid: a grid with words": "is taken with a remark where it should be refused",
    "project file: a table that is gone": "is taken where it should be refused",
    "OpenStreetMap XML: one house twice": "an id that comes twice is told as a damaged file",
}
