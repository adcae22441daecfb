"""Finding a command among hundreds: words in any order, best first."""

from collections.abc import Iterable
from typing import NamedTuple

__all__ = ["DISCOVER_LIMIT", "Found", "discover", "search"]

DISCOVER_LIMIT = 20
"""What is shown before anything is typed; more would only delay it."""

SEARCH_LIMIT = 100


class Found(NamedTuple):
    """A command of the palette."""

    title: str
    twin: str
    """The command line that does the same, or ''."""
    note: str
    """What would happen, or what kind of thing it is."""
    act: tuple[str, ...]
    """What the screen does when it is chosen: a command and its arguments."""
    key: str = ""
    is_valid_now: bool = True


def discover(entries: Iterable[Found]) -> list[Found]:
    """Return the first 20 that make sense now."""
    found: list[Found] = []
    for entry in entries:
        if entry.is_valid_now:
            found.append(entry)
            if len(found) == DISCOVER_LIMIT:
                break
    return found


def search(entries: Iterable[Found], query: str) -> list[Found]:
    """Return the entries that hold every word of the query, best first."""
    words = query.casefold().split()
    scored = [
        (score, index, entry)
        for index, entry in enumerate(entries)
        if (score := _score(entry, words)) > 0
    ]
    scored.sort(key=lambda item: (-item[0], item[1]))
    return [entry for _, _, entry in scored[:SEARCH_LIMIT]]


def _score(entry: Found, words: list[str]) -> float:
    title = entry.title.casefold()
    text = f"{title} {entry.twin} {entry.note}".casefold()
    total = 1.0
    for word in words:
        if title.startswith(word):
            total += 4.0
        elif f" {word}" in title:
            total += 3.0
        elif word in title:
            total += 2.0
        elif word in text:
            total += 1.0
        elif _is_subsequence(word, title):
            total += 0.5
        else:
            return 0.0
    return total + (0.75 if entry.is_valid_now else 0.0)


def _is_subsequence(word: str, text: str) -> bool:
    rest = iter(text)
    return all(character in rest for character in word)
