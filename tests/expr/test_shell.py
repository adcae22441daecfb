"""How a value is written into a command, place by place (no shell is run)."""

import pytest

from smtui.definition import Json
from smtui.errors import StepError
from smtui.expr import Command, lookup_in, render


def rendered(template: str, value: Json = "it's $x") -> Command:
    return render(template, lookup_in({"v": value}))


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("echo {v}", """echo 'it'"'"'s $x'"""),
        ("echo '{v}'", """echo ''it'"'"'s $x''""".replace("''it", "''" + "'it") + "'"),
        ('echo "{v}"', 'echo "it\'s \\$x"'),
        ("echo # {v}", "echo # {v}"),
        ("echo ${v}", "echo ${v}"),
        ("echo {nobody}", "echo {nobody}"),
    ],
)
def test_the_place_decides_how_a_value_is_written(template: str, text: str) -> None:
    command = rendered(template)

    assert command == Command(text, {})


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("cat <<E\n{v}\nE\n", "cat <<E\n${SMTUI_VALUE_1}\nE\n"),
        ("echo `echo {v}`", 'echo `echo "${SMTUI_VALUE_1}"`'),
        ('echo `echo "{v}"`', 'echo `echo "${SMTUI_VALUE_1}"`'),
        ("echo `echo 'a{v}'`", "echo `echo 'a'\"${SMTUI_VALUE_1}\"''`"),
        ("echo ${x:-{v}}", 'echo ${x:-"${SMTUI_VALUE_1}"}'),
        ('echo "${x:-{v}}"', 'echo "${x:-${SMTUI_VALUE_1}}"'),
    ],
)
def test_where_quotes_are_not_enough_a_value_goes_by_name(
    template: str, text: str
) -> None:
    assert rendered(template) == Command(text, {"SMTUI_VALUE_1": "it's $x"})


def test_each_value_by_name_has_its_own() -> None:
    look = lookup_in({"a": 1, "b": True})

    command = render("cat <<E\n{a} {b}\nE", look)

    assert command.environment == {"SMTUI_VALUE_1": "1", "SMTUI_VALUE_2": "True"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", "plain"),
        (5, "5"),
        (True, "True"),
        (None, "{v}"),
        ("", "''"),
        ("if", "'if'"),
        ("A=1", "'A=1'"),
        ("A='1", "'A='\"'\"'1'"),
        ("nu\0l", "nul"),
        ([1, "a"], "'[1, '\"'\"'a'\"'\"']'"),
    ],
)
def test_a_word_is_quoted_if_it_might_be_read_as_more(value: Json, text: str) -> None:
    assert rendered("{v}", value).text == text


def test_a_number_before_a_redirection_is_no_file_descriptor() -> None:
    assert rendered("echo {v}>out", 2).text == "echo '2'>out"
    assert rendered("echo {v} >out", 2).text == "echo 2 >out"


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("echo $(({v}+1))", "echo $((7+1))"),
        ("echo $(( $((1)) + {v} ))", "echo $(( $((1)) + 7 ))"),
        ("echo $[{v}+1]", "echo $[7+1]"),
        ("(( x = {v} ))", "(( x = 7 ))"),
        ("echo ${x:{v}:2}", "echo ${x:7:2}"),
        ("echo ${x[{v}]}", "echo ${x[7]}"),
        ("echo $(( (1+2) * a[{v}] )){v}", "echo $(( (1+2) * a[7] ))7"),
    ],
)
def test_arithmetic_takes_a_whole_number_as_it_is(template: str, text: str) -> None:
    assert rendered(template, "7") == Command(text, {})


def test_a_negative_number_is_no_operator() -> None:
    assert rendered("echo $((1-{v}))", -2).text == "echo $((1-(-2)))"
    assert rendered("echo $((010+{v}))", "010").text == "echo $((010+10))"


