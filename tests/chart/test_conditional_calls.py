"""Author's actions under a condition: each has its turn and a key of its own."""

import json

from smtui.chart import StateChart, compile_chart, decode, encode
from smtui.chart.values import (
    Done,
    Event,
    Given,
    Patch,
    Result,
    Run,
    RunEntry,
    Snapshot,
    Step,
)
from smtui.dialects import load_text
from smtui.stepper import Nothing, accepts, start, step
from smtui.testing import ManualClock

TEXT = """\
states: [{name: a, type: initial}, {name: b}]
transitions:
  - source: a
    dest: b
    trigger: go
    actions:
      - {name: one, when: n > 1}
      - {name: two, when: {field: n, op: gt, value: 2}}
      - {name: three, when: n > 5}
"""

NESTED = """\
states: [{name: a, type: initial}, {name: b, on_enter: [last]}]
transitions:
  - source: a
    dest: b
    trigger: go
    actions:
      - branch:
          when: n > 1
          then:
            - first
            - {set: {n: 9}, when: {field: m, op: is_set}}
            - branch:
                when: n > 5
                then: [{increment: k}, {custom: {name: second, params: {p: 1}}}]
                else: [never]
            - {increment: k}
          else: [never]
      - {increment: k}
"""

AT = ManualClock().at()


def chart(text: str) -> StateChart:
    definition = load_text(text, "m.yaml").definition
    assert definition is not None
    made = compile_chart(definition)
    assert isinstance(made, StateChart)
    return made


def told(made: StateChart, **data: int) -> Step:
    begun = start(made, data, Given("m", "main", 1, "begin", AT))
    taken = step(made, begun.snapshot, Event("go", {}, "e1", AT))
    assert isinstance(taken, Step)
    return taken


def after(made: StateChart, before: Snapshot, **changed: int) -> Step:
    id_ = next(i for i, e in before.pending.items() if isinstance(e, RunEntry))
    kept = decode(json.loads(json.dumps(encode(before))))
    taken = step(made, kept, Done(id_, Result({}), AT, Patch(changed)))
    assert isinstance(taken, Step)
    return taken


def asked(taken: Step) -> list[str]:
    return [e.entry.action for e in taken.effects if isinstance(e, Run)]


def test_actions_under_conditions_wait_for_each_other() -> None:
    made = chart(TEXT)

    first = told(made, n=2)
    second = after(made, first.snapshot, n=3)
    third = after(made, second.snapshot)

    assert [["one"], ["two"], []] == [asked(each) for each in (first, second, third)]
    assert Nothing("one is in hand") == accepts(made, first.snapshot)
    keys = {e.entry.key for s in (first, second) for e in s.effects if type(e) is Run}
    assert len(keys) == 2


def test_branches_in_branches_go_on_where_they_were() -> None:
    made = chart(NESTED)

    first = told(made, n=2, k=0)
    second = after(made, first.snapshot, m=1)
    third = after(made, second.snapshot)
    fourth = after(made, third.snapshot)

    seen = [asked(each) for each in (first, second, third, fourth)]
    assert [["first"], ["second"], ["last"], []] == seen
    assert {"n": 9, "k": 1, "m": 1} == second.snapshot.data
    assert {"n": 9, "k": 3, "m": 1} == third.snapshot.data
    assert fourth.snapshot.pause is None


def test_a_branch_without_actions_does_not_stop_its_list() -> None:
    made = chart(NESTED.replace("else: [never]", "else: [{set: {x: 1}}]"))

    taken = told(made, n=0, k=0)

    assert ["last"] == asked(taken)
    assert {"n": 0, "k": 1, "x": 1} == taken.snapshot.data
