"""Digests of the tables that seal the shipped data; ``tools/seal_packs.py`` writes all but those of the release."""

# The table says what each shipped pack may open. Edited, it opens nothing: code knows no country, but it knows its table.
SHIPPED_TABLE_SHA256 = "1f141c7b81a12896865c9644f92e43e32d9b922dc06d48f854ae177ff83621ee"
# The table of every file under data and layers.
DATA_SEAL_SHA256 = "19b002b4686f6f02065422a41cdb420cb5c40e29a1f927659b9cec029b64271c"
# The seal of the release, set by hand where it is made: whoever seals data of their own gets an own build, and outputs say so.
RELEASED_SEAL_SHA256 = "19b002b4686f6f02065422a41cdb420cb5c40e29a1f927659b9cec029b64271c"

# The table of every file under reports (wording and templates: they change more often, and no figure), and that of the release.
REPORTS_SEAL_SHA256 = "c5c8e89689d826b46b9ae5847ede7d1260be10b219c57d73e7f48206738cdf6a"
RELEASED_REPORTS_SHA256 = "c5c8e89689d826b46b9ae5847ede7d1260be10b219c57d73e7f48206738cdf6a"
