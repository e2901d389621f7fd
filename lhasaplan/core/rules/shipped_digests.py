"""Digests of the tables that seal the shipped data; ``tools/seal_packs.py`` writes all but those of the release."""

# The table says what each shipped pack may open. Edited, it opens nothing: code knows no country, but it knows its table.
SHIPPED_TABLE_SHA256 = "e3df709e58788b8083561837f614cd5290e0b07cb9e22266c3ed3aef9c3cfda8"
# The table of every file under data and layers.
DATA_SEAL_SHA256 = "073d8381b793617dded78212bde01eea58b3325fcf4d29694ee0dbe1e22d1b86"
# The seal of the release, set by hand where it is made: whoever seals data of their own gets an own build, and outputs say so.
RELEASED_SEAL_SHA256 = "073d8381b793617dded78212bde01eea58b3325fcf4d29694ee0dbe1e22d1b86"

# The table of every file under reports (wording and templates: they change more often, and no figure), and that of the release.
REPORTS_SEAL_SHA256 = "537f22e663058df496413aff97421a2f88586f31795f538656de48e6891ef7a5"
RELEASED_REPORTS_SHA256 = "537f22e663058df496413aff97421a2f88586f31795f538656de48e6891ef7a5"
