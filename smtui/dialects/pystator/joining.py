"""What a submachine says beside its states joins what is said around it.

What is said around it counts where both speak of the same thing.
"""

from dataclasses import replace

from smtui.dialects.nodes import Field, Items, Node, Scalar, Table

__all__ = ["join"]

_LISTS = ("state_variables", "context_invariants", "events")
_TABLES = ("asks", "stuck_after", "groups")


def join(outer: Table, inner: Table) -> Table:
    """Return the outer definition with what the inner one adds."""
    for key in (*_LISTS, *_TABLES):
        added = inner.get(key)
        if added is None or isinstance(added.value, Scalar):
            continue
        given = outer.get(key)
        if given is None:
            if key != "groups":  # declaring none means to check none
                outer = replace(outer, fields=(*outer.fields, added))
            continue
        value = _joined(key, given.value, added.value)
        fields = tuple(
            replace(field, value=value) if field is given else field
            for field in outer.fields
        )
        outer = replace(outer, fields=fields)
    return outer


def _joined(key: str, given: Node, added: Node) -> Node:
    if key in _TABLES:
        return _tables(given, added)
    if isinstance(given, Table):  # events by name
        given = Items(given.at, _named(given), given.size, given.depth)
    if not isinstance(given, Items):
        return given
    known = {_key(node) for node in given.items}
    items = added.items if isinstance(added, Items) else _named(added)
    new = tuple(node for node in items if _key(node) not in known)
    return replace(given, items=(*given.items, *new))


def _tables(given: Node, added: Node) -> Node:
    if not isinstance(given, Table) or not isinstance(added, Table):
        return given
    new = tuple(field for field in added.fields if given.get(field.key) is None)
    return replace(given, fields=(*given.fields, *new))


def _named(node: Node) -> tuple[Node, ...]:
    """Return the keys of a mapping as a list."""
    if not isinstance(node, Table):
        return ()
    return tuple(Scalar(field.at, field.key, field.key) for field in node.fields)


def _key(node: Node) -> object:
    """Return what a variable, an event or an invariant is known by."""
    if isinstance(node, Scalar):
        return node.text
    field: Field | None = None
    if isinstance(node, Table):
        field = node.get("key") or node.get("name")
    if field is not None and isinstance(field.value, Scalar):
        return field.value.text
    return node.at
