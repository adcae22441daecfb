"""Whose turn it is."""

from smtui.chart.values import At, Done, Event, Fired, Go, Result, Woken
from smtui.definition import Json
from smtui.driver import Offer, Wait, choose
from tests.support.hand import Hand, at

BUSY = """
initial_state: a
transitions:
  - {from: a, to: b, event: timeout(5)}
  - {from: a, to: c, event: timeout(2)}
actions:
  a: [{type: bash, command: x}]
"""

WATCHING = """
initial_state: a
transitions:
  - {from: a, to: a, event: no_jobs}
  - {from: a, to: b, event: timeout(5)}
actions:
  a: [{type: check_database_queue, job_type: t}]
"""


def event(name: str = "x") -> Event:
    return Event(name, {}, name, at())


def chosen(hand: Hand, offer: Offer) -> object:
    return choose(hand.chart, hand.snapshot, offer)


def in_hand(hand: Hand) -> str:
    asked = hand.asked
    return next(i for i, e in hand.snapshot.pending.items() if e is asked)


def timer(hand: Hand, name: str) -> str:
    return next(
        i for i, e in hand.snapshot.pending.items() if getattr(e, "event", None) == name
    )


def watching() -> Hand:
    return Hand(WATCHING).go().gives({"job": None}, counters={"jobs/t": 3})


def test_a_querys_result_comes_before_a_due_delay() -> None:
    hand = Hand(WATCHING).go()
    done = Done(in_hand(hand), Result({"job": None}), at(9))

    assert chosen(hand, Offer(at(9), [done], [event()])) == done


def test_of_a_result_and_a_delay_the_earlier_comes_first() -> None:
    hand = Hand(BUSY).go()
    id_ = in_hand(hand)
    early, late = (Done(id_, Result({}), at(s)) for s in (1.9, 2.1))
    fired = Fired(timer(hand, "timeout(2)"), at(3))

    assert chosen(hand, Offer(at(3), [early], [event()])) == early
    assert chosen(hand, Offer(at(3), [late], [event()])) == fired
    assert chosen(hand, Offer(at(1), [early])) == early


def test_a_delay_of_another_boot_comes_before_a_result() -> None:
    """Their clocks do not compare; overdue delays fire first."""
    hand = Hand(BUSY).go()
    now = At(at(60).wall, 3.0, "boot-2")
    done = Done(in_hand(hand), Result({}), now)

    assert chosen(hand, Offer(now, [done])) == Fired(timer(hand, "timeout(2)"), now)


def test_overdue_delays_fire_in_order_of_due() -> None:
    hand = Hand(BUSY)

    assert chosen(hand, Offer(at(9))) == Fired(timer(hand, "timeout(2)"), at(9))


def test_an_answer_to_nothing_is_not_chosen() -> None:
    hand = Hand(WATCHING)
    stranger = Done("0.0", Result({}), at())

    assert chosen(hand, Offer(at(), [stranger])) == Go(at())


def test_the_oldest_event_that_is_accepted_is_chosen() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions: []
        actions:
          a: [{type: check_events, event_types: [waits]}]
        """
    )

    offer = Offer(at(), [], [event("waits"), event("one"), event("two")])

    assert chosen(hand, offer) == event("one")


def test_an_event_comes_before_a_wake_up_and_before_going_on() -> None:
    assert chosen(Hand(WATCHING), Offer(at(), [], [event()])) == event()
    woken = Offer(at(), [], [event()], {"jobs/t": 4})

    assert chosen(watching(), woken) == event()


def test_an_event_waits_while_an_action_is_in_hand() -> None:
    hand = Hand(BUSY).go()

    assert chosen(hand, Offer(at(), [], [event()])) == Wait(at(2))


def test_a_greater_counter_wakes() -> None:
    hand = watching()
    id_ = next(i for i, e in hand.snapshot.pending.items() if e is hand.watch)

    assert chosen(hand, Offer(at(1), counters={"jobs/t": 4})) == Woken(id_, at(1))
    for counters in ({"jobs/t": 3}, {}, {"jobs/u": 9}):
        assert chosen(hand, Offer(at(1), counters=counters)) == Wait(at(5))


def test_a_watched_event_in_the_inbox_wakes() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions: []
        actions:
          a: [{type: check_events, event_types: [x]}]
        """
    )
    hand.go().gives({"event": None})
    id_ = next(iter(hand.snapshot.pending))

    assert chosen(hand, Offer(at(), [], [event("x")])) == Woken(id_, at())
    assert chosen(hand, Offer(at())) == Wait(None)


