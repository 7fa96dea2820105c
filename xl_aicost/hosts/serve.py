"""Run the functions as an xlwings Server project for Excel on Windows, Mac and web."""

from __future__ import annotations

import ipaddress
import json
import os
import re
import socket
import ssl
from collections.abc import Mapping
from pathlib import Path

from xl_aicost.errors import InputError
from xl_aicost.hosts.binder import HELP_PAGE
from xl_aicost.hosts.guard import Guard, Limits, application, patient
from xl_aicost.support.share import share

LICENCE, TOKEN, HOSTNAME = "XLWINGS_LICENSE_KEY", "XL_AICOST_TOKEN", "XLWINGS_HOSTNAME"
PROVIDERS, ROLES = "XLWINGS_AUTH_PROVIDERS", "XLWINGS_AUTH_REQUIRED_ROLES"
ORIGINS = "XLWINGS_CORS_ALLOW_ORIGINS"
NEEDED = {  # what each way to sign in needs
    "custom": (TOKEN,),
    "entraid": ("XLWINGS_AUTH_ENTRAID_CLIENT_ID", "XLWINGS_AUTH_ENTRAID_TENANT_ID"),
}
SHORTEST_TOKEN = 20
NAME = r"[A-Za-z0-9][A-Za-z0-9.-]*(:\d+)?"  # of a server, with its port or without
DEFAULTS = {
    "XLWINGS_ON_SERVER": "true",
    "XLWINGS_ENVIRONMENT": "prod",
    "XLWINGS_FUNCTIONS_NAMESPACE": "",
    "XLWINGS_ENABLE_SOCKETIO": "false",
    ORIGINS: "[]",
}


def is_loopback(host: str) -> bool:
    """Return whether an address reaches this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def address(host: str, port: int, secure: bool, hostname: str | None = None) -> str:
    """Return the address that Excel is given: the public name, or the name by which this machine can be reached.

    >>> address("127.0.0.1", 8000, secure=True), address("0.0.0.0", 8000, True, "excel.example.org")
    ('https://127.0.0.1:8000', 'https://excel.example.org')
    """
    if hostname:
        return f"https://{hostname}"
    name = _own_address() if host in ("0.0.0.0", "::") else host  # noqa: S104 (compared, not listened on)
    return f"{'https' if secure else 'http'}://{f'[{name}]' if ':' in name else name}:{port}"


def _own_address() -> str:
    """Return the address of this machine on its network; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address for documentation
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()


