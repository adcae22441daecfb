from pathlib import Path

import pytest

from smtui.testing import play, read_scenarios
from tests.support.scenarios import DOOR, differences, subject

LIGHT = """\
<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" initial="dark">
  <datamodel><data id="n" expr="0"/></datamodel>
  <state id="dark"><transition event="go" target="lit"/></state>
  <state id="lit">
    <onentry>
      <assign location="n" expr="n + 1"/>
      <send event="out" delay="1h"/>
      <send event="seen" target="watcher"/>
    </onentry>
    <transition event="out" target="dark"/>
  </state>
</scxml>
"""

ORDER = """\
meta: {machine_name: order, version: "1.0"}
states:
  - {name: OPEN, type: initial}
  - {name: PAID, type: stable}
  - {name: SENT, type: terminal}
transitions:
  - {trigger: pay, source: OPEN, dest: PAID, guards: [covered], actions: [receipt]}
  - {trigger: ship, source: PAID, dest: SENT, guards: [{expr: "weight < 10"}]}
"""


def test_a_shell_action_gives_what_its_stub_says(tmp_path: Path) -> None:
    text = """
stubs: {actions: {bash: {output: "x\\n42\\n"}}}
steps:
  - expect: closed
  - send: push
    payload: {who: Ann}
    expect:
      state: open
      status: running
      outcome: taken
      data: {who: Ann, line: 42, missing: null}
      sends: [{event: ring, to: bell, payload: {who: Ann}}]
      runs: [{action: bash, args: {command: echo Ann}}]
  - {after: 10m, expect: {state: closed, sends: [], runs: []}}
"""
    assert [] == differences(subject(tmp_path), text)


def test_answers_come_one_after_the_other_and_the_last_stays(tmp_path: Path) -> None:
    text = """
stubs: {actions: {bash: [0, 0, 1]}}
steps:
  - {send: push, expect: open}
  - {after: 600, expect: closed}
  - {send: push, expect: open}
  - {after: 600, expect: closed}
  - {send: push, expect: broken}
"""
    assert [] == differences(subject(tmp_path), text)


def test_an_answer_for_a_state_is_stronger_than_one_by_name(tmp_path: Path) -> None:
    text = "stubs: {actions: {bash: 0}, states: {open: 1}}\n"
    text += "steps: [{send: push, expect: broken}]"

    assert [] == differences(subject(tmp_path), text)


def test_an_action_takes_the_time_it_is_said_to(tmp_path: Path) -> None:
    text = """
stubs: {actions: {bash: {exit: 1, takes: 5s}}}
steps:
  - {send: push, expect: open}
  - {send: stop, expect: {state: open, outcome: waits}}
  - {after: 4.9s, expect: open}
  - {after: 100ms, expect: {state: stopped, status: final}}
"""
    assert [] == differences(subject(tmp_path), text)


def test_what_differs_is_told_with_its_place_and_ends_the_scenario(
    tmp_path: Path,
) -> None:
    text = "steps:\n  - {send: pull, expect: {state: open, data: {n: 1}}}\n"
    text += "  - {expect: broken}\n"

    first, second = differences(subject(tmp_path), text)
    assert ("state", "open", "closed") == (first.what, first.expected, first.got)
    assert 'no "pull" in closed (taken in no state)' == first.why
    assert ("data.n", "1", "nothing") == (second.what, second.expected, second.got)
    assert (3, 34) == (first.at.line, first.at.column)


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        ("sends: []", "ring to bell {'who': None}"),
        ("sends: [ring, ring]", "ring to bell {'who': None}"),
        ("sends: [{event: ring, to: gong}]", "ring to bell {'who': None}"),
        ("runs: []", "bash"),
        ("status: final", "running"),
        ("outcome: ignored", "taken"),
        ("data: {line: null}", "'x'"),
    ],
)
def test_each_part_of_what_is_expected_is_compared(
    expected: str, got: str, tmp_path: Path
) -> None:
    text = "stubs: {actions: {bash: {output: x}}}\n"
    text += f"steps: [{{send: push, expect: {{{expected}}}}}]"

    (found,) = differences(subject(tmp_path), text)
    assert got == found.got