def test_a_list_that_grew_wakes() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions: []
        actions:
          a: [{type: pop_from_list, list_key: todo}]
        """
    )
    hand.go()
    id_ = next(iter(hand.snapshot.pending))

    def with_list(todo: Json) -> object:
        changed = hand.snapshot._replace(data={"todo": todo})
        return choose(hand.chart, changed, Offer(at()))

    assert with_list([1]) == Woken(id_, at())
    assert with_list([]) == with_list("text") == with_list(None) == Wait(None)


POLLING = """
initial_state: a
transitions:
  - {from: a, to: a, event: again}
  - {from: a, to: b, event: timeout(60)}
actions:
  a: [{type: bash, command: x, success: again, poll_interval: 3}]
"""


def test_a_deadline_wakes_and_is_waited_for() -> None:
    hand = Hand(POLLING).go().exits()
    id_ = next(i for i, e in hand.snapshot.pending.items() if e is hand.watch)

    assert chosen(hand, Offer(at(1))) == Wait(at(3))
    assert chosen(hand, Offer(at(3))) == Woken(id_, at(3))


def test_a_clock_that_was_set_does_not_hide_the_next_delay() -> None:
    """Same boot: boot time decides, whatever the wall clock says by then."""
    hand = Hand(
        """
        initial_state: a
        transitions: [{from: a, to: b, event: timeout(60)}]
        actions:
          a: [{type: wait_for_jobs, timeout: 300}]
        """,
        {"spawned_jobs": ["j"]},
    )
    hand.now = At(hand.now.wall - 100_000, hand.now.boot + 50, hand.now.boot_id)
    hand.go().gives({"completed": [], "failed": [], "pending": ["j"]})

    assert chosen(hand, Offer(hand.now)) == Wait(at(60))


def test_a_run_that_ended_waits_for_nothing() -> None:
    hand = Hand("initial_state: stopped\ntransitions: []\n").go()

    assert chosen(hand, Offer(at(), [], [event()])) == Wait(None)


CHASING = """
initial_state: a
transitions:
  - {from: a, to: b, event: to_b}
  - {from: b, to: a, event: to_a}
  - {from: "*", to: c, event: timeout(9)}
actions:
  a: [{type: raise, event: to_b}]
  b: [{type: raise, event: to_a}]
"""


def test_a_machine_that_chases_itself_is_paced_after_a_while() -> None:
    hand = Hand(CHASING)
    for _ in range(100):
        assert chosen(hand, Offer(hand.now)) == Go(hand.now)
        hand.go()

    assert chosen(hand, Offer(hand.now)) == Wait(hand.now.plus(0.05))
    later = hand.now.plus(0.05)
    assert chosen(hand, Offer(later)) == Go(later)


def test_pacing_hides_no_delay_that_comes_before() -> None:
    hand = Hand(CHASING.replace("timeout(9)", "timeout(0.02)"))
    for _ in range(100):
        hand.go()

    assert chosen(hand, Offer(hand.now)) == Wait(hand.now.plus(0.02))


def test_anything_from_outside_ends_the_pacing() -> None:
    hand = Hand(CHASING)
    for _ in range(100):
        hand.go()

    hand.send("nobody")

    assert chosen(hand, Offer(hand.now)) == Go(hand.now)


def test_the_runs_end_is_a_turn_of_its_own() -> None:
    hand = Hand("initial_state: stopped\ntransitions: []\n")

    assert chosen(hand, Offer(at(), [], [event()])) == Go(at())
