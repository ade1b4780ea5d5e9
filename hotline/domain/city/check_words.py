"""Every wording: in each language of the city, for each channel, never empty."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from hotline.dialogue.script import Channel
from hotline.domain.city.shapes import Shapes

Path = tuple[str | int, ...]
WORDINGS = frozenset(
    {
        "title",
        "label",
        "ask",
        "help",
        "reason",
        "name",
        "words",
        "greeting",
        "emergency",
        "prompt",
        "consent",
        "announcement",
        "closed_words",
        "waiting_words",
    }
)
CHANNELS = frozenset({*Channel, "default"})
LONGEST = 1500  # letters; a minute and a half of speech


def check(shapes: Shapes) -> None:
    languages = shapes.languages()
    for name, file in shapes.folder.files.items():
        for path, wording in _wordings(file.data, ()):
            for language in languages or ("vi",):
                if language not in wording:
                    _complain(
                        shapes,
                        name,
                        path,
                        _("The words in the language “%(language)s” are missing.")
                        % {"language": language},
                    )
            for language, text in wording.items():
                if languages and language not in languages:
                    _complain(shapes, name, (*path, language), _strange(language))
                else:
                    _check_text(shapes, name, (*path, language), text)


def _wordings(value: Any, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            here = (*path, key)
            is_wording = key in WORDINGS or path[-1:] == ("phrases",)
            if is_wording and isinstance(inner, dict):
                yield here, inner
            else:
                yield from _wordings(inner, here)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _wordings(inner, (*path, index))


def _strange(language: str) -> str:
    if " " in language:  # {vi: Tụ tập, ăn uống}: what follows the comma was taken for a name
        return _("A text with a comma or a colon must stand in quotation marks.")
    return _("“%(language)s” is no language of this city (see city.yaml).") % {"language": language}


def _check_text(shapes: Shapes, name: str, path: Path, text: Any) -> None:
    if isinstance(text, dict):
        _check_channels(shapes, name, path, text)
    elif text is None or (isinstance(text, str) and not text.strip()):
        _complain(shapes, name, path, _("The words are empty."))
    elif isinstance(text, str) and len(text) > LONGEST:
        _complain(
            shapes,
            name,
            path,
            _("The text is longer than %(most)d letters. Nobody listens that long.")
            % {"most": LONGEST},
        )


def _check_channels(shapes: Shapes, name: str, path: Path, texts: dict[str, Any]) -> None:
    for channel, text in texts.items():
        if channel not in CHANNELS:
            _complain(
                shapes,
                name,
                (*path, channel),
                _("“%(channel)s” is no channel. Channels are: voice, web, chat, desk, default.")
                % {"channel": channel},
            )
        elif isinstance(text, str) or text is None:
            _check_text(shapes, name, (*path, channel), text)
    silent = sorted(set(Channel) - set(texts))
    if silent and "default" not in texts:
        _complain(
            shapes,
            name,
            path,
            _("There are no words for: %(channels)s. Add them, or a “default”.")
            % {"channels": ", ".join(silent)},
        )


def _complain(shapes: Shapes, file: str, path: Path, sentence: str) -> None:
    shapes.folder.complain(file, path, sentence)
