"""The machines PyStator ships are drawn, and their drawings are right."""

import pytest

from smtui.chart import compile_chart
from smtui.dialects import load_text
from smtui.view.graph import Direction, Options, check, draw, from_chart
from tests.conformance.found import conformance_dir

NAMES = ("order_management", "day_trading", "portfolio_optimization")


@pytest.mark.parametrize("direction", list(Direction))
@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_machine_is_drawn_right(name: str, direction: Direction) -> None:
    folder = conformance_dir()
    if folder is None:
        pytest.skip("no ../shared/conformance, and $SMTUI_CONFORMANCE names none")
    file = folder / "pystator" / "examples" / f"{name}.yaml"
    definition = load_text(file.read_text("utf-8"), file.name).definition
    assert definition is not None
    chart = compile_chart(definition)

    drawing = draw(from_chart(chart), Options(direction=direction))

    assert check(drawing) == ()
    assert set(drawing.boxes) >= set(chart.states)
