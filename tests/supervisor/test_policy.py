"""The restart policy, as examples and as properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smtui.supervisor.policy import (
    EXIT_FENCED,
    STABLE_S,
    Again,
    Done,
    Exit,
    GiveUp,
    Ledger,
    Policy,
    Rest,
    Restart,
    decide,
    how_it_ended,
)
from smtui.wire import Backoff, Intensity

CRASH = Exit(at=1000.0, lived_s=0.1, code=1)
policies = st.builds(
    Policy,
    restart=st.sampled_from(Restart),
    backoff=st.builds(
        Backoff,
        min_s=st.floats(0, 5),
        max_s=st.floats(5, 60),
        factor=st.floats(1, 10),
        jitter=st.floats(0, 1),
    ),
    intensity=st.builds(
        Intensity, count=st.integers(1, 8), period_s=st.floats(0.1, 300)
    ),
)
lives = st.lists(
    st.tuples(
        st.floats(0, 100),  # how long it lived
        st.sampled_from([0, 1, 2, -9, -15]),
        st.floats(-1, 1),
    ),
    max_size=60,
)


def crash_loop(policy: Policy, n: int) -> list[Again | GiveUp | Done | Rest]:
    """Return the decisions on n crashes, each 0.1 s after its start."""
    decisions: list[Again | GiveUp | Done | Rest] = []
    ledger, at = Ledger(), 1000.0
    for _ in range(n):
        decision = decide(policy, ledger, CRASH._replace(at=at), 0.0)
        decisions.append(decision)
        if not isinstance(decision, Again):
            break
        ledger, at = decision.ledger, at + decision.delay_s + 0.1
    return decisions


def test_the_first_restart_is_at_once_and_each_further_waits_longer() -> None:
    decisions = crash_loop(Policy(), 4)

    delays = [d.delay_s for d in decisions if isinstance(d, Again)]
    assert delays == pytest.approx([0.0, 0.2, 0.4, 0.8])


def test_the_fifth_exit_in_a_minute_gives_up_and_says_why() -> None:
    decisions = crash_loop(Policy(), 9)

    assert len(decisions) == 5
    last = decisions[-1]
    assert isinstance(last, GiveUp)
    assert last.reason == "gave up after 5 exits in 60 s: exit 1"
    assert len(last.ledger.exits) == 5


def test_backoff_ends_at_its_maximum() -> None:
    policy = Policy(intensity=Intensity(count=2000, period_s=1.0))

    last = crash_loop(policy, 1500)[-1]

    assert isinstance(last, Again)
    assert last.delay_s == 30.0


def test_jitter_moves_a_delay_by_a_fifth_at_most() -> None:
    ledger = Ledger((999.0,), 1)

    for jitter, delay in ((-1.0, 0.16), (0.0, 0.2), (1.0, 0.24), (7.0, 0.24)):
        decision = decide(Policy(), ledger, CRASH, jitter)
        assert isinstance(decision, Again)
        assert decision.delay_s == pytest.approx(delay)


def test_after_a_stable_life_the_next_restart_is_at_once_again() -> None:
    ledger = Ledger((900.0, 950.0, 960.0), 3)

    decision = decide(Policy(), ledger, CRASH._replace(lived_s=STABLE_S), 0.0)

    counted = Ledger((950.0, 960.0, 1000.0), 1)
    assert decision == Again(0.0, "exit 1", counted)


@pytest.mark.parametrize("restart", Restart)
def test_what_an_operator_asked_for_is_never_counted(restart: Restart) -> None:
    asked = CRASH._replace(is_asked=True, code=-9)

    assert decide(Policy(restart=restart), Ledger(), asked, 0.0) == Rest()


@pytest.mark.parametrize("restart", Restart)
def test_a_definition_that_ended_is_done(restart: Restart) -> None:
    final = CRASH._replace(is_final=True, code=0)

    assert decide(Policy(restart=restart), Ledger(), final, 0.0) == Done()


@pytest.mark.parametrize(
    ("restart", "code", "kind"),
    [
        (Restart.ALWAYS, 0, Again),
        (Restart.ALWAYS, 1, Again),
        (Restart.ON_FAILURE, 0, Done),
        (Restart.ON_FAILURE, 3, Done),
        (Restart.ON_FAILURE, 1, Again),
        (Restart.ON_FAILURE, -15, Again),
        (Restart.NEVER, 0, Done),
        (Restart.NEVER, 1, GiveUp),
        (Restart.NEVER, -9, GiveUp),
    ],
)
def test_the_three_policies(restart: Restart, code: int, kind: type) -> None:
    policy = Policy(restart=restart, success_exit_codes=frozenset({0, 3}))

    decision = decide(policy, Ledger(), CRASH._replace(code=code), 0.0)

    assert isinstance(decision, kind)


def test_a_spawn_that_failed_is_a_failure_whatever_its_code() -> None:
    failed = CRASH._replace(code=0, why="cannot be started: no such file")

    decision = decide(Policy(), Ledger(), failed, 0.0)

    assert isinstance(decision, Again)
    assert decision.reason == "cannot be started: no such file"


def test_a_fenced_process_comes_back_uncounted_but_not_in_a_loop() -> None:
    ledger, delays = Ledger((999.0,), 1), list[float]()
    for _ in range(10):
        decision = decide(Policy(), ledger, CRASH._replace(code=EXIT_FENCED), 0.0)
        assert isinstance(decision, Again)
        ledger = decision.ledger
        delays.append(decision.delay_s)

    assert ledger.exits == (999.0,)
    assert delays[:3] == pytest.approx([0.0, 0.2, 0.4])
    assert delays[-1] == 30.0


@pytest.mark.parametrize(
    ("code", "words"),
    [(0, "exit 0"), (-9, "killed by SIGKILL"), (-200, "killed by signal 200")],
)
def test_an_end_is_said_in_words(code: int, words: str) -> None:
    assert how_it_ended(CRASH._replace(code=code)) == words


@given(policies, lives)
def test_never_more_restarts_in_a_period_than_the_intensity(
    policy: Policy, script: list[tuple[float, int, float]]
) -> None:
    ledger, at = Ledger(), 0.0
    restarts: list[float] = []
    for lived_s, code, jitter in script:
        at += lived_s
        exit_ = Exit(at=at, lived_s=lived_s, code=code)
        decision = decide(policy, ledger, exit_, jitter)
        if not isinstance(decision, Again):
            break
        ledger, at = decision.ledger, at + decision.delay_s
        restarts.append(at)

    period = policy.intensity.period_s
    for begin in restarts:
        inside = [at for at in restarts if begin <= at < begin + period]
        assert len(inside) <= policy.intensity.count


@given(policies, lives)
def test_a_delay_is_never_negative_nor_far_over_the_maximum(
    policy: Policy, script: list[tuple[float, int, float]]
) -> None:
    ledger = Ledger()
    for lived_s, code, jitter in script:
        decision = decide(policy, ledger, Exit(0.0, lived_s, code), jitter)
        if isinstance(decision, Again):
            ledger = decision.ledger
            limit = policy.backoff.max_s * (1 + policy.backoff.jitter)
            assert 0.0 <= decision.delay_s <= limit


@given(policies, lives, st.floats(-1, 1))
def test_operator_stops_leave_no_trace(
    policy: Policy, script: list[tuple[float, int, float]], jitter: float
) -> None:
    ledger = Ledger()
    for lived_s, code, _ in script:
        asked = Exit(0.0, lived_s, code, is_asked=True)
        assert decide(policy, ledger, asked, jitter) == Rest()
