"""The traceback of what an author's code raised, as its author wants to read it."""

import asyncio
import concurrent.futures
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

__all__ = ["trace_of_author"]

_OURS = str(Path(__file__).parents[1])
_BETWEEN = (
    str(Path(asyncio.__file__).parent),
    str(Path(concurrent.futures.__file__).parent),
    "<frozen importlib",
)
"""What stands between us and the author: threads, the loop, and imports."""


def trace_of_author(problem: BaseException) -> str:
    """Return the traceback without the frames of those that call the author's code.

    What they raise themselves is shown whole.
    """
    found = traceback.TracebackException.from_exception(problem)
    for each in _chain(found):
        own = [frame for frame in each.stack if not _is_library(frame.filename)]
        if own:
            each.stack = traceback.StackSummary.from_list(own)
    return "".join(found.format())


def _chain(
    found: traceback.TracebackException | None,
) -> Iterator[traceback.TracebackException]:
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__


def _is_library(file: str) -> bool:
    library = sys.modules.get("statemachine")
    home = getattr(library, "__file__", None)
    folders = [_OURS, *_BETWEEN, *([str(Path(home).parent)] if home else [])]
    return any(file.startswith(folder) for folder in folders)
