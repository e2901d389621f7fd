"""Digests of the tables that seal the shipped data; ``tools/seal_packs.py`` writes all but those of the release."""

# The table says what each shipped pack may open. Edited, it opens nothing: code knows no country, but it knows its table.
SHIPPED_TABLE_SHA256 = "1f141c7b81a12896865c9644f92e43e32d9b922dc06d48f854ae177ff83621ee"
# The table of every file under data and layers.
DATA_SEAL_SHA256 = "689fc43c243dd2b410ffd9de0107d1660c3ad2e707d109072c9abadd9719b011"
# The seal of the release, set by hand where it is made: whoever seals data of their own gets an own build, and outputs say so.
RELEASED_SEAL_SHA256 = "689fc43c243dd2b410ffd9de0107d1660c3ad2e707d109072c9abadd9719b011"

# The table of every file under reports (wording and templates: they change more often, and no figure), and that of the release.
REPORTS_SEAL_SHA256 = "ca7b4c114a3c89264bce19f372152b96eb3dd828287f509c86c8123c34b62692"
RELEASED_REPORTS_SHA256 = "ca7b4c114a3c89264bce19f372152b96eb3dd828287f509c86c8123c34b62692"
