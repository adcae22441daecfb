from smtui.chart import Branch, Depends
from smtui.chart.messages import Answer, Ask, Decision
from smtui.chart.values import Event, Go, Ignored, Rejected, Step, Taken
from smtui.definition import PYSTATOR
from smtui.definition.guards import AllOf, AnyOf, NotGuard, PeerGuard
from smtui.stepper import foresee, preview, wants_go
from tests.support.trees import AT, HERE, arrow, ask, asks, begin, chart, state, take

PAYMENT = chart(
    state("open"),
    state("paid"),
    state("refused"),
    arrow("open", "pay", "paid", guard=AllOf((asks("covered"), asks("allowed")))),
    arrow("open", "pay", "refused", guard=asks("refusable")),
)


def question(asked: Step | Ask) -> str:
    assert isinstance(asked, Ask)
    (only,) = asked.questions
    return only.name


def answered(*said: bool) -> list[Answer]:
    return [Answer(f"main/1/2/{n}", holds) for n, holds in enumerate(said, start=1)]


def test_a_guard_that_is_author_code_is_asked_for() -> None:
    first = ask(PAYMENT, begin(PAYMENT, sum=3).snapshot, "pay", data={"by": "card"})

    assert isinstance(first, Ask)
    (only,) = first.questions
    assert "covered" == only.name
    assert {"sum": 3} == only.data
    assert {"name": "pay", "type": "external", "data": {"by": "card"}} == only.event


def test_guards_are_asked_in_order_of_selection_and_stop_early() -> None:
    snapshot = begin(PAYMENT).snapshot

    assert "allowed" == question(ask(PAYMENT, snapshot, "pay", *answered(True)))
    assert "refusable" == question(ask(PAYMENT, snapshot, "pay", *answered(False)))


def test_with_all_answers_the_step_is_taken() -> None:
    snapshot = begin(PAYMENT).snapshot
    paid = take(PAYMENT, snapshot, "pay", *answered(True, True))
    refused = take(PAYMENT, snapshot, "pay", *answered(False, True))

    assert ("paid",) == paid.snapshot.configuration
    assert ("refused",) == refused.snapshot.configuration


def test_a_step_tells_which_guards_decided() -> None:
    taken = take(PAYMENT, begin(PAYMENT).snapshot, "pay", *answered(False, True))

    assert (
        Decision("covered", holds=False),
        Decision("refusable", holds=True),
    ) == taken.decided


def test_a_guard_that_raises_says_no_and_why() -> None:
    broken = Answer("main/1/2/1", holds=True, error="ZeroDivisionError()")
    taken = take(
        PAYMENT, begin(PAYMENT).snapshot, "pay", broken, *answered(False, False)[1:]
    )

    why = "covered (covered: ZeroDivisionError()), refusable"
    assert Ignored(f'"pay" in open: no by {why}') == taken.outcome


def test_guards_that_say_no_reject_the_event_of_a_strict_chart() -> None:
    made = chart(
        state("a"),
        arrow("a", "go", "a", guard=asks("ready")),
        semantics=PYSTATOR,
    )
    taken = take(made, begin(made).snapshot, "go", *answered(False))

    assert Rejected("guard_rejected", '"go" in a: no by ready') == taken.outcome


def test_composed_guards_are_asked_as_far_as_they_matter() -> None:
    either = AnyOf((asks("one"), NotGuard(asks("two"))))
    made = chart(state("a"), state("b"), arrow("a", "go", "b", guard=either))
    snapshot = begin(made).snapshot

    assert ("b",) == take(made, snapshot, "go", *answered(True)).snapshot.configuration
    assert "two" == question(ask(made, snapshot, "go", *answered(False)))


def test_the_state_of_another_machine_is_asked_for() -> None:
    made = chart(
        state("a"),
        state("b"),
        arrow("a", "go", "b", guard=PeerGuard("payment", ("paid",), HERE)),
    )
    asked = ask(made, begin(made).snapshot, "go")

    assert isinstance(asked, Ask)
    (only,) = asked.questions
    wanted = {"states": ["paid"], "instance": ""}
    assert ("payment", wanted) == (only.name, only.params)


def test_a_preview_never_answers_an_authors_guard() -> None:
    (option,) = preview(PAYMENT, begin(PAYMENT).snapshot)

    assert "paid or refused" == option.target
    assert isinstance(option.outcome, Depends)
    assert ("covered", "allowed", "refusable") == option.outcome.on
    assert (
        Branch((("covered", True), ("allowed", True)), "paid")
        in option.outcome.branches
    )


def test_an_event_no_guard_decides_is_foreseen_as_it_will_be() -> None:
    made = chart(state("a"), state("b"), arrow("a", "go", "b"))
    snapshot = begin(made).snapshot

    foreseen = foresee(made, snapshot, Event("go", None, "x", AT))

    assert Taken() == foreseen.outcome
    assert foreseen.step == take(made, snapshot, Event("go", None, "x", AT))


def test_an_open_guard_at_the_start_is_asked_by_the_first_step() -> None:
    made = chart(state("a"), state("b"), arrow("a", "", "b", guard=asks("ready")))
    begun = begin(made)

    assert ("a",) == begun.snapshot.configuration
    assert wants_go(made, begun.snapshot)
    assert "ready" == question(ask(made, begun.snapshot, Go(AT)))
    after = take(made, begun.snapshot, Go(AT), *answered(True))
    assert ("b",) == after.snapshot.configuration


def test_a_circle_that_asks_the_author_each_time_ends_soon() -> None:
    made = chart(
        state("calm"),
        state("a"),
        state("b"),
        arrow("calm", "go", "b"),
        arrow("b", "", "a", guard=asks("yes")),
        arrow("a", "", "b", guard=asks("no")),
    )
    first = begin(made).snapshot
    answers: list[Answer] = []

    taken = ask(made, first, "go", *answers)
    while isinstance(taken, Ask):
        answers += [Answer(question.id, holds=True) for question in taken.questions]
        taken = ask(made, first, "go", *answers)

    assert isinstance(taken.outcome, Rejected)
    assert taken.outcome.code == "endless"
    assert len(answers) < 500
