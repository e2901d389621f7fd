"""A mark of a row of a table that goes out to be filled in, by which the row is known when the table comes back."""

import hashlib

ROW_MARK = "row_mark"  # the heading of its column


def row_mark(*parts: str) -> str:
    """Return a short mark of what a row is about, such as id, name, work and question; blanks at the ends do not count.

    It begins with a letter, so that no spreadsheet takes it for a number.

    >>> row_mark("HT-06", "Gate") == row_mark(" HT-06", "Gate "), row_mark("HT-06", "Gate") == row_mark("HT-08", "Gate")
    (True, False)
    """
    text = "\x1f".join(" ".join(part.split()) for part in parts)
    return "m" + hashlib.sha256(text.encode()).hexdigest()[:8]
