"""python -m tests.picture DATA [KEY...] > smtui/docs/screen.svg: the main screen.

It is the real one, over the demo as it runs in that data directory. The keys,
each by Textual's name for it, are pressed before the picture is taken: `down`
three times is the machine of the picture in the README.
"""

import asyncio
import sys
from datetime import UTC
from pathlib import Path

from smtui.clock import SystemClock
from smtui.tui.app import SmtuiApp
from smtui.tui.args import TuiArgs
from smtui.tui.live import Hands, Link, Pages
from smtui.tui.sources import Sources

SIZE = (120, 36)
SETTLED_S = 4.0


async def picture(data_dir: Path, keys: list[str]) -> str:
    """Return the screen as SVG."""
    clock, name = SystemClock(), "operator"
    pages, hands = Pages(data_dir), Hands(data_dir, clock, name)
    sources = Sources(Link(data_dir, name), pages, hands)
    app = SmtuiApp(TuiArgs(data_dir, ("machines/",)), sources, clock, UTC)
    try:
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause(SETTLED_S)
            for key in keys:
                await pilot.press(key)
                await pilot.pause(1.0)
            shown = app.export_screenshot(title="smtui run machines/", simplify=True)
    finally:
        await pages.aclose()
        await hands.aclose()
    # else some programs leave out the blanks a text begins with
    return shown.replace("<text ", '<text xml:space="preserve" ')


def main(words: list[str]) -> int:
    """Print the picture of a data directory's fleet."""
    if not words:
        sys.stderr.write("python -m tests.picture DATA [KEY...] > FILE.svg\n")
        return 2
    sys.stdout.write(asyncio.run(picture(Path(words[0]), words[1:])))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
