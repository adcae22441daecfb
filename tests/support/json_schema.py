"""A small judge of JSON Schema: the words our own schemas use, and no others."""

import re
from collections.abc import Iterator
from typing import Any, cast

__all__ = ["faults"]

_TYPES: dict[str, tuple[type, ...]] = {
    "array": (list,),
    "boolean": (bool,),
    "integer": (int,),
    "null": (type(None),),
    "number": (int, float),
    "object": (dict,),
    "string": (str,),
}


def faults(schema: Any, value: Any, root: Any = None, at: str = "$") -> Iterator[str]:  # noqa: ANN401, C901, PLR0912 - JSON, one arm a word
    """Yield what of a value the schema forbids."""
    root = schema if root is None else root
    if "$ref" in schema:
        yield from faults(root["$defs"][schema["$ref"].split("/")[-1]], value, root, at)
    if "type" in schema and not _is_type(schema["type"], value):
        yield f"{at}: {value!r} is no {schema['type']}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: {value!r} is none of {schema['enum']}"
    if "const" in schema and value != schema["const"]:
        yield f"{at}: {value!r} is not {schema['const']!r}"
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        yield f"{at}: {value!r} is not like {schema['pattern']}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        if value < schema.get("minimum", value):
            yield f"{at}: {value} is too small"
        if "exclusiveMinimum" in schema and value <= schema["exclusiveMinimum"]:
            yield f"{at}: {value} is too small"
    if "anyOf" in schema:
        every = [[*faults(one, value, root, at)] for one in schema["anyOf"]]
        if all(every):
            yield min(every, key=len)[0]
    if "oneOf" in schema:
        fits = [one for one in schema["oneOf"] if not [*faults(one, value, root, at)]]
        if len(fits) != 1:
            yield f"{at}: {value!r} fits {len(fits)} of {schema['oneOf']}"
    if "not" in schema and not [*faults(schema["not"], value, root, at)]:
        yield f"{at}: {value!r} is {schema['not']}"
    if isinstance(value, list) and not (
        schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value))
    ):
        yield f"{at}: {len(value)} are too few or too many"
    for one in schema.get("allOf", ()):
        if "if" not in one or not [*faults(one["if"], value, root, at)]:
            yield from faults(one.get("then", {}), value, root, at)
    if isinstance(value, list) and "items" in schema:
        items: list[Any] = value
        for number, item in enumerate(items):
            yield from faults(schema["items"], item, root, f"{at}[{number}]")
    if isinstance(value, dict):
        yield from _in_object(schema, cast("dict[str, Any]", value), root, at)


def _in_object(schema: Any, value: dict[str, Any], root: Any, at: str) -> Iterator[str]:  # noqa: ANN401 - JSON
    for key in schema.get("required", ()):
        if key not in value:
            yield f"{at}: no {key!r}"
    patterns = schema.get("patternProperties", {})
    rest = schema.get("additionalProperties", True)
    for key, item in value.items():
        inner = schema.get("properties", {}).get(key)
        if inner is not None:
            yield from faults(inner, item, root, f"{at}.{key}")
        elif any(re.search(pattern, key) for pattern in patterns):
            continue
        elif rest is False:
            yield f"{at}: the key {key!r} is unknown"
        elif isinstance(rest, dict):
            yield from faults(rest, item, root, f"{at}.{key}")


def _is_type(wanted: str | list[str], value: object) -> bool:
    names = [wanted] if isinstance(wanted, str) else wanted
    if isinstance(value, bool):
        return "boolean" in names
    return any(isinstance(value, _TYPES[name]) for name in names)
