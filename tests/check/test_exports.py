"""The doors of the two rooms."""

import smtui.check
import smtui.dialects


def test_what_the_rooms_offer_is_listed_in_order_and_there() -> None:
    for room in (smtui.check, smtui.dialects):
        names = list(room.__all__)
        constants = [name for name in names if name.isupper()]
        classes = [name for name in names if name[0].isupper() and not name.isupper()]
        rest = [name for name in names if name[0].islower()]
        assert names == sorted(constants) + sorted(classes) + sorted(rest)
        assert all(hasattr(room, name) for name in names)
