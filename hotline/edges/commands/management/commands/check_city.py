"""``check_city NAME``: every mistake in a city's folder, with file, line and a sentence."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from hotline.core.clock import SystemClock
from hotline.edges.commands.cities import lines
from hotline.usecases.check_city import check_city


class Command(BaseCommand):
    help = "Checks cities/NAME; ends with 0 if it is right, with 1 if it is not."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, name: str, as_json: bool, **_options: Any) -> None:
        checked = check_city(cities=settings.ENV.cities, name=name, now=SystemClock().now())
        if as_json:
            found = {
                "city": name,
                "ok": not checked.problems,
                "problems": [asdict(problem) for problem in checked.problems],
            }
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        elif checked.problems:
            self.stdout.write("\n".join(lines(name, checked.problems)))
        else:
            self.stdout.write(_("The city “%(name)s” is right.") % {"name": name})
        if checked.problems:
            raise SystemExit(1)
