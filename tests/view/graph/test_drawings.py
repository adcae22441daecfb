"""Pictures of drawings, to be looked at; `SMTUI_REDRAW=1` makes them anew.

Those of the design page are the floor: none may become larger than it was there.
"""

import os
from pathlib import Path

import pytest

from smtui.chart import compile_chart
from smtui.dialects import load_text
from smtui.view.graph import (
    Direction,
    Drawing,
    Glow,
    Graph,
    Options,
    check,
    draw,
    draw_for,
    from_chart,
    highlight,
    lamp_of,
    neighbourhood,
    to_svg,
    to_text,
)
from tests.conformance.found import conformance_dir
from tests.support.view_graphs import REFERENCE

HERE = Path(__file__).parent / "drawings"
MACHINES = Path(__file__).parents[3] / "machines"
ENGINE = sorted((Path(__file__).parent / "engine").glob("*.yaml"))
FILES = [*(f for f in sorted(MACHINES.glob("*.yaml")) if f.stem != "smtui"), *ENGINE]
PANES = {"60x20": (60, 20), "110x40": (110, 40)}


def compare(name: str, text: str) -> None:
    path = HERE / name
    if os.environ.get("SMTUI_REDRAW"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def machine(path: Path) -> Graph:
    definition = load_text(path.read_text(encoding="utf-8"), path.name).definition
    assert definition is not None
    return from_chart(compile_chart(definition))


def panes(graph: Graph) -> str:
    """Return the drawings for both panes, once where they are the same."""
    found: dict[str, list[str]] = {}
    for pane, (width, height) in PANES.items():
        drawing = draw_for(graph, width, height)
        assert check(drawing) == ()
        title = f"{drawing.width}x{drawing.height} {drawing.options.direction}"
        found.setdefault(f"{title}\n\n{to_text(drawing)}", []).append(pane)
    return "\n".join(f"{' '.join(at)}: {text}" for text, at in found.items())


@pytest.mark.parametrize("name", REFERENCE)
def test_a_reference_chart_looks_as_it_did(name: str) -> None:
    compare(f"{name}.txt", panes(REFERENCE[name]))


@pytest.mark.parametrize("name", REFERENCE)
def test_a_reference_chart_looks_as_it_did_as_svg(name: str) -> None:
    compare(f"{name}.svg", to_svg(draw(REFERENCE[name])))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_machine_looks_as_it_did(path: Path) -> None:
    """The demo, and the examples of statemachine-engine."""
    graph, folder = machine(path), path.parent.name

    compare(f"{folder}/{path.stem}.txt", panes(graph))
    compare(f"{folder}/{path.stem}.svg", to_svg(draw_for(graph, *PANES["110x40"])))


@pytest.mark.parametrize("path", ENGINE, ids=lambda path: path.stem)
def test_the_examples_are_those_of_the_engine(path: Path) -> None:
    """They are its states and transitions, without the actions."""
    folder = conformance_dir()
    if folder is None:
        pytest.skip("no ../shared/conformance, and $SMTUI_CONFORMANCE names none")
    example, _, name = path.name.partition("-")

    original = machine(folder / "engine" / "examples" / example / name)

    own = machine(path)
    assert original.nodes == own.nodes
    assert original.edges == own.edges


@pytest.mark.parametrize(
    ("name", "width", "height"),
    [
        ("order", 48, 31),
        ("nested", 32, 36),
        ("parallel", 61, 24),
        ("controller", 60, 22),
        ("timeouts", 52, 17),
        ("workflow", 50, 51),
    ],
)
def test_no_drawing_is_larger_than_that_of_the_design(
    name: str, width: int, height: int
) -> None:
    drawing = draw(REFERENCE[name])

    assert drawing.width <= width
    assert drawing.height <= height


def test_names_alone_look_as_they_did() -> None:
    found = [
        to_text(draw(REFERENCE[name], Options(direction=way, names_only=True)))
        for name in ("order", "crossing")
        for way in Direction
    ]

    compare("names.txt", "\n".join(found))


def test_neighbours_look_as_they_did() -> None:
    found = [
        to_text(draw(neighbourhood(REFERENCE["states-60"], "state_29", hops)))
        for hops in (1, 2)
    ]

    compare("neighbours.txt", "\n".join(found))


def lit(drawing: Drawing) -> str:
    lamp = lamp_of(drawing)
    overlay = highlight(lamp, {"shipped": Glow("active")}, {"8": Glow("lit")})
    return "\n".join(
        (to_text(drawing, overlay), to_text(drawing, overlay, is_ascii=True))
    )


def test_a_lit_drawing_looks_as_it_did() -> None:
    compare("lit.txt", lit(draw(REFERENCE["order"])))
