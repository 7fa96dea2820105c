"""The tools of an assistant, served by the Model Context Protocol over standard input and output."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from itertools import count
from pathlib import Path
from typing import Any

import anyio.from_thread
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.tools import Tool
from mcp_types import CallToolResult, TextContent, ToolAnnotations
from pydantic import ValidationError, create_model

from xl_aicost import __version__
from xl_aicost.errors import AicostError, InputError
from xl_aicost.hosts.assistant import REFUSED, Answer, Assistant, as_text, shortened

INSTRUCTIONS = """\
What AI infrastructure costs, and how many jobs it would take to pay for it: a sourced cost model.
Find ids with list_items, then evaluate or explain them. A number from a tool has a unit and a source: give both.
n/a means that a figure is not on file, or that there is no result, as when nothing is paid back; do not fill it in.
Files are named relative to the one folder of this server.
edit types inputs into a workbook. After you or a person edited one by other means, diff with allow ["inputs"] refuses
whatever else changed, read shows which inputs changed, and audit whether formulas were overwritten.
"""
WRITES = {"build", "edit"}


class OneLineTool(Tool):
    """A tool whose errors are one line that names what is wrong and what would be accepted."""

    async def run(self, arguments: dict[str, Any], context: Context[Any, Any], convert_result: bool = False) -> Any:
        """Run the tool. Raises ToolError with one line for what the client can put right."""
        try:
            return await super().run(arguments, context, convert_result)
        except ToolError as error:
            cause = error.__cause__
            if isinstance(cause, ValidationError):
                raise ToolError("; ".join(map(_wrong_argument, cause.errors()))) from cause
            if isinstance(cause, AicostError | OSError):
                raise ToolError(str(cause)) from cause
            raise


def _wrong_argument(error: Any) -> str:
    place = ".".join(map(str, error["loc"]))
    if error["type"] == "extra_forbidden":
        return f"{place}: there is no such argument"
    if error["type"] == "missing":
        return f"{place}: is missing"
    return f"{place}: {error['input']!r:.60} is refused ({error['msg'].lower()})"


def server(folder: Path) -> MCPServer[Any]:
    """Return the server; its files are inside `folder`. Raises InputError where that is not a folder."""
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder")
    assistant = Assistant(folder)
    functions = (
        assistant.list_items,
        assistant.evaluate,
        assistant.explain,
        assistant.claims,
        assistant.facts,
        assistant.build,
        assistant.edit,
        assistant.read,
        assistant.audit,
        assistant.diff,
    )
    return MCPServer(
        "xl-aicost",
        version=__version__,
        instructions=INSTRUCTIONS,
        tools=[_tool(f) for f in functions],
        log_level="WARNING",
    )


def _tool(function: Callable[..., Answer]) -> Tool:
    name = function.__name__
    hints = ToolAnnotations(
        read_only_hint=name not in WRITES,
        destructive_hint=name in WRITES,
        idempotent_hint=True,
        open_world_hint=False,
    )
    tool = OneLineTool.from_function(_replying(function), context_kwarg="tell", annotations=hints)
    arguments = tool.fn_metadata.arg_model
    strict = create_model(arguments.__name__, __base__=arguments, __cls_kwargs__={"extra": "forbid"})
    tool.fn_metadata.arg_model = strict
    tool.parameters = strict.model_json_schema(by_alias=True)
    return tool


def _replying(function: Callable[..., Answer]) -> Callable[..., CallToolResult]:
    """Return a function that answers with text and with the same as structured data, and passes progress on."""

    @wraps(function)
    def reply(tell: Context[Any, Any], **arguments: object) -> CallToolResult:
        steps = count(1)

        def progress(message: str) -> None:
            anyio.from_thread.run(tell.report_progress, next(steps), None, message)

        told = {"tell": progress} if "tell" in function.__annotations__ else {}
        result = function(**arguments, **told)
        answer = shortened(result)
        return CallToolResult(
            content=[TextContent(type="text", text=as_text(answer))],
            structured_content=answer,
            is_error=REFUSED in result,
        )

    return reply
