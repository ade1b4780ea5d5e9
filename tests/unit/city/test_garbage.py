"""Nothing that stands in a city's files can make the check fail: it can only find problems."""

import os
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.domain.city.folder import NEEDED
from hotline.domain.city.model import City
from tests.unit.city.folders import CITIES, check, check_without_places, copy_of

LONG = os.environ.get("HOTLINE_TEST_LONG") == "1"
FILES = (*NEEDED, "scripts/hardship.yaml", "prompts/index.yaml")
WORDS = st.sampled_from(
    [
        "vi",
        "en",
        "key",
        "slots",
        "voice",
        "default",
        "1",
        "-5",
        "nan",
        "inf",
        "1e999",
        "~",
        "",
        "79",
    ]
)
VALUES = st.recursive(
    WORDS | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=600 if LONG else 60, deadline=None)
@given(file=st.sampled_from(FILES), content=st.binary(max_size=300) | st.text().map(str.encode))
def test_garbage_in_a_file_gives_problems_and_nothing_else(file: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as home:
        folder = copy_of("hcmc-2021", Path(home))
        (folder / file).write_bytes(content)
        assert any(problem.file == file for problem in check_without_places(folder).problems)


@settings(max_examples=1500 if LONG else 120, deadline=None)
@given(data=st.data())
def test_a_slip_anywhere_is_either_harmless_or_a_problem(data: st.DataObject) -> None:
    """Lines lost, doubled or cut, words changed: what passes the check can be built."""
    file = data.draw(st.sampled_from(FILES[:-1]))
    lines = (CITIES / "hcmc-2021" / file).read_text("utf8").splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    kind = data.draw(st.sampled_from(["lose", "double", "cut", "indent", "value"]))
    changed = {
        "lose": [],
        "double": [lines[at], lines[at]],
        "cut": [lines[at][: len(lines[at]) // 2]],
        "indent": [f"  {lines[at]}"],
        "value": [f"{lines[at].split(':')[0]}: {data.draw(WORDS)}"],
    }[kind]
    with tempfile.TemporaryDirectory() as home:
        folder = copy_of("hcmc-2021", Path(home))
        (folder / file).write_text("\n".join([*lines[:at], *changed, *lines[at + 1 :]]), "utf8")
        checked = check(folder)
        if not checked.problems:
            assert City.from_content(checked.content).book.scripts
        assert all(problem.sentence and problem.line >= 0 for problem in checked.problems)


@settings(max_examples=1000 if LONG else 100, deadline=None)
@given(
    content=st.dictionaries(st.sampled_from(["places", "menu", "contact", "rules", "x"]), VALUES)
)
def test_strange_values_of_the_right_file_give_problems(content: dict[str, object]) -> None:
    import yaml

    with tempfile.TemporaryDirectory() as home:
        folder = copy_of("hcmc-2021", Path(home))
        for file in ("city.yaml", "routing.yaml"):
            (folder / file).write_text(yaml.safe_dump(content, allow_unicode=True), "utf8")
        assert check(folder).problems
