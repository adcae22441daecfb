"""The `scxml` dialect: a W3C SCXML document -> TreeDefinition.

Source: W3C SCXML 1.0 with the data models `ecmascript` and `null`. Files named
by `src` are read from the folder of the document. Everything the text can show
is checked here, all at once.
"""

from hashlib import sha256
from pathlib import Path, PurePath
from urllib.parse import unquote, urlsplit

from smtui.definition import Initial, Language, TreeDefinition
from smtui.definition.content import Block
from smtui.dialects.loaded import Loaded
from smtui.dialects.names import name_problem
from smtui.dialects.notes import Notes, shown
from smtui.dialects.scxml.checks import check_names, check_peers, check_tree
from smtui.dialects.scxml.content import read_script
from smtui.dialects.scxml.reader import NAMESPACE, Element, read_xml
from smtui.dialects.scxml.shape import check_shape
from smtui.dialects.scxml.tree import STATES, Tree, read_data, read_initial
from smtui.dialects.scxml.values import Fetch, Reading
from smtui.dialects.yaml_reader import MOST_CHARACTERS

__all__ = ["fetch_beside", "read_scxml"]

_LANGUAGES = {"ecmascript": Language.ECMASCRIPT, "null": Language.NULL}


def read_scxml(text: str, file: str, notes: Notes) -> Loaded:
    """Return what a document describes; its problems join those in `notes`."""
    root = read_xml(text, file, notes)
    name = PurePath(file).stem
    problem = name_problem(name)
    if root is None:
        return Loaded(None, notes.sorted(), "scxml", name)
    if problem:
        notes.error(root.at, "bad-name", f"found the machine name {problem}")
    definition: TreeDefinition | None = None
    if root.name != "scxml" or not root.is_ours:
        notes.error(
            root.at,
            "not-a-machine",
            f"found <{root.name}>, expected <scxml> of {NAMESPACE}",
        )
    else:
        definition = _Document(file, text, notes, fetch_beside(file)).read(root, name)
    return Loaded(
        None if notes.has_errors() else definition, notes.sorted(), "scxml", name
    )


def fetch_beside(file: str) -> Fetch:
    """Return what reads the files a document names by `src`."""

    def fetch(src: str) -> str:
        parts = urlsplit(src)
        if parts.scheme not in {"", "file"} or parts.netloc:
            raise ValueError("only files are read")
        path = Path(file).parent / unquote(parts.path)
        raw = path.read_bytes()
        if len(raw) > MOST_CHARACTERS:
            raise ValueError(f"it holds more than {MOST_CHARACTERS} bytes")
        return raw.decode("utf-8-sig")

    return fetch


class _Document:
    """A document, or one that stands inside another to be invoked."""

    def __init__(self, file: str, text: str, notes: Notes, fetch: Fetch) -> None:
        self._file = file
        self._text = text
        self._notes = notes
        self._fetch = fetch

    def read(self, root: Element, name: str) -> TreeDefinition | None:
        """Return the definition; None when there is no state to begin in."""
        check_shape(root, self._notes)
        language = self._language(root)
        reading = Reading(self._file, language, self._notes, self._fetch)
        tree = Tree(reading, self._read_inner)
        tree.read(root)
        definition = TreeDefinition(
            dialect="scxml",
            name=name,
            file=self._file,
            text=self._text,
            hash=_hash(self._text),
            initial=self._initial(root, tree, reading),
            nodes=tuple(tree.nodes),
            arrows=tuple(tree.arrows),
            language=language,
            data=read_data(root, reading),
            is_late_bound=self._is_late(root),
            script=_script(root, reading),
            title=_attribute(root, "name"),
        )
        check_tree(definition, self._notes, tree.target_places)
        check_names(definition, reading)
        return check_peers(definition, reading)

    def _read_inner(self, root: Element) -> TreeDefinition | None:
        """Return the document in a <content>; its text is the part of the whole."""
        name = _attribute(root, "name") or "invoked"
        inner = _Document(self._file, root.outer, self._notes, self._fetch)
        return inner.read(root, name)

    def _language(self, root: Element) -> Language:
        given = root.attributes.get("datamodel")
        if given is None or given.value in _LANGUAGES:
            return _LANGUAGES["ecmascript" if given is None else given.value]
        self._notes.error(
            given.at,
            "bad-value",
            f"found the data model {shown(given.value)}, expected ecmascript or null",
            self._notes.hint(given.value, _LANGUAGES),
        )
        return Language.ECMASCRIPT

    def _initial(self, root: Element, tree: Tree, reading: Reading) -> Initial:
        states = [child for child in root.elements if child.name in STATES]
        if not states:
            self._notes.error(
                root.at, "missing-key", "found no <state>, <parallel> or <final>"
            )
        return read_initial(root, reading, tree.id_of(states[0]) if states else "")

    def _is_late(self, root: Element) -> bool:
        given = root.attributes.get("binding")
        if given is not None and given.value not in {"early", "late"}:
            self._notes.error(
                given.at,
                "bad-value",
                f"found the binding {shown(given.value)}, expected early or late",
            )
        return given is not None and given.value == "late"


def _attribute(element: Element, name: str) -> str:
    given = element.attributes.get(name)
    return "" if given is None else given.value


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _script(root: Element, reading: Reading) -> Block:
    found = (
        read_script(child, reading) for child in root.elements if child.name == "script"
    )
    return tuple(script for script in found if script is not None)
