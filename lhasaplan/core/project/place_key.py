"""The key of closed places: it lives in memory beside an opened project, and nothing prints, compares, copies or pickles it."""

import hmac
from typing import NoReturn, SupportsIndex

from lhasaplan.core.project.project import ClosedPlaces


class PlaceKey:
    """What a passphrase and a salt give; it is handed to the store with each saving, and is part of no project.

    >>> PlaceKey(b"salt", b"secret")
    PlaceKey(hidden)
    """

    __slots__ = ("_salt", "_secret")

    def __init__(self, salt: bytes, secret: bytes) -> None:
        self._salt, self._secret = salt, secret

    def fits(self, closed: ClosedPlaces) -> bool:
        """Say whether these closed places have the salt that this key was made with."""
        return hmac.compare_digest(self._salt, closed.salt)

    def reveal(self) -> bytes:
        """Return the secret, to close or open a box."""
        return self._secret

    def __repr__(self) -> str:
        return "PlaceKey(hidden)"

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError("a key of closed places is neither pickled nor copied")