@pytest.mark.parametrize("value", ["a[$(id)]", "1.5", "", "x", "1 + 1", "1" * 19])
def test_arithmetic_takes_nothing_else(value: str) -> None:
    with pytest.raises(StepError, match="no whole number"):
        rendered("echo $(({v}))", value)


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("cat <<'E'\n{v}\nE\n", "quoted delimiter"),
        ('cat <<"E"\n$(echo {v})\nE\n', "quoted delimiter"),
        ("cat <<\\E\n{v}\nE\n", "quoted delimiter"),
        ("cat <<{v}\n", "delimiter of a here-document"),
        ("cat <<-{v}\n", "delimiter of a here-document"),
        ("cat <<E{v}\n", "delimiter of a here-document"),
        ("echo $'{v}'", "in \\$'...'"),
        ("echo $'\\'' {v}", "shells differ"),
        ("echo ${x#{v}}", "in \\${...}"),
        ("echo ${{v}}", "in \\${...}"),
        ("echo `echo \\{v}`", "after a backslash in backticks"),
        ("echo `echo \\`echo {v}\\``", "inside backticks"),
        ("echo `echo 'a`' {v}", "quotes inside backticks"),
        ("echo \"${x:-'}'}\" {v}", "single quote stands in"),
        ('echo $((")")) {v}', "quotes or a new line stand in arithmetic"),
        ("cat <<E\n$(echo\nE\n{v}", "ends in the middle"),
        ("cat <<EO\nE\\\nO\n{v}", "ends in the middle"),
        ("echo $(cat <<E)\n{v}", "announced and does not come"),
    ],
)
def test_where_no_value_can_stand_the_command_is_refused(
    template: str, why: str
) -> None:
    with pytest.raises(StepError, match=why):
        rendered(template)


@pytest.mark.parametrize(
    "template",
    [
        "echo ')' '(' \"(\" \\( {v}",
        "f() { echo {v}; }",
        "x=(1 2) ; echo {v}",
        "case x in a|b) true;; (c) true ;& d) true;;& esac; echo {v}",
        "case esac in esac) true;; esac && echo {v}",
        "if case x in x) true;; esac; then echo {v}; fi",
        "( case x in x) true; esac ); echo {v}",
        "for case in a; do echo $case {v}; done",
        "echo $(echo \"$(echo ')')\" '\"' ) {v}",
        "cat <<A <<-'B' >x # it's\n'\nA\n\t\"\n\tB\necho {v}",
        "cat <<'A B'\n'\nA B\necho {v}",
        "cat <<A\\ B\n'\nA B\necho {v}",
        "cat <<<'it' {v}",
        "echo a#'b' {v}",
        "echo $#{v}",
        "echo ${#x} ${x%'}'} {v}",
        'echo "${x:-"}"}" {v}',
        "echo $(( 1 << 2 ))\necho {v}",
        "((x<<1))\necho {v}",
        "echo $'a\\n' {v}",
        'echo "`echo "a"`" {v}',
        "echo `echo # '`{v}",
        "(cat <<A)\n'\nA\necho {v}",
        "echo ${x:-`echo '}'`} {v}",
        "echo \\\n#'\n{v}",
        (
            "case $x in\n  a) echo 1 ;;\n  *) echo $(case y in y) echo '(';; esac) ;;\n"
            "esac\necho {v}"
        ),
    ],
)
def test_the_way_out_of_any_place_is_found(template: str) -> None:
    """After it, plain text goes on: the value is one quoted word."""
    assert rendered(template, "a b").text == template.replace("{v}", "'a b'")


@pytest.mark.parametrize(
    "template",
    ['echo "$(case x in x) echo a;; esac)', 'echo "a" "', "echo \"$(echo ')'"],
)
def test_the_way_back_into_double_quotes_is_found(template: str) -> None:
    closed = template if template.endswith(('"', ")")) else template + ")"

    assert rendered(closed + "{v}", "$x").text == closed + "\\$x"


def test_the_first_name_with_a_value_is_chosen_where_it_may_be() -> None:
    look = lookup_in({"b": "B"})

    assert render("echo {a|b}", look, choose=True).text == "echo B"
    assert render("echo {a|b}", look).text == "echo {a|b}"
