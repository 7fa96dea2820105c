"""The commands for spreadsheet hosts: addin, serve."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Host(StrEnum):
    """Hosts that need files."""

    excel_desktop = "excel-desktop"
    excel_server = "excel-server"
    excel_lite = "excel-lite"
    libreoffice = "libreoffice"


def addin(
    host: Annotated[
        Host,
        typer.Argument(help="excel-desktop (Windows, no server), excel-server, excel-lite (no server) or libreoffice."),
    ],
    target: Annotated[Path, typer.Argument(help="A new folder; for libreoffice a file that ends in .oxt.")],
) -> None:
    """Write the files that a spreadsheet host needs, with a page that says what to do with them."""
    if host is Host.libreoffice:
        from xl_aicost.hosts.libreoffice import write_extension

        print(write_extension(target))
        return
    from xl_aicost.hosts.addin import WRITERS

    for path in WRITERS[host](target):
        print(path)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    certificate: Annotated[Path | None, typer.Option(help="TLS certificate (PEM); Excel accepts https only.")] = None,
    key: Annotated[Path | None, typer.Option(help="The certificate's private key (PEM).")] = None,
) -> None:
    """Serve the functions to Excel on Windows, Mac and web (xlwings Server)."""
    from xl_aicost.hosts.serve import serve as serve_functions

    serve_functions(host, port, certificate, key)
