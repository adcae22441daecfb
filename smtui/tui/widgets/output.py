"""The output of a machine, followed while it grows."""

from collections.abc import Hashable
from datetime import tzinfo

from smtui.tui.widgets.listing import Listing
from smtui.view.loglines import LogLine, log_line
from smtui.view.text import Line, Span

__all__ = ["Output"]


class Output(Listing[LogLine], inherit_bindings=False):
    """Lines of a log; a search marks its matches and hides nothing."""

    zone: tzinfo | None = None
    reveal: bool = False

    def line_of(self, value: LogLine, width: int) -> Line:
        """Return a line with its matches marked."""
        del width
        shown = log_line(value, self.zone, reveal=self.reveal, found=self.query_text)
        return (Span(" "), *shown)

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
