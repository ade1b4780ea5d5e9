"""``manage demo_accounts``: one account of each role, for a demonstration only."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from hotline.core.clock import SystemClock
from hotline.usecases.make_demo_accounts import make_demo_accounts


class Command(BaseCommand):
    help = "Makes one account of each role and officers of two agencies; prints them as JSON."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("HOTLINE_DEMO is 0: this installation is no demonstration.")
        accounts = make_demo_accounts(
            kept_in=settings.ENV.state / "demo-accounts.json", now=SystemClock().now()
        )
        self.stdout.write(json.dumps({"accounts": accounts}, ensure_ascii=False))
