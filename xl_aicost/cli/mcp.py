"""The command for assistants: mcp."""

from pathlib import Path
from typing import Annotated

import typer


def mcp_(
    folder: Annotated[Path, typer.Argument(help="The folder whose files an assistant may read and write.")],
) -> None:
    """Serve the model to an assistant (Model Context Protocol over standard input and output)."""
    from xl_aicost.support.optional import MissingLibraryError

    try:
        import mcp  # noqa: F401
    except ImportError:
        raise MissingLibraryError('mcp needs the library mcp: pip install "xl-aicost[mcp]"') from None
    from xl_aicost.hosts.mcp import server

    server(folder).run("stdio")
