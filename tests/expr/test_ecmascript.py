"""Our part of ECMAScript gives what ECMA-262 says it gives."""

import pytest

from smtui.errors import EvaluationError
from smtui.expr import UNDEFINED, Scope, Value
from smtui.expr.ecmascript import compile_ecmascript, fault_in

DATA: dict[str, Value] = {
    "x": 1,
    "s": "abc",
    "a": [1, 2, 3],
    "o": {"k": {"z": 2}, "list": [{"n": 1}]},
    "n": None,
}


def scope(**more: Value) -> Scope:
    data = {**DATA, **more}
    return Scope(
        {name: value for name, value in data.items() if value is not UNDEFINED},
        frozenset({"u"}),
        {"_event": {"name": "e", "data": {"p": 1}, "origin": None}, "_name": "m"},
        lambda state: state == "s1",
    )


def value(text: str, **more: Value) -> Value:
    return compile_ecmascript(text).value(scope(**more))


def changes(text: str, **more: Value) -> dict[str, Value]:
    return dict(compile_ecmascript(text).run(scope(**more)))


def error(text: str) -> str:
    with pytest.raises(EvaluationError) as caught:
        compile_ecmascript(text).value(scope())
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 1", 2),
        ("1 + '1'", "11"),
        ("'5' * 2", 10),
        ("0.1 + 0.2", 0.30000000000000004),
        ("7 % -3", 1),
        ("-7 % 3", -1),
        ("2 ** 3 ** 2", 512),
        ("1 / 3", 1 / 3),
        ("true + 1", 2),
        ("'a' + {}", "a[object Object]"),
        ("'' + [1, [2, 3], null]", "1,2,3,"),
        ("4 == 0 | 3 != 2", 1),
        ("~5", -6),
        ("1 << 31", -2147483648),
        ("-1 >>> 0", 4294967295),
        ("-9 >> 1", -5),
        ("5 & 3 ^ 8", 9),
        ("x == 1 && s === 'abc'", True),
        ("0 || 'other'", "other"),
        ("n ?? 5", 5),
        ("x ? 'yes' : 'no'", "yes"),
        ("null == undefined", True),
        ("null === undefined", False),
        ("null >= 0", True),
        ("undefined == 0", False),
        ("'1' == 1", True),
        ("'1' === 1", False),
        ("true == '1'", True),
        ("NaN == NaN", False),
        ("'b' > 'a'", True),
        ("'10' < '9'", True),
        ("'10' < 9", False),
        ("[1] == '1'", True),
        ("!!''", False),
        ("!![]", True),
        ("typeof 1 + typeof 's' + typeof true", "numberstringboolean"),
        ("typeof null", "object"),
        ("typeof {}", "object"),
        ("typeof In", "function"),
        ("typeof u", "undefined"),
        ("typeof nowhere", "undefined"),
        ("u == undefined", True),
        ("void 0 === undefined", True),
        ("'k' in o", True),
        ("'p' in _event.data", True),
        ("2 in a", True),
        ("a instanceof Array", True),
        ("a instanceof Object", True),
        ("s instanceof Object", False),
        ("new Error('no') instanceof Error", True),
        ("In('s1') && !In('s2')", True),
        ("_event.name + _name", "em"),
        ("typeof _event.origin", "undefined"),
        ("o.k.z + o['k']['z']", 4),
        ("a[10] === undefined", True),
        ("s[1] + s.length", "b3"),
        ("o?.q?.z === undefined", True),
        ("[].concat(a, [4])", [1, 2, 3, 4]),
        ("[...a, ...'xy']", [1, 2, 3, "x", "y"]),
        ("({a: 1, 'b c': 2, 3: 4, [s]: 5, x, ...o.k})",
         {"a": 1, "b c": 2, "3": 4, "abc": 5, "x": 1, "z": 2}),
        ("`a${x + 1}b${`${s}`}`", "a2babc"),
        ("a.map(v => v * 2).filter(v => v > 2)", [4, 6]),
        ("a.reduce((sum, v) => sum + v, 10)", 16),
        ("a.slice(-2).reverse().join('-')", "3-2"),
        ("[3, 1, 10].sort()", [1, 10, 3]),
        ("[3, 1, 10].sort((p, q) => q - p)", [10, 3, 1]),
        ("a.indexOf(3) + a.findIndex(v => v === 9)", 1),
        ("a.some(v => v > 2) && a.every(v => v > 0)", True),
        ("[1, [2, [3]]].flat()", [1, 2, [3]]),
        ("'a,b,,c'.split(',')", ["a", "b", "", "c"]),
        ("'abc'.slice(1, -1) + 'abc'.substring(2, 0)", "bab"),
        ("' x '.trim().toUpperCase().padStart(3, '-')", "--X"),
        ("'aXbX'.replace('X', '1') + 'aXbX'.replaceAll('X', m => m + m)",
         "a1bXaXXbXX"),
        ("'abc'.startsWith('ab') && 'abc'.endsWith('bc')", True),
        ("Math.max(1, 5, 3) + Math.floor(-1.5) + Math.round(2.5)", 6),
        ("JSON.parse('{\"q\": [1]}').q[0]", 1),
        ("JSON.stringify({q: [1, undefined, {r: 'x'}], f: u})",
         '{"q":[1,null,{"r":"x"}]}'),
        ("JSON.stringify([1, 2], null, 1)", "[\n 1,\n 2\n]"),
        ("Object.keys(o).concat(Object.values({q: 1}))", ["k", "list", 1]),
        ("parseInt('42px') + parseInt('ff', 16)", 297),
        ("parseFloat('3.5abc')", 3.5),
        ("Number('0x1f') + Number('') + Number(' 2 ')", 33),
        ("isNaN('x') && isFinite('3')", True),
        ("(255).toString(16) + (1.005).toFixed(2) + (0.5).toString(2)", "ff1.000.1"),
        ("String(null) + String([1]) + String(1e21)", "null11e+21"),
        ("encodeURIComponent('a b&c')", "a%20b%26c"),
        ("'\\u00e9\\x41\\u{1F600}\\n'.length", 4),
        ("(function(i) { return i + 1 })(2)", 3),
        ("(function f(i) { return i < 2 ? 1 : i * f(i - 1) })(10)", 3628800),
        ("((i, ...rest) => i + rest.length)(1, 2, 3)", 3),
        ("((i, j = i + 1) => i + j)(1)", 3),
        ("(() => { let t = 0; for (const v of a) t += v; return t })()", 6),
        ("(function() { return arguments.length })(1, 2)", 2),
        ("[1, 2].concat([3]).at(-1);", 3),
    ],
)  # fmt: skip
def test_an_expression_gives_what_ecmascript_gives(text: str, expected: Value) -> None:
    found = value(text)

    assert (type(expected), expected) == (type(found), found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("var y = 1", {"y": 1}),
        ("x += 1; x *= 5", {"x": 10}),
        ("x++; ++x; x--", {"x": 2}),
        ("x = 1", {}),
        ("u = 5", {"u": 5}),
        ("x = undefined", {"x": UNDEFINED}),
        ("a.push(4); a[0] = true", {"a": [True, 2, 3, 4]}),
        ("o.k.z = 5; delete o.list", {"o": {"k": {"z": 5}}}),
        ("o.list[0].n += 1", {"o": {"k": {"z": 2}, "list": [{"n": 2}]}}),
        ("var b = a; b.push(9)", {"a": [1, 2, 3, 9], "b": [1, 2, 3, 9]}),
        ("if (x) s = 'yes'; else s = 'no'", {"s": "yes"}),
        ("while (x < 10) { x++; if (x == 5) break }", {"x": 5}),
        ("do x++; while (x < 3)", {"x": 3}),
        ("for (let i = 0; i < 3; i++) { if (i == 1) continue; x += i }", {"x": 3}),
        ("for (const k in o) s += k", {"s": "abcklist"}),
        ("switch (x) { case 1: s = 'one'; case 2: s += '!'; break; default: s = '' }",
         {"s": "one!"}),
        ("try { throw new TypeError('b') } catch (e) { s = e.name } finally { x = 9 }",
         {"s": "TypeError", "x": 9}),
        ("x = twice(4)\nfunction twice(v) { return v * 2 }",
         {"x": 8, "twice": {"$js": "function",
                            "text": "function twice(v) { return v * 2 }"}}),
        ("function T(q) { this.q = q }\nu = new T(3); var T2 = 1",
         {"T": {"$js": "function", "text": "function T(q) { this.q = q }"},
          "u": {"q": 3}, "T2": 1}),
        ("{ var y = 1; let z = 2 }", {"y": 1}),
        ("var f = []; for (let i = 0; i < 2; i++) f[i] = () => i; x = f[0](); f = 0",
         {"x": 0, "f": 0}),
        ("x = NaN", {"x": {"$js": "NaN"}}),
        ("x = -0", {"x": 0}),
        ("x\n=\n2 // a comment\n/* and\nmore */", {"x": 2}),
    ],
)  # fmt: skip
def test_a_script_changes_what_it_assigns(
    text: str, expected: dict[str, Value]
) -> None:
    assert expected == changes(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nowhere", "ReferenceError: nowhere is not defined"),
        ("_evnt", "did you mean _event?"),
        ("o.q.z", "TypeError: undefined has no property z"),
        ("x()", "TypeError: x is no function but number"),
        ("s.shout()", "shout is no function of this string"),
        ("return", "found 'return', expected a value"),
        ("1 +", "found the end, expected a value"),
        ("a b", "found 'b', expected an operator or the end"),
        ("'use", "found a text without its closing '"),
        ("{a: 1", "expected '}'"),
        ("/x/.test(s)", "a regular expression, which is not in our part"),
        ("class A {}", "'class', which is not in our part"),
        ("Math.random()", "is not pure"),
        ("new Date()", "nobody here can say what time it is"),
        ("1 = 2", "a value that cannot be assigned to"),
        ("s.match('a')", "takes a regular expression"),
        ("({}).x.y.z", "undefined has no property y"),
    ],
)
def test_what_cannot_be_evaluated_says_why(text: str, words: str) -> None:
    assert words in error(text)


