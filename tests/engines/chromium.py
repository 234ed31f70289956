"""Chromium, headless: it opens local pages, runs their scripts, and takes their picture.

It speaks the DevTools protocol over two pipes (`--remote-debugging-pipe`), so there is no port and no driver.
Nothing is resolved outside this machine: a page that needs the network shows errors.
"""

import base64
import fcntl
import json
import os
import select
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from tests.engines import NODE
from tests.engines.process import EngineError

FLAGS = [
    "--headless",
    "--no-sandbox",  # the sandbox refuses root, and tests often run as root in a container
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--remote-debugging-pipe",
]

SURVEY_PAGE = """<!DOCTYPE html>
<html dir="{direction}"><head><meta charset="utf-8">
<link rel="stylesheet" href="{modules}/survey-core/survey-core.fontless.min.css">
<script src="{modules}/survey-core/survey.core.min.js"></script>
<script src="{modules}/survey-js-ui/survey-js-ui.min.js"></script>
</head><body><div id="form"></div><script>
const survey = new Survey.Model({form});
survey.locale = {locale};
survey.data = {data};
survey.render(document.getElementById("form"));
</script></body></html>
"""


@dataclass
class Page:
    """An open page. `errors` are what its console shows in red, exceptions included."""

    browser: "Chromium"
    session: str
    target: str
    errors: list[str] = field(default_factory=list)

    def evaluate(self, script: str) -> Any:
        """The value of a JavaScript expression, awaited if it is a promise; EngineError if it throws."""
        answer = self._call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise EngineError(f"{script}: {answer['exceptionDetails'].get('exception', {}).get('description')}")
        return answer["result"].get("value")

    def wait_for(self, condition: str, timeout: float = 10.0) -> None:
        """Wait until a JavaScript condition is true; EngineError with the console's errors after `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while not self.evaluate(f"Boolean({condition})"):
            if time.monotonic() > deadline:
                raise EngineError(f"not true in {timeout} s: {condition}\n" + "\n".join(self.errors))
            time.sleep(0.05)

    def text(self) -> str:
        """The text a person sees on the page."""
        return str(self.evaluate("document.body.innerText"))

    def screenshot(self, out: Path) -> Path:
        """A PNG of the whole page, scrolled parts included."""
        picture = self._call("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        out.write_bytes(base64.b64decode(picture["data"]))
        return out

    def close(self) -> None:
        """Close the page."""
        self.browser.call("Target.closeTarget", targetId=self.target)

    def _call(self, method: str, **params: Any) -> dict[str, Any]:
        return self.browser.call(method, self.session, **params)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Chromium:
    """The browser. Use it as a context manager, or through the fixture `chromium`."""

    def __init__(self, timeout: float = 60.0) -> None:
        self._timeout = timeout
        self._folder = tempfile.TemporaryDirectory(prefix="chromium", ignore_cleanup_errors=True)
        self._pages: dict[str, Page] = {}
        self._last = 0
        self._buffer = b""
        (theirs_in, self._out), (self._in, theirs_out) = _pipe(), _pipe()
        # The protocol reads descriptor 3 and writes descriptor 4; a relay shell puts the pipes there.
        relay = f'exec chromium "$@" 3<&{theirs_in} 4>&{theirs_out} {theirs_in}<&- {theirs_out}>&-'
        self._process = subprocess.Popen(
            ["bash", "-c", relay, "chromium", *FLAGS, f"--user-data-dir={self._folder.name}/profile", "about:blank"],
            pass_fds=(theirs_in, theirs_out),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)

    def open(self, path: Path, width: int = 1000, height: int = 800) -> Page:
        """Open a local file in a window of `width` x `height` CSS pixels, and wait until it is loaded."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = self._pages[session] = Page(self, session, target)
        for domain in ("Page", "Runtime", "Log"):
            self.call(f"{domain}.enable", session)
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", session, **size)
        self.call("Page.navigate", session, url=path.resolve().as_uri())
        page.wait_for("location.href != 'about:blank' && document.readyState == 'complete'")
        return page

    def survey(
        self, form: Mapping[str, Any], locale: str = "", data: Mapping[str, Any] | None = None, direction: str = "ltr"
    ) -> Page:
        """Open a SurveyJS form as survey-js-ui renders it. In the page, `survey` is its model."""
        path = Path(self._folder.name) / "survey.html"
        modules = (NODE / "node_modules").as_uri()
        values = {"form": form, "locale": locale, "data": data or {}}
        scripts = {name: json.dumps(value).replace("<", "\\u003c") for name, value in values.items()}
        path.write_text(SURVEY_PAGE.format(modules=modules, direction=direction, **scripts), encoding="utf-8")
        page = self.open(path)
        page.wait_for("document.querySelector('#form .sd-root-modern')")
        return page

    def call(self, method: str, session: str | None = None, **params: Any) -> dict[str, Any]:
        """One command of the DevTools protocol, and its result."""
        self._last += 1
        message = {"id": self._last, "method": method, "params": params} | ({"sessionId": session} if session else {})
        os.write(self._out, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + self._timeout
        while (answer := self._receive(deadline)).get("id") != self._last:
            self._note(answer)
        if "error" in answer:
            raise EngineError(f"{method}: {answer['error']['message']}")
        return dict(answer["result"])

    def close(self) -> None:
        """End the browser and remove its profile."""
        try:
            self.call("Browser.close")
            self._process.wait(timeout=10)
        except (EngineError, OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        os.close(self._in)
        os.close(self._out)
        self._folder.cleanup()

    def _receive(self, deadline: float) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            if not select.select([self._in], [], [], max(0.0, deadline - time.monotonic()))[0]:
                raise EngineError("chromium does not answer")
            chunk = os.read(self._in, 1 << 16)
            if not chunk:
                raise EngineError("chromium ended")
            self._buffer += chunk
        message, self._buffer = self._buffer.split(b"\0", 1)
        return dict(json.loads(message))

    def _note(self, event: dict[str, Any]) -> None:
        page, params = self._pages.get(event.get("sessionId", "")), event.get("params", {})
        if page is None:
            return
        if event["method"] == "Runtime.exceptionThrown":
            page.errors.append(str(params["exceptionDetails"].get("exception", {}).get("description")))
        elif event["method"] == "Log.entryAdded" and params["entry"]["level"] == "error":
            page.errors.append(f"{params['entry']['text']} {params['entry'].get('url', '')}".strip())
        elif event["method"] == "Runtime.consoleAPICalled" and params["type"] == "error":
            page.errors.append(" ".join(str(argument.get("value")) for argument in params["args"]))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _pipe() -> tuple[int, int]:
    """A pipe whose ends lie above the descriptors 3 and 4, which the browser takes."""
    ends = os.pipe()
    moved = tuple(fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends)
    for end in ends:
        os.close(end)
    return moved[0], moved[1]
