"""What ``hotline.config.asgi`` serves, with a page that only says hello: for a server process."""

import os
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from hotline.config.one_address import OneAddress
from hotline.config.pages import Pages
from hotline.config.passing import Passing


def hello(_environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    start("200 OK", [("Content-Type", "text/plain")])
    return [b"hello"]


application = OneAddress(
    Pages(hello, threads=1),
    Passing(live=os.environ["LIVE"], telephone=os.environ["TELEPHONE"], origin="https://1022.test"),
)
