"""The secrets of a local start: made once, kept in a file that only its owner can read."""

import base64
import json
import os
import secrets
from pathlib import Path


def environment(path: Path) -> dict[str, str]:
    """The ETF_… variables of `path`; the file is made when it is not there."""
    if not path.exists():
        made = {
            "ETF_SECRET_KEY": secrets.token_urlsafe(50),
            "ETF_BSN_KEYS": "k1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
            "ETF_BSN_HMAC_KEY": secrets.token_urlsafe(32),
        }
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w") as file:
            json.dump(made, file)
    return json.loads(path.read_text())
