"""A citizen's browser without scripts: follows redirects, fills the one form on a page."""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from hotline.domain.cases.models import Case
from tests.people import CITIZEN
from tests.stories import HOME, STREET, WORDS

GPS_IFD = 0x8825

ANSWERS: Mapping[str, Mapping[str, str]] = {
    "need": {"answer": "necessities"},
    "for_whom": {"answer": "self"},
    "household": {"answer": "4"},
    "place": {"place": HOME, "detail": STREET},
    "details": {"answer": WORDS},
    "subject_phone": {"do": "skip"},
    "reporter_phone": {"answer": CITIZEN},
}
ORDER = ("need", "for_whom", "household", "place", "details", "photos", "reporter_phone", "check")


@dataclass
class Page(HTMLParser):
    """What a page says and which fields it holds."""

    html: str
    path: str
    status: int
    ids: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()
        self._area = ""
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids.add(given.get("id", ""))
        if tag == "a":
            self.links.append(given.get("href", ""))
        name = given.get("name", "")
        if tag == "input" and given.get("type") in {"radio", "checkbox"}:
            if "checked" in given:
                self.chosen[name] = given.get("value", "")
        elif tag == "input":
            self.fields[name] = given.get("value", "")
        self._area = name if tag == "textarea" else ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] = data.removeprefix("\n")
            self._area = ""

    @property
    def asks(self) -> str:
        """The last part of the address: the slot, ``photos``, ``check``, ``sent``, …"""
        return self.path.rstrip("/").rpartition("/")[2]

    @property
    def refused(self) -> bool:
        return 'role="alert"' in self.html

    @property
    def text(self) -> str:
        main = self.html.partition('<main id="main"')[2].partition("</main>")[0]
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


class Citizen:
    """Walks through the report of one branch."""

    def __init__(self, client: Client, branch: str = "2") -> None:
        self.client = client
        self.root = f"/report/{branch}/"

    def get(self, path: str) -> Page:
        return self._page(self.client.get(path, follow=True))

    def post(self, path: str, data: Mapping[str, Any]) -> Page:
        return self._page(self.client.post(path, data, follow=True))

    def begin(self) -> Page:
        return self.post(self.root, {"answer": "yes"})

    def answer(self, slot: str, **typed: str) -> Page:
        return self.post(f"{self.root}ask/{slot}/", {"do": "go", **(typed or ANSWERS[slot])})

    def photos(self, *files: SimpleUploadedFile, do: str = "go", **more: str) -> Page:
        return self.post(f"{self.root}photos/", {"do": do, "photos": list(files), **more})

    def walk(self, until: str = "check", **changed: Mapping[str, str]) -> Page:
        """Answers whatever is asked until the page ``until`` is there."""
        page = self.begin()
        for _ in range(20):
            if page.asks == until:
                return page
            given = {**ANSWERS, **changed}
            page = (
                self.photos()
                if page.asks == "photos"
                else self.answer(page.asks, **given[page.asks])
            )
        raise AssertionError(f"never came to {until}, but to {page.path}")

    def send(self, page: Page) -> Page:
        return self.post(f"{self.root}check/", {"do": "send", "step": page.fields["step"]})

    def report(self, **changed: Mapping[str, str]) -> Case:
        """A whole report, sent."""
        sent = self.send(self.walk("check", **changed))
        return Case.objects.get(code=code_on(sent))

    def _page(self, response: Any) -> Page:
        path = response.redirect_chain[-1][0] if response.redirect_chain else ""
        path = path or response.request["PATH_INFO"]
        return Page(response.content.decode(), path.partition("?")[0], response.status_code)


def code_on(page: Page) -> str:
    """The code in large digits, without its spaces."""
    found = re.search(r'class="code">([\d\s]+)<', page.html)
    assert found, page.text
    return found[1].replace(" ", "")


def pin_on(page: Page) -> str:
    codes: list[str] = re.findall(r'class="code">([\d\s]+)<', page.html)
    return codes[1].replace(" ", "")


def photo(
    name: str = "photo.jpg", *, located: bool = False, size: tuple[int, int] = (64, 48)
) -> SimpleUploadedFile:
    """A JPEG; ``located`` with the place where it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "The phone's maker"
    if located:
        gps = exif.get_ifd(GPS_IFD)
        gps.update({1: "N", 2: _degrees(10, 46, 30), 3: "E", 4: _degrees(106, 42, 0)})
    file = io.BytesIO()
    Image.new("RGB", size, "teal").save(file, "JPEG", exif=exif)
    return SimpleUploadedFile(name, file.getvalue(), "image/jpeg")


def _degrees(*parts: int) -> tuple[IFDRational, ...]:
    return tuple(IFDRational(part) for part in parts)


def forms_without_token(html: str) -> Iterator[str]:
    """Forms that post without the token that proves where they come from."""
    for form in re.findall(r"<form.*?</form>", html, re.DOTALL):
        if 'method="post"' in form and "csrfmiddlewaretoken" not in form:
            yield form
