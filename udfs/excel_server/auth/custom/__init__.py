"""A secret that all users of a server share: XL_AICOST_TOKEN. Two, with a blank between them, while it is changed."""

import hashlib
import os
import secrets

from fastapi import HTTPException, status
from xlwings_server.models import User


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


async def validate_token(token: str) -> User:
    """Return the one user for the right secret, or answer 401."""
    given = _digest(token.removeprefix("Bearer "))
    accepted = os.environ.get("XL_AICOST_TOKEN", "").split()
    if any([secrets.compare_digest(given, _digest(secret)) for secret in accepted]):  # noqa: C419 (each takes its time)
        return User(id="shared", name="shared")
    raise HTTPException(
        status_code=status.HTTP_401_UNAUTHORIZED, detail="The token is missing or wrong: type it into the pane"
    )
