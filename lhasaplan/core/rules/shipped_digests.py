"""Digests of the tables that seal the shipped data; ``tools/seal_packs.py`` writes all but those of the release."""

# The table says what each shipped pack may open. Edited, it opens nothing: code knows no country, but it knows its table.
SHIPPED_TABLE_SHA256 = "cb7bf0259e7046a9a8a135a296ad88b5b2db5b6025bba7081939d297bd77d6a7"
# The table of every file under data and layers.
DATA_SEAL_SHA256 = "494838a45d9f3de83bfeb2bac002e112628225f42819c53823d6c7f929f7c2c7"
# The seal of the release, set by hand where it is made: whoever seals data of their own gets an own build, and outputs say so.
RELEASED_SEAL_SHA256 = "494838a45d9f3de83bfeb2bac002e112628225f42819c53823d6c7f929f7c2c7"

# The table of every file under reports (wording and templates: they change more often, and no figure), and that of the release.
REPORTS_SEAL_SHA256 = "3a8fc2be01668e08faa222690a811ad4545bc662051ac4eb9c6bb264579b900c"
RELEASED_REPORTS_SHA256 = "3a8fc2be01668e08faa222690a811ad4545bc662051ac4eb9c6bb264579b900c"
