"""python -m tests.proof charts|mutants [COUNT] [SEED]: the long form of two tests.

`charts` draws that many random charts (regions, ancestors and descendants,
lines across regions, wide names, both directions, up to 40 states) and checks
each drawing, by our own checker and from outside, by its JSON. `mutants`
changes one sign of a drawing that many times: the checker must see 99 of 100.
One JSON object with the counts; exit code 1 if that is not so.
"""

import json
import random
import sys
from collections import Counter

from smtui.definition import Json
from smtui.view.graph import ANY, Direction, Graph, Options, check, draw, to_document
from tests.support.view_graphs import random_graph
from tests.support.view_mutants import missed, mutated_drawings
from tests.support.view_outside import faults

USUAL = 5000
MOST_STATES = 40
MOST_MISSED = 0.01


def charts(count: int, seed: int) -> dict[str, Json]:
    """Return how many of so many random charts are drawn right."""
    kinds, failed = Counter[str](), list[Json]()
    for number in range(seed, seed + count):
        chance = random.Random(number)  # noqa: S311 - no secret
        graph = random_graph(chance, chance.choice((12, MOST_STATES)))
        way = chance.choice(list(Direction))
        names_only = chance.randrange(5) == 0
        drawing = draw(graph, Options(direction=way, names_only=names_only))
        told = faults(to_document(drawing), names_only=names_only)
        if told or check(drawing):
            failed.append(number)
        kinds.update(_kinds(graph))
        kinds.update([way.value, *(["names only"] if names_only else [])])
    parts: dict[str, Json] = dict(sorted(kinds.items()))
    return {"charts": count, "failed": len(failed), "seeds": failed, "of": parts}


def _kinds(graph: Graph) -> list[str]:
    """Return what makes this chart hard, and how many lines do."""
    found = ["20 states and more"] if len(graph.nodes) >= MOST_STATES // 2 else []
    found += [node.kind.value for node in graph.nodes]
    for edge in graph.edges:
        if edge.source in {ANY, edge.target}:
            continue
        above, below = graph.ancestors(edge.source), graph.ancestors(edge.target)
        if edge.source in below or edge.target in above:
            found.append("to ancestor or descendant")
        elif above[:1] != below[:1]:
            found.append("between containers")
    return found


def mutants(count: int, seed: int) -> dict[str, Json]:
    """Return how many of so many damaged drawings the checker lets through."""
    found = missed(mutated_drawings(), count, seed)
    escaped: list[Json] = [list(one) for one in found]
    share = round(100 * (1 - len(escaped) / count), 2)
    return {"mutants": count, "caught_percent": share, "escaped": escaped}


def main(words: list[str]) -> int:
    """Run one proof and print its counts."""
    what = words[0] if words else ""
    count = int(words[1]) if len(words) > 1 else USUAL
    seed = int(words[2]) if words[2:] else 1
    if what == "charts":
        found = charts(count, seed)
        is_right = not found["failed"]
    elif what == "mutants":
        found = mutants(count, seed)
        escaped = found["escaped"]
        is_right = isinstance(escaped, list) and len(escaped) <= count * MOST_MISSED
    else:
        sys.stderr.write("python -m tests.proof charts|mutants [COUNT] [SEED]\n")
        return 2
    sys.stdout.write(json.dumps(found) + "\n")
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
