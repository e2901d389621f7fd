"""The digest of the table of shipped packs; ``tools/seal_packs.py`` writes both."""

# The table says what each shipped pack may open. Edited, it opens nothing: code knows no country, but it knows its table.
SHIPPED_TABLE_SHA256 = "c4f810e4688d0c57aad3e4e498260bced772659d81d7a0b4f22d6da8235b3321"
