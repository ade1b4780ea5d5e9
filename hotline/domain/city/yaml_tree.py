"""YAML as a city writes it: plain data with the line of every value.

A small, safe part of YAML: mappings, lists and scalars. Every scalar stays a string (an
empty one or ``~`` is None), so that ``0901…`` stays a telephone number and ``no`` a word;
the schema turns strings into numbers. Anchors, aliases and tags are refused, keys may not
come twice, and depth is bounded.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.translation import gettext as _

Path = tuple[str | int, ...]
Lines = dict[Path, int]
DEEPEST = 12
_NOTHING = {"", "~", "null"}
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlMistake(Exception):
    """``line`` (from 1) and a sentence for the person who wrote the file."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line = line
        self.sentence = sentence


@dataclass(slots=True)
class Tree:
    """``data``: the document. ``lines``: line by path, from 1. ``twice``: mistakes that do
    not stop the reading (keys that come twice)."""

    data: Any = None
    lines: Lines = field(default_factory=dict)
    twice: list[YamlMistake] = field(default_factory=list)


def parse(text: str) -> Tree:
    """Raises YamlMistake for text that is no YAML of ours."""
    tree = Tree()
    try:
        events = iter(yaml.parse(text, Loader=_LOADER))
        for event in events:
            if isinstance(event, yaml.NodeEvent):
                if tree.lines:
                    raise YamlMistake(_line(event), _("Only one document may stand in a file."))
                tree.data = _node(tree, event, events, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise YamlMistake(line, _written_wrongly(error, text, line)) from error
    except yaml.YAMLError as error:
        raise YamlMistake(1, _("The file holds characters that cannot be read as text.")) from error
    return tree


def _written_wrongly(error: yaml.MarkedYAMLError, text: str, line: int) -> str:
    if "alias" in f"{error.context} {error.problem}":
        return _('A value that begins with * or & must stand in quotation marks, like "*".')
    if any("\t" in near[: len(near) - len(near.lstrip())] for near in _around(text, line)):
        return _("Indent with spaces, not with the tab key.")
    return _(
        "This line or the one before is not written correctly. Look at the indentation, at the "
        "colon after the name, and at quotation marks: a text with a colon or a comma needs them."
    )


def _around(text: str, line: int) -> list[str]:
    """The line and the one before it."""
    return text.split("\n")[max(0, line - 2) : line]


def _node(tree: Tree, event: yaml.NodeEvent, events: Iterator[Any], path: Path) -> Any:
    line = _line(event)
    tree.lines.setdefault(path, line)
    if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
        raise YamlMistake(
            line, _('A value that begins with * or & must stand in quotation marks, like "*".')
        )
    if len(path) > DEEPEST:
        raise YamlMistake(line, _("The values are nested too deeply."))
    if getattr(event, "tag", None) is not None:
        raise YamlMistake(line, _("A value may not begin with an exclamation mark."))
    if isinstance(event, yaml.ScalarEvent):
        return None if event.style is None and event.value in _NOTHING else event.value
    if isinstance(event, yaml.SequenceStartEvent):
        return _sequence(tree, events, path)
    return _mapping(tree, events, path)


def _sequence(tree: Tree, events: Iterator[Any], path: Path) -> list[Any]:
    items: list[Any] = []
    for event in events:
        if isinstance(event, yaml.SequenceEndEvent):
            break
        items.append(_node(tree, event, events, (*path, len(items))))
    return items


def _mapping(tree: Tree, events: Iterator[Any], path: Path) -> dict[str, Any]:
    items: dict[str, Any] = {}
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            break
        if not isinstance(event, yaml.ScalarEvent):
            raise YamlMistake(_line(event), _("A name must stand before the colon, not a list."))
        key = event.value
        if key in items:
            tree.twice.append(
                YamlMistake(_line(event), _("“%(key)s” stands here twice.") % {"key": key})
            )
        tree.lines[(*path, key)] = _line(event)
        items[key] = _node(tree, next(events), events, (*path, key))
    return items


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
