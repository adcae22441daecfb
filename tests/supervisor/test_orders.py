"""Orders add up to one wish, whatever comes in whatever order."""

from hypothesis import given
from hypothesis import strategies as st

from smtui.supervisor.orders import (
    Change,
    Order,
    Restart,
    Start,
    Stop,
    Wish,
    fold,
)
from smtui.supervisor.spec import ChildSpec

orders = st.one_of(
    st.builds(Start, is_operator=st.booleans(), is_fresh=st.booleans()),
    st.builds(Stop, is_forced=st.booleans()),
    st.builds(Restart, is_fresh=st.booleans()),
    st.builds(Change, spec=st.builds(ChildSpec, name=st.just("a"))),
)


def total(*given_: Order) -> Wish:
    wish = Wish(ChildSpec("a"))
    for order in given_:
        wish = fold(wish, order)
    return wish


@given(st.lists(orders))
def test_the_last_order_decides_whether_it_runs(mail: list[Order]) -> None:
    wish = total(*mail)
    last = [order for order in mail if not isinstance(order, Change)][-1:]

    assert wish.is_up == (bool(last) and not isinstance(last[0], Stop))
    assert not wish.is_called or wish.is_up


@given(st.lists(orders))
def test_no_stop_before_the_last_start_is_forgotten(mail: list[Order]) -> None:
    must_end = any(isinstance(order, Stop | Restart) for order in mail)

    assert total(*mail).must_end == must_end


@given(st.lists(orders), st.booleans())
def test_a_stop_takes_back_what_was_asked_of_the_next_start(
    mail: list[Order], is_forced: bool
) -> None:
    wish = total(*mail, Stop("x", is_forced=is_forced))

    assert not wish.is_fresh
    assert not wish.is_operator
    assert wish.reason == "x"


def test_a_start_of_a_running_child_is_no_restart() -> None:
    assert not total(Start()).must_end


def test_a_change_waits_for_the_next_start() -> None:
    spec = ChildSpec("a", cwd="/elsewhere")

    assert total(Start(), Change(spec)) == Wish(spec, is_up=True, is_called=True)


def test_what_has_begun_is_not_asked_for_any_more() -> None:
    wish = total(Restart(is_fresh=True)).begun()

    assert wish == Wish(ChildSpec("a"), is_up=True)
