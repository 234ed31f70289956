"""LibreOffice behind JSON lines; libreoffice.py talks to it.

It runs under the system's Python, the one that can `import uno`.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".html": "HTML (StarCalc)", ".pdf": "calc_pdf_Export"}

# Recalculate every workbook on load, whoever wrote it (0 = always): a value stored in the file is nobody's calculation.
ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def properties(**values):
    """Named arguments as UNO wants them."""
    return tuple(PropertyValue(name, 0, value, 0) for name, value in values.items())


class Office:
    """A headless office with a profile of its own."""

    def __init__(self, profile):
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS_RECALCULATE, encoding="utf-8")
        pipe = f"pipe,name={profile.parent.name}"
        options = ["--headless", "--norestore", "--nologo", "--nodefault"]
        self.process = subprocess.Popen(
            ["soffice", *options, f"--accept={pipe};urp;", f"-env:UserInstallation={profile.as_uri()}"],
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            start_new_session=True,  # soffice is a launcher: only its group holds the office itself
        )
        context = self.connect(f"uno:{pipe};urp;StarOffice.ComponentContext")
        self.desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        self.typist = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.DispatchHelper", context)

    def connect(self, address):
        """The context of the office, as soon as it is up."""
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        deadline = time.monotonic() + 90
        while True:
            try:
                return resolver.resolve(address)
            except NoConnectException:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def close(self):
        """Ask the office to end, and insist."""
        try:
            self.desktop.terminate()
            self.process.wait(timeout=20)
        except Exception:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def enter(office, document, sheet, address, text):
    """Type a text into a cell, as at the keyboard: Calc parses it and sets the format, unless the format is text."""
    cell = sheet.getCellRangeByName(address)
    if sheet.isProtected() and cell.CellProtection.IsLocked:
        raise ValueError(f"{cell.AbsoluteName} is locked")
    view = document.CurrentController
    view.select(cell)
    office.typist.executeDispatch(view.Frame, ".uno:EnterString", "", 0, properties(StringName=text))


def reveal(document):
    """Show every sheet, row and column, because the HTML export leaves out what is hidden."""
    for sheet in document.Sheets:
        if sheet.isProtected():
            sheet.unprotect("")
        sheet.IsVisible = sheet.Rows.IsVisible = sheet.Columns.IsVisible = True


def save(office, path, out, cells, revealed):
    """Open `path`, type `cells` (`[sheet, address, text]`), recalculate everything and save in the format of `out`."""
    document = office.desktop.loadComponentFromURL(Path(path).as_uri(), "_blank", 0, properties(Hidden=True))
    try:
        for name, address, text in cells:
            enter(office, document, document.Sheets.getByName(name), address, text)
        document.calculateAll()
        if revealed:
            reveal(document)
        document.storeToURL(Path(out).as_uri(), properties(FilterName=FILTERS[Path(out).suffix], Overwrite=True))
    finally:
        document.close(True)


def answer(office, line):
    """One request, one answer; a request that fails leaves the office up for the next."""
    request = json.loads(line)
    try:
        assert request.pop("operation") == "save"
        return {"ok": save(office, **request)}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def main():
    """Serve until stdin ends."""
    with tempfile.TemporaryDirectory(prefix="office") as folder:
        office = Office(Path(folder) / "profile")
        try:
            for line in sys.stdin:
                print(json.dumps(answer(office, line)), flush=True)
        finally:
            office.close()


main()
