"""``./1022 up``: from a bare machine to a hotline that answers."""

import ipaddress
import json
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from launcher import (
    apt,
    asterisk_prefix,
    environment,
    parts,
    ports,
    postgres,
    probes,
    state,
    supervision,
    venv,
)
from launcher.asterisk_prefix import Prefix
from launcher.errors import LauncherError, last_lines
from launcher.logs import tail
from launcher.parts import Workshop
from launcher.plan import Part, read_plan
from launcher.progress import step
from launcher.settings import Settings
from launcher.state import State

_READY_WITHIN_S = 60.0
_COMMAND_WITHIN_S = 900.0


@dataclass(frozen=True)
class Ready:
    """What a person wants to know when it runs. accounts: of a demonstration only."""

    addresses: dict[str, str]
    accounts: list[dict[str, str]]


def up(where: State, settings: Settings, values: Mapping[str, str]) -> Ready:
    """Bring everything to what the settings ask for and wait until it is ready; idempotent.

    values: the settings as given, remembered for the other commands. Raises LauncherError
    with the part that failed and its last log lines.
    """
    where.create()
    secrets = state.ensure_secrets(where)
    made = environment.made(settings, where, secrets)
    ports.need_free(settings, running=supervision.running_parts(where))
    prefix = _bootstrap(where, settings)
    state.write_private(where.last_file, json.dumps(dict(values)))
    shop = parts.workshop(settings, where, made)
    wanted = _database(shop, secrets)
    web = parts.web(shop)
    accounts = _prepare_data(
        shop, fresh=not all(supervision.runs(where, one) for one in (*wanted, web))
    )
    if settings.phone and prefix:
        node = parts.node_of(shop, secrets["ari_password"])
        wanted.append(parts.asterisk(shop, prefix, node))
        wanted.append(parts.switchboard(shop))
    wanted += [web, parts.live(shop), parts.worker(shop)]
    with step("starting"):
        supervision.hand_over(where, wanted)
        _await_ready(where, settings, secrets, wanted)
    return Ready(addresses(settings), accounts)


def addresses(settings: Settings) -> dict[str, str]:
    """Where people find it."""
    base = settings.public_url
    found = {"web": f"{base}/", "desk": f"{base}/desk/", "agency": f"{base}/agency/"}
    found["wallboard"] = f"{base}/wallboard/"
    found["sign_in"] = f"{base}/account/login/"
    if settings.phone:
        number = next((n for n in settings.dialled if n.isdecimal()), "1022")
        anywhere = ipaddress.ip_address(settings.sip_bind).is_unspecified
        host = settings.sip_external or ("127.0.0.1" if anywhere else settings.sip_bind)
        found["sip"] = f"sip:{number}@{host}:{settings.port_base + 4}"
    return found


def _bootstrap(where: State, settings: Settings) -> Prefix | None:
    """What must be installed or built; quick when it is there."""
    prefix = None
    if settings.phone:
        with step("phone: espeak-ng and Asterisk"):
            apt.ensure(["espeak-ng"], without="or start without the phone: ./1022 up --no-phone")
            prefix = asterisk_prefix.ensure(mirror=settings.debian_mirror)
    with step("Python packages"):
        venv.ensure(where.venv, venv.REQUIREMENTS / "run.txt")
    return prefix


