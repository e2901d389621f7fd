"""Ask before an import is taken what a column is that has words of protected places and is not read as a use.

What such a column says could be the only word of a school or a clinic: whoever takes the file in without an answer leaves
them out of protection.
"""

from collections.abc import Collection

from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.said_of_files import ANY_COLUMN, UNREAD_USE
from lhasaplan.errors import Fault, InputError
from lhasaplan.ports import ImportedFile

ANSWER = marked("a column that does not say what the things are is answered for with {options}")


def questions(remarks: Collection[Fault]) -> tuple[Fault, ...]:
    """Return the remarks that ask what a column is."""
    return tuple(remark for remark in remarks if remark.template == UNREAD_USE)


def refuse_unread(found: ImportedFile, no_use: Collection[str]) -> None:
    """Raise InputError for each column that is asked about and not declared no use, with how to declare it.

    Parameters
    ----------
    no_use : columns by name; one with commas that is no column of the file names several.
    """
    asked = {str(remark.params["column"]): remark for remark in questions(found.remarks)}
    known = {name for text in no_use for name in ([text] if text in asked else map(str.strip, text.split(",")))}
    left = [] if ANY_COLUMN in known else [name for name in asked if name not in known]
    if left:
        options = " ".join(f'--no-use "{name}"' for name in left)
        raise InputError(*(asked[name] for name in left), Fault(ANSWER, asked[left[0]].where, {"options": options}))
