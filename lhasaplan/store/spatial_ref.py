"""Describe a coordinate reference system as a GeoPackage row."""

from functools import lru_cache

from pyproj import CRS
from pyproj.exceptions import CRSError

UNDEFINED = ("Undefined cartesian", -1, "NONE", -1, "undefined")


@lru_cache(maxsize=8)
def spatial_ref(authority: str) -> tuple[str, int, str, int, str]:
    """Return name, number in the file, organisation, its code and WKT of a CRS such as ``EPSG:32635``.

    An empty authority is the undefined cartesian system.
    """
    if not authority:
        return UNDEFINED
    organisation, _, code = authority.partition(":")
    crs = CRS.from_authority(organisation, code)
    return crs.name, int(code), organisation, int(code), _wkt(crs)


def _wkt(crs: CRS) -> str:
    try:
        return crs.to_wkt("WKT1_GDAL")
    except CRSError:  # a system that WKT 1 cannot say
        return crs.to_wkt("WKT2_2019")
