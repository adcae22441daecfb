"""A pane with a cursor: moving, following the end, and what a filter says."""

from collections.abc import Hashable

from textual import events
from textual.message import Message

from smtui.tui.widgets.pane import Pane

__all__ = ["CursorPane"]

RIGHT_BUTTON = 3


class CursorPane(Pane, inherit_bindings=False):
    """A pane whose rows can be gone through one by one.

    While it follows, the cursor stays at the end where rows are added; moving
    it away ends that.
    """

    class Moved(Message):
        """The cursor is on another row."""

        def __init__(self, pane: Pane) -> None:
            super().__init__()
            self.pane = pane

        def can_replace(self, message: Message) -> bool:
            """Let a newer move swallow an older one."""
            return isinstance(message, CursorPane.Moved)

    def __init__(
        self,
        number: str,
        title: str,
        *,
        id: str,  # noqa: A002 - Textual's name
        is_ascii: bool,
        is_following: bool = False,
    ) -> None:
        super().__init__(number, title, id=id, is_ascii=is_ascii)
        self.cursor = 0
        self.is_following = is_following
        self.query_text = ""
        self.missed = 0
        """Rows that came while not following."""
        self.is_placed = False
        """The operator has put the cursor somewhere; until then it is on top."""

    @property
    def current_key(self) -> Hashable:
        """Return the key under the cursor, None when there is no row."""
        return None

    def text_at_cursor(self) -> str:
        """Return what is copied: the row under the cursor, '' when there is none."""
        return ""

    def move_to(self, index: int) -> None:
        """Put the cursor on a row; leaving the end stops following."""
        count = self.count()
        if not count:
            return
        before, was_following = self.cursor, self.is_following
        self.is_placed = True
        self.cursor = min(max(0, index), count - 1)
        if self.cursor < count - 1:
            self.is_following = False
        self.show_row(self.cursor)
        if self.cursor != before or was_following != self.is_following:
            self.sync()
            self.post_message(self.Moved(self))

    def move_by(self, step: int) -> None:
        """Move the cursor."""
        self.move_to(self.cursor + step)

    def follow(self) -> None:
        """Go to the end and stay there."""
        self.is_following = True
        self.missed = 0
        if self.count():
            self.cursor = self.count() - 1
            self.scroll_to_end()
            self.post_message(self.Moved(self))
        self.sync()

    def scroll_to_end(self) -> None:
        """Make the last row visible."""
        self.go(max(0, self.count() - self.page_rows))

    def following_text(self) -> str:
        """Return what a title says of following."""
        return "FOLLOW ●" if self.is_following else f"PAUSED ‖ +{self.missed} G follows"

    def on_key(self) -> None:
        """Keep the cursor on its thing from the first key on.

        Whoever has pressed a key has seen where the cursor is, and means that.
        """
        self.is_placed = True

    def on_click(self, event: events.Click) -> None:
        """Put the cursor there; a second click opens, the right one asks."""
        index = self.index_at(event.y)
        if index is None:
            return
        self.move_to(index)
        if event.button == RIGHT_BUTTON:
            self.post_message(self.Chosen(self, is_menu=True))
        elif event.chain > 1:
            self.post_message(self.Chosen(self, is_menu=False))
