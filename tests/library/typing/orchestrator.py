"""What type checkers infer of an orchestrator; nobody runs this file.

Both checkers read it with the rest: a wrong type here is an error of theirs.
"""

from typing import assert_type

from smtui import Orchestrator
from tests.support.shop import Order, Pay


class Shop(Orchestrator):
    order: Order
    payment: Pay


class Gifts(Shop, orchestrator_name="gifts"):
    wrapping: "Order | None" = None


def infer(shop: Shop, gifts: Gifts) -> None:
    """Ask for the types."""
    assert_type(shop.order, Order)
    assert_type(shop.payment, Pay)
    assert_type(gifts.payment, Pay)
    assert_type(gifts.wrapping, Order | None)
    assert_type(Shop(order=Order(), payment=Pay()), Shop)
    assert_type(Gifts.begin(), Gifts)
    assert_type(shop.orchestrator_name, str)


def refuse(shop: Shop) -> None:
    """Be refused: to mypy an ignore that nothing needs is an error as well."""
    Shop(order=Order())  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    Shop(order=Pay(), payment=Pay())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    shop.nobody  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]  # noqa: B018
    shop.order = Pay()  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]
