"""Digests of the tables that seal the shipped data; ``tools/seal_packs.py`` writes all but those of the release."""

# The table says what each shipped pack may open. Edited, it opens nothing: code knows no country, but it knows its table.
SHIPPED_TABLE_SHA256 = "5a50958c08d6daa78a1d8ccf5a4d8c65715db76f6100d7317a0deff9cc6febbc"
# The table of every file under data and layers.
DATA_SEAL_SHA256 = "4c53b58c63ed99688de621f9cbe3477bd849586b02ae5667dad096d1a1a5c60b"
# The seal of the release, set by hand where it is made: whoever seals data of their own gets an own build, and outputs say so.
RELEASED_SEAL_SHA256 = "07277271c6d6dfb170a784a54d541e182e5cd01f5461a55ff53dc54fd1114678"

# The table of every file under reports (wording and templates: they change more often, and no figure), and that of the release.
REPORTS_SEAL_SHA256 = "9d91fca391b29cd126c56747393e3ca8773fd75f226a01dc25705fb3fd8a0866"
RELEASED_REPORTS_SHA256 = "f932a39de34229591d60541fd48b8d4d31831b0395c1d26eb8c5c294393aa166"
