"""The switchboard, and what Asterisk says to it written down: ``RECORD_EVENTS`` names the file.
For ``record_events`` alone."""

import json
import os
import time
from pathlib import Path

from hotline.edges.adapters.telephony.ari.connection import Connection

_take = Connection._take


def _noted(self: Connection, text: bytes) -> None:
    with Path(os.environ["RECORD_EVENTS"]).open("a") as file:
        file.write(json.dumps({"at": time.time(), "said": json.loads(text)}) + "\n")
    _take(self, text)


if __name__ == "__main__":
    import sys

    from hotline.manage import main

    Connection._take = _noted  # type: ignore[method-assign]
    sys.argv = ["manage", "switchboard"]
    main()