def _database(shop: Workshop, secrets: Mapping[str, str]) -> list[Part]:
    """The embedded server, up and with our database in it; nothing when a server is given."""
    settings, where = shop.settings, shop.state
    if settings.database_url:
        return []
    with step("PostgreSQL"):
        server = postgres.prepare(
            folder=where.folder,
            site_packages=venv.site_packages(where.venv),
            port=settings.port_base + 2,
            password=secrets["postgres_superuser_password"],
        )
        part = parts.postgres(shop, server)
        # the others go on as they are until everything is prepared
        others = [one for one in read_plan(where.supervisor) if one.name != "postgres"]
        if supervision.supervisor_of(where) is None:
            others = []
        supervision.hand_over(where, [part, *others])
        started = supervision.wait_running(where, part, within_s=60)
        why = postgres.wait_ready(server.port, within_s=60) if started else "it does not start"
        if why or not supervision.runs(where, part):
            raise LauncherError(
                f"PostgreSQL did not come up: {why or 'another server has its port'}\n"
                + last_lines(tail(where.log / "postgres.log"))
            )
        postgres.prepare_database(
            server,
            superuser_password=secrets["postgres_superuser_password"],
            role_password=secrets["postgres_password"],
        )
    return [part]


def _prepare_data(shop: Workshop, *, fresh: bool) -> list[dict[str, str]]:
    """Tables, translations, the city with its prompts, accounts of a demonstration.

    fresh: False when this very code already runs on this database.
    """
    if fresh:
        with step("tables"):
            _manage(shop, "migrate", "--no-input")
        with step("translations"):
            _manage(shop, "compile_translations")
    with step(f"city {shop.settings.city}"):
        _manage(shop, "load_city", shop.settings.city)
    if not shop.settings.demo:
        return []
    kept = shop.state.demo_accounts_file
    if not fresh and kept.exists():
        answer = json.loads(kept.read_text())
    else:
        with step("demo accounts"):
            answer = json.loads(_manage(shop, "demo_accounts").splitlines()[-1])
    accounts: list[dict[str, str]] = answer["accounts"]
    return accounts


def _manage(shop: Workshop, *arguments: str) -> str:
    """A Django command in the processes' environment; returns its standard output."""
    try:
        done = subprocess.run(
            shop.python("-m", "hotline.manage", *arguments),
            env=environment.inherited() | dict(shop.environment),
            cwd=state.CHECKOUT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_COMMAND_WITHIN_S,
        )
    except subprocess.TimeoutExpired as error:
        raise LauncherError(f"./1022 manage {' '.join(arguments)} did not end") from error
    if done.returncode:
        raise LauncherError(
            f"./1022 manage {' '.join(arguments)} failed:\n{last_lines(done.stdout + done.stderr)}"
        )
    return done.stdout


def _await_ready(
    where: State, settings: Settings, secrets: Mapping[str, str], wanted: list[Part]
) -> None:
    """Until every part runs in its new form and says that it works."""
    deadline = time.monotonic() + _READY_WITHIN_S
    while True:
        down = {
            part.name: "it does not stay alive"
            for part in wanted
            if not supervision.runs(where, part)
        }
        if not down:
            found = probes.look(where, settings, secrets)
            down = {name: health.why for name, health in found.items() if not health.up}
        if not down:
            return
        if time.monotonic() > deadline:
            raise LauncherError(_not_ready(where, down))
        time.sleep(0.1)


def _not_ready(where: State, down: Mapping[str, str]) -> str:
    lines = []
    for name, why in down.items():
        log: Path = where.log / f"{name}.log"
        lines += [f"{name} is not ready: {why}", last_lines(tail(log))]
    return "\n".join(line for line in lines if line)


def show(ready: Ready) -> None:
    """The addresses and the demonstration's accounts, for the person at the terminal."""
    titles = {
        "web": "For citizens",
        "desk": "Operators' desk",
        "agency": "Agencies",
        "wallboard": "Wallboard",
        "sign_in": "Sign in",
        "sip": "Call",
    }
    print("\nThe hotline is ready.")
    for name, address in ready.addresses.items():
        print(f"  {titles[name]:<16} {address}")
    if ready.accounts:
        print("\nDemo accounts (HOTLINE_DEMO=0 leaves them out):")
    for account in ready.accounts:
        agency = f"  {account['agency']}" if account.get("agency") else ""
        line = f"  {account['username']:<20} {account['password']:<22} {account['role']}{agency}"
        print(line)