def settings(host: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the server, or raise InputError where it may not start.

    Beyond this machine it needs authentication and an explicit list of origins.
    """
    if not environment.get(LICENCE):
        raise InputError(
            f"{LICENCE} is not set: xlwings Server is free for noncommercial use ({LICENCE}=noncommercial); "
            "use inside a company needs a key of a paid plan, see https://www.xlwings.org/pricing"
        )
    providers, origins = _listed(environment, PROVIDERS), _listed(environment, ORIGINS)
    for provider in providers:
        _check_provider(provider, environment)
    _check_names(environment.get(HOSTNAME), origins)
    if not is_loopback(host):
        if not providers:
            raise InputError(
                f'{host} can be reached by others, so {PROVIDERS} must name how users sign in, as in ["entraid"]'
            )
        if not origins or "*" in origins:
            raise InputError(
                f'{host} can be reached by others, so {ORIGINS} must list the origins, as in ["https://excel.example.org"]'
            )
    lists = {PROVIDERS: providers, ORIGINS: origins, ROLES: _listed(environment, ROLES)}
    project = {"XLWINGS_PROJECT_DIR": str(share("udfs") / "excel_server")}
    return DEFAULTS | dict(environment) | {k: json.dumps(v) for k, v in lists.items()} | project


def _listed(environment: Mapping[str, str], name: str) -> list[str]:
    """Return the texts of a variable that holds a list in JSON."""
    text = environment.get(name) or "[]"
    try:
        listed = json.loads(text)
    except ValueError:
        listed = None
    if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
        raise InputError(f'{name} = {text!r} is not a list of texts in JSON, as in ["entraid"]')
    return listed


def _check_names(hostname: str | None, origins: list[str]) -> None:
    """Refuse what would stand in the manifest as an address that nobody reaches, or allow nobody."""
    if hostname and not re.fullmatch(NAME, hostname):
        raise InputError(f"{HOSTNAME} = {hostname!r} is not a name such as excel.example.org, without https:// and /")
    for origin in origins:
        if origin != "*" and not re.fullmatch(f"https?://{NAME}", origin):
            raise InputError(
                f"{ORIGINS}: {origin!r} is not an origin such as https://excel.example.org, without / at the end"
            )


def _check_provider(provider: str, environment: Mapping[str, str]) -> None:
    if provider not in NEEDED:
        raise InputError(f"{PROVIDERS}: {provider!r} is not one of {', '.join(NEEDED)}")
    for name in NEEDED[provider]:
        if not environment.get(name, "").strip():
            raise InputError(f"the provider {provider} needs {name}")
    if provider == "custom" and any(len(token) < SHORTEST_TOKEN for token in environment[TOKEN].split()):
        raise InputError(f"{TOKEN} is shorter than {SHORTEST_TOKEN} characters")


def check_certificate(certificate: Path | None, key: Path | None) -> None:
    """Raise InputError where a certificate and its key cannot be used."""
    if certificate is None and key is None:
        return
    for path, option in ((certificate, "--certificate"), (key, "--key")):
        if path is None:
            raise InputError(f"{option} is missing: --certificate and --key go together")
        if not path.is_file():
            raise InputError(f"{option} {path} is not a file")
    asked: list[str] = []

    def password() -> str:
        asked.append("")
        return ""

    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(str(certificate), str(key), password)
    except (ssl.SSLError, OSError) as error:
        if asked:
            raise InputError(
                f"{key} has a pass phrase: give a key without one (openssl pkey -in KEY -out NEW)"
            ) from None
        raise InputError(f"{certificate} and {key} are not a certificate and its key in PEM ({error})") from None


def _check_port(host: str, port: int) -> None:
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError as error:
        raise InputError(f"cannot listen on {host} port {port}: {os.strerror(error.errno or 0)}") from None


def _application(host: str, hostname: str | None, limits: Limits, origins: set[str]) -> Guard:
    """Return the server, or raise InputError where it is not installed or its licence key is refused."""
    names = {"localhost", "127.0.0.1", "::1", host.lower()} if is_loopback(host) else set()
    if names and hostname:  # of a proxy on this machine
        names.add(hostname.lower().partition(":")[0])
    try:
        return application(names, limits, origins)
    except ImportError:
        raise InputError('xlwings Server is not installed: pip install "xl-aicost[server]"') from None
    except Exception as error:
        problem = _problem(error)
        if problem is None:
            raise
        raise InputError(problem) from None


def _problem(error: Exception) -> str | None:
    """Return what is wrong with a setting in one line; the errors have no name here, where nothing may be installed."""
    if type(error).__name__ == "LicenseError":
        return f"{LICENCE}: {error} See https://www.xlwings.org/pricing"
    if type(error).__name__ == "SettingsError":
        name = re.search(r'"(\w+)"', str(error))
        return f"XLWINGS_{name[1].upper()} is not JSON, as a list or an object" if name else None
    if type(error).__name__ == "ValidationError":
        first = error.errors()[0]  # type: ignore[attr-defined]
        return f"XLWINGS_{str(first['loc'][0]).upper()} = {first['input']!r} is refused ({first['msg'].lower()})"
    return None


def _greeting(base: str, secure: bool) -> str:
    lines = [f"Manifest: {base}/manifest"]
    if not secure:
        lines.append(
            "Excel accepts add-ins over https only: give --certificate and --key, or put a proxy in front that ends TLS."
        )
    lines += [
        "Excel on the web: Home, Add-ins, More Add-ins, Upload My Add-in, and give it the manifest.",
        "Excel on Windows and Mac: Microsoft's page 'sideload Office Add-ins'. For colleagues: xl-aicost addin excel-server.",
        "Stop with Ctrl-C.",
    ]
    return "\n".join(lines)


def serve(host: str, port: int, certificate: Path | None, key: Path | None) -> None:
    """Start the server and keep it running until it is stopped."""
    environment = settings(host, os.environ)
    limits = Limits.of(environment)
    check_certificate(certificate, key)
    _check_port(host, port)
    hostname = environment.get(HOSTNAME)
    base = address(host, port, certificate is not None, hostname)
    os.environ.update({HELP_PAGE: f"{base}/static/functions.html"} | environment)
    app = _application(host, hostname, limits, set(_listed(environment, ORIGINS)))
    import uvicorn

    print(_greeting(base, secure=certificate is not None or bool(hostname)), flush=True)
    uvicorn.run(
        app,
        host=host,
        port=port,
        http=patient(limits.header_seconds),
        access_log=False,
        server_header=False,
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )
