"""Counting instances, and those that wait for a human."""

from dataclasses import replace

from smtui.chart.values import Status
from smtui.definition import Ask
from smtui.runtime.tally import Tally
from smtui.store.rows import InstanceSize
from tests.support.trees import arrow, begin, chart, state, take

CHART = chart(
    state("new"),
    replace(state("asked"), ask=Ask("publish?", ("yes",))),
    arrow("new", "look", "asked"),
    arrow("asked", "yes", "new"),
)


def test_what_the_store_counts_is_taken_over() -> None:
    tally = Tally(CHART.definition)
    tally.load(
        [
            InstanceSize("running", ("new",), 7),
            InstanceSize("running", ("asked",), 2),
            InstanceSize("final", ("asked",), 1),
        ]
    )

    assert (10, (2, "asked")) == (tally.instances, tally.asking)


def test_steps_in_and_out_of_a_state_that_asks_are_counted() -> None:
    tally = Tally(CHART.definition)
    begun = begin(CHART).snapshot
    asked = take(CHART, begun, "look").snapshot

    tally.moved(None, begun)
    tally.moved(begun, asked)
    assert (1, "asked") == tally.asking
    tally.moved(asked, asked._replace(status=Status.FAILED))
    assert (0, "") == tally.asking
