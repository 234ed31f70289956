"""The made-up election day at each station: answers whose shares are those of the statement. Nothing here is real."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

Answer = str | int | set[str]
"""A choice's code, a set of codes, a number or a text."""

NOT_OBSERVED, NOT_PERMITTED = 9998, 9999
HOURS = {"turnout_1000": 0.16, "turnout_1200": 0.40, "turnout_1500": 0.70, "turnout_1700": 0.88, "turnout_1900": 1.0}
"""How much of the day's voting is done by each hour."""


@dataclass(slots=True)
class Station:
    """One observed station. `trouble` (0 to 1) makes violations come together, as they do on a real day.

    `answers` are by question, `votes` by candidate, as the protocol gives them (empty where it could not be read).
    """

    code: str
    observer: str
    trouble: float
    answers: dict[str, Answer] = field(default_factory=dict)
    votes: dict[str, int] = field(default_factory=dict)

    @property
    def saw_voting(self) -> bool:
        """Whether the observer was inside during the voting."""
        return self.answers["admitted"] != "turned_away"

    @property
    def saw_count(self) -> bool:
        """Whether the observer was inside during the count."""
        return self.answers.get("count_attended") in ("all", "part")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the statement: the question behind it, and the answers that do and do not count towards it.

    An answer that stands twice is drawn twice as often.
    """

    question: str
    hits: Sequence[str]
    others: Sequence[str]


_NOT_ALL, _SEEN = ("most", "most", "some", "none"), ("once", "few", "few", "many")
OPENING = {
    "box_not_shown_empty": Figure("box_shown_empty", ("no",), ("yes",)),
    "voters_not_announced": Figure("voters_announced", ("no",), ("yes",)),
    "equipped": Figure("station_equipped", ("yes",), ("no",)),
    "secrecy_ensured": Figure("secrecy_conditions", ("yes",), ("no",)),
    "started_late": Figure("voting_started", ("by_0830", "by_0900"), ("on_time",)),
}
VOTING = {
    "voted_without_signing": Figure("list_signed", _NOT_ALL, ("all",)),
    "ink_not_checked": Figure("ink_checked", _NOT_ALL, ("all",)),
    "ink_not_applied": Figure("ink_applied", _NOT_ALL, ("all",)),
    "unlisted_voted": Figure("voted_unlisted", _SEEN, ("never",)),
    "group_voting": Figure("voted_in_group", _SEEN, ("never",)),
    "ballot_stuffing": Figure("ballots_stuffed", _SEEN, ("never",)),
    "multiple_voting": Figure("voted_repeatedly", _SEEN, ("never",)),
    "incitement": Figure("voters_incited", _SEEN, ("never",)),
}
COUNT = {
    "count_not_open": Figure("count_open", ("no",), ("yes",)),
    "protocol_not_correct": Figure("protocol_correct", ("no",), ("yes",)),
    "protocol_copy_refused": Figure("protocol_copied", ("no",), ("yes",)),
}


def hits_for(percent: int, base: int) -> int | None:
    """Return how many of `base` stations make a share that rounds to `percent`, None where no number does."""
    hits = round(percent * base / 100)
    return hits if abs(100 * hits / base - percent) < 0.49 else None


def deploy(rng: random.Random, count: int) -> list[Station]:
    """Draw stations. Azerbaijan has 125 constituencies; those here are numbered from 901, so none is real."""
    places = [(constituency, number) for constituency in range(901, 961) for number in range(1, 41)]
    chosen = sorted(rng.sample(places, count))
    observers = rng.sample(range(100, 1000), count)
    return [
        Station(f"{constituency}/{number}", f"SY{observer}", rng.random())
        for (constituency, number), observer in zip(chosen, observers, strict=True)
    ]


def by_trouble(rng: random.Random, stations: Sequence[Station]) -> list[Station]:
    """Return the stations from the most to the least troubled, with much left to chance."""
    return sorted(stations, key=lambda station: station.trouble + rng.gauss(0, 0.35), reverse=True)


def spread(rng: random.Random, stations: Sequence[Station], figure: Figure, percent: int) -> None:
    """Answer one question at all stations so that its share rounds to `percent`, with a few stations not observed.

    Good news, that is a figure whose first hit is "yes", goes to the least troubled stations.
    """
    unseen = rng.randrange(4)
    while (hits := hits_for(percent, len(stations) - unseen)) is None:
        unseen += 1
    order = by_trouble(rng, stations)
    if figure.hits[0] == "yes":
        order.reverse()
    silent = set(rng.sample(range(hits, len(order)), unseen))
    for place, station in enumerate(order):
        answer = rng.choice(figure.hits if place < hits else figure.others)
        station.answers[figure.question] = "not_observed" if place in silent else answer


def access(rng: random.Random, stations: Sequence[Station], percent: int) -> None:
    """Let observers in, and obstruct `percent` of them: two stay outside all day, three wait, six are expelled."""
    hits = hits_for(percent, len(stations))
    assert hits is not None
    for place, station in enumerate(by_trouble(rng, stations)):
        admitted = "turned_away" if place < 2 else "after_delay" if place < 5 else "at_once"
        acts = {"none"}
        if 5 <= place < hits:
            acts = set(rng.sample(("kept_away", "stopped_recording", "pressured", "threatened"), rng.randint(1, 2)))
            acts |= {"expelled", "attacked"} if place == 5 else {"expelled"} if place < 11 else set()
        arrival = rng.choice(("by_0730", "by_0730", "by_0750"))
        view = "part" if "kept_away" in acts else rng.choice(("all", "all", "part"))
        attended = "barred" if "expelled" in acts else rng.choice(("all", "all", "all", "part"))
        station.answers |= {
            "station": station.code,
            "observer": station.observer,
            "arrival": arrival,
            "admitted": admitted,
            "view": "nothing" if admitted == "turned_away" else view,
            "obstruction": acts,
            "count_attended": "barred" if admitted == "turned_away" else attended,
        }


def other_answers(rng: random.Random, station: Station) -> None:
    """Answer the questions that no figure of the statement depends on."""
    saw, told = station.answers, station.saw_voting
    often = ("never", "never", "once", "few") if station.trouble > 0.5 else ("never",)
    yes = ("yes", "yes", "yes", "no")
    for question, options in {
        "wheelchair_access": ("yes", "no", "no"),
        "box_sealed": ("yes",) * 12 + ("no",),
        "ballots_announced": yes,
        "outsiders_directed": often,
        "mobile_box_used": ("yes", "no"),
        "voting_rating": ("bad", "very_bad") if station.trouble > 0.6 else ("very_good", "good", "good"),
    }.items():
        saw[question] = rng.choice(options) if told else "not_observed"
    for question, options in {
        "closed": ("on_time",) * 9 + ("late",),
        "unused_cancelled": yes,
        "seals_intact": ("yes",) * 12 + ("no",),
        "protocol_posted": yes,
        "count_rating": ("bad", "very_bad") if station.trouble > 0.6 else ("good", "good", "bad"),
    }.items():
        saw[question] = rng.choice(options) if station.saw_count else "not_observed"
    if saw["station_equipped"] == "no":
        saw["missing_items"] = {rng.choice(("ink", "booths"))}
    if saw["mobile_box_used"] == "yes":
        saw["mobile_box_observed"] = rng.choice(("yes", "no"))
    saw["count_problems"] = count_problems(rng, station)
    obstructed = saw["admitted"] != "at_once" or saw["obstruction"] != {"none"}
    forms = int(obstructed) + int(saw["ballots_stuffed"] in ("few", "many"))
    saw["incident_forms"] = ("none", "one", "two")[forms]
    saw["complaint"] = rng.choice(("accepted", "rejected", "unsubmitted")) if obstructed else "unsubmitted"
    saw["station_confirmed"] = True


def count_problems(rng: random.Random, station: Station) -> set[str]:
    """Tick what went wrong in the count: bundles where ballots were stuffed, something where the protocol differs."""
    if not station.saw_count:
        return {"not_observed"}
    faults = {"bundles"} if station.answers["ballots_stuffed"] in ("few", "many") else set()
    if station.answers["protocol_correct"] == "no":
        faults.add(rng.choice(("surplus", "misplaced", "outsiders", "blank_protocol")))
    return faults or {"none"}


def turnout(rng: random.Random, station: Station, *, inflated: bool) -> None:
    """Count voters through the day, and post an official figure: close to that count, or over 20 points above it."""
    registered = rng.randint(260, 1480)
    share = rng.uniform(0.22, 0.46) if inflated else rng.uniform(0.30, 0.72)
    posted = share + (rng.uniform(0.24, 0.42) if inflated else rng.uniform(-0.02, 0.09))
    station.answers["registered"] = registered if station.saw_voting else NOT_PERMITTED
    station.answers["official_voted"] = round(registered * posted)
    for question, done in HOURS.items():
        late = question in ("turnout_1700", "turnout_1900")
        if not station.saw_voting:
            station.answers[question] = NOT_PERMITTED
        elif late and not station.saw_count:
            station.answers[question] = NOT_OBSERVED
        else:
            station.answers[question] = round(registered * share * done)


def figures_source(rng: random.Random, station: Station) -> str:
    """Return from where the observer could copy the protocol."""
    if station.answers["protocol_copied"] == "yes":
        return "own_copy"
    if station.answers["protocol_posted"] == "yes":
        return "posted_copy"
    return rng.choice(("shown", "nowhere")) if station.saw_count else "nowhere"


def protocol(rng: random.Random, station: Station, candidates: Sequence[str]) -> None:
    """Copy the protocol where it could be read. All candidates get about as many votes: it says nothing of them."""
    saw = station.answers
    saw["figures_source"] = figures_source(rng, station)
    if saw["figures_source"] == "nowhere":
        return
    ballots = saw["official_voted"]
    assert isinstance(ballots, int)
    invalid = round(ballots * rng.uniform(0.0, 0.04))
    weights = [rng.uniform(0.8, 1.2) for _ in candidates]
    votes = [int((ballots - invalid) * weight / sum(weights)) for weight in weights]
    votes[rng.randrange(len(votes))] += ballots - invalid - sum(votes)
    if saw["protocol_correct"] == "no" and rng.random() < 0.3:
        votes[rng.randrange(len(votes))] += rng.randint(3, 30)
    station.votes = dict(zip(candidates, votes, strict=True))
    saw |= {
        "protocol_time": f"{rng.randint(20, 22)}:{rng.randrange(0, 60, 5):02}",
        "protocol_registered": saw["registered"],
        "protocol_ballots": ballots,
        "protocol_valid": ballots - invalid,
        "protocol_invalid": invalid,
    }


def phase(
    rng: random.Random,
    stations: Sequence[Station],
    inside: Callable[[Station], bool],
    figures: Mapping[str, Figure],
    percents: Mapping[str, int],
) -> None:
    """Answer the questions behind the figures of a part of the day; observers who were not inside then saw nothing."""
    for name, figure in figures.items():
        spread(rng, [station for station in stations if inside(station)], figure, percents[name])
        for station in stations:
            if not inside(station):
                station.answers[figure.question] = "not_observed"


def election_day(
    rng: random.Random, percents: Mapping[str, int], candidates: Sequence[str], *, count: int, inflated: int
) -> list[Station]:
    """Make `count` stations whose shares round to `percents`; `inflated` of them post far more voters than came."""
    stations = deploy(rng, count)
    access(rng, stations, percents["access_obstructed"])
    phase(rng, stations, lambda station: station.saw_voting, OPENING | VOTING, percents)
    phase(rng, stations, lambda station: station.saw_count, COUNT, percents)
    above = {station.code for station in rng.sample([station for station in stations if station.saw_count], inflated)}
    for station in stations:
        other_answers(rng, station)
        turnout(rng, station, inflated=station.code in above)
        protocol(rng, station, candidates)
    return stations
