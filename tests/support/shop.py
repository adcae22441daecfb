"""An order and its payment, as python-statemachine has them."""

from statemachine import State, StateMachine

__all__ = ["Order", "Pay"]


class Order(StateMachine):
    """From pending to shipped."""

    pending = State(initial=True)
    processing = State()
    shipped = State(final=True)
    process = pending.to(processing)
    ship = processing.to(shipped)


class Pay(StateMachine):
    """From unpaid to captured."""

    unpaid = State(initial=True)
    authorized = State()
    captured = State(final=True)
    authorize = unpaid.to(authorized)
    capture = authorized.to(captured)
