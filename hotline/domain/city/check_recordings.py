"""prompts/index.yaml: recordings that exist, can be played, and speak words of the city."""

import wave
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path

from django.utils.translation import gettext as _

from hotline.dialogue.digits import DIGIT_WORDS
from hotline.dialogue.phrases import PHRASES
from hotline.dialogue.script import Book
from hotline.dialogue.spoken import spoken_texts
from hotline.domain.city.folder import RECORDINGS
from hotline.domain.city.shapes import Shapes

LARGEST = 20 * 1024 * 1024


def check(shapes: Shapes) -> None:
    if shapes.recordings is None:
        return
    spoken = _spoken(shapes)
    seen: set[tuple[str, str]] = set()
    complain = shapes.folder.complain
    for index, line in enumerate(shapes.recordings.recordings):
        path = ("recordings", index)
        if shapes.city is not None and line.language not in shapes.city.languages:
            complain(
                RECORDINGS,
                (*path, "language"),
                _("“%(language)s” is no language of this city (see city.yaml).")
                % {"language": line.language},
            )
        if line.phrase is not None and line.phrase not in PHRASES:
            complain(
                RECORDINGS,
                (*path, "phrase"),
                _("The system has no phrase of the name “%(key)s”.") % {"key": line.phrase},
            )
        said = (line.language, line.text or line.phrase or "")
        if said in seen:
            complain(RECORDINGS, path, _("These words are recorded twice."))
        seen.add(said)
        if line.text is not None and spoken is not None and said not in spoken:
            complain(
                RECORDINGS,
                (*path, "text"),
                _("The voice never says these words. Copy them exactly from the city's files."),
            )
        wrong = _wrong_with(shapes.folder.path / "prompts", line.file)
        if wrong is not None:
            complain(RECORDINGS, (*path, "file"), wrong)


def _spoken(shapes: Shapes) -> AbstractSet[tuple[str, str]] | None:
    """All that the voice says; None while a file that it stands in is broken."""
    if shapes.city is None or shapes.branches is None or not shapes.all_scripts_read:
        return None
    menu = replace(shapes.city.menu, branches=shapes.branches.branches)
    scripts = {script.key: script for script in shapes.scripts.values()}
    digits = {
        (language, word)
        for language in shapes.city.languages
        for word in DIGIT_WORDS.get(language, ())
    }
    try:
        return digits | spoken_texts(Book(menu=menu, scripts=scripts), shapes.city.languages)
    except KeyError:  # words are missing somewhere, which was said
        return None


def _wrong_with(folder: Path, name: str) -> str | None:
    file = folder / name
    if "/" in name or "\\" in name or name.startswith(".") or not file.is_file():
        return _("There is no file “%(file)s” in the folder prompts.") % {"file": name}
    if file.stat().st_size > LARGEST:
        return _("The recording is larger than 20 MB.")
    try:
        with wave.open(str(file)) as sound:
            fits = sound.getsampwidth() == 2 and sound.getnchannels() in {1, 2}
            seconds = sound.getnframes() / max(1, sound.getframerate())
            fits = fits and 4000 <= sound.getframerate() <= 192_000
    except (wave.Error, EOFError, RuntimeError, OSError, ValueError):
        return _("This is no WAV file.")
    if not fits:
        return _("A recording must be a WAV file of 16 bits (PCM), mono or stereo.")
    if seconds < 0.2:
        return _("The recording is empty.")
    return None
