"""Which keys of an object are repeats, and which are boxes to tick: by frame, under present and former names."""

from __future__ import annotations

from dataclasses import dataclass, field

from checklist_kit.model import Acknowledge, Checklist, Repeat

TOP = ""
"""The frame of the response itself; that of a repeat is its name."""


@dataclass(slots=True)
class Frame:
    """`repeats` leads from a key to the repeat's frame; `boxes` are the keys of acknowledgements."""

    repeats: dict[str, str] = field(default_factory=dict)
    boxes: set[str] = field(default_factory=set)


def frames_of(checklist: Checklist) -> dict[str, Frame]:
    """Return the frames of a checklist by name."""
    frames = {TOP: Frame()} | {entry.item.name: Frame() for entry in checklist.repeats}
    for entry in checklist.entries:
        item = entry.item
        frame = frames[entry.repeats[-1].name if entry.repeats else TOP]
        if isinstance(item, Repeat):
            for former in item.was:
                frame.repeats.setdefault(former, item.name)
            frame.repeats[item.name] = item.name
        elif isinstance(item, Acknowledge):
            frame.boxes |= {item.name, *item.was}
    return frames
