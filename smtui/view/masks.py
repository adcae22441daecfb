"""Secrets stay off the screen: which keys are masked, and how.

The store holds them in clear; every screen, log line and `--json` document
passes its data through here unless the operator asked to reveal them. What is
secret by its value (env_file) is learned once, before anything is shown.
"""

import json
import re
from collections.abc import Iterable

from smtui.definition import Json

__all__ = [
    "MASK",
    "compact",
    "is_secret",
    "learn",
    "mask_text",
    "masked",
    "may_be_masked",
]

MASK = "***"

_WORDS = r"pass|secret|token|api_?key|authorization"
_SECRET = re.compile(_WORDS, re.IGNORECASE)
_PLAIN_WORDS = ("pass", "secret", "token", "apikey", "api_key", "authorization")
_IN_TEXT = re.compile(
    rf"""(?ix) (["']?[\w-]*(?:{_WORDS})[\w-]*["']?)  # the key, quoted or not
    (\s*[=:]\s*) (?:Bearer\s+|Basic\s+)?
    ("(?:[^"\\]|\\.)*"|'[^']*'|[^\s,;&}}\]"']+)""",
)


SHORTEST = 4
"""Shorter values are in too many words to be told from them."""

_known: list[re.Pattern[str]] = []


def learn(values: Iterable[str]) -> None:
    """Mask these values, instead of those before, wherever they stand."""
    worth = sorted({each for each in values if len(each) >= SHORTEST}, key=len)
    pattern = "|".join(re.escape(each) for each in reversed(worth))
    _known[:] = [re.compile(pattern)] if pattern else []


def is_secret(key: str) -> bool:
    """Say whether a value under this key is masked."""
    return _SECRET.search(key) is not None


def masked(value: Json, *, reveal: bool = False) -> Json:
    """Return the value with everything below a secret key replaced by the mask."""
    if reveal:
        return value
    if isinstance(value, dict):
        return {
            key: MASK if is_secret(key) and item is not None else masked(item)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [masked(item) for item in value]
    return _hide(value) if isinstance(value, str) else value


def may_be_masked(text: str) -> bool:
    """Say whether `masked` could change what this JSON text holds.

    Ten times faster than looking: for a million lines of which few do.
    """
    if _known or "\\u" in text:
        return True
    low = text.lower()
    return any(word in low for word in _PLAIN_WORDS)


def compact(value: Json, *, reveal: bool = False) -> str:
    """Return masked JSON on one line, without needless blanks."""
    shown = masked(value, reveal=reveal)
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":"))


def mask_text(text: str, *, reveal: bool = False) -> str:
    """Return free text with the value after `password=` and its like masked."""
    if reveal:
        return text
    if _SECRET.search(text) is not None:
        text = _IN_TEXT.sub(rf"\1\2{MASK}", text)
    return _hide(text)


def _hide(text: str) -> str:
    for known in _known:
        text = known.sub(MASK, text)
    return text
