"""The voice of espeak-ng, run as a program; prompts are rendered once a text.

Sounds are also kept in the user's cache folder, so that another installation or an erased
state finds them again.
"""

import hashlib
import logging
import os
import subprocess
import tempfile
from functools import cached_property
from pathlib import Path

from hotline.core.errors import AdapterError
from hotline.edges.adapters.speech.sound import Samples, dress, read_wav, write_whole
from hotline.edges.adapters.speech.spoken import spoken
from hotline.edges.adapters.speech.store import PromptStore

log = logging.getLogger(__name__)
PROGRAM = "espeak-ng"
WORDS_PER_MINUTE = 150
PITCH = 45
TIME_OUT_S = 30


class EspeakTextToSpeech(PromptStore):
    """``TextToSpeech`` by espeak-ng."""

    voices = {"vi": "vi", "en": "en-gb"}

    def render(self, language: str, text: str) -> Samples:
        return dress(read_wav(self._run(self.voice(language), spoken(language, text))))

    def render_lasting(self, language: str, text: str) -> Samples:
        words = spoken(language, text)
        kept = self._cache / f"{self._name(language, words)}.wav"
        try:
            return dress(read_wav(kept.read_bytes()))
        except (OSError, AdapterError):  # not rendered yet, or cut off by a crash
            content = self._run(self.voice(language), words)
        samples = dress(read_wav(content))
        try:
            self._cache.mkdir(parents=True, exist_ok=True)
            write_whole(kept, content)
        except OSError as error:  # no home, or no room: the cache only saves time
            log.info("Prompts are not kept in the cache folder: %s", error)
        return samples

    def maker(self, language: str) -> str:
        return f"{self._version} {self.voice(language)} {WORDS_PER_MINUTE} {PITCH}"

    def _name(self, language: str, words: str) -> str:
        return hashlib.sha256(f"{self.maker(language)}\0{words}".encode()).hexdigest()

    @cached_property
    def _cache(self) -> Path:
        given = os.environ.get("XDG_CACHE_HOME")
        home = Path(given) if given else Path(os.path.expanduser("~")) / ".cache"  # noqa: PTH111
        return home / "hotline1022" / "prompts"

    @cached_property
    def _version(self) -> str:
        done = self._call([PROGRAM, "--version"], b"")
        return done.stdout.decode(errors="replace").split("Data at")[0].strip()

    def _run(self, voice: str, words: str) -> bytes:
        """The WAV file that espeak-ng makes of words. Raises AdapterError."""
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "said.wav"
            command = [PROGRAM, "-v", voice, "-s", str(WORDS_PER_MINUTE), "-p", str(PITCH)]
            done = self._call([*command, "-b", "1", "--stdin", "-w", str(out)], words.encode())
            if done.returncode or not out.is_file():
                complaint = done.stderr.decode(errors="replace").strip()[:200]
                raise AdapterError(f"espeak-ng failed: {complaint}", permanent=True)
            return out.read_bytes()

    @staticmethod
    def _call(command: list[str], given: bytes) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(command, input=given, capture_output=True, timeout=TIME_OUT_S)
        except FileNotFoundError as error:
            raise AdapterError(
                "The program espeak-ng is not installed (apt-get install espeak-ng).",
                permanent=True,
            ) from error
        except (OSError, subprocess.TimeoutExpired) as error:
            raise AdapterError(f"espeak-ng could not be run: {error}", permanent=False) from error
