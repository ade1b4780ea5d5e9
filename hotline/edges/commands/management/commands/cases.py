"""``manage cases``: what stands in the database, for those who run the house."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from hotline.domain.city.selectors import current
from hotline.reports.cases_list import cases_list


class Command(BaseCommand):
    help = "Lists the cases, newest first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one object on one line")
        parser.add_argument("--limit", type=int, default=None, help="at most so many")

    def handle(self, *args: Any, **options: Any) -> None:
        _, city = current()
        found = list(cases_list(language=city.languages[0], limit=options["limit"]))
        if options["json"]:
            self.stdout.write(json.dumps({"cases": found}, ensure_ascii=False))
            return
        for case in found:
            where = case["agency"] or case["triage_reason"] or "-"
            broken_off = "" if case["complete"] else " (incomplete)"
            self.stdout.write(
                f"{case['created'][:19]}  {case['code']}  {case['channel']:<6}"
                f"{case['state']:<16}{where}{broken_off}"
            )
