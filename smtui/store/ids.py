"""Random ids in order of time (ULID, github.com/ulid/spec).

Random, because keys of actions come from the ids of the events that cause
them: after a power cut that forgot an event, a counter would give its number,
and so its keys, to another event. In order of time, because rows that are
neighbours in time then are neighbours in the index.
"""

import secrets

__all__ = ["ULID_LENGTH", "ulid"]

ULID_LENGTH = 26

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RANDOM_BITS = 80
_TIME_BITS = 48


def ulid(now: float) -> str:
    """Return a new id; `now` is in seconds since the epoch, from a Clock."""
    millis = max(0, int(now * 1000)) & ((1 << _TIME_BITS) - 1)
    number = millis << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))
