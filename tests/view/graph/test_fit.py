"""A drawing is made to fit a page."""

import pytest

from smtui.view.graph import Direction, check, draw_within, to_text
from tests.support.view_graphs import REFERENCE


@pytest.mark.parametrize(("name", "width"), [("controller", 42), ("order", 38)])
def test_labels_are_broken_until_it_fits(name: str, width: int) -> None:
    natural = draw_within(REFERENCE[name])

    drawing = draw_within(REFERENCE[name], width)

    assert natural.width > width >= drawing.width
    assert check(drawing) == ()
    assert "…" not in to_text(drawing)


def test_the_narrowest_is_given_where_none_fits() -> None:
    narrowest = draw_within(REFERENCE["controller"], 27)

    assert 27 < narrowest.width < draw_within(REFERENCE["controller"]).width


@pytest.mark.parametrize("way", Direction)
@pytest.mark.parametrize("width", [None, 200, 20])
def test_a_direction_is_kept_to(way: Direction, width: int | None) -> None:
    assert draw_within(REFERENCE["timeouts"], width, way).options.direction is way


def test_nothing_can_be_drawn_too() -> None:
    assert draw_within(type(REFERENCE["order"])(()), 5).lines == ()
