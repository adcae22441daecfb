"""The ways out of the terminal."""

import json
import re
import shutil
import subprocess
from xml.etree import ElementTree as ET

import pytest

import smtui.view.graph
from smtui.view.graph import (
    Direction,
    Edge,
    Glow,
    Graph,
    Kind,
    Node,
    Options,
    draw,
    mermaid,
    mermaid_set,
    to_ansi,
    to_document,
    to_dot,
    to_svg,
    to_text,
    with_groups,
)
from tests.support.view_graphs import REFERENCE, graph_of

ORDER = REFERENCE["order"]
HOSTILE = Graph(
    (Node("a:b", 'say "hi"; <b>&#{x}'), Node("end"), Node("1-2"), Node("1_2")),
    (Edge("0", "a:b", "end", 'x: "y"; %%'), Edge("1", "1-2", "1_2", "-->")),
    "a:b",
)


def test_every_public_name_is_there_and_they_are_sorted() -> None:
    names = smtui.view.graph.__all__

    assert sorted(names, key=lambda n: (n.lower() == n, n)) == sorted(names)
    assert all(getattr(smtui.view.graph, name) is not None for name in names)


def test_json_says_where_everything_is() -> None:
    document = to_document(draw(REFERENCE["nested"]))

    assert set(document) == {"lines", "states", "transitions"}
    states, lines = document["states"], document["lines"]
    assert isinstance(states, dict)
    assert isinstance(lines, list)
    assert states["fetch"] == {
        "box": states["fetch"]["box"] if isinstance(states["fetch"], dict) else None,
        "parent": "load",
        "drawn": "box",
    }
    assert json.loads(json.dumps(document)) == document


def test_json_shows_each_transition_once_and_by_its_cells() -> None:
    graph = graph_of("a b one\na b two\na a again\n* b stop", initial="a")
    document = to_document(draw(graph))
    found = document["transitions"]
    assert isinstance(found, list)
    drawn = {str(one["label"]): one for one in found if isinstance(one, dict)}

    assert {label: one["drawn"] for label, one in drawn.items()} == {
        "one": "line",
        "two": "label",
        "again": "row",
        "stop": "stub",
    }
    lines = document["lines"]
    assert isinstance(lines, list)

    def text(label: str) -> str:
        cells = drawn[label]["cells"]
        assert isinstance(cells, list)
        signs: list[str] = []
        for cell in cells:
            assert isinstance(cell, list)
            x, y = cell
            assert isinstance(x, int)
            assert isinstance(y, int)
            signs.append(str(lines[y])[x])
        return "".join(signs)

    assert text("one") == "┬││▼"
    assert text("two") == "two"
    assert text("again") == "↻ again"
    assert text("stop") == "✱ stop─▶"
    assert drawn["stop"]["source"] == "*"


@pytest.mark.parametrize("name", ["order", "parallel", "crossing"])
def test_svg_is_well_formed_and_holds_every_text(name: str) -> None:
    drawing = draw(REFERENCE[name])
    first = next(iter(drawing.boxes))

    root = ET.fromstring(to_svg(drawing, {first: Glow("active")}, {"0": Glow("lit")}))  # noqa: S314 - ours

    texts = {element.text for element in root.iter() if element.tag.endswith("text")}
    for node in drawing.graph.nodes:
        assert any(node.name in (text or "") for text in texts)
    assert "active" in to_svg(drawing, {first: Glow("active")})


def test_svg_escapes_what_states_are_called() -> None:
    ET.fromstring(to_svg(draw(HOSTILE)))  # noqa: S314 - ours


def test_ansi_is_the_text_with_colours() -> None:
    drawing = draw(ORDER)

    coloured = to_ansi(drawing)

    assert "\x1b[" in coloured
    plain = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert [line.rstrip() for line in plain.splitlines()] == list(drawing.lines)
    assert to_text(drawing).splitlines() == list(drawing.lines)


def test_mermaid_draws_a_chart_with_its_ends() -> None:
    lines = mermaid(ORDER).splitlines()

    assert lines[0] == "stateDiagram-v2"
    assert "    [*] --> new" in lines
    assert "    refunded --> [*]" in lines
    assert "    paid --> picking : allocate" in lines
    assert "    shipped --> shipped : track" in lines


