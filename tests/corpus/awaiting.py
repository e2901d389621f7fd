"""Files that the readers do not treat as they should yet, by the key of the case, each with the reason in words."""

# These never end, so that they are not even tried.
HANGING: dict[str, str] = {
    "GeoPackage: a view that never ends": "a view of endless rows is read without a limit",
    "GeoTIFF: a huge raster of nothing": "a raster is looked at to its last cell, however many it promises",
}
AWAITING: dict[str, str] = {}
