"""Run the functions as an xlwings Server project for Excel on Windows, Mac and web."""

from __future__ import annotations

import ipaddress
import json
import os
from pathlib import Path

from xl_aicost.errors import InputError
from xl_aicost.hosts.guard import Limits, application, patient
from xl_aicost.support.share import share

LICENCE, TOKEN = "XLWINGS_LICENSE_KEY", "XL_AICOST_TOKEN"
SHORTEST_TOKEN = 20
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
        if '"custom"' in environment["XLWINGS_AUTH_PROVIDERS"] and len(environment.get(TOKEN, "")) < SHORTEST_TOKEN:
            raise InputError(f"the provider custom needs {TOKEN}, a secret of at least {SHORTEST_TOKEN} characters")
        if not origins or "*" in origins:
            raise InputError(f"{host} can be reached by others, so XLWINGS_CORS_ALLOW_ORIGINS must list the origins")
    project = str(share("udfs") / "excel_server")
    secret = environment.get("XLWINGS_SECRET_KEY") or os.urandom(32).hex()
    return DEFAULTS | environment | {"XLWINGS_PROJECT_DIR": project, "XLWINGS_SECRET_KEY": secret}


def serve(host: str, port: int, certificate: Path | None, key: Path | None) -> None:
    """Start the server and keep it running until it is stopped."""
    found = settings(host, dict(os.environ))
    limits = Limits.of(found)
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
    names = {"localhost", "127.0.0.1", "::1", host.lower()} if is_loopback(host) else set()
    origins = set(json.loads(found["XLWINGS_CORS_ALLOW_ORIGINS"]))
    uvicorn.run(
        lambda: application(names, limits, origins),
        factory=True,
        host=host,
        port=port,
        http=patient(limits.header_seconds),
        access_log=False,
        server_header=False,
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )
