"""A whole hotline for browsers: the telephone's rig with its pages and its live plane, and
operators who have signed in."""

import math
import os
import signal
import subprocess
import sys
import time
import wave
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, BrowserType, Page, expect

from hotline.domain.accounts.models import Role, User
from hotline.domain.workforce.models import OperatorKind
from hotline.domain.workforce.services import ensure_operator
from tests.browser.switchboard.street import HEARD_WITHIN_S
from tests.edges.staff import signed_in
from tests.phone.rig import CHECKOUT, Rig, until

RATE = 48_000
LOUD_DB = -50
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required",
]
SERVED = {
    "web": (0, "hotline.config.asgi:application"),
    "live": (1, "hotline.config.asgi_live:application"),
}


class BrowserRig(Rig):
    """The rig with ``web`` and ``live``, as the launcher starts them."""

    def build(self) -> None:
        super().build()
        for name, (offset, _) in SERVED.items():
            self.start(name)
            address = f"http://127.0.0.1:{self.base + offset}"
            path = "/account/login/" if name == "web" else "/live/healthz"
            until(partial(_answers, address + path), within_s=40)

    def start(self, name: str) -> None:
        if name not in SERVED:
            super().start(name)
            return
        offset, application = SERVED[name]
        self._started[name] = time.monotonic()
        self._processes[name] = subprocess.Popen(
            [
                *(sys.executable, "-m", "granian", "--interface", "asgi", "--workers", "1"),
                *("--host", "127.0.0.1", "--port", str(self.base + offset), application),
            ],
            env=self.environment,
            cwd=CHECKOUT,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )

    def kill(self, name: str) -> None:
        """A server has children, which would go on serving."""
        if name in SERVED:
            os.killpg(self._processes[name].pid, signal.SIGKILL)
        super().kill(name)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.base}"


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except OSError:
        return False


class Desk:
    """An operator's browser: its microphone plays one tone."""

    def __init__(self, browser: Browser, page: Page, user: User) -> None:
        self.browser = browser
        self.page = page
        self.user = user

    def sign_on(self, branch: str = "2") -> None:
        """Signed on with the browser's telephone, which is let in, and ready."""
        self.page.goto("/desk/console/")
        # a steady tone is what noise suppression takes away
        self.page.evaluate(
            "Hotline.Phone.AUDIO = {audio: {echoCancellation: false, noiseSuppression: false,"
            " autoGainControl: false}, video: false}"
        )
        expect(self.page.locator("#bar [data-next]")).to_be_visible()
        for box in self.page.locator("#bar [name=branch]").all():
            box.set_checked(box.get_attribute("value") == branch)
        self.page.locator("#bar [name=phone][value=browser]").check()
        self.page.keyboard.press("F2")
        expect(self.page.locator("#phone-state[data-kind=up]")).to_be_visible()
        expect(self.page.locator("#live-state")).to_have_text("")  # news come as they happen
        self.ready()

    def ready(self) -> None:
        expect(self.page.locator("#bar form[data-send=ready] button")).to_be_visible()
        self.page.keyboard.press("F2")
        expect(self.page.locator("#bar form[data-send=ready]")).to_have_count(0)

    def stage(self, name: str) -> None:
        expect(self.page.locator(f"#console[data-stage={name}]")).to_be_visible()

    def answer(self) -> None:
        self.stage("ringing")
        until(self.rings, within_s=10)
        self.page.keyboard.press("F2")
        self.stage("talking")

    def rings(self) -> bool:
        """Whether the browser's telephone itself has the call: it comes by another way than
        the news of it."""
        ringing: bool = self.page.evaluate("document.body.dataset.phone === 'ringing'")
        return ringing

    def press(self, keys: str) -> None:
        self.page.keyboard.press(keys)

    def order(self, verb: str, keys: str) -> None:
        """By its key, as soon as the page offers it."""
        expect(self.page.locator(f"[data-order={verb}]:visible")).to_have_count(1)
        self.page.keyboard.press(keys)

    def consult(self, number: str) -> None:
        """As fast as one types: Enter asks whom the search for all of it has found."""
        self.page.keyboard.press("Alt+KeyP")
        self.page.fill("#transfer-search", number)
        self.page.press("#transfer-search", "Enter")

    def hears(self, expected: set[int], *, of: set[int], within_s: float = HEARD_WITHIN_S) -> None:
        """Of the tones ``of`` exactly these, measured in the browser."""
        deadline = time.monotonic() + within_s
        tones = sorted(of)
        heard: set[int] = set()
        while heard != expected:
            loud: list[float] = self.page.evaluate(_LISTEN, tones)
            heard = {hz for hz, level in zip(tones, loud, strict=True) if level > LOUD_DB}
            assert heard == expected or time.monotonic() < deadline, (
                f"hears {dict(zip(tones, map(round, loud), strict=True))}, not {expected}"
            )

    def close(self) -> None:
        self.page.context.close()
        self.browser.close()


_LISTEN = """async (tones) => {
  const stream = document.getElementById("sound").srcObject;
  if (!stream) return tones.map(() => -200);
  const context = new AudioContext();
  try {
    const meter = context.createAnalyser();
    meter.fftSize = 8192;
    meter.smoothingTimeConstant = 0;
    context.createMediaStreamSource(stream).connect(meter);
    await new Promise((done) => setTimeout(done, 450));
    const bins = new Float32Array(meter.frequencyBinCount);
    meter.getFloatFrequencyData(bins);
    const bin = (hz) => Math.round((hz * meter.fftSize) / context.sampleRate);
    const loud = (hz) => Math.max(...[-1, 0, 1].map((n) => bins[bin(hz) + n]));
    return tones.map((hz) => Math.max(-200, loud(hz)));
  } finally {
    context.close();
  }
}"""


@contextmanager
def desk(
    kind: BrowserType, program: str, rig: BrowserRig, user: User, *, hum_hz: int
) -> Iterator[Desk]:
    """A browser of its own: its fake microphone is one for the whole process."""
    sound = rig.folder / f"hum-{hum_hz}.wav"
    _write_hum(sound, hum_hz)
    browser = kind.launch(
        executable_path=program,
        args=[*FLAGS, f"--use-file-for-fake-audio-capture={sound}"],
    )
    context = browser.new_context(base_url=rig.url, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(20_000)
    session = signed_in(user).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": rig.url}])
    one = Desk(browser, context.new_page(), user)
    one.page.on("dialog", lambda dialog: dialog.accept())
    try:
        yield one
    finally:
        one.close()


def _write_hum(file: Path, hertz: int) -> None:
    """A second of it; the browser plays it round and round."""
    samples = array("h", (int(9000 * math.sin(math.tau * hertz * i / RATE)) for i in range(RATE)))
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(samples.tobytes())


def make_operator(name: str, extension: str) -> User:
    """With a skill for every branch that people answer; off duty."""
    user, new = User.objects.get_or_create(username=name)
    if new:
        user.role = Role.OPERATOR
        user.save(update_fields=["role"])
    ensure_operator(
        user=user,
        kind=OperatorKind.OPERATOR,
        extension=extension,
        skills=dict.fromkeys("0124", 1),
        now=datetime.now(UTC),
    )
    return user
