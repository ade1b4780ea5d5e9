"""A voice whose prompts are names of files that are not there: for runs in which nobody
listens."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from hotline.edges.adapters.telephony.fake.channel import lasts_s


class Names:
    """A ``TextToSpeech``."""

    def ensure(self, texts: Iterable[tuple[str, str]]) -> int:
        return 0

    def prepare(self, **_what: Any) -> int:
        return 0

    def path(self, language: str, text: str) -> Path:
        return Path(f"{language}-{sha256(text.encode()).hexdigest()[:16]}")

    def digit(self, language: str, digit: str) -> Path:
        return Path(f"digit-{digit}")

    def fixed(self, name: str) -> Path:
        return Path(name)

    def lasts_s(self, prompt: Path) -> float:
        return lasts_s(f"sound:{prompt}")

    def together(self, prompts: Sequence[Path]) -> list[Path]:
        return list(prompts)
