"""Whether a document has the shape of SCXML: elements and attributes by table.

What is wrong is noted once and left out, so that the rest can be read as if it
had never stood there. Elements of other namespaces are other people's: a
warning names them.
"""

from smtui.dialects.notes import Notes, shown
from smtui.dialects.scxml.keys import ELEMENTS, ElementSpec
from smtui.dialects.scxml.reader import Attribute, Element, Text

__all__ = ["check_shape"]

SURE = 0.75
"""difflib's ratio from which an unknown name is taken for the known one."""


def check_shape(element: Element, notes: Notes) -> None:
    """Note everything that may not stand where it does, and take it out."""
    spec = ELEMENTS[element.name]
    _check_attributes(element, spec, notes)
    kept: list[Element | Text] = []
    for part in element.parts:
        if isinstance(part, Text):
            _check_text(element, part, spec, notes)
            kept.append(part)
        elif _belongs(element, part, spec, notes):
            kept.append(part)
    element.parts[:] = kept
    if not _holds_anything(element):
        for child in element.elements:
            check_shape(child, notes)


def _holds_anything(element: Element) -> bool:
    """Say whether what is inside is data or another document, not ours to check."""
    return ELEMENTS[element.name].has_text


def _check_attributes(element: Element, spec: ElementSpec, notes: Notes) -> None:
    known = sorted(spec.attributes - {"xmlns"})
    for name, attribute in list(element.attributes.items()):
        if name in spec.attributes:
            continue
        near = notes.closest(name, known)
        expected = f"one of {', '.join(known)}" if known else "none"
        notes.error(
            attribute.name_at or attribute.at,
            "unknown-key",
            f"found the attribute {shown(name)} in <{element.name}>, "
            f"expected {expected}",
            f"did you mean {near!r}?" if near else "",
        )
        del element.attributes[name]
        meant = notes.closest(name, known, SURE)
        if meant:
            element.attributes.setdefault(meant, attribute)
    for name in spec.required:
        if name not in element.attributes:
            notes.error(
                element.at, "missing-key", f"found no {name!r} in <{element.name}>"
            )
            element.attributes[name] = Attribute("", element.at)


def _check_text(parent: Element, part: Text, spec: ElementSpec, notes: Notes) -> None:
    if part.text.strip() and not spec.has_text:
        notes.error(
            part.at,
            "wrong-type",
            f"found text {shown(part.text.strip())} in <{parent.name}>, "
            "expected elements only",
        )


def _belongs(parent: Element, child: Element, spec: ElementSpec, notes: Notes) -> bool:
    if spec.has_text:
        return True
    if not child.is_ours:
        notes.warning(
            child.at,
            "not-read",
            f"found <{child.name}> of another namespace in <{parent.name}>, "
            "which is left out",
        )
        return False
    if child.name in spec.children:
        return True
    known = sorted(spec.children)
    near = notes.closest(child.name, known)
    if near:
        hint = f"did you mean <{near}>?"
    elif child.name in ELEMENTS:
        places = [name for name, s in ELEMENTS.items() if child.name in s.children]
        hint = f"<{child.name}> stands in {', '.join(f'<{name}>' for name in places)}"
    else:
        hint = ""
    expected = ", ".join(f"<{name}>" for name in known) or "nothing"
    notes.error(
        child.at,
        "unknown-element",
        f"found <{child.name}> in <{parent.name}>, expected {expected}",
        hint,
    )
    return False
