"""The engine dialect: what a well-formed file becomes."""

from smtui.definition import Ask, EventSpec
from tests.support.definitions import definition, problems

WORKER = """\
    name: Worker
    description: does things
    initial_state: waiting
    metadata: {machine_name: w, anything: {goes: here}}
    template: true
    actions_root: acts
    x-mine: {more: 1}
    states:
      # === MAIN LOOP STATES ===
      - waiting
      - on  # unquoted
      # === END ===

      - stopped
    events:
      new_job:
        context_map: {user: payload.user, jid: job_id}
      off:
    asks:
      on: {text: Go on?, answers: [yes, no]}
    stuck_after: {on: 2.5}
    transitions:
      - {from: waiting, to: on, event: new_job, description: why}
      - {from: on, to: waiting, event: yes}
      - from: on
        to: stopped
        event: no
        actions: [{type: log, message: bye}]
      - {from: "*", to: stopped, event: timeout(0.5)}
    actions:
      waiting:
      on:
        - type: bash
          command: echo {x}
          success: off
"""


def test_the_whole_of_a_file_is_read() -> None:
    found = definition(WORKER)

    assert (found.dialect, found.name, found.initial) == ("engine", "w", "waiting")
    assert (found.title, found.description) == ("Worker", "does things")
    assert found.template
    assert [s.id for s in found.states] == ["waiting", "on", "stopped"]
    assert found.states[1].ask == Ask("Go on?", ("yes", "no"))
    assert [s.stuck_after_s for s in found.states] == [None, 2.5, None]
    assert all(state.declared for state in found.states)


def test_unquoted_on_off_yes_and_no_are_names() -> None:
    found = definition(WORKER)

    assert [t.event for t in found.transitions] == [
        "new_job",
        "yes",
        "no",
        "timeout(0.5)",
    ]
    assert [e.name for e in found.events] == ["new_job", "off"]
    assert found.states[1].actions[0].args["success"] == "off"


def test_comments_in_states_are_groups() -> None:
    assert [s.group for s in definition(WORKER).states] == [
        "MAIN LOOP",
        "MAIN LOOP",
        "END",
    ]


def test_states_before_the_first_heading_belong_to_none() -> None:
    found = definition(
        "initial_state: a\nstates:\n  - a\n  # === X ===\n  - b\n"
        "transitions: []\n# === Y ===\nactions: {a: [], b: []}"
    )

    assert [s.group for s in found.states] == ["", "X"]


def test_a_context_map_is_kept_with_its_event() -> None:
    (event, _) = definition(WORKER).events

    assert isinstance(event, EventSpec)
    assert event.context_map == {"user": "payload.user", "jid": "job_id"}


def test_a_timeout_is_a_delay_in_seconds() -> None:
    assert [t.delay_s for t in definition(WORKER).transitions] == [None] * 3 + [0.5]


def test_actions_of_a_transition_stay_with_it() -> None:
    third = definition(WORKER).transitions[2]

    assert [a.type for a in third.actions] == ["log"]


def test_positions_are_those_of_the_file() -> None:
    found = definition(WORKER)

    assert str(found.states[1].at) == "m.yaml:11:5"
    assert str(found.transitions[0].at) == "m.yaml:23:5"
    assert str(found.states[1].actions[0].at) == "m.yaml:33:7"


def test_without_an_initial_state_it_is_waiting() -> None:
    found = definition("transitions: [{from: waiting, to: a, event: go}]")

    assert found.initial == "waiting"


def test_states_are_collected_when_the_file_lists_none() -> None:
    found = definition(
        """\
        initial_state: a
        transitions: [{from: "*", to: b, event: x}]
        actions: {c: [{type: log}]}
        """
    )

    assert [(s.id, s.declared) for s in found.states] == [
        ("a", True),
        ("b", True),
        ("c", True),
    ]


def test_stuck_after_may_be_one_number_for_all() -> None:
    found = definition("initial_state: a\nstuck_after: 60")

    assert found.stuck_after_s == 60.0


def test_events_may_be_a_list() -> None:
    found = definition("initial_state: a\nevents: [go, on, timeout(5)]")

    assert [e.name for e in found.events] == ["go", "on", "timeout(5)"]


def test_anchors_aliases_and_merges_work_in_actions() -> None:
    found = definition(
        """\
        initial_state: a
        x-base: &base {type: bash, command: 'true', timeout: 5}
        actions:
          a: [*base, {<<: *base, timeout: 9}]
        """
    )

    assert [a.args["timeout"] for a in found.states[0].actions] == [5, 9]


def test_name_and_description_may_stand_anywhere() -> None:
    assert not problems(
        """\
        initial_state: a
        name: N
        events: {go: {description: d, name: n}}
        asks: {a: {text: t, answers: [go], description: d}}
        transitions: [{from: a, to: a, event: go, name: n, description: d}]
        actions: {a: [{type: log, message: m, name: n, description: d}]}
        """
    )
