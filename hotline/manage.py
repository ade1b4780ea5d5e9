"""Django's commands: ``python -m hotline.manage COMMAND`` (or ``./1022 manage COMMAND``)."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.config.settings")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
