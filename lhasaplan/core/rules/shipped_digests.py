"""Digests of the tables that seal the shipped data; ``tools/seal_packs.py`` writes all but the last."""

# The table says what each shipped pack may open. Edited, it opens nothing: code knows no country, but it knows its table.
SHIPPED_TABLE_SHA256 = "1f141c7b81a12896865c9644f92e43e32d9b922dc06d48f854ae177ff83621ee"
# The table of every file under data and layers.
DATA_SEAL_SHA256 = "b754ac914fe32f5837a22737a90b4ee074ccbc48a76716197e003d8d996f1b40"
# The seal of the release, set by hand where it is made: whoever seals data of their own gets an own build, and outputs say so.
RELEASED_SEAL_SHA256 = "b754ac914fe32f5837a22737a90b4ee074ccbc48a76716197e003d8d996f1b40"
