"""Digests of the tables that seal the shipped data; ``tools/seal_packs.py`` writes all but those of the release."""

# The table says what each shipped pack may open. Edited, it opens nothing: code knows no country, but it knows its table.
SHIPPED_TABLE_SHA256 = "3a4292f035527937b13681274153e91534e56052577b6d11731aa31bdf47e45c"
# The table of every file under data and layers.
DATA_SEAL_SHA256 = "d78504e6366f1738a9348cc62249bb373ef0d9c837746bb0b58b97b998909a7c"
# The seal of the release, set by hand where it is made: whoever seals data of their own gets an own build, and outputs say so.
RELEASED_SEAL_SHA256 = "d78504e6366f1738a9348cc62249bb373ef0d9c837746bb0b58b97b998909a7c"

# The table of every file under reports (wording and templates: they change more often, and no figure), and that of the release.
REPORTS_SEAL_SHA256 = "c544161f0992117acfaae9590b9d034f6126ba94446d896ec88692b4cd6b74b8"
RELEASED_REPORTS_SHA256 = "c544161f0992117acfaae9590b9d034f6126ba94446d896ec88692b4cd6b74b8"
