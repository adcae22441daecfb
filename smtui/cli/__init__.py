"""The cli room: the front door for operators.

Nothing of the rooms below is imported before a command needs it: `smtui ps`
must not pay for the screen, and `_supervise` must never load a dialect.
"""

from smtui.cli.entry import main

__all__ = ["main"]
