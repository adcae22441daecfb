"""What the owner of a machine reads in its own thread, a page at a time.

Reads only; the pages of screens and commands are a Reader's.
"""

from smtui.store import lives, peers, starting
from smtui.store.connection import Connection
from smtui.store.rows import InstanceSize
from smtui.store.values import Look, Seen, Sight

__all__ = ["Glances"]


class Glances:
    """The reading part of a Writer."""

    _db: Connection

    def look(self, machine: str, wants: Look) -> Seen:
        """Return what came in and is due, and the instances it is for."""
        with self._db.reading() as tx:
            return lives.look(tx, machine, wants)

    def instance_sizes(self, machine: str) -> list[InstanceSize]:
        """Return how many instances of a machine are where."""
        with self._db.reading() as tx:
            return lives.sizes(tx, machine)

    def is_over(self, machine: str) -> bool:
        """Say whether a machine has a run and it has come to its end.

        One that hosts instances of entities has none: it waits for the next.
        """
        with self._db.reading() as tx:
            return starting.is_over(tx, machine)

    def where_is(self, machine: str, instance: str, own: str) -> Sight:
        """Return where a machine was at its last commit, for one that looks at it.

        `instance` says which of its instances; '' is the one of the same id as
        `own`, the one that looks, else its only one.
        """
        with self._db.reading() as tx:
            return peers.where(tx, machine, instance, own)

    def rung(self, machine: str) -> dict[str, dict[str, int]]:
        """Return a page of the machine's instances that watch others which moved.

        Each with the present numbers of those topics.
        """
        with self._db.reading() as tx:
            return peers.rung(tx, machine)

    def rung_machines(self) -> list[str]:
        """Return the machines that have not looked at what moved."""
        with self._db.reading() as tx:
            return peers.rung_machines(tx)
