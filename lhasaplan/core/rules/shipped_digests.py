"""Digests of the tables that seal the shipped data; ``tools/seal_packs.py`` writes all but those of the release."""

# The table says what each shipped pack may open. Edited, it opens nothing: code knows no country, but it knows its table.
SHIPPED_TABLE_SHA256 = "cb7bf0259e7046a9a8a135a296ad88b5b2db5b6025bba7081939d297bd77d6a7"
# The table of every file under data and layers.
DATA_SEAL_SHA256 = "d6567b03168a358174606d65c0b95c10f5791d16b87df8679b2b47825e5a8775"
# The seal of the release, set by hand where it is made: whoever seals data of their own gets an own build, and outputs say so.
RELEASED_SEAL_SHA256 = "d6567b03168a358174606d65c0b95c10f5791d16b87df8679b2b47825e5a8775"

# The table of every file under reports (wording and templates: they change more often, and no figure), and that of the release.
REPORTS_SEAL_SHA256 = "797bc552175d91473a788b2f62dfe9ae00c0187095c95e465b3eb41402b96a80"
RELEASED_REPORTS_SHA256 = "797bc552175d91473a788b2f62dfe9ae00c0187095c95e465b3eb41402b96a80"
