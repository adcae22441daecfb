"""Drawings made off the event loop, and kept."""

import asyncio

from smtui.store.rows import DefinitionRow
from smtui.tui.charts import Charts
from smtui.tui.graphs import Charted, Graphs
from smtui.view.graph import VAST_STATES, Doings, Options, arrows_of, draw, sketch_of
from tests.support.view_fake import FakeFleet
from tests.support.view_graphs import graph_of, many_states


async def finished(graphs: Graphs) -> None:
    while graphs.is_busy:
        await asyncio.gather(*graphs._asked.values())


async def test_a_definition_is_read_once_and_its_drawings_are_kept() -> None:
    graphs, calls = Graphs(Charts(FakeFleet())), list[str]()
    graphs.on_ready = lambda: calls.append("ready")

    assert graphs.known("hash-thumbs") is None
    assert graphs.known("hash-thumbs") is None
    await finished(graphs)
    charted = graphs.known("hash-thumbs")
    assert charted is not None
    assert ["idle", "resizing"] == [node.id for node in charted.graph.nodes]

    assert graphs.sketch(charted, "", 0, Options()) is None
    await finished(graphs)
    first = graphs.sketch(charted, "idle", 0, Options())
    assert first is not None
    assert first is graphs.sketch(charted, "", 0, Options())
    assert ["ready", "ready"] == calls


async def test_a_definition_that_cannot_be_read_is_asked_for_once() -> None:
    graphs = Graphs(Charts(FakeFleet()))

    for _ in range(3):
        assert graphs.known("nowhere") is None
        await finished(graphs)

    assert 1 == graphs.version
    assert graphs.known("") is None


async def test_a_vast_chart_is_drawn_by_a_process_of_its_own_just_the_same() -> None:
    graph = many_states(VAST_STATES, VAST_STATES + 4, 3)
    charted = Charted("hash", graph, arrows_of(graph), Doings({}, {}))
    options = Options(names_only=True)
    graphs = Graphs(Charts(FakeFleet()))

    assert graphs.sketch(charted, "", 0, options) is None
    await finished(graphs)

    found = graphs.sketch(charted, "", 0, options)
    assert found is not None
    assert found.drawing.lines == draw(graph, options).lines
    assert found.lamp == sketch_of(draw(graph, options)).lamp


async def test_what_goes_wrong_is_not_tried_for_ever() -> None:
    fake = FakeFleet()
    text = ["no text"]
    fake.definitions["odd"] = DefinitionRow("odd", "engine", "o", "o.yaml", text)  # type: ignore[arg-type] # a bug, so to say
    graphs = Graphs(Charts(fake))

    for _ in range(3):
        assert graphs.known("odd") is None
        await finished(graphs)

    assert 1 == graphs.version


async def test_leaving_gives_up_what_is_being_drawn() -> None:
    graph = many_states(VAST_STATES, VAST_STATES + 4, 3)
    charted = Charted("hash", graph, arrows_of(graph), Doings({}, {}))
    graphs = Graphs(Charts(FakeFleet()))
    graphs.sketch(charted, "", 0, Options())
    await asyncio.sleep(0)

    await graphs.aclose()

    assert not graphs.is_busy


async def test_a_new_version_is_drawn_like_the_one_before() -> None:
    before = graph_of("a b x\na c y\na d z", name="m")
    after = graph_of("a d z\na c y\na b x", name="m", nodes="a d c b")
    graphs = Graphs(Charts(FakeFleet()))
    places: list[list[str]] = []
    for number, graph in enumerate((before, after)):
        charted = Charted(str(number), graph, arrows_of(graph), Doings({}, {}))
        graphs.sketch(charted, "", 0, Options())
        await finished(graphs)
        found = graphs.sketch(charted, "", 0, Options())
        assert found is not None
        boxes = found.drawing.boxes
        places.append(sorted("bcd", key=lambda state: boxes[state].x))

    assert places[0] == places[1]