def test_a_queue_gives_the_jobs_a_scenario_adds(tmp_path: Path) -> None:
    worker = subject(
        tmp_path,
        """\
initial_state: idle
transitions:
  - {from: idle, to: busy, event: new_job}
  - {from: busy, to: idle, event: job_done}
actions:
  idle: [{type: check_database_queue, job_type: count}]
  busy: [{type: bash, command: "true"}]
""",
    )
    text = """
stubs: {actions: {bash: {takes: 1s}}}
steps:
  - expect: idle
  - {job: {type: count, data: {n: 7}}, expect: {state: busy, data: {n: 7}}}
  - {after: 1s, expect: idle}
  - {job: other, expect: idle}
"""
    assert [] == differences(worker, text)


def test_a_machine_that_chases_itself_fails_with_the_way_out(tmp_path: Path) -> None:
    text = (
        DOOR
        + "  broken: []\n"
        + "  closed: [{type: bash, command: a, success: push}]\n"
    )
    chaser = subject(tmp_path, text.replace("timeout(600)", "said"))

    (found,) = differences(chaser, "steps: [{expect: closed}]")
    assert "the sessions never come to rest" == found.got
    assert "takes: 1s" in found.why


def test_scxml_is_played_with_its_delays_and_sends(tmp_path: Path) -> None:
    light = subject(tmp_path, LIGHT, "light.scxml")
    text = """
data: {n: 4}
steps:
  - {send: go, expect: {state: lit, data: {n: 5}, sends: [{event: seen, to: watcher}]}}
  - {after: 59m, expect: lit}
  - {after: 1m, expect: dark}
"""
    assert [] == differences(light, text)


def test_pystator_is_played_with_guards_and_actions_of_stubs(tmp_path: Path) -> None:
    order = subject(tmp_path, ORDER, "order.yaml")
    text = """
stubs:
  guards: {covered: [false, true]}
  actions: {receipt: {data: {number: 12}}}
steps:
  - {send: pay, expect: {state: OPEN, outcome: rejected, runs: []}}
  - {send: pay, expect: {state: PAID, data: {number: 12}, runs: [receipt]}}
  - {send: ship, payload: {weight: 20}, expect: PAID}
  - {send: ship, payload: {weight: 2}, expect: {state: SENT, status: final}}
"""
    assert [] == differences(order, text)


def test_a_guard_without_a_stub_fails_and_says_how_to_give_one(tmp_path: Path) -> None:
    order = subject(tmp_path, ORDER, "order.yaml")

    (found,) = differences(order, "steps: [{send: pay}]")
    assert "the guard 'covered' is author's code and has no stub" == found.got
    assert "stubs: {guards: {covered: true}}" == found.why


def test_playing_never_runs_what_an_author_wrote(tmp_path: Path) -> None:
    touched = tmp_path / "touched"
    text = DOOR.replace("echo {who|default:nobody}", f"touch {touched}")
    (tmp_path / "actions").mkdir()
    (tmp_path / "actions" / "x_action.py").write_text("raise SystemExit", "utf-8")
    machine = subject(tmp_path, text)
    read = read_scenarios("definition: x\nsteps: [{send: push, expect: open}]", "x")

    assert play(machine, read.scenarios[0]).is_ok
    assert not touched.exists()


HOOKS = """\
states: [{name: a, type: initial}, {name: b}, {name: late, type: terminal}]
error_policy: {default_fallback: late}
transitions:
  - trigger: go
    source: a
    dest: b
    actions:
      - {name: work, timeout: 5, retry: 2, retry_backoff: 60}
      - http: {url: "http://x.test"}
"""


def test_an_action_is_tried_again_in_virtual_time(tmp_path: Path) -> None:
    text = """
stubs: {actions: {work: [{error: no luck}, {takes: 10}, {data: {done: true}}]}}
steps:
  - {send: go, expect: {state: b, runs: [{action: work}]}}
  - {after: 50, expect: {state: b, runs: []}}
  - {after: 20, expect: {state: b, runs: [{action: work}]}}
  - after: 200
    expect: {state: b, data: {done: true}, runs: [{action: work}, {action: _http}]}
"""
    assert [] == differences(subject(tmp_path, HOOKS), text)
