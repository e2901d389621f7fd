"""Digests of the tables that seal the shipped data; ``tools/seal_packs.py`` writes all but those of the release."""

# The table says what each shipped pack may open. Edited, it opens nothing: code knows no country, but it knows its table.
SHIPPED_TABLE_SHA256 = "23f229e022cbaf63d9a46de5b7453685593f2444d225e4c7542ba308a5181f26"
# The table of every file under data and layers.
DATA_SEAL_SHA256 = "9d10a5ca2211c2ae47be749e735829a1b45ed6f2336fb39f8c3ea6580a3d1376"
# The seal of the release, set by hand where it is made: whoever seals data of their own gets an own build, and outputs say so.
RELEASED_SEAL_SHA256 = "a4ecba7cefa432319fd68290f4d4e0f77adeba01e319441f340c67f3458559e3"

# The table of every file under reports (wording and templates: they change more often, and no figure), and that of the release.
REPORTS_SEAL_SHA256 = "97d8210cf753fa532ece60660019b8270cfc29108cb6ef562c48f25a9d3ed477"
RELEASED_REPORTS_SHA256 = "e28bb71ba0471c8e3f870bb34b609df33d2d36dc623b811ff18ecad27bb8705b"
