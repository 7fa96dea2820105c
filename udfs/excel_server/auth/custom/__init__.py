"""A secret that all users of a server share: XL_AICOST_TOKEN."""

import hashlib
import os
import secrets

from fastapi import HTTPException, status
from xlwings_server.models import User


async def validate_token(token: str) -> User:
    """Return the one user for the right secret, or answer 401."""
    wanted = os.environ.get("XL_AICOST_TOKEN", "")
    given = token.removeprefix("Bearer ").encode()
    if wanted and secrets.compare_digest(hashlib.sha256(given).digest(), hashlib.sha256(wanted.encode()).digest()):
        return User(id="shared", name="shared")
    raise HTTPException(status_code=status.HTTP_401_UNAUTHORIZED, detail="The token is missing or wrong")
