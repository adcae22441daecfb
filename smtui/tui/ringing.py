"""What makes a terminal call its human: the bell, and OSC 9 with the words.

OSC 9 is iTerm2's notification, which many terminals know and the others drop.
What a machine says is cleaned before it gets here like anywhere else.
"""

from smtui.view.masks import mask_text
from smtui.view.text import one_line
from smtui.wire.messages import Notice

__all__ = ["ringing"]

_BELL = "\a"
_MOST = 200


def ringing(notice: Notice, *, reveal: bool) -> str:
    """Return the bytes for a terminal, as text."""
    text = f"smtui: {notice.machine} {notice.event}: {notice.text}"
    words = one_line(mask_text(text, reveal=reveal))[:_MOST]
    return f"{_BELL}\x1b]9;{words}{_BELL}"