def test_mermaid_nests_compound_states_and_parts_regions() -> None:
    text = mermaid(REFERENCE["crossing"])

    assert '    state "active" as active {' in text
    assert "\n        --\n" in text
    assert "\n    shown --> up : refresh\n" in text
    assert "            force#58; active to pinned" not in text
    assert "active to pinned" in text


def test_mermaid_never_holds_a_sign_it_would_read() -> None:
    text = mermaid(HOSTILE)

    assert 'state "say #quot;hi#quot;#59; #lt;b#gt;#amp;#35;#123;x#125;" as a_b' in text
    assert "    a_b --> s_end : x#58; #quot;y#quot;#59; #37;#37;" in text
    assert "    s_1_2 --> s_1_2_ : --#gt;" in text


def test_sections_of_a_file_become_boxes_in_mermaid() -> None:
    graph = Graph(
        (
            Node("a", group="MAIN LOOP"),
            Node("b", group="MAIN LOOP"),
            Node("c", group="END"),
        ),
        (
            Edge("0", "a", "b", "go"),
            Edge("1", "b", "c", "done"),
            Edge("2", "a", "c", "x"),
        ),
        "a",
    )

    found = mermaid_set(graph)

    assert list(found) == ["main", "MAINLOOP", "END"]
    assert "    MAINLOOP --> s_END : done, x" in found["main"]
    assert "    a --> b : go" in found["MAINLOOP"]
    assert "    b --> c : done" in found["END"]
    assert with_groups(graph).by_id["a"].parent == "MAINLOOP"
    assert list(mermaid_set(ORDER)) == ["main"]


def test_dot_clips_lines_at_clusters() -> None:
    text = to_dot(REFERENCE["nested"], Direction.LR)

    assert "rankdir=LR" in text
    assert 'subgraph "cluster_busy" {' in text
    assert '"@in busy" -> "error" [label="fail" ltail="cluster_busy"];' in text
    assert '"done" [label="done" peripheries=2 style=""];' in text


def test_dot_shows_any_state_and_quotes() -> None:
    graph = Graph((Node('q"', kind=Kind.CHOICE),), (Edge("0", "*", 'q"', "\\"),), 'q"')

    text = to_dot(graph)

    assert '"q\\"" [label="q\\"" shape=diamond style=""];' in text
    assert '"@any 0" -> "q\\"" [label="\\\\"];' in text


def test_dot_shows_queues_and_what_is_not_certain() -> None:
    graph = Graph(
        (Node("a"), Node("q", kind=Kind.QUEUE)),
        (Edge("0", "a", "q", "", is_dashed=True),),
    )

    text = to_dot(graph)

    assert '"q" [label="q" shape=cylinder style=""];' in text
    assert '"a" -> "q" [label="" style=dashed];' in text


@pytest.mark.skipif(not shutil.which("dot"), reason="Graphviz is not installed")
@pytest.mark.parametrize("graph", [*REFERENCE.values(), HOSTILE], ids=lambda g: g.name)
def test_graphviz_reads_what_is_written(graph: Graph) -> None:
    done = subprocess.run(
        ["dot", "-Tcanon"],  # noqa: S607 - wherever it is installed
        input=to_dot(graph),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""
    assert done.returncode == 0


def test_mermaid_marks_no_text_as_a_sign_of_its_own() -> None:
    graph = Graph((Node("a", "[[fork]]"), Node("accTitle")), (), "a")

    text = mermaid(graph)

    assert 'state "[#91;fork]]" as a' in text
    assert "as s_accTitle" in text


def test_a_graph_without_boxes_is_one_whole_diagram() -> None:
    graph = graph_of("a b go\na a again\n* b stop", initial="a")

    found = mermaid_set(graph)

    assert {"main": mermaid(graph)} == found
    assert "    a --> a : again" in found["main"]


def test_long_names_are_wrapped_and_long_labels_shortened() -> None:
    graph = graph_of(f"{'wait_for_' * 6} b {'x' * 90}", initial="b")

    drawing = draw(graph, Options(name_cells=20, label_cells=20))

    assert drawing.width < 50
    assert "…" in to_text(drawing)
