"""The pane of a board: columns of cards, and a cursor among them."""

from textual import events

from smtui.tui.widgets.pane import Pane
from smtui.view.kanban import (
    Board,
    Card,
    Spot,
    board_lines,
    moved,
    spot_at,
)
from smtui.view.text import Line, Span

__all__ = ["BoardPane"]

RIGHT_BUTTON = 3


class BoardPane(Pane, inherit_bindings=False):
    """A board, as wide as the pane; its columns scroll, the pane does not."""

    def __init__(self, *, id: str, is_ascii: bool) -> None:  # noqa: A002 - Textual's name
        super().__init__("b", "Board", id=id, is_ascii=is_ascii)
        self.board = Board(())
        self.spot = Spot()
        self.query_text = ""
        """What an id must hold to be shown."""
        self._lines: list[Line] = []
        self._now = 0.0

    @property
    def card(self) -> Card | None:
        """Return the card under the cursor."""
        return self.board.card_at(self.spot)

    def show_board(self, board: Board, now: float) -> None:
        """Show a board; the cursor stays on its card, wherever that went."""
        card = self.card
        self.board, self._now = board, now
        found = None if card is None else board.find(card.id)
        self.spot = found or moved(board, self.spot, 0, 0)
        if board.card_at(self.spot) is None:
            self.spot = moved(board, self.spot, 1, 0)
        self._redraw()

    def move(self, columns: int, rows: int) -> None:
        """Move the cursor."""
        self.spot = moved(self.board, self.spot, columns, rows)
        self._redraw()

    def count(self) -> int:
        """Return the number of lines."""
        return len(self._lines)

    def line_at(self, index: int, width: int) -> tuple[Line, str]:
        """Return a line."""
        del width
        return (self._lines[index] if index < len(self._lines) else ()), ""

    def empty_line(self) -> Line:
        """Return what stands there when there is no card."""
        if self.query_text:
            return (Span(f" no instance with {self.query_text!r} in its id", "quiet"),)
        return (Span(" no instance yet: i sends the first event of one", "quiet"),)

    def on_resize(self) -> None:
        """Lay the columns out for the new size."""
        super().on_resize()
        self._redraw()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the card; a second click opens, the right one asks."""
        width, height = self.inner
        found = spot_at(
            self.board, self.spot, (event.x - 1, event.y - 1), (width, height)
        )
        if found is None:
            return
        self.spot = found
        self._redraw()
        if event.button == RIGHT_BUTTON:
            self.post_message(self.Chosen(self, is_menu=True))
        elif event.chain > 1:
            self.post_message(self.Chosen(self, is_menu=False))

    def _redraw(self) -> None:
        width, height = self.inner
        self._lines = board_lines(self.board, self.spot, self._now, width, height)
        self.sync()
