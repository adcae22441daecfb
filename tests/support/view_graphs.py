"""State charts to draw: the reference ones, and random ones.

The reference charts are those the layout was designed with: an order's life
cycle, three nested levels, three parallel regions, a workflow, a controller,
time-outs with a stop from anywhere, and a chart of sixty states.
"""

import random
from collections.abc import Mapping
from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st

from smtui.view.graph import ANY, Direction, Edge, Graph, Kind, Node, Options

__all__ = [
    "REFERENCE",
    "controller",
    "examples",
    "graph_of",
    "graphs",
    "many_states",
    "options",
    "random_graph",
]

WORDS = (
    *("a", "idle", "processing", "long_state_name_here", "x y", "HTTPServerIsUp"),
    *("待機", "日本語の状態", "é", "a/b", "👍ok", "─│┼", "wait for 👩\u200d💻"),
)
EVENTS = (
    *("go", "stop", "待つ", "very_long_event_name_number_one", "x", "", "▶ done"),
    "Catch: States.ALL and more words here to wrap",
)


def examples(usual: int, thorough: int) -> int:
    """Return how many examples a property looks at in this run."""
    is_thorough = settings.get_current_profile_name() == "thorough"
    return thorough if is_thorough else usual


def graph_of(
    edges: str,
    *,
    initial: str | None = None,
    nodes: str = "",
    inside: Mapping[str, str] | None = None,
    initials: Mapping[str, str] | None = None,
    kinds: Mapping[str, Kind] | None = None,
    name: str = "",
) -> Graph:
    """Return the graph of lines `SOURCE TARGET EVENT`; `inside` nests nodes."""
    inside, initials, kinds = inside or {}, initials or {}, kinds or {}
    parents = {child: out for out, inner in inside.items() for child in inner.split()}
    rows = [line.split(None, 2) for line in edges.strip().splitlines() if line.strip()]
    ids = dict.fromkeys(
        [*nodes.split(), *(end for row in rows for end in row[:2] if end != ANY)]
    )
    return Graph(
        nodes=tuple(
            Node(
                id_,
                kind=kinds.get(id_, Kind.COMPOUND if id_ in inside else Kind.ATOMIC),
                parent=parents.get(id_),
                initial=initials.get(id_),
            )
            for id_ in ids
        ),
        edges=tuple(
            Edge(str(number), row[0], row[1], " ".join(row[2:]))
            for number, row in enumerate(rows)
        ),
        initial=initial,
        name=name,
    )


ORDER = graph_of(
    """
    new cancelled cancel
    new paid pay
    picking paid out_of_stock
    paid cancelled cancel
    paid picking allocate
    paid refunded refund
    picking packed pack_done
    packed picking repack
    packed shipped dispatch
    shipped shipped track
    shipped refunded money_back
    shipped delivered confirm
    delivered refunded lost
    delivered refunded return_ok
    cancelled refunded refund
    """,
    name="order",
    initial="new",
    nodes="new paid picking packed shipped delivered cancelled refunded",
    kinds={"refunded": Kind.FINAL},
)

NESTED = graph_of(
    """
    off on power
    on off power
    idle busy job
    busy idle done
    busy error fail
    error idle reset
    fetch parse bytes
    parse fetch more
    load run loaded
    run run tick
    run done finish
    """,
    name="nested",
    initial="off",
    nodes="off on idle busy load fetch parse run done error",
    inside={"on": "idle busy error", "busy": "load run done", "load": "fetch parse"},
    initials={"on": "idle", "busy": "load", "load": "fetch"},
    kinds={"done": Kind.FINAL},
)

