"""Which state stands above which: cycles are broken, then ranks given.

From the initial state, depth first in the order of declaration: an arrow back
to a state on the way is turned around for the ranking, and so is every arrow
into the initial state, which therefore always stands on top. Ranks are longest
paths, then nodes slide to where their arrows are shortest.
"""

from collections.abc import Collection, Sequence

__all__ = ["rank_nodes"]

_PASSES = 8


def rank_nodes(
    nodes: Sequence[str],
    pairs: Sequence[tuple[str, str]],
    first: str | None,
    roots: Collection[str] = (),
) -> dict[str, int]:
    """Return a rank for every node, from 0 without gaps.

    `first` is the initial node; `roots` are reached from anywhere. The ends of
    a pair never have the same rank.
    """
    followers: dict[str, list[str]] = {node: [] for node in nodes}
    for source, target in dict.fromkeys(pairs):
        followers[source].append(target)
    entered = {target for _, target in pairs}
    order = [] if first is None else [first]
    order += [node for node in nodes if node in roots]
    order += [node for node in nodes if node not in entered]
    back = _back_edges(followers, [*order, *nodes])
    below: dict[str, list[str]] = {node: [] for node in nodes}
    above: dict[str, list[str]] = {node: [] for node in nodes}
    for source, target in dict.fromkeys(pairs):
        is_turned = (source, target) in back or target == first
        upper, lower = (target, source) if is_turned else (source, target)
        below[upper].append(lower)
        above[lower].append(upper)
    return _slide(_longest_paths(nodes, above, below), above, below, first)


def _back_edges(
    followers: dict[str, list[str]], order: Sequence[str]
) -> set[tuple[str, str]]:
    """Return the edges that close a cycle on a depth-first walk."""
    back: set[tuple[str, str]] = set()
    seen: set[str] = set()
    for start in order:
        if start in seen:
            continue
        seen.add(start)
        way = {start}
        stack = [(start, iter(followers[start]))]
        while stack:
            node, targets = stack[-1]
            for target in targets:
                if target in way:
                    back.add((node, target))
                elif target not in seen:
                    seen.add(target)
                    way.add(target)
                    stack.append((target, iter(followers[target])))
                    break
            else:
                stack.pop()
                way.discard(node)
    return back


def _longest_paths(
    nodes: Sequence[str], above: dict[str, list[str]], below: dict[str, list[str]]
) -> dict[str, int]:
    rank = dict.fromkeys(nodes, 0)
    missing = {node: len(above[node]) for node in nodes}
    ready = [node for node in nodes if not missing[node]]
    for node in ready:
        for lower in below[node]:
            rank[lower] = max(rank[lower], rank[node] + 1)
            missing[lower] -= 1
            if not missing[lower]:
                ready.append(lower)
    return rank


def _slide(
    rank: dict[str, int],
    above: dict[str, list[str]],
    below: dict[str, list[str]],
    first: str | None,
) -> dict[str, int]:
    """Move nodes within their slack to where the sum of lengths is least."""
    for _ in range(_PASSES):
        moved = False
        for node in sorted(rank, key=rank.__getitem__, reverse=True):
            pull = len(below[node]) - len(above[node])
            if node == first:
                continue
            if pull > 0 and below[node]:
                wanted = min(rank[lower] for lower in below[node]) - 1
            elif pull < 0 and above[node]:
                wanted = max(rank[upper] for upper in above[node]) + 1
            else:
                continue
            if wanted != rank[node]:
                rank[node] = wanted
                moved = True
        if not moved:
            break
    used = sorted(set(rank.values()))
    return {node: used.index(rank[node]) for node in rank}
