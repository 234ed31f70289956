"""Parts of a submission -> records: groups dissolve, repeats become instances."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from checklist_kit.protocols import Problem, Record
from checklist_kit.readers.odk.names import TOP, Names, Role
from checklist_kit.readers.odk.parts import Part


@dataclass(slots=True)
class Filling:
    """Fills the records of one submission. `cells` counts what goes into them and into `problems`."""

    names: Mapping[str, Names]
    source: str
    problems: list[Problem] = field(default_factory=list)
    cells: int = 0
    left_out: Counter[str] = field(default_factory=Counter)

    def record(self, parts: Sequence[Part], frame: str = TOP, place: str = "") -> Record:
        """Return a record made of parts."""
        places: dict[str, str] = {}
        record = Record({}, lambda key: places.get(key, place))
        self._fill(record, places, parts, frame)
        return record

    def _fill(self, record: Record, places: dict[str, str], parts: Sequence[Part], frame: str) -> None:
        names = self.names.get(frame) or _NOTHING
        numbers = Counter(part.name for part in parts if part.inner is not None)
        for part in parts:
            if part.is_blank:
                continue
            column = names.column(part.name)
            if part.inner is None:
                self._value(record, places, part, names)
            elif (repeat := names.repeat(part.name)) is not None:
                self._instance(record, part, repeat, names.frames[repeat])
            elif column.role in (Role.SYSTEM, Role.ENTITY):
                self.left_out["entity"] += any(inner.name == "entity" for inner in part.inner)
                self.left_out["audit"] += any(inner.name == "audit" and not inner.is_blank for inner in part.inner)
            elif part.listed or numbers[part.name] > 1:
                self._instance(record, part, part.name.rpartition("/")[2], "")
            else:
                self._fill(record, places, part.inner, frame)

    def _instance(self, record: Record, part: Part, repeat: str, frame: str) -> None:
        """Add an instance of a repeat; of one that is not known the analysis says so."""
        made = self.record(part.inner or (), frame or "?", part.place)
        record.repeats.setdefault(repeat, []).append(made)

    def _value(self, record: Record, places: dict[str, str], part: Part, names: Names) -> None:
        column = names.column(part.name)
        match column.role:
            case Role.ANSWER | Role.UNKNOWN | Role.PLACE:
                self.cells += 1
                key = part.name if column.role is Role.PLACE else column.key
                if key in record.values:
                    message = f"`{key}` is here twice; the first one counts"
                    fields = {"item": key, "raw": str(part.value), "place": part.place, "aside": True}
                    self.problems.append(Problem.of("file-duplicate-key", message, self.source, **fields))
                    return
                record.values[key] = part.value
                places[key] = part.place
            case Role.INSTANCE:
                record.instance = part.value
            case Role.PERSONAL:
                self.left_out[Role.PERSONAL.value] += 1
            case _:
                pass


_NOTHING = Names()
