"""The voice of the load scenario: short tones, so that a call is as long as the scenario says
and no text-to-speech program runs beside it."""

import hashlib

import numpy as np

from hotline.edges.adapters.speech.sound import RATE, Samples, tone
from hotline.edges.adapters.speech.store import PromptStore

WORD_S, DIGIT_S, MOST_S = 0.1, 0.05, 0.4


class Tones(PromptStore):
    """``TextToSpeech``: a note for each word, at most ``MOST_S`` seconds."""

    voices = {"vi": "tones", "en": "tones"}

    def render(self, language: str, text: str) -> Samples:
        seed = hashlib.sha256(f"{language}\0{text}".encode()).digest()
        words = text.split()
        each_s = WORD_S if len(words) > 1 else DIGIT_S
        count = min(len(words), int(MOST_S / each_s))
        notes = [tone(300 + 5 * seed[index], each_s * 0.8, level=0.15) for index in range(count)]
        pause = np.zeros(int(RATE * each_s * 0.2))
        return np.concatenate([part for note in notes for part in (note, pause)])

    def maker(self, language: str) -> str:
        return f"bench tones {language}"
