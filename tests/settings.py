"""The hotline's settings for tests: what the launcher would give a process is made up here.

A ``DATABASE_URL`` in the environment is used (the tests make a database of their own on that
server); without one ``conftest`` starts a private PostgreSQL. ``PYTEST_DB_SUFFIX`` keeps
several runs on one server apart.
"""

import atexit
import base64
import json
import os
import shutil
import tempfile
from pathlib import Path

RUN = Path(tempfile.mkdtemp(prefix="hotline-test-"))
RUN.chmod(0o711)  # the private PostgreSQL runs as another user
_OWNER = os.getpid()
NO_DATABASE = "postgresql://nobody@127.0.0.1:1/hotline"
"""What stands for none; a worker of a run that is spread finds it in its environment."""
GIVEN_DATABASE = os.environ.get("DATABASE_URL", NO_DATABASE).replace(NO_DATABASE, "")


def _environment() -> None:
    """Sets every variable that ``config.env`` reads; nothing of the developer's own state."""
    secrets = RUN / "secrets.json"
    secrets.write_text(
        json.dumps(
            {
                "django_secret_key": base64.b64encode(os.urandom(32)).decode(),
                "master_key": base64.b64encode(os.urandom(32)).decode(),
                "index_key": base64.b64encode(os.urandom(32)).decode(),
            }
        )
    )
    for name in [name for name in os.environ if name.startswith("HOTLINE_")]:
        if name not in KEPT:
            del os.environ[name]
    os.environ.update(
        HOTLINE_STATE=str(RUN),
        HOTLINE_SECRETS=str(secrets),
        HOTLINE_CITY="hcmc-2021",
        HOTLINE_DEMO="1",
        HOTLINE_PHONE="0",
        HOTLINE_TEXT_TO_SPEECH="hotline.edges.adapters.speech.fake.FakeTextToSpeech",
    )
    os.environ.setdefault("DATABASE_URL", NO_DATABASE)
    for folder in ("static", "media", "recordings", "prompts", "missed", "secrets"):
        (RUN / folder).mkdir(exist_ok=True)


@atexit.register
def _clean_up() -> None:
    """Whoever made the folder removes it: pytest, and mypy too, which reads these settings."""
    if os.getpid() == _OWNER:
        shutil.rmtree(RUN, ignore_errors=True)


KEPT = {"HOTLINE_TEST_LONG", "HOTLINE_TEST_ASTERISK"}
_environment()

from hotline.config.settings import *  # noqa: E402, F403
from hotline.config.settings import DATABASES  # noqa: E402

DATABASES["default"]["TEST"] = {
    "NAME": "test_hotline_" + os.environ.get("PYTEST_DB_SUFFIX", str(os.getpid()))
}
# What a password costs is tested by Django; tests sign in often.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
