"""The chart an invoke asks for when it is not written inside it (SCXML 6.4).

`src` and `srcexpr` name a file beside the document; the `expr` of a <content>
gives the child's text, or the XML it is as a value.
"""

from pathlib import Path, PurePath

from smtui.definition import Json, Position
from smtui.dialects.loaded import Loaded
from smtui.dialects.notes import Notes, shown
from smtui.dialects.scxml.document import fetch_beside, read_scxml
from smtui.expr.ecmascript.kept import MARK

__all__ = ["load_child"]


def load_child(file: str, src: str, content: Json) -> Loaded:
    """Return the definition of a child of the document in `file`.

    Never raises: what is wrong is among the problems.
    """
    notes = Notes()
    if not src:
        text = content.get("text") if isinstance(content, dict) else content
        is_value = isinstance(content, dict) and MARK not in content
        if not isinstance(text, str) or is_value:
            return _refused(file, f"found {shown(content)}, expected a document")
        return read_scxml(text, file, notes)
    try:
        text = fetch_beside(file)(src)
    except (OSError, ValueError) as error:
        return _refused(file, f"found the src {shown(src)}, which is not read: {error}")
    child = Path(file).parent / PurePath(src.removeprefix("file:"))
    return read_scxml(text.removeprefix("\ufeff"), str(child), notes)


def _refused(file: str, message: str) -> Loaded:
    notes = Notes()
    notes.error(Position(file), "no-child", message)
    return Loaded(None, notes.sorted(), "scxml")
