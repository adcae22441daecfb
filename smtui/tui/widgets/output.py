"""The output of a machine, followed while it grows."""

from collections.abc import Sequence
from datetime import tzinfo

from smtui.tui.widgets.listing import Listing, Row
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

    def put(self, lines: Sequence[LogLine]) -> None:
        """Show the lines."""
        self.show([Row(line.number, line) for line in lines])

    def find(self, step: int) -> bool:
        """Go to the next match in a direction; return whether there is one."""
        wanted = self.query_text.casefold()
        count = len(self.rows)
        for distance in range(1, count + 1):
            index = (self.cursor + step * distance) % count
            if wanted in self.rows[index].value.text.casefold():
                self.is_following = False
                self.move_to(index)
                return True
        return False
