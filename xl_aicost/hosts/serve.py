"""Run the functions as an xlwings Server project for Excel on Windows, Mac and web."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path

from xl_aicost.errors import InputError
from xl_aicost.share import share

LICENCE = "XLWINGS_LICENSE_KEY"
DEFAULTS = {
    "XLWINGS_ON_SERVER": "true",
    "XLWINGS_ENVIRONMENT": "prod",
    "XLWINGS_FUNCTIONS_NAMESPACE": "",
    "XLWINGS_ENABLE_SOCKETIO": "false",
    "XLWINGS_CORS_ALLOW_ORIGINS": "[]",
}


def is_loopback(host: str) -> bool:
    """Return whether an address reaches this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def settings(host: str, environment: dict[str, str]) -> dict[str, str]:
    """Return the environment of the server, or raise InputError where it may not start.

    Beyond this machine it needs authentication and an explicit list of origins.
    """
    if not environment.get(LICENCE):
        raise InputError(
            f"{LICENCE} is not set: xlwings Server is free for noncommercial use ({LICENCE}=noncommercial); "
            "use inside a company needs a key of a paid plan, see https://www.xlwings.org/pricing"
        )
    if not is_loopback(host):
        origins = environment.get("XLWINGS_CORS_ALLOW_ORIGINS", "")
        if not environment.get("XLWINGS_AUTH_PROVIDERS"):
            raise InputError(f"{host} can be reached by others, so XLWINGS_AUTH_PROVIDERS must name how users sign in")
        if not origins or "*" in origins:
            raise InputError(f"{host} can be reached by others, so XLWINGS_CORS_ALLOW_ORIGINS must list the origins")
    project = str(share("udfs") / "excel_server")
    secret = environment.get("XLWINGS_SECRET_KEY") or os.urandom(32).hex()
    return DEFAULTS | environment | {"XLWINGS_PROJECT_DIR": project, "XLWINGS_SECRET_KEY": secret}


def serve(host: str, port: int, certificate: Path | None, key: Path | None) -> None:
    """Start the server and keep it running until it is stopped."""
    found = settings(host, dict(os.environ))
    try:
        import uvicorn
    except ImportError:
        raise InputError("xlwings Server is not installed: pip install 'xl-aicost[server]'") from None
    os.environ.update(found)
    scheme = "https" if certificate else "http"
    print(f"Manifest: {scheme}://{host}:{port}/manifest")
    print("Excel on the web: Home, Add-ins, More Add-ins, Upload My Add-in, and give it the manifest.")
    print("Excel on Windows and Mac: see 'sideload' in Microsoft's documentation; they ask for https.")
    print("Stop with Ctrl-C.", flush=True)
    uvicorn.run(
        "xlwings_server.main:main_app",
        host=host,
        port=port,
        access_log=False,
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )
