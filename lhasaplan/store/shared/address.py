"""Read the address of a project in a database: ``postgresql://user@host:port/database?project=NAME``, else as libpq reads it."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError

POSTGRESQL = "postgresql"
NO_PROJECT = marked("This address names no project; write postgresql://USER@HOST/DATABASE?project=NAME")
NO_NAME = marked("{name} cannot be the name of a project in a database: take 1 to 63 bytes, and not public or pg_…")
PASSWORD = marked(
    "This address holds a password, which lists of commands and of processes would show; leave it out, and put it into "
    "~/.pgpass or PGPASSWORD, or give it when it is asked for"
)
UNREAD = marked("This address cannot be read; write postgresql://USER@HOST/DATABASE?project=NAME")
_LONGEST_BYTES = 63  # of a name in PostgreSQL, which cuts longer ones without a word
_TAKEN = re.compile(r"pg_.*|public|information_schema", re.IGNORECASE)
_SECRETS = {"password", "sslpassword", "oauth_client_secret"}


@dataclass(frozen=True, slots=True)
class SharedAddress:
    """Where a project is kept: what libpq connects by, without a password, and the name of the project, which is its schema."""

    server: str
    project: str

    @property
    def url(self) -> str:
        """Return the address under which the project opens from anywhere."""
        return f"{self.server}{'&' if '?' in self.server else '?'}project={quote(self.project, safe='')}"


def shared_address(address: str) -> SharedAddress:
    """Return what an address says; InputError where it names no project, or holds a password, which is never repeated.

    >>> shared_address("postgresql://anna@office/plans?project=town&sslmode=require").url
    'postgresql://anna@office/plans?sslmode=require&project=town'
    >>> shared_address("postgresql://office/plans?project=town&options=-c%20work_mem%3D64MB").server
    'postgresql://office/plans?options=-c%20work_mem%3D64MB'
    """
    try:
        parts = urlsplit(address)
        has_password = parts.password is not None
    except ValueError as error:
        raise InputError(Fault(UNREAD)) from error
    asked = parse_qsl(parts.query, keep_blank_values=True)
    if has_password or _SECRETS & {key.lower() for key, _ in asked}:
        raise InputError(Fault(PASSWORD))
    names = [value for key, value in asked if key == "project"]
    if len(names) != 1 or parts.fragment:
        raise InputError(Fault(NO_PROJECT))
    name = names[0]
    is_well = 0 < len(name.encode("utf-8", "replace")) <= _LONGEST_BYTES and name.isprintable() and not _TAKEN.fullmatch(name)
    if not is_well or name != name.strip():
        raise InputError(Fault(NO_NAME, params={"name": name}))
    # libpq takes a plus sign for itself: a blank, as in options, is %20.
    rest = urlencode([pair for pair in asked if pair[0] != "project"], quote_via=quote)
    return SharedAddress(f"{POSTGRESQL}://{parts.netloc}{parts.path}{'?' if rest else ''}{rest}", name)
