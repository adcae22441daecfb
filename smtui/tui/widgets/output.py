"""The output of a machine, followed while it grows."""

from collections.abc import Hashable
from datetime import tzinfo

from smtui.tui.widgets.listing import Listing
from smtui.view.loglines import HEAD_SPANS, LogLine, log_line
from smtui.view.text import Line, Span, plain, without_first

__all__ = ["Output"]


class Output(Listing[LogLine], inherit_bindings=False):
    """Lines of a log; a search marks its matches and hides nothing."""

    zone: tzinfo | None = None
    reveal: bool = False
    nothing = "no output yet"
    shift = 0
    """Characters of each line that are to the left of the pane."""

    STEP = 20
    """What one press moves: a few words."""

    def line_of(self, value: LogLine, width: int) -> Line:
        """Return a line with its matches marked."""
        del width
        shown = log_line(value, self.zone, reveal=self.reveal, found=self.query_text)
        head, text = shown[:HEAD_SPANS], shown[HEAD_SPANS:]
        return (Span(" "), *head, *without_first(text, self.shift))

    def copy_of(self, value: LogLine, width: int) -> str:
        """Return the whole line, also what is left of the pane."""
        del width
        return plain(log_line(value, self.zone, reveal=self.reveal)).strip()

    def sideways(self, step: int) -> None:
        """Move the lines, so that their ends can be read; their times stay."""
        longest = max((len(line.text) for line in self.items), default=0)
        most = max(0, longest - self.STEP)
        self.shift = min(max(0, self.shift + step * self.STEP), most)
        self.sync()

    def key_of(self, value: LogLine) -> int:
        """Return the line's number."""
        return value.number

    def index_of(self, key: Hashable) -> int | None:
        """Return where a line is now: their numbers have no gaps."""
        if not self.items or not isinstance(key, int):
            return None
        index = key - self.items[0].number
        return index if 0 <= index < len(self.items) else None

    def find(self, step: int) -> bool:
        """Go to the next match in a direction; return whether there is one."""
        wanted = self.query_text.casefold()
        count = len(self.items)
        for distance in range(1, count + 1):
            index = (self.cursor + step * distance) % count
            if wanted in self.items[index].text.casefold():
                self.is_following = False
                self.move_to(index)
                return True
        return False
