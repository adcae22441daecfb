"""Real shells print exactly the value, wherever it stands, and run none of it."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smtui.definition import Json
from smtui.errors import StepError
from smtui.expr import lookup_in, render

pytestmark = pytest.mark.acceptance

SHELLS = [
    pytest.param(argv, id=" ".join(argv))
    for argv in (["sh"], ["bash"], ["bash", "--posix"])
    if shutil.which(argv[0])
]

PIECES = st.sampled_from(
    [
        "'",
        '"',
        "`",
        "$",
        "\\",
        "\n",
        "\t",
        " ",
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "<",
        ">",
        "&",
        "|",
        ";",
        "#",
        "*",
        "?",
        "~",
        "!",
        "=",
        "-",
        "%s",
        "\\n",
        "EOF",
        "\nEOF\n",
        "esac",
        "é",
        "🚀",
        "\u202e",
        "\x07",
        "\x7f",
        "${HOME}",
        "${SMTUI_VALUE_1}",
        "{v0}",
        "$(touch canary)",
        "`touch canary`",
        ";touch canary;",
        "\ntouch canary\n",
        "a[$(touch canary)]",
        "');touch canary;('",
        '";touch canary;"',
        ")touch canary;(",
        "}touch canary;{",
        ">canary",
        "x@P",
    ]
)
VALUES = st.one_of(
    st.lists(PIECES, max_size=6).map("".join),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    st.sampled_from(["", "-n", "--", "-e", "0", "5", "if", "A=1", "~", "*"]),
)

PLACES: dict[str, tuple[str, str, str]] = {
    # name: template, what it prints before and after the value
    "plain": (r"printf '%s\0' {v}", "", ""),
    "beside text": (r"printf '%s\0' a{v}b", "a", "b"),
    "single": (r"printf '%s\0' '{v}'", "", ""),
    "single, inside": (r"""printf '%s\0' 'a"{v}$b'""", 'a"', "$b"),
    "double": (r"""printf '%s\0' "{v}" """, "", ""),
    "double, inside": (r"""printf '%s\0' "a'{v}'b" """, "a'", "'b"),
    "substitution": (r"""printf '%s\0' "$(printf %s. {v})" """, "", "."),
    "double in it": (r"""printf '%s\0' "$(printf %s. "{v}")" """, "", "."),
    "single in it": (r"""printf '%s\0' "$(printf %s. '{v}')" """, "", "."),
    "subshell": (r"(printf '%s\0' {v})", "", ""),
    "in two": (r"""printf '%s\0' "$( (printf %s. {v}) )" """, "", "."),
    "here-document": ("cat <<EOF\na {v} b\nEOF\nprintf '\\0'", "a ", " b\n"),
    "at its start": ("cat <<EOF\n{v}EOF\nEOF\nprintf '\\0'", "", "EOF\n"),
    "with tabs": ("cat <<-EOF\n\ta {v}\n\tEOF\nprintf '\\0'", "a ", "\n"),
    "after a backslash in it": (
        "cat <<EOF\n\\{v}\nEOF\nprintf '\\0'",
        "\\",
        "\n",
    ),
    "command in it": ("cat <<EOF\n$(printf %s. {v})\nEOF\nprintf '\\0'", "", ".\n"),
    "after it": ("cat <<EOF >/dev/null\nit's\nEOF\nprintf '%s\\0' {v}", "", ""),
    "joined line in it": (
        "cat <<EOF >/dev/null\na\\\nEOF\n'\nEOF\nprintf '%s\\0' {v}",
        "",
        "",
    ),
    "two of them": (
        "cat <<A <<B >/dev/null\n'\nA\n{v}\nB\nprintf '%s\\0' {v}",
        "",
        "",
    ),
    "in a substitution": (
        "printf '%s\\0' \"$(cat <<EOF\n{v}.\nEOF\n)\"",
        "",
        ".",
    ),
    "in a group": ("(cat <<EOF\n{v}\nEOF\n)\nprintf '\\0'", "", "\n"),
    "of a group": ("cat <<EOF | (\n{v}\nEOF\ncat)\nprintf '\\0'", "", "\n"),
    "after a comment": ("true # don't {v}\nprintf '%s\\0' {v}", "", ""),
    "after a comment in a group": ("(true)# don't\nprintf '%s\\0' {v}", "", ""),
    "after a number sign": ("printf '%s\\0' $#a{v}", "0a", ""),
    "after a joined comment": (
        "true \\\n# don't\nprintf '%s\\0' {v}",
        "",
        "",
    ),
    "comment in backticks": ("printf '%s\\0' `true # '`{v}", "", ""),
    "backslash before": (r"printf '%s\0' \{v}", "", ""),
    "backslash in double": (r"""printf '%s\0' "\{v}" """, "\\", ""),
    "two backslashes": (r"printf '%s\0' \\{v}", "\\", ""),
    "backticks": (r"""printf '%s\0' "`printf %s. {v}`" """, "", "."),
    "double in backticks": (r"""printf '%s\0' "`printf %s. "{v}"`" """, "", "."),
    "single in backticks": (r"""printf '%s\0' "`printf %s. '{v}'`" """, "", "."),
    "bare backticks": (
        (
            r"v=`printf %s. {v}`; printf '%s\0' "
            '"$v"'
        ),
        "",
        ".",
    ),
    "case": (r"case x in x) printf '%s\0' {v};; esac", "", ""),
    "case in a substitution": (
        r"""printf '%s\0' "$(case x in y) ;; x) printf %s. {v};; esac)" """,
        "",
        ".",
    ),
    "case with brackets": (
        r"""printf '%s\0' "$(case x in (x|z) printf %s. "{v}";; (*) ;; esac)" """,
        "",
        ".",
    ),
    "case over lines": (
        (
            "printf '%s\\0' \"$(\nif true; then case x\nin\nx) printf %s. {v}\n"
            ';;\nesac; fi\n)"'
        ),
        "",
        ".",
    ),
    "a word case": (r"""printf '%s\0' "$(echo case >&2)"{v} 2>&1""", "", ""),
    "subject of a case": (
        r"""case {v} in "{v}") printf '%s\0' {v};; *) printf 'other\0';; esac""",
        "",
        "",
    ),
    "default": (r"""printf '%s\0' "${nobody:-{v}}" """, "", ""),
    "default, bare": (r"printf '%s\0' ${nobody:-{v}}", "", ""),
    "default, inside": (r"""printf '%s\0' "${nobody-a {v} b}" """, "a ", " b"),
    "default, nested": (r"""printf '%s\0' "${nobody:-${none:-{v}}}" """, "", ""),
    "default in a body": ("cat <<EOF\n${nobody:-{v}}\nEOF\nprintf '\\0'", "", "\n"),
    "assignment": (r"""v={v}; printf '%s\0' "$v" """, "", ""),
    "before a redirection": (r"printf '%s\0' {v}>&1", "", ""),
    "for": (
        (
            r"for i in {v}; do printf '%s\0' "
            '"$i"; done'
        ),
        "",
        "",
    ),
    "function": (r"""f() { printf '%s\0' "$1"; }; f {v}""", "", ""),
    "locale": (r"""printf '%s\0' "a"'b'"{v}" """, "ab", ""),
    "shift": ("printf '%s\\0' $((1<<2))\nprintf '%s\\0' {v}", "4\0", ""),
}


def run(argv: list[str], text: str, env: dict[str, str], folder: Path) -> str:
    done = subprocess.run(  # noqa: S603 - the point of the test
        [*argv, "-c", text],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/home", **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=30,
        check=False,
    )
    return done.stdout.decode("utf-8", "surrogateescape")


@pytest.mark.parametrize("argv", SHELLS)
@settings(
    max_examples=12,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
    ],
)
@given(values=st.lists(VALUES, min_size=1, max_size=4))
def test_every_place_prints_the_value(
    argv: list[str], tmp_path: Path, values: list[str]
) -> None:
    """One script holds every place, so the reader must also find its way on."""
    templates: list[str] = []
    data: dict[str, Json] = {}
    expected: list[str] = []
    for template, before, after in PLACES.values():
        for value in values:
            name = f"v{len(data)}"
            data[name] = value
            templates.append(template.replace("{v}", "{" + name + "}"))
            expected.append(before + value + after + "\0")

    command = render("\n".join(templates), lookup_in(data))
    got = run(argv, command.text, command.environment, tmp_path)

    assert got.split("\0") == "".join(expected).split("\0")
    assert list(tmp_path.iterdir()) == []


FRAGMENTS = st.sampled_from(
    [
        "{v}",
        "{v}",
        "{v}",
        "{w}",
        "'",
        "'",
        '"',
        '"',
        "`",
        "$(",
        ")",
        "(",
        "$((",
        "))",
        "((",
        "$[",
        "]",
        "${x:-",
        "${x#",
        "${x:",
        "${x[",
        "${",
        "}",
        "$'",
        "\\",
        "\\'",
        "\n",
        "\n",
        " ",
        " ",
        ";",
        "# ",
        "echo ",
        "cat <<EOF",
        "cat <<'EOF'",
        'cat <<-E"O"F',
        "<<<",
        "\nEOF\n",
        "EOF",
        "\\\n",
        "case x in ",
        "x) ",
        ";; ",
        " esac",
        "if true; then ",
        " fi",
        "x=",
        "true && ",
        "| cat ",
        "{ ",
    ]
)
ATTACKS = st.lists(PIECES, min_size=1, max_size=8).map("".join)


@pytest.mark.parametrize("argv", SHELLS)
@settings(
    max_examples=150,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
    ],
)
@given(
    template=st.lists(FRAGMENTS, min_size=2, max_size=14).map("".join),
    value=ATTACKS,
    other=ATTACKS,
)
def test_no_command_however_odd_runs_a_value(
    argv: list[str], tmp_path: Path, template: str, value: str, other: str
) -> None:
    try:
        command = render(template, lookup_in({"v": value, "w": other}))
    except StepError:
        return
    run(argv, command.text, command.environment, tmp_path)

    assert list(tmp_path.iterdir()) == [], command.text


ARITHMETIC = ["$(({v}))", '"$(({v}))"', "$((1*({v})))", '"${x:-$(({v}))}"']


@pytest.mark.parametrize("argv", SHELLS)
@pytest.mark.parametrize("place", ARITHMETIC)
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.integers(-(10**17), 10**17))
def test_arithmetic_takes_whole_numbers(
    argv: list[str], tmp_path: Path, place: str, number: int
) -> None:
    command = render(f"printf '%s' {place}", lookup_in({"v": number}))

    assert run(argv, command.text, command.environment, tmp_path) == str(number)


def test_the_canary_can_sing(tmp_path: Path) -> None:
    """What the values try does work where a value is pasted as it is."""
    text = re.sub(r"\{v\}", "$(touch canary)", 'echo "{v}"')

    run(["sh"], text, {}, tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["canary"]


@pytest.mark.parametrize("argv", SHELLS)
@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("echo $(({v}))", "$(touch canary)"),
        ("echo $(({v}))", "a[$(touch canary)]"),
        ("echo $[{v}]", "$(touch canary)"),
        ("((x={v}))", "a[$(touch canary)]"),
        ("echo `true # it` {v}", "; touch canary"),
        ("cat <<E\n{v}E\n{v}\nE", "$(touch canary)"),
        ("(true)# don't {v}", "\ntouch canary\n"),
        ("true \\\n# don't\necho {v}", ";touch canary;"),
        ("x=abc; echo ${x:{v}}", "a[$(touch canary)]"),
        ("echo ${x[{v}]}", "$(touch canary)"),
        ("cat <<E\\\nF\n{v}\nE\nEF", "$(touch canary)"),
        ("cat <<E'F'\n{v}\nE\n{v}\nEF", "$(touch canary)"),
        ("echo $'it\\'s' {v}", ";touch canary;'"),
    ],
)
def test_holes_that_were_found_stay_closed(
    argv: list[str], tmp_path: Path, template: str, value: str
) -> None:
    try:
        command = render(template, lookup_in({"v": value}))
    except StepError:
        return
    run(argv, command.text, command.environment, tmp_path)

    assert list(tmp_path.iterdir()) == []
