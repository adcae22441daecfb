"""A record of data says itself which instance it is for."""

import pytest

from smtui.chart import compile_chart
from smtui.definition import Json
from smtui.dialects import load_text
from smtui.view.entities import told_by

STATES = "states: [{name: a, type: initial}]"


@pytest.mark.parametrize(
    ("rules", "payload", "whose"),
    [
        ("{entity_id_field: id}", {"id": "s1"}, "s1"),
        ("{entity_id_field: id}", {"id": 7}, "7"),
        ("{auto_route: true}", {"entity_id": "s1"}, "s1"),
        ("{auto_route: true}", {"id": "s1"}, None),
        ("{auto_route: true}", {"entity_id": True}, None),
        ("{auto_route: true}", [1], None),
        ("null", {"entity_id": "s1"}, None),
    ],
)
def test_by_the_field_its_machine_names(
    rules: str, payload: Json, whose: str | None
) -> None:
    text = f"meta: {{classification: {rules}}}\n{STATES}"
    definition = load_text(text, "m.yaml").definition
    assert definition is not None

    assert told_by(compile_chart(definition), payload) == whose


def test_nobody_knows_of_a_machine_that_cannot_be_read() -> None:
    assert told_by(None, {"entity_id": "s1"}) is None
