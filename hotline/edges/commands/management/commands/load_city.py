"""``load_city NAME``: checks a city's folder, renders its prompts, makes it current."""

import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from hotline.core.clock import SystemClock
from hotline.edges.commands.cities import lines
from hotline.usecases.publish_city import publish_city


class Command(BaseCommand):
    help = "Makes cities/NAME the current city; a broken folder is refused with exit code 1."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")

    def handle(self, *, name: str, **_options: Any) -> None:
        published = publish_city(
            cities=settings.ENV.cities,
            name=name,
            with_voice=settings.ENV.phone,
            now=SystemClock().now(),
            progress=_Progress(),
        )
        if published.version is None:
            self.stdout.write("\n".join(lines(name, published.problems)))
            raise SystemExit(1)
        said = (
            _("The city “%(name)s” is current now (version %(version)d, %(count)d new prompts).")
            if published.changed
            else _("The city “%(name)s” was current already (version %(version)d).")
        )
        self.stdout.write(
            said % {"name": name, "version": published.version, "count": published.rendered}
        )


class _Progress:
    """Says every two seconds how many prompts are done."""

    def __init__(self) -> None:
        self._said = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        if done == total or time.monotonic() - self._said > 2:
            self._said = time.monotonic()
            said = _("Prompts: %(done)d of %(all)d") % {"done": done, "all": total}
            print(said, file=sys.stderr, flush=True)
