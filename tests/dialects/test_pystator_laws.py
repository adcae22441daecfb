"""Laws of reading PyStator: nothing raises, and what loads can be run."""

import json

from hypothesis import given
from hypothesis import strategies as st

from smtui.chart import compile_chart
from smtui.check.chart_lints import lint_chart
from smtui.definition import TreeDefinition
from smtui.dialects import Notes, load_all, load_text
from smtui.dialects.pystator.keys import TABLES, TYPES, Place

_NAMES = st.sampled_from(["a", "b", "c", "p", "q"])
_ODDITIES: list[object] = [
    None,
    True,
    -1,
    1.5,
    "",
    "*",
    "H(p)",
    "H*(zz)",
    "p:c",
    [],
    {},
]
_ODD: st.SearchStrategy[object] = st.sampled_from(_ODDITIES)
_VALUES: st.SearchStrategy[object] = st.one_of(
    _NAMES, _ODD, st.lists(_NAMES, max_size=2)
)
Fields = dict[str, st.SearchStrategy[object]]


def _tables(fixed: Fields, optional: Fields, most: int) -> st.SearchStrategy[object]:
    return st.lists(st.fixed_dictionaries(fixed, optional=optional), max_size=most)


_REGIONS = _tables(
    {"name": _NAMES, "initial": _NAMES},
    {"states": st.lists(_NAMES, max_size=3), "final": _NAMES},
    2,
)
_TIMEOUT: Fields = {"seconds": _ODD, "destination": _VALUES}
_STATES = _tables(
    {"name": _NAMES},
    {
        "type": st.sampled_from(TYPES),
        "parent": _NAMES,
        "initial_child": _NAMES,
        "regions": _REGIONS,
        "timeout": st.fixed_dictionaries(_TIMEOUT),
    },
    5,
)
_WAYS = _tables(
    {"source": _VALUES, "dest": _VALUES},
    {
        "trigger": _NAMES,
        "region": _NAMES,
        "after": _ODD,
        "auto": st.booleans(),
        "internal": st.booleans(),
        "guards": _VALUES,
    },
    4,
)


@given(_STATES, _WAYS)
def test_what_loads_can_be_compiled_and_looked_over(
    states: object, ways: object
) -> None:
    text = json.dumps({"meta": {}, "states": states, "transitions": ways})
    definition = load_text(text, "m.json").definition

    if isinstance(definition, TreeDefinition):
        compile_chart(definition)
        lint_chart(definition, Notes())


@given(
    st.sampled_from(Place),
    st.dictionaries(st.sampled_from(["a", "x-y"]), _VALUES, max_size=2),
    st.data(),
)
def test_any_value_at_any_key_is_a_value_or_a_problem(
    place: Place, strange: dict[str, object], data: st.DataObject
) -> None:
    keys = data.draw(st.lists(st.sampled_from(sorted(TABLES[place])), max_size=3))
    table = {**strange, **{key: data.draw(_VALUES) for key in keys}}
    places: dict[Place, dict[str, object]] = {
        Place.TOP: table,
        Place.META: {"meta": table},
        Place.STATE: {"states": [table]},
        Place.TRANSITION: {"transitions": [table]},
        Place.REGION: {"states": [{"name": "a", "regions": [table]}]},
        Place.INVOKE: {"states": [{"name": "a", "invoke": [table]}]},
        Place.TIMEOUT: {"states": [{"name": "a", "timeout": table}]},
        Place.GUARD: {"transitions": [{"guards": [table]}]},
        Place.ACTION: {"states": [{"name": "a", "on_enter": [table]}]},
        Place.POLICY: {"error_policy": table},
        Place.VARIABLE: {"state_variables": [table]},
        Place.EVENT: {"events": [table]},
    }
    inside: object = [{"name": "a", "on_exit": {place.value: table}}]
    document: dict[str, object] = {
        "meta": {},
        "states": [{"name": "a", "type": "initial"}],
        **places.get(place, {"states": inside}),
    }

    for loaded in load_all(json.dumps(document), "m.json"):
        assert (loaded.definition is None) == bool(loaded.errors)
