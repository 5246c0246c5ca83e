"""After five failures in fifteen minutes the door stays shut for fifteen minutes, also for the right password (R-98).

Counted per name and per address of the network, in the cache that all web processes share. Every attempt takes one of a
fixed number of slots before the password is looked at, so guesses in parallel get no more than guesses in a row. A slot
is given back when the attempt succeeds, and becomes free fifteen minutes after it failed.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass

from django.core.cache import cache

WINDOW = dt.timedelta(minutes=15)
# A whole office comes from one address; its colleagues should not be shut out by one who mistypes.
PER_NAME, PER_ADDRESS = 5, 50


class Locked(Exception):
    """Nobody comes in under this name, or from this address, until a moment."""

    def __init__(self, until: dt.datetime):
        super().__init__(until)
        self.until = until


@dataclass(frozen=True)
class _Door:
    """What is counted: one name or one address, and how many failures it may have."""

    key: str
    allowed: int

    @property
    def lock(self) -> str:
        return f"{self.key}:locked"

    def slots(self) -> list[str]:
        return [f"{self.key}:{number}" for number in range(self.allowed)]

    def locked_until(self, now: dt.datetime) -> dt.datetime | None:
        until = cache.get(self.lock)
        return until if until and until > now else None

    def take(self, now: dt.datetime) -> str | None:
        """A free slot, taken in one step; none when all failures are used up."""
        taken = cache.get_many(self.slots())
        for slot in self.slots():
            if slot in taken and taken[slot] <= now:
                cache.delete(slot)
            elif slot in taken:
                continue
            if cache.add(slot, now + WINDOW, WINDOW.total_seconds()):
                return slot
        return None

    def is_full(self, now: dt.datetime) -> bool:
        return sum(free > now for free in cache.get_many(self.slots()).values()) >= self.allowed

    def shut(self, now: dt.datetime) -> dt.datetime:
        until = now + WINDOW
        cache.set(self.lock, until, WINDOW.total_seconds())
        return until


class Attempt:
    """One attempt to come in. `begin` raises Locked; then call either `succeed` or `fail`."""

    def __init__(self, *, name: str, address: str, now: dt.datetime):
        self.now = now
        self._doors = (_Door(_key("name", _one_spelling(name)), PER_NAME), _Door(_key("address", address), PER_ADDRESS))
        self._taken: list[str] = []

    def begin(self) -> None:
        for door in self._doors:
            if until := door.locked_until(self.now):
                raise Locked(until)
        for door in self._doors:
            slot = door.take(self.now)
            if not slot:
                self.succeed()
                raise Locked(door.shut(self.now))
            self._taken.append(slot)

    def succeed(self) -> None:
        """Gives back its own slots only: one good login among many guesses wipes out nothing."""
        cache.delete_many(self._taken)
        self._taken = []

    def fail(self) -> bool:
        """Whether this failure shut the door."""
        full = [door for door in self._doors if door.is_full(self.now)]
        for door in full:
            door.shut(self.now)
        return bool(full)


def _one_spelling(name: str) -> str:
    """As the database compares user names: by capitals, so that `jor\u0131s` counts as `JORIS` too."""
    return name.strip().upper()


def _key(kind: str, what: str) -> str:
    return f"login:{kind}:{hashlib.sha256(what.encode()).hexdigest()}"
