"""sismic, doing the workloads of the bench."""

import json

from tests.bench.chart_peers.shared import (
    DEPTH,
    REGIONS,
    RING,
    SIDES,
    Foreign,
    Loop,
    Unable,
    keep,
)

__all__ = ["sismic"]


def sismic(workload: str) -> Loop:
    """Its interpreter of YAML statecharts; code in them is Python text."""
    from sismic.interpreter import Interpreter  # type: ignore[import-not-found]  # in the peers' environment
    from sismic.io import import_from_yaml  # type: ignore[import-not-found]  # in the peers' environment

    if workload == "W6":
        raise Unable("bound interpreters are stepped each by itself")
    text = _sismic_text(workload)
    if workload == "W7":
        chart = import_from_yaml(text)

        def one() -> Foreign:
            made = Interpreter(chart)
            made.execute()
            made.queue("t")
            made.execute()
            return made

        return keep(one)
    machine = Interpreter(import_from_yaml(text))
    machine.execute()

    def loop(n: int) -> None:
        for _ in range(n):
            machine.queue("t")
            machine.execute()

    return loop


def _sismic_text(workload: str) -> str:
    root: dict[str, Foreign] = {"name": "root"}
    chart: dict[str, Foreign] = {"name": "m", "preamble": "n = 0", "root state": root}
    if workload == "W5":
        root["parallel states"] = [
            {
                "name": f"r{i}",
                "initial": f"r{i}a",
                "states": [
                    _sismic_state(f"r{i}a", f"r{i}b"),
                    _sismic_state(f"r{i}b", f"r{i}a"),
                ],
            }
            for i in range(REGIONS)
        ]
    elif workload == "W4":
        root["initial"] = "l1"
        root["states"] = [_sismic_branch(side, 1) for side in SIDES]
    elif workload == "W2":
        root["initial"] = "s0"
        root["states"] = [
            _sismic_state(f"s{i}", f"s{(i + 1) % RING}") for i in range(RING)
        ]
    else:
        more = {"guard": "n < 10**9", "action": "n += 1"} if workload == "W3" else {}
        root["initial"] = "a"
        root["states"] = [
            _sismic_state("a", "b", **more),
            _sismic_state("b", "a", **more),
        ]
    return json.dumps({"statechart": chart})


def _sismic_state(name: str, target: str, **more: str) -> dict[str, Foreign]:
    return {"name": name, "transitions": [{"target": target, "event": "t", **more}]}


def _sismic_branch(side: str, depth: int) -> dict[str, Foreign]:
    count = {"on entry": "n += 1", "on exit": "n += 1"}
    name = f"{side}{depth}"
    if depth == DEPTH:
        other = "r5" if side == "l" else "l5"
        return {**_sismic_state(name, other), **count}
    below = _sismic_branch(side, depth + 1)
    return {"name": name, "initial": below["name"], "states": [below], **count}
