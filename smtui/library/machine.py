"""A machine: a definition ready to answer, and to make entities of.

machine = Machine.from_yaml("order.yaml")
machine.process("PENDING", "exchange_ack", {}).target_state
machine.create(context={"order_id": "123"}).send("exchange_ack")
"""

from collections.abc import Mapping

from smtui.definition import Json
from smtui.library.bound import BoundMachine
from smtui.library.classifying import ClassificationResult, StateClassifier
from smtui.library.peers import Whereabouts
from smtui.library.session import Session

__all__ = ["Machine"]


class Machine(BoundMachine):
    """One definition, ready to answer; entities are made of it, or passed in."""

    def classify(self, record: Mapping[str, Json]) -> ClassificationResult:
        """Return the state a record belongs in, by what is said `when` of states."""
        return StateClassifier(self.definition).classify(record)

    def create(
        self,
        context: Mapping[str, Json] | None = None,
        *,
        initial_state: str | None = None,
        defer_unhandled: bool = False,
        execute_actions: bool = False,
        peers: Mapping[str, Whereabouts] | None = None,
    ) -> Session:
        """Return an entity in memory: see Session."""
        return Session(
            self,
            context,
            initial_state=initial_state,
            defer_unhandled=defer_unhandled,
            execute_actions=execute_actions,
            peers=peers,
        )
