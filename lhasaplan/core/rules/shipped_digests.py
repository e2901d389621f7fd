"""Digests of the tables that seal the shipped data; ``tools/seal_packs.py`` writes all but those of the release."""

# The table says what each shipped pack may open. Edited, it opens nothing: code knows no country, but it knows its table.
SHIPPED_TABLE_SHA256 = "3a4292f035527937b13681274153e91534e56052577b6d11731aa31bdf47e45c"
# The table of every file under data and layers.
DATA_SEAL_SHA256 = "9deb4a4939abc9f52725fd0fb21a4039cae2c7964edebd546b0d06dd37976360"
# The seal of the release, set by hand where it is made: whoever seals data of their own gets an own build, and outputs say so.
RELEASED_SEAL_SHA256 = "9deb4a4939abc9f52725fd0fb21a4039cae2c7964edebd546b0d06dd37976360"

# The table of every file under reports (wording and templates: they change more often, and no figure), and that of the release.
REPORTS_SEAL_SHA256 = "091c7be9124a37ee0fd53f35c059c07b1893e79f68f6a4901a929916a19747d7"
RELEASED_REPORTS_SHA256 = "091c7be9124a37ee0fd53f35c059c07b1893e79f68f6a4901a929916a19747d7"
