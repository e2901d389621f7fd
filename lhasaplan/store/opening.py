"""Find the store of an address by its scheme; one a project and start, since a store remembers what it loaded."""

from collections.abc import Callable, Mapping

from lhasaplan.core.base.wording import marked
from lhasaplan.errors import Fault, InputError
from lhasaplan.ports import Store
from lhasaplan.store.addresses import FILE, Address, path_of, scheme_of
from lhasaplan.store.geopackage import GeoPackageStore

UNKNOWN = marked("A project cannot be kept at an address that begins with {scheme}:; name a file by its path, or one of: {known}")

# A new kind of store is one line here: its scheme, and what makes it of an address.
BY_SCHEME: Mapping[str, Callable[[Address], Store]] = {FILE: lambda address: GeoPackageStore(path_of(address))}


class Stores:
    """Opens the store of an address; a second opening of the same project gives the same store."""

    def __init__(self, by_scheme: Mapping[str, Callable[[Address], Store]] = BY_SCHEME) -> None:
        self._by_scheme = by_scheme
        self._opened: dict[str, Store] = {}

    def __call__(self, address: Address) -> Store:
        """Return the store of an address; InputError names the schemes that there are. Nothing is read or made yet.

        Of an address nothing but the scheme is told: the rest of one may hold a password.
        """
        scheme = scheme_of(address)
        if scheme not in self._by_scheme:
            known = ", ".join(f"{each}:" for each in self._by_scheme)
            raise InputError(Fault(UNKNOWN, params={"scheme": scheme, "known": known}))
        store = self._by_scheme[scheme](address)
        return self._opened.setdefault(store.address, store)
