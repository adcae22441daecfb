"""What the processes of a fleet have in their environment.

All that a process starts inherits it, so whatever of a fleet is met anywhere
can be told whose it is.
"""

__all__ = ["CHILD_MARK", "DATA_MARK", "NURSERY"]

CHILD_MARK = "SMTUI_CHILD"
"""The child's name; also in an orphan that fell to the supervisor."""

DATA_MARK = "SMTUI_DATA"
"""The data directory."""

NURSERY = "@nursery"
"""The nursery in place of a child; no machine's name holds an `@`."""
