"""Text in a CSV file that a spreadsheet shows and never runs."""

# What opens a formula, the full-width forms too, which some spreadsheets take for them.
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
QUOTE = "'"


def inert(text: str) -> str:
    """Return the text of a cell; one that a spreadsheet would run as a formula begins with an apostrophe.

    >>> inert("=1+1"), inert("  @SUM(A1)"), inert("pole 3")
    ("'=1+1", "'  @SUM(A1)", 'pole 3')
    """
    return QUOTE + text if text.lstrip().startswith(FORMULA) or text[:1] in ("\t", "\r", "\n") else text
