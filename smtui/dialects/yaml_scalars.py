"""What YAML 1.1 makes of a single value, exactly as `yaml.safe_load` does.

Two differences, because a definition is JSON: a date stays the text that was
written, and infinity, not-a-number and binary are refused.
"""

import math
from typing import ClassVar, NamedTuple, Protocol

import yaml

__all__ = ["Refused", "scalar_value"]

_PREFIX = "tag:yaml.org,2002:"
_AS_TEXT = frozenset({"str", "timestamp", "value", "merge"})


class _Rules(Protocol):
    """The part of PyYAML's loader that turns a plain scalar into a value."""

    bool_values: ClassVar[dict[str, bool]]

    def resolve(self, kind: object, value: str, implicit: tuple[bool, bool]) -> str:
        """Return the tag YAML 1.1 gives the text."""
        ...

    def construct_yaml_int(self, node: yaml.ScalarNode) -> int:
        """Return a number in any of YAML 1.1's notations."""
        ...

    def construct_yaml_float(self, node: yaml.ScalarNode) -> float:
        """Return a number in any of YAML 1.1's notations."""
        ...


_rules: _Rules = yaml.SafeLoader("")
"""PyYAML's own tables and conversions; used for nothing that keeps state."""


class Refused(NamedTuple):
    """A value that has no place in JSON."""

    message: str
    hint: str


def scalar_value(
    text: str, tag: str | None, *, is_plain: bool
) -> bool | int | float | str | Refused | None:
    """Return the value of a scalar; quoted ones without a tag are text."""
    if tag in {None, "!"}:
        if not is_plain and tag is None:
            return text
        tag = _rules.resolve(yaml.ScalarNode, text, (True, False))
    kind = (tag or "").removeprefix(_PREFIX)
    if kind in _AS_TEXT:
        return text
    try:
        return _converted(kind, text)
    except (ValueError, KeyError, OverflowError, IndexError):
        return Refused(f"found {text[:40]!r}, expected a value of type {kind}", "")


def _converted(kind: str, text: str) -> bool | int | float | str | Refused | None:
    node = yaml.ScalarNode(_PREFIX + kind, text)
    match kind:
        case "null":
            return None
        case "bool":
            return _rules.bool_values[text.lower()]
        case "int":
            return _rules.construct_yaml_int(node)
        case "float":
            number = _rules.construct_yaml_float(node)
            if math.isfinite(number):
                return number
            return Refused(
                f"found {text[:40]!r}, expected a number that JSON can hold",
                "write it in quotes if it is text",
            )
        case _:
            return Refused(
                f"found the tag {kind[:40]!r}, expected plain YAML",
                "leave the tag out; a text that begins with ! needs quotes",
            )
