"""Where prompts lie: one folder a language, a file for each text, made once.

``$HOTLINE_PROMPTS_DIR/<language>/<ab>/<hash>`` with ``.wav``, ``.ulaw``, ``.alaw``; beside
them ``.from`` says what made them (a voice or a recording), so that another voice or a new
recording replaces them. ``fixed/`` holds the prompts that the dialplan knows by name,
``passing/`` what was said once (a day, an hour) and is swept after a day, ``joined/`` runs
of prompts as one file.
"""

import abc
import hashlib
import json
import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.conf import settings

from hotline.core.errors import AdapterError
from hotline.core.vietnamese import nfc
from hotline.dialogue.digits import DIGIT_WORDS
from hotline.edges.adapters.speech import made
from hotline.edges.adapters.speech.joined import Joined
from hotline.edges.adapters.speech.sound import (
    ENDINGS,
    RATE,
    Samples,
    dress,
    read_wav,
    save,
    write_whole,
)

AT_ONCE = 2
DAY_S = 24 * 3600
SWEEP_EVERY = 50  # new passing prompts
Text = tuple[str, str]  # language, words
Progress = Callable[[int, int], None]


class PromptStore(abc.ABC):
    """The part of ``TextToSpeech`` that keeps files; who makes the sound is a subclass."""

    voices: Mapping[str, str] = {}

    def __init__(self, folder: Path | None = None) -> None:
        self.folder: Path = folder or settings.ENV.prompts
        self._joined = Joined(self.folder)

    @abc.abstractmethod
    def render(self, language: str, text: str) -> Samples:
        """The sound of a text. Raises AdapterError."""

    def render_lasting(self, language: str, text: str) -> Samples:
        """As ``render``, for a text that will be said again and again: a subclass may keep
        the sound elsewhere too."""
        return self.render(language, text)

    @abc.abstractmethod
    def maker(self, language: str) -> str:
        """Names the voice, so that files of another one are known."""

    def ensure(self, texts: Iterable[Text]) -> int:
        return self._ensure(texts, {}, None)

    def prepare(
        self,
        *,
        texts: Iterable[Text],
        fixed: Mapping[str, Text],
        voices: Mapping[str, str],
        recordings: Mapping[Text, Path],
        progress: Progress | None = None,
    ) -> int:
        write_whole(self._voices_file(), json.dumps(dict(voices)).encode())
        digits = {
            (language, word)
            for language in {language for language, _text in fixed.values()} | set(voices)
            for word in DIGIT_WORDS.get(language, ())
        }
        wanted = {*texts, *fixed.values(), *digits}
        rendered = self._ensure(wanted, recordings, progress)
        for name, (language, text) in fixed.items():
            self._link(self.path(language, text), self.folder / "fixed" / name)
        for name in made.SOUNDS:
            self.fixed(name)
        self._joined.sweep()
        return rendered

    def path(self, language: str, text: str) -> Path:
        path = self._place(language, text)
        if path.with_name(f"{path.name}.wav").exists():
            return path
        passing = self.folder / "passing" / language / path.name
        if not passing.with_name(f"{path.name}.wav").exists():
            save(self.render(language, nfc(text)), passing)
            self._sweep(passing.parent)
        return passing

    def digit(self, language: str, digit: str) -> Path:
        return self.path(language, DIGIT_WORDS.get(language, DIGIT_WORDS["en"])[int(digit)])

    def fixed(self, name: str) -> Path:
        path = self.folder / "fixed" / name
        if path.with_name(f"{name}.wav").exists() and not self._is_short(path):
            return path
        if name not in made.SOUNDS:
            raise AdapterError(f"The prompt {name} was never prepared.", permanent=True)
        save(made.SOUNDS[name](), path)
        if name == "music":  # the same loop is Asterisk's music on hold
            save(made.music(), self.folder / "music" / "hold")
        return path

    def lasts_s(self, prompt: Path) -> float:
        try:
            return prompt.with_name(f"{prompt.name}.ulaw").stat().st_size / RATE
        except OSError:
            return 0.0

    def together(self, prompts: Sequence[Path]) -> list[Path]:
        return self._joined.together(prompts)

    @staticmethod
    def _is_short(path: Path) -> bool:
        """Music of a minute, as it was made before: nobody may wait without for lack of it."""
        music = path.with_name("music.ulaw")
        if path.name != "music" or not music.exists():
            return False
        return music.stat().st_size < made.MUSIC_S * RATE

    def _ensure(
        self, texts: Iterable[Text], recordings: Mapping[Text, Path], progress: Progress | None
    ) -> int:
        sources = {(language, nfc(text)): file for (language, text), file in recordings.items()}
        wanted = sorted({(language, nfc(text)) for language, text in texts})
        missing = [text for text in wanted if not self._is_made(*text, sources.get(text))]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            jobs = [pool.submit(self._make, *text, sources.get(text)) for text in missing]
            for done, job in enumerate(jobs, start=1):
                job.result()
                if progress is not None:
                    progress(done, len(jobs))
        return len(missing)

    def _make(self, language: str, text: str, recording: Path | None) -> None:
        path = self._place(language, text)
        if recording is None:
            samples = self.render_lasting(language, nfc(text))
        else:
            samples = dress(read_wav(_content(recording)))
        save(samples, path)
        write_whole(path.with_name(f"{path.name}.from"), self._source(language, recording).encode())

    def _is_made(self, language: str, text: str, recording: Path | None) -> bool:
        path = self._place(language, text)
        note = path.with_name(f"{path.name}.from")
        try:
            known = note.read_text()
        except FileNotFoundError:
            return False
        sound = path.with_name(f"{path.name}.wav").exists()
        return sound and known == self._source(language, recording)

    def _source(self, language: str, recording: Path | None) -> str:
        if recording is None:
            return f"voice {self.maker(language)}"
        return f"recording {hashlib.sha256(_content(recording)).hexdigest()}"

    def _place(self, language: str, text: str) -> Path:
        name = hashlib.sha256(f"{language}\0{nfc(text)}".encode()).hexdigest()[:32]
        return self.folder / language / name[:2] / name

    @staticmethod
    def _sweep(folder: Path) -> None:
        """Removes what was last said a day ago; looked at now and then only."""
        if secrets.randbelow(SWEEP_EVERY):
            return
        oldest = time.time() - DAY_S
        for file in folder.iterdir():
            try:
                if file.stat().st_mtime < oldest:
                    file.unlink()
            except FileNotFoundError:  # another process sweeps as well
                continue

    def _voices_file(self) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder / "voices.json"

    def voice(self, language: str) -> str:
        """The city's voice for a language, else the voice's own default.

        Raises AdapterError for a language without a voice.
        """
        try:
            chosen = json.loads(self._voices_file().read_text()).get(language)
        except (FileNotFoundError, ValueError):
            chosen = None
        voice = chosen or self.voices.get(language)
        if not voice:
            raise AdapterError(f"There is no voice for the language {language}.", permanent=True)
        return str(voice)

    @staticmethod
    def _link(source: Path, target: Path) -> None:
        """The same sound under another name."""
        target.parent.mkdir(parents=True, exist_ok=True)
        for ending in ENDINGS:
            content = source.with_name(f"{source.name}.{ending}").read_bytes()
            write_whole(target.with_name(f"{target.name}.{ending}"), content)


def _content(recording: Path) -> bytes:
    try:
        return recording.read_bytes()
    except OSError as error:
        raise AdapterError(
            f"The recording {recording.name} cannot be read.", permanent=True
        ) from error
