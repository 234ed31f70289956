"""A child process that answers one line of JSON with one line of JSON."""

import json
import queue
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from typing import Any, Self


class EngineError(Exception):
    """The engine refused a request, died, or did not answer in time."""


class JsonLines:
    """Starts `command` and asks it; the child answers `{"ok": …}` or `{"error": "…"}`.

    Everything the child prints on stderr is kept and shown when it dies.
    """

    def __init__(self, command: Sequence[str], timeout: float = 120.0) -> None:
        self.timeout = timeout
        self._stderr = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115
        self._child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._stderr, text=True, encoding="utf-8"
        )
        self._answers: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._child.stdout
        for line in self._child.stdout:
            self._answers.put(line)
        self._answers.put("")

    def ask(self, operation: str, **request: Any) -> Any:
        """Send one request and return what stands under `ok`; raise EngineError otherwise."""
        assert self._child.stdin
        try:
            self._child.stdin.write(json.dumps({"operation": operation, **request}) + "\n")
            self._child.stdin.flush()
            line = self._answers.get(timeout=self.timeout)
        except (OSError, queue.Empty) as error:
            raise EngineError(f"{operation}: no answer in {self.timeout} s ({error!r})\n{self._log()}") from error
        if not line:
            raise EngineError(f"{operation}: the engine ended\n{self._log()}")
        answer = json.loads(line)
        if "error" in answer:
            raise EngineError(f"{operation}: {answer['error']}")
        return answer["ok"]

    def _log(self) -> str:
        self._stderr.seek(0)
        return self._stderr.read()[-4000:]

    def close(self) -> None:
        """End the child: closing its stdin asks it to leave, killing it insists."""
        assert self._child.stdin
        assert self._child.stdout
        self._child.stdin.close()
        try:
            self._child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._reader.join(timeout=10)
        self._child.stdout.close()
        self._stderr.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
