"""A voice for tests: a tone for each word, as long as the text asks for."""

import hashlib

import numpy as np

from hotline.edges.adapters.speech.sound import RATE, Samples, tone
from hotline.edges.adapters.speech.store import PromptStore

WORD_S = 0.3


class FakeTextToSpeech(PromptStore):
    """``TextToSpeech`` whose words are tones; another text has another tune."""

    voices = {"vi": "tones", "en": "tones"}

    def render(self, language: str, text: str) -> Samples:
        self.voice(language)
        seed = hashlib.sha256(f"{language}\0{text}".encode()).digest()
        count = max(2, len(text.split()))
        notes = [
            tone(300 + 5 * seed[index % len(seed)], WORD_S * 0.8, level=0.15)
            for index in range(count)
        ]
        pause = np.zeros(int(RATE * WORD_S * 0.2))
        return np.concatenate([part for note in notes for part in (note, pause)])

    def maker(self, language: str) -> str:
        return f"tones {self.voice(language)}"
