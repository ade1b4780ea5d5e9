"""The same promises for the voice of espeak-ng and for the fake."""

import shutil
import wave
from pathlib import Path

import pytest

from hotline.core.errors import AdapterError
from hotline.edges.adapters.speech.espeak import EspeakTextToSpeech
from hotline.edges.adapters.speech.fake import FakeTextToSpeech
from hotline.edges.adapters.speech.sound import read_wav, save
from hotline.edges.adapters.speech.store import PromptStore

HELLO = ("vi", "Tổng đài 1022 xin nghe ông/bà. Cuộc gọi này miễn phí.")
ENGLISH = ("en", "This call is free. It is recorded.")


@pytest.fixture(params=[FakeTextToSpeech, EspeakTextToSpeech], ids=["fake", "espeak"])
def voice(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> PromptStore:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    if request.param is EspeakTextToSpeech and shutil.which("espeak-ng") is None:
        pytest.fail("espeak-ng is missing: ./1022 test installs it")
    store: PromptStore = request.param(tmp_path / "prompts")
    return store


def wav_of(path: Path) -> str:
    return str(path.with_name(f"{path.name}.wav"))


def seconds(path: Path) -> float:
    with wave.open(wav_of(path)) as file:
        length: float = file.getnframes() / file.getframerate()
        return length


def prepare(voice: PromptStore, **changes: object) -> int:
    given = {
        "texts": {HELLO, ENGLISH},
        "fixed": {"missed": ("vi", "Xin lỗi ông/bà.")},
        "voices": {"vi": "", "en": ""},
        "recordings": {},
        **changes,
    }
    return voice.prepare(**given)  # type: ignore[arg-type]


def test_a_prompt_is_telephone_sound_in_three_forms(voice: PromptStore) -> None:
    voice.ensure([HELLO])
    path = voice.path(*HELLO)
    with wave.open(wav_of(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (8000, 1, 2)
        frames = file.getnframes()
    for law in ("ulaw", "alaw"):
        assert path.with_name(f"{path.name}.{law}").stat().st_size == frames


def test_a_prompt_can_be_heard(voice: PromptStore) -> None:
    samples = read_wav(voice.path(*HELLO).with_suffix(".wav").read_bytes())
    assert len(samples) / 8000 > 1.5
    level = float((samples**2).mean() ** 0.5)
    assert 0.02 < level < 0.2
    assert abs(samples).max() <= 0.8


def test_a_text_is_rendered_once(voice: PromptStore) -> None:
    assert voice.ensure([HELLO, HELLO, ENGLISH]) == 2
    assert voice.ensure([HELLO, ENGLISH]) == 0


def test_composed_and_decomposed_text_are_one_prompt(voice: PromptStore) -> None:
    import unicodedata

    language, text = HELLO
    voice.ensure([HELLO])
    assert voice.path(language, unicodedata.normalize("NFD", text)) == voice.path(*HELLO)


def test_another_text_or_language_is_another_prompt(voice: PromptStore) -> None:
    paths = {voice.path(*HELLO), voice.path(*ENGLISH), voice.path("en", HELLO[1])}
    assert len(paths) == 3


def test_what_was_not_prepared_is_rendered_at_once(voice: PromptStore) -> None:
    path = voice.path("vi", "Trước 17 giờ 00 ngày 05/11/2026.")
    assert seconds(path) > 0.5
    assert voice.path("vi", "Trước 17 giờ 00 ngày 05/11/2026.") == path


def test_every_digit_can_be_said(voice: PromptStore) -> None:
    prepare(voice)
    for language in ("vi", "en"):
        paths = [voice.digit(language, digit) for digit in "0123456789"]
        assert len(set(paths)) == 10
        assert all(0.2 < seconds(path) < 1.5 for path in paths)


def test_a_city_is_prepared_whole(voice: PromptStore) -> None:
    told: list[tuple[int, int]] = []
    made = prepare(voice, progress=lambda done, total: told.append((done, total)))
    assert made == 2 + 1 + 20
    assert told[-1] == (made, made)
    assert prepare(voice) == 0
    assert seconds(voice.fixed("missed")) > 0.5
    assert seconds(voice.fixed("beep")) == pytest.approx(0.2, abs=0.01)
    assert seconds(voice.fixed("quiet")) == pytest.approx(10)
    assert seconds(voice.fixed("music")) == pytest.approx(300)
    assert (voice.folder / "music" / "hold.ulaw").stat().st_size == 60 * 8000


def test_music_of_a_minute_from_an_older_installation_is_made_anew(voice: PromptStore) -> None:
    music = voice.fixed("music")
    save(read_wav(Path(wav_of(music)).read_bytes())[: 60 * 8000], music)
    assert seconds(voice.fixed("music")) == pytest.approx(300)


def test_a_prompt_that_nobody_prepared_is_an_error(voice: PromptStore) -> None:
    with pytest.raises(AdapterError) as caught:
        voice.fixed("missed")
    assert caught.value.permanent


def recording(path: Path, length: float, rate: int = 44100) -> Path:
    from hotline.edges.adapters.speech.sound import tone

    samples = (tone(440, length * rate / 8000) * 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return path


def test_the_citys_own_recording_comes_first(voice: PromptStore, tmp_path: Path) -> None:
    prepare(voice)
    before = seconds(voice.path(*HELLO))
    own = recording(tmp_path / "hello.wav", 7.0)
    assert prepare(voice, recordings={HELLO: own}) == 1
    assert seconds(voice.path(*HELLO)) == pytest.approx(7.0, abs=0.2)
    assert prepare(voice, recordings={HELLO: own}) == 0
    recording(own, 3.0)
    assert prepare(voice, recordings={HELLO: own}) == 1
    assert seconds(voice.path(*HELLO)) == pytest.approx(3.0, abs=0.2)
    assert prepare(voice) == 1  # the recording was taken away: the voice again
    assert seconds(voice.path(*HELLO)) == pytest.approx(before, abs=0.01)


def test_a_recording_that_is_none_is_an_error(voice: PromptStore, tmp_path: Path) -> None:
    (tmp_path / "hello.wav").write_text("not a sound")
    with pytest.raises(AdapterError):
        prepare(voice, recordings={HELLO: tmp_path / "hello.wav"})
    with pytest.raises(AdapterError):
        prepare(voice, recordings={HELLO: tmp_path / "none.wav"})


def test_a_language_without_a_voice_is_an_error(voice: PromptStore) -> None:
    with pytest.raises(AdapterError) as caught:
        voice.path("xx", "Saluton")
    assert caught.value.permanent


@pytest.fixture
def espeak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EspeakTextToSpeech:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return EspeakTextToSpeech(tmp_path / "prompts")


def test_another_voice_replaces_the_prompts(espeak: EspeakTextToSpeech) -> None:
    prepare(espeak, voices={"vi": "vi", "en": "en-gb"})
    path = espeak.path(*HELLO)
    north = path.with_suffix(".wav").read_bytes()
    made = prepare(espeak, voices={"vi": "vi-vn-x-south", "en": "en-gb"})
    assert made == 1 + 1 + 10  # all that is Vietnamese
    assert espeak.path(*HELLO) == path
    assert path.with_suffix(".wav").read_bytes() != north


def test_an_erased_state_needs_no_voice_again(
    espeak: EspeakTextToSpeech, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(espeak)
    first = espeak.path(*HELLO).with_suffix(".wav").read_bytes()
    shutil.rmtree(espeak.folder)

    def silent(self: EspeakTextToSpeech, voice: str, words: str) -> bytes:
        raise AssertionError("it was rendered again")

    monkeypatch.setattr(EspeakTextToSpeech, "_run", silent)
    prepare(espeak)
    assert espeak.path(*HELLO).with_suffix(".wav").read_bytes() == first


def test_without_the_program_the_error_says_what_to_install(
    espeak: EspeakTextToSpeech, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotline.edges.adapters.speech.espeak.PROGRAM", "espeak-of-nowhere")
    with pytest.raises(AdapterError, match="espeak-ng is not installed"):
        espeak.path(*HELLO)


def test_an_unknown_voice_is_an_error(espeak: EspeakTextToSpeech) -> None:
    with pytest.raises(AdapterError, match="espeak-ng failed"):
        prepare(espeak, voices={"vi": "martian", "en": "en-gb"})


def test_what_was_said_in_passing_is_swept_after_a_day(
    espeak: EspeakTextToSpeech, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    monkeypatch.setattr("hotline.edges.adapters.speech.store.SWEEP_EVERY", 1)
    old = espeak.path("vi", "Hôm qua")
    os.utime(old.with_suffix(".wav"), (0, 0))
    new = espeak.path("vi", "Hôm nay")
    assert not old.with_suffix(".wav").exists()
    assert new.with_suffix(".wav").exists()
    assert not list((espeak.folder.parent / "cache").rglob("*.wav"))
