"""yaml-language-server, which editors ask for completion, hover and squiggles, in a Node process that stays up."""

import json
import queue
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

from tests.engines import NODE
from tests.engines.process import EngineError

_SETTINGS = {
    "yaml": {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}},
    "http": {},
    "[yaml]": {},
    "editor": {},
    "files": {},
}


@dataclass(frozen=True)
class Mark:
    """What an editor underlines, and what it says there. Lines and columns count from 1."""

    line: int
    column: int
    message: str


class LanguageServer:
    """The engine. Use it as a context manager.

    It is spoken to as an editor does, in JSON-RPC with headers; places are given as lines and columns from 1.
    """

    def __init__(self, timeout: float = 60.0) -> None:
        self.timeout = timeout
        command = [
            "node",
            str(NODE / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"),
            "--stdio",
        ]
        self._child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._messages: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._marks: dict[str, list[Mark]] = {}
        self._number = 0
        assert self._child.stdout
        self._reader = threading.Thread(target=self._read, args=(self._child.stdout,), daemon=True)
        self._reader.start()
        capabilities = {
            "workspace": {"configuration": True},
            "textDocument": {"hover": {"contentFormat": ["markdown"]}, "publishDiagnostics": {}},
        }
        self._ask("initialize", {"processId": None, "rootUri": None, "capabilities": capabilities})
        self._send({"method": "initialized", "params": {}})

    def open(self, path: Path) -> list[Mark]:
        """Open a file in the editor, and return what it marks as wrong."""
        text = path.read_text(encoding="utf-8")
        document = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        self._marks.pop(path.as_uri(), None)
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        while path.as_uri() not in self._marks:
            self._handle(self._next())
        return self._marks[path.as_uri()]

    def complete(self, path: Path, line: int, column: int) -> dict[str, str]:
        """What the editor offers at a place of an open file: the descriptions by label."""
        found = self._ask("textDocument/completion", self._place(path, line, column))
        items = found["items"] if isinstance(found, dict) else found
        return {item["label"]: _text(item.get("documentation")) for item in items or ()}

    def hover(self, path: Path, line: int, column: int) -> str:
        """What the editor shows beside the pointer."""
        found = self._ask("textDocument/hover", self._place(path, line, column))
        return _text(found["contents"]) if found else ""

    @staticmethod
    def _place(path: Path, line: int, column: int) -> dict[str, Any]:
        position = {"line": line - 1, "character": column - 1}
        return {"textDocument": {"uri": path.as_uri()}, "position": position}

    def _ask(self, method: str, params: dict[str, Any]) -> Any:
        self._number += 1
        self._send({"id": self._number, "method": method, "params": params})
        while True:
            message = self._next()
            if message.get("id") == self._number and "method" not in message:
                if "error" in message:
                    raise EngineError(f"{method}: {message['error']}")
                return message.get("result")
            self._handle(message)

    def _handle(self, message: dict[str, Any]) -> None:
        """Answer what the server asks of an editor, and keep what it says is wrong."""
        if message.get("method") == "textDocument/publishDiagnostics":
            found = message["params"]
            self._marks[found["uri"]] = [
                Mark(one["range"]["start"]["line"] + 1, one["range"]["start"]["character"] + 1, one["message"])
                for one in found["diagnostics"]
            ]
        elif "id" in message and "method" in message:
            asked = message.get("params", {}).get("items", [])
            settings = [_SETTINGS.get(item.get("section", "")) for item in asked]
            is_settings = message["method"] == "workspace/configuration"
            self._send({"id": message["id"], "result": settings if is_settings else None})

    def _send(self, message: dict[str, Any]) -> None:
        assert self._child.stdin
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._child.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._child.stdin.flush()

    def _next(self) -> dict[str, Any]:
        try:
            message = self._messages.get(timeout=self.timeout)
        except queue.Empty as error:
            raise EngineError(f"no answer in {self.timeout} s") from error
        if message is None:
            raise EngineError("the language server ended")
        return message

    def _read(self, stream: IO[bytes]) -> None:
        while header := stream.readline():
            length = 0
            while header.strip():
                name, _, value = header.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
                header = stream.readline()
            self._messages.put(json.loads(stream.read(length)))
        self._messages.put(None)

    def close(self) -> None:
        """End the engine."""
        assert self._child.stdin
        assert self._child.stdout
        self._child.stdin.close()
        try:
            self._child.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._reader.join(timeout=5)
        self._child.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _text(content: Any) -> str:
    """Markup or plain text, in one of the forms that the protocol has."""
    if isinstance(content, list):
        return "\n".join(map(_text, content))
    return str(content.get("value", "")) if isinstance(content, dict) else str(content or "")
