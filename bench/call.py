"""``./1022 call``: one real SIP call with sound through the running system.

Places the call, presses the key after the menu, answers each question like a citizen,
listens to the end and prints what came of it.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from collections import deque
from pathlib import Path
from uuid import UUID

import django
import uvloop

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.config.settings")
django.setup()

from django.conf import settings  # noqa: E402 - Django must be set up first

from bench import sounds  # noqa: E402
from bench.citizen import Citizen, Manner, Stuck, in_database, tone_of  # noqa: E402
from bench.phone.call import NotHeardError, RefusedError  # noqa: E402
from bench.phone.phone import Phone  # noqa: E402
from hotline.dialogue import phones  # noqa: E402
from hotline.reports.call_result import (  # noqa: E402
    CallJson,
    call_result,
    latest_call_of,
    standing,
)

SETTLED_WITHIN_S = 30.0
FOUND_WITHIN_S = 15.0


def main() -> int:
    given = _arguments().parse_args()
    try:
        result = uvloop.run(_place(given))
    except (Stuck, NotHeardError, sounds.Unusable) as error:
        print(f"The call failed: {error}", file=sys.stderr)
        return 1
    except RefusedError as error:
        print(f"The line did not take the call: {error}", file=sys.stderr)
        return 1
    if given.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        for key, value in result.items():
            print(f"{key}: {json.dumps(value, ensure_ascii=False)}")
    return 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="1022 call", description=__doc__)
    parser.add_argument("--key", default="2", help="key of the menu (2)")
    parser.add_argument(
        "--say",
        action="append",
        default=[],
        type=Path,
        metavar="FILE.wav",
        help="what is said to the spoken questions, in order",
    )
    parser.add_argument(
        "--digits",
        action="append",
        default=[],
        help="answers to choices and numbers, in order: one character each, or separated by commas",
    )
    parser.add_argument(
        "--hang-up-at", type=int, metavar="N", help="hang up when question N is asked"
    )
    parser.add_argument(
        "--number", default="0901234567", help="the caller's number; '' withholds it"
    )
    parser.add_argument(
        "--manner",
        choices=[manner.value for manner in Manner],
        default=Manner.NORMAL.value,
        help="how long the citizen listens before answering (normal)",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object on one line")
    return parser


async def _place(given: argparse.Namespace) -> CallJson:
    files = [sounds.read(path) for path in given.say]
    said = files or [sounds.speak(sentence) for sentence in sounds.SENTENCES]
    env = settings.ENV
    before = await in_database(lambda: latest_call_of(phones.normalise(given.number)))
    async with Phone(("127.0.0.1", env.port_base + 4)) as phone:
        _tell("dialling 1022")
        call = await phone.dial("1022", caller=given.number or None)
        contact = await _contact_of(given.number, before)
        _tell("answered")
        citizen = Citizen(
            key=given.key,
            digits=_digits(given.digits),
            sounds=deque(said),
            beep=tone_of(env.prompts, call.sound.codec.file_ending),
            hang_up_at=given.hang_up_at,
            withheld=not given.number,
            manner=Manner(given.manner),
            tell=_tell,
        )
        await citizen.speak_with(call, contact)
    _tell("hung up; waiting until the recordings are kept")
    await _settled(contact)
    return await in_database(lambda: call_result(contact, language="vi"))


async def _contact_of(number: str, before: UUID | None) -> UUID:
    """The call as the switchboard wrote it down."""
    deadline = time.monotonic() + FOUND_WITHIN_S
    while time.monotonic() < deadline:
        found = await in_database(lambda: latest_call_of(phones.normalise(number)))
        if found is not None and found != before:
            return found
        await asyncio.sleep(0.1)
    raise Stuck("the switchboard did not write the call down")


async def _settled(contact: UUID) -> None:
    deadline = time.monotonic() + SETTLED_WITHIN_S
    while not (await in_database(lambda: standing(contact))).settled:
        if time.monotonic() > deadline:
            raise Stuck("the recordings were not kept in time")
        await asyncio.sleep(0.2)


def _digits(given: list[str]) -> deque[str]:
    """``--digits 1,12`` or ``--digits 112`` or the option again and again."""
    return deque(
        part for text in given for part in (text.split(",") if "," in text else list(text)) if part
    )


def _tell(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
