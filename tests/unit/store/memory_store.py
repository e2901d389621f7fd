"""A store that keeps projects in memory: whatever the port asks for, without a file."""

import pickle
from dataclasses import dataclass, field

from lhasaplan.errors import Fault, InputError
from lhasaplan.ports import Rescued
from lhasaplan.store.sealed import shut


@dataclass
class Cabinet:
    """What all starts share, as a database would: by address the number of the state, the project and its results."""

    kept: dict = field(default_factory=dict)
    logs: dict = field(default_factory=dict)
    holders: dict = field(default_factory=dict)


class MemoryStore:
    """One project of a cabinet, with states that are numbered instead of a journal that is compared."""

    def __init__(self, cabinet, address):
        self._cabinet, self.address, self._known = cabinet, address, None

    @property
    def name(self):
        return self.address.rpartition("/")[2]

    @property
    def needs_password(self):
        return False

    @property
    def is_sealed(self):
        return False

    @property
    def has_passphrase(self):
        return False

    def unseal(self, passphrase):
        raise InputError(Fault("This project is not sealed"))

    def exists(self):
        return self.address in self._cabinet.kept

    def load(self):
        self._known, content, _ = self._entry()
        return pickle.loads(content)

    def has_results(self):
        return self._entry()[2] is not None

    def save(self, project, assessment=None, *, key=None):
        if self._cabinet.holders.get(self.address, self) is not self:
            raise InputError(Fault("Somebody has this project open here, so nothing was saved"))
        content = pickle.dumps(shut(project, key))
        number = self._entry()[0] if self.exists() else 0
        if self._known is not None and number != self._known:
            raise InputError(Fault("Another start changed this project meanwhile"))
        results = None if project.has_opened or assessment is None else "results"
        self._cabinet.kept[self.address] = (number + 1, content, results)
        self._known = number + 1

    def lock(self):
        if self._cabinet.holders.setdefault(self.address, self) is not self:
            return (Fault("Somebody has this project open here"),)
        return ()

    def unlock(self):
        if self._cabinet.holders.get(self.address) is self:
            del self._cabinet.holders[self.address]

    def remarks(self):
        return ()

    def examine(self):
        self._entry()
        return ()

    def rescue(self):
        return Rescued(self.load(), self.logged(), ())

    def log(self, entry):
        self._entry()
        self._cabinet.logs.setdefault(self.address, []).append(entry)

    def logged(self):
        self._entry()
        return tuple(self._cabinet.logs.get(self.address, ()))

    def _entry(self):
        if not self.exists():
            raise InputError(Fault("There is no such project; make one with: new PROJECT"))
        return self._cabinet.kept[self.address]