@pytest.mark.parametrize(
    "text",
    ["nowhere = 1", "_event = 1", "_event.data.p = 2", "_name = 'x'", "Math = 1",
     "undefined = 1", "const c = 1; { const d = 1; d = 2 }", "null.x = 1"],
)  # fmt: skip
def test_what_nobody_may_assign_raises(text: str) -> None:
    with pytest.raises(EvaluationError):
        changes(text)


@pytest.mark.parametrize(
    "text",
    ["while (true) {}", "for (;;) x++", "(function f() { f() })()",
     "var t = 'x'; while (true) t += t", "a[1e9] = 1", "'x'.repeat(1e9)",
     "var l = []; while (true) l = l.concat(l, [1])", "'x'.padEnd(1e12)",
     "new Array(1e9)", "o.self = o; JSON.stringify(o)",
     "var q = []; for (var i = 0; i < 1e9; i++) q = [q]",
     "var q = [1]; for (var i = 0; i < 60; i++) q = [q, q]",
     "var q = [1]; for (var i = 0; i < 60; i++) q = [q, q]; x = '' + q",
     "var q = [1]; for (var i = 0; i < 60; i++) q = {a: q, b: q}; x = q == [q]",
     "var q = [1]; for (var i = 0; i < 60; i++) q = [q, q]; x = JSON.stringify(q)",
     "var q = [1]; for (var i = 0; i < 60; i++) q = [q, q]; x = q.join()",
     "var q = [1]; for (var i = 0; i < 60; i++) q = [q, q]; x = q.includes([q])",
     "var q = [1]; for (var i = 0; i < 60; i++) q = [q, q]; throw q"],
)  # fmt: skip
def test_a_program_that_runs_or_grows_without_end_is_ended(text: str) -> None:
    with pytest.raises(EvaluationError):
        changes(text)


