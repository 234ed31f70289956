"""Names that a statistics program accepts, the same in every export of the same question."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Sequence

_MARK = 6  # letters of a digest that tell two shortened names apart


def short_names(names: Sequence[str], limit: int, reserved: Collection[str] = (), keep: str = "") -> dict[str, str]:
    """Return an accepted name for each name: ASCII letters, digits, `_` and what `keep` holds, `limit` characters.

    `reserved` words are in small letters; so are names compared. A name that is accepted stays; `q.code` becomes
    `q_code`; any other change adds a digest of the whole name, so that it depends on this name alone.
    """
    allowed = re.compile(rf"[^A-Za-z0-9_{re.escape(keep)}]")
    plain = {name: allowed.sub("_", name) for name in names}
    taken = Counter(one.casefold() for one in plain.values())
    unchanged = Counter(name.casefold() for name, shown in plain.items() if shown == name)

    def accepted(name: str, shown: str) -> bool:
        lossless = shown == name or allowed.sub("_", name.replace(".", "_")) == name.replace(".", "_")
        alone = (unchanged if shown == name else taken)[shown.casefold()] == 1
        fits = len(shown) <= limit and shown.casefold() not in reserved and shown[:1].isalpha()
        return lossless and alone and fits and not shown.endswith(".")

    return {name: shown if accepted(name, shown) else _digested(name, shown, limit) for name, shown in plain.items()}


def _digested(name: str, shown: str, limit: int) -> str:
    mark = hashlib.sha256(name.encode()).hexdigest()[:_MARK]
    head = shown if shown[:1].isalpha() else f"v{shown}"
    return f"{head[: limit - _MARK - 1]}_{mark}"
