"""Print what each engine lacks; exit 1 if one lacks something."""

import sys

from tests.engines import NEEDS, missing

absent = {engine: missing(engine) for engine in NEEDS}
for engine, needs in absent.items():
    print(f"{engine:20}", f"missing: {', '.join(needs)}" if needs else "ready")
sys.exit(any(absent.values()))
