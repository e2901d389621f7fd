"""Digests of the tables that seal the shipped data; ``tools/seal_packs.py`` writes all but those of the release."""

# The table says what each shipped pack may open. Edited, it opens nothing: code knows no country, but it knows its table.
SHIPPED_TABLE_SHA256 = "aaaaa8682b94ad6eadeed47e6c3a55f033119f6d16ef2ffabc9ae0bce32eafec"
# The table of every file under data and layers.
DATA_SEAL_SHA256 = "9c19576ae354d940b131aa84185470c3099b857ae32430c1d755b87385ba45ec"
# The seal of the release, set by hand where it is made: whoever seals data of their own gets an own build, and outputs say so.
RELEASED_SEAL_SHA256 = "07277271c6d6dfb170a784a54d541e182e5cd01f5461a55ff53dc54fd1114678"

# The table of every file under reports (wording and templates: they change more often, and no figure), and that of the release.
REPORTS_SEAL_SHA256 = "082fc8d518ba4428875d5fe8bcef8bb7a0c1d931637f020e0c496d20ce6e48d8"
RELEASED_REPORTS_SHA256 = "f932a39de34229591d60541fd48b8d4d31831b0395c1d26eb8c5c294393aa166"