PARALLEL = graph_of(
    """
    boot active ready
    active halt kill
    down up link
    up flaky loss
    flaky up ok
    flaky down dead
    hidden shown show
    shown hidden hide
    clean dirty write
    dirty flushing sync
    flushing dirty write
    flushing clean synced
    """,
    name="parallel",
    initial="boot",
    nodes="boot active net ui disk",
    inside={
        "active": "net ui disk",
        "net": "down up flaky",
        "ui": "hidden shown",
        "disk": "clean dirty flushing",
    },
    initials={"net": "down", "ui": "hidden", "disk": "clean"},
    kinds={
        "halt": Kind.FINAL,
        "active": Kind.PARALLEL,
        **dict.fromkeys(("net", "ui", "disk"), Kind.REGION),
    },
)

CROSSING = graph_of(
    """
    net halt kill
    down up link
    up down loss
    hidden shown show
    shown hidden hide
    shown up refresh
    active halt stop
    work active begin
    active work pause
    active pinned force
    hidden active leave
    work disk go
    disk net sync
    * clean wipe
    """,
    name="crossing",
    initial="work",
    nodes="work active net ui disk down up hidden shown pinned clean",
    inside={
        "active": "net ui disk",
        "net": "down up",
        "ui": "hidden shown pinned",
        "disk": "clean",
    },
    initials={"net": "down", "ui": "hidden", "disk": "clean"},
    kinds={
        "halt": Kind.FINAL,
        "active": Kind.PARALLEL,
        **dict.fromkeys(("net", "ui", "disk"), Kind.REGION),
    },
)

WORKFLOW = graph_of(
    """
    Validate IsValid? next
    IsValid? FetchUser default
    IsValid? Reject valid==false
    FetchUser Fail Catch: all
    FetchUser FetchCart next
    FetchCart Fail Catch: all
    FetchCart Merge next
    Merge Fraud? next
    Fraud? Charge default
    Fraud? Manual score>0.8
    Manual WaitReview next
    WaitReview Charge approved
    WaitReview Reject denied
    Charge Fail Catch: all
    Charge ChargeOK? next
    ChargeOK? Retry declined
    ChargeOK? Ship paid
    Retry Charge attempt<3
    Retry Fail default
    Ship Notify next
    """,
    name="workflow",
    initial="Validate",
    kinds={
        **dict.fromkeys(("Reject", "Fail", "Notify"), Kind.FINAL),
        **dict.fromkeys(("IsValid?", "Fraud?", "ChargeOK?"), Kind.CHOICE),
    },
)

CONTROLLER = graph_of(
    """
    checking_queue spawning_batch jobs_found
    checking_queue idling no_jobs
    spawning_batch spawning_batch worker_spawned
    spawning_batch spawning_batch job_taken
    spawning_batch waiting_for_batch batch_complete
    spawning_batch error_handling spawn_failed
    waiting_for_batch checking_queue all_jobs_complete
    waiting_for_batch waiting_for_batch timeout(2)
    waiting_for_batch error_handling check_timeout
    idling checking_queue timeout(10)
    error_handling checking_queue retry
    """,
    name="controller",
    initial="checking_queue",
)

TIMEOUTS = graph_of(
    """
    initializing waiting initialized
    waiting processing start_work
    waiting timed_out timeout(5)
    processing completed work_done
    processing timed_out timeout(10)
    timed_out waiting retry
    * completed stop
    """,
    name="timeouts",
    initial="initializing",
)


def controller() -> Graph:
    """Return the chart of a controller of workers."""
    return CONTROLLER


