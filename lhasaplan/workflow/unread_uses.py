"""Ask before an import is taken what a column is that has words of protected places and is not read as a use.

What such a column says could be the only word of a school or a clinic: whoever takes the file in without an answer leaves
them out of protection.
"""

from collections.abc import Collection

from lhasaplan.core.base.wording import marked
from lhasaplan.core.model.said_of_files import ANY_COLUMN, UNREAD_USE
from lhasaplan.errors import Fault, InputError
from lhasaplan.ports import ImportedFile

ASK = marked(
    "the column {column} has words of protected places in {count} of its different values ({examples}) and is not read as a use; "
    "if it says what the things are, call it class in a copy of the file and import that instead; if it does not, say so with "
    "--no-use {column}"
)


def questions(remarks: Collection[Fault]) -> tuple[Fault, ...]:
    """Return the remarks that ask what a column is."""
    return tuple(remark for remark in remarks if remark.template == UNREAD_USE)


def refuse_unread(found: ImportedFile, no_use: Collection[str]) -> None:
    """Raise InputError for each column that is asked about and that nobody said to be no use."""
    if ANY_COLUMN in no_use:
        return
    asked = [remark for remark in questions(found.remarks) if str(remark.params["column"]) not in no_use]
    if asked:
        raise InputError(*(Fault(ASK, remark.where, remark.params) for remark in asked))