@pytest.mark.parametrize(
    "text",
    ["(" * 500 + "1" + ")" * 500, "+".join(["x"] * 3000), "[" * 70, "x" * 70_000],
    ids=["brackets", "sum", "open", "long"],
)
def test_a_text_of_any_shape_exhausts_nothing(text: str) -> None:
    with pytest.raises(EvaluationError):
        value(text)


def test_a_location_is_assigned_and_nothing_else_changes() -> None:
    before = scope()

    found = compile_ecmascript("o.k['z']").assign(before, [1])

    assert found == {"o": {"k": {"z": [1]}, "list": [{"n": 1}]}}
    assert before.data["o"] == DATA["o"]


@pytest.mark.parametrize("text", ["nowhere", "foo.bar", "1", "'continue'", "x +", "_x"])
def test_what_is_no_location_is_refused(text: str) -> None:
    with pytest.raises(EvaluationError):
        compile_ecmascript(text).assign(scope(), 1)


def test_a_function_kept_in_the_data_can_be_called() -> None:
    kept = value("function(v) { return v + x }")

    assert value("f(2)", f=kept) == 3


def test_a_function_that_needs_variables_around_it_cannot_be_kept() -> None:
    words = error("(function() { var k = 1; return function() { return k } })()")

    assert "needs k of the one around it" in words


def test_a_document_is_read_by_the_names_of_the_dom() -> None:
    books: Value = {
        "$js": "xml",
        "text": "<books><book title='one'/><book title='two'>text</book></books>",
    }

    assert "two" == value(
        "b.getElementsByTagName('book')[1].getAttribute('title')", b=books
    )
    assert "text" == value("b.documentElement.textContent", b=books)
    assert books == value("b", b=books)


def test_a_document_that_declares_entities_is_not_read() -> None:
    bomb = '<!DOCTYPE b [<!ENTITY a "x">]><b>&a;</b>'

    with pytest.raises(EvaluationError, match="declares entities"):
        value("b.documentElement", b={"$js": "xml", "text": bomb})


def test_values_are_compared_by_what_they_hold() -> None:
    assert value("[1, {p: 2}] === [1, {p: 2}]") is True
    assert value("a == [1, 2, 4]") is False


def test_the_variables_an_expression_reads_are_known() -> None:
    program = compile_ecmascript("x + (v => v + s)(a.length) + _event.data + Math.PI")

    assert program.names == {"x", "s", "a"}


def test_a_condition_is_true_by_ecmascripts_own_rule() -> None:
    truths = [compile_ecmascript(t).truth(scope()) for t in ["'0'", "0", "''", "[]"]]

    assert truths == [True, False, False, True]


def test_a_fault_has_its_line_and_column() -> None:
    fault = fault_in("x = 1;\n  y = = 2", is_script=True)

    assert fault is not None
    assert (2, 7) == (fault.line, fault.column)