def many_states(states: int, lines: int, seed: int) -> Graph:
    """Return a large chart: a tree of states with some lines across."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    rows = [
        f"state_{max(0, n - chance.randint(1, 6))} state_{n} ev{n}"
        for n in range(1, states)
    ]
    for n in range(lines - states + 1):
        a, b = chance.sample(range(states), 2)
        rows.append(f"state_{a} state_{b} x{n}")
    return graph_of("\n".join(rows), initial="state_0", name=f"states-{states}")


SIXTY = many_states(60, 81, 7)

REFERENCE: Mapping[str, Graph] = {
    graph.name: graph
    for graph in (
        *(ORDER, NESTED, PARALLEL, CROSSING, WORKFLOW, CONTROLLER, TIMEOUTS, SIXTY),
    )
}


def random_graph(chance: random.Random, most: int) -> Graph:
    """Return a chart with regions, nesting, and lines from anywhere to anywhere."""
    ids = [f"s{n}" for n in range(chance.randint(1, most))]
    parents = _parents(chance, ids)
    children: dict[str | None, list[str]] = {}
    for id_ in ids:
        children.setdefault(parents[id_], []).append(id_)
    kinds = _kinds(chance, ids, parents, children)
    nodes = tuple(
        Node(
            id_,
            label=_label(chance, id_),
            kind=kinds[id_],
            parent=parents[id_],
            initial=chance.choice(children[id_])
            if id_ in children and chance.random() < 0.7
            else None,
            note=chance.choice(("", "", "", "● idle", "○ 待機")),
            note_cells=chance.choice((0, 0, 0, 0, 12)),
        )
        for id_ in ids
    )
    count = int(chance.uniform(0, 2.2) * len(ids))
    edges = tuple(_edge(chance, str(n), ids) for n in range(count))
    return Graph(nodes, edges, chance.choice(ids) if chance.random() < 0.9 else None)


def _parents(chance: random.Random, ids: list[str]) -> dict[str, str | None]:
    parents: dict[str, str | None] = {}
    depth: dict[str | None, int] = {None: 0}
    flat = chance.random() < 0.25
    for number, id_ in enumerate(ids):
        homes = [other for other in ids[:number] if depth[other] < 4]
        parent = chance.choice(homes) if homes and chance.random() < 0.55 else None
        parents[id_] = None if flat else parent
        depth[id_] = depth[parents[id_]] + 1
    return parents


def _kinds(
    chance: random.Random,
    ids: list[str],
    parents: dict[str, str | None],
    children: dict[str | None, list[str]],
) -> dict[str, Kind]:
    kinds: dict[str, Kind] = {}
    leaf = [Kind.ATOMIC] * 8
    leaf += [Kind.FINAL, Kind.CHOICE, Kind.HISTORY, Kind.DEEP_HISTORY, Kind.QUEUE]
    for id_ in ids:
        parent = parents[id_]
        if id_ not in children:
            kinds[id_] = chance.choice(leaf)
        elif parent is not None and kinds[parent] is Kind.PARALLEL:
            kinds[id_] = Kind.REGION
        else:
            is_parallel = chance.random() < 0.35
            kinds[id_] = Kind.PARALLEL if is_parallel else Kind.COMPOUND
    return kinds


def _label(chance: random.Random, id_: str) -> str:
    if chance.random() < 0.3:
        return ""
    return chance.choice(WORDS) + (id_ if chance.random() < 0.5 else "")


def _edge(chance: random.Random, id_: str, ids: list[str]) -> Edge:
    source, target = chance.choice(ids), chance.choice(ids)
    roll = chance.random()
    if roll < 0.08:
        source = ANY
    elif roll < 0.16:
        target = source
    return Edge(
        id_,
        source,
        target,
        event=chance.choice(EVENTS),
        guard=chance.choice(("", "", "qty>0")),
        delay_s=chance.choice((None, None, None, 5.0, 0.25)),
        is_internal=source == target and chance.random() < 0.3,
        is_dashed=chance.random() < 0.1,
    )


@st.composite
def graphs(draw: st.DrawFn, most: int = 40) -> Graph:
    """Random charts of up to so many nodes, half of them small.

    A failing one is named by its seed and its size.
    """
    seed = draw(st.integers(0, 1 << 32))
    size = draw(st.integers(1, min(12, most)) | st.integers(1, most))
    return random_graph(random.Random(seed), size)  # noqa: S311 - no secret


@st.composite
def options(draw: st.DrawFn) -> Options:
    """Ways to draw: both directions, with and without labels."""
    way = draw(st.sampled_from(Direction))
    names_only = draw(st.integers(0, 4)) == 0
    return replace(Options(direction=way), names_only=names_only)
