"""Digests of the tables that seal the shipped data; ``tools/seal_packs.py`` writes all but the last."""

# The table says what each shipped pack may open. Edited, it opens nothing: code knows no country, but it knows its table.
SHIPPED_TABLE_SHA256 = "1f141c7b81a12896865c9644f92e43e32d9b922dc06d48f854ae177ff83621ee"
# The table of every file under data and layers.
DATA_SEAL_SHA256 = "0bf8bc332d28b503874e0ec1af1d9678da672d5715728624fb4d1b74e6b28d78"
# The seal of the release, set by hand where it is made: whoever seals data of their own gets an own build, and outputs say so.
RELEASED_SEAL_SHA256 = "0bf8bc332d28b503874e0ec1af1d9678da672d5715728624fb4d1b74e6b28d78"
