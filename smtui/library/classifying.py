"""Which state does a record of data belong in? By what is said `when` of states.

    machine.classify({"sensor_id": "s1", "temperature": 105}).state

The first state in the file whose `when` holds; `meta.classification` says
whose record it is, when it was observed, and where one goes that nothing fits.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from smtui.chart.tree.code import Code
from smtui.chart.tree.guards import NOBODY, Test, compile_guard
from smtui.definition import Classification, Json, Node, TreeDefinition
from smtui.errors import EvaluationError

__all__ = ["ClassificationResult", "StateClassifier"]


@dataclass(frozen=True, slots=True)
class ClassificationResult:
    """Where a record belongs (PyStator's name and fields, and whose it is)."""

    state: str | None
    """None where nothing fits and there is no default."""
    matched: bool
    """A state's `when` holds; else it is the default state."""
    record: Mapping[str, Json]
    entity_id: str = ""
    """What the record has at `entity_id_field`, '' for nothing."""
    observed_at: Json = None
    """What it has at `timestamp_field`."""
    source: str = ""


class StateClassifier:
    """The states of a definition that data can be told by."""

    def __init__(self, definition: TreeDefinition) -> None:
        self._rules = definition.classification or Classification()
        code = Code()
        self._whens = [
            (node.id, compile_guard(node.when, code))
            for node in _in_order_of_file(definition)
            if node.when is not None
        ]

    def classify(self, record: Mapping[str, Json]) -> ClassificationResult:
        """Return the first state whose `when` holds for a record."""
        rules = self._rules
        fits = (id_ for id_, tests in self._whens if _holds(tests, record))
        found = next(fits, None)
        whose = record.get(rules.entity_id_field)
        return ClassificationResult(
            state=found or rules.default_state or None,
            matched=found is not None,
            record=record,
            entity_id="" if whose is None else str(whose),
            observed_at=record.get(rules.timestamp_field),
            source=rules.source,
        )


def _holds(tests: tuple[Test, ...], record: Mapping[str, Json]) -> bool:
    try:
        return all(test.check(record, NOBODY) for test in tests)
    except EvaluationError:
        return False


def _in_order_of_file(definition: TreeDefinition) -> Iterator[Node]:
    """Yield the states as they are written; those of a submachine after its own."""
    by_id = {node.id: node for node in definition.nodes}

    def place(node: Node) -> tuple[int, int]:
        while node.at.file != definition.file and node.parent is not None:
            node = by_id[node.parent]
        return node.at.line, node.at.column

    yield from sorted(definition.nodes, key=place)
