"""What the answer to one question may still be."""

from __future__ import annotations

from dataclasses import dataclass, replace

from checklist_kit.logic import Kind, Symbol

TRUE, FALSE = "true", "false"


@dataclass(frozen=True, slots=True)
class Domain:
    """The answers that are left: blank, a sentinel number, or a known answer.

    A known choice (or, of a calculation, truth value) is one of `codes`; a known select_multiple has all of `ticked`,
    none of `unticked`. Known numbers are bounded elsewhere, because they are compared with each other.
    """

    symbol: Symbol
    blank: bool = True
    sentinel: bool = False
    known: bool = True
    codes: frozenset[str] = frozenset()
    ticked: frozenset[str] = frozenset()
    unticked: frozenset[str] = frozenset()

    @classmethod
    def of(cls, symbol: Symbol) -> Domain:
        """Return all answers that a question can have."""
        codes = frozenset((TRUE, FALSE)) if symbol.kind is Kind.BOOLEAN else frozenset(symbol.codes)
        return cls(symbol, sentinel=bool(symbol.sentinels), codes=codes)

    @property
    def empty(self) -> bool:
        """Whether no answer is left."""
        return not (self.blank or self.sentinel or self.known)

    def only_known(self) -> Domain:
        """Leave only known answers."""
        return replace(self, blank=False, sentinel=False) if self.blank or self.sentinel else self

    def only_unknown(self) -> Domain:
        """Leave only blank and sentinels."""
        return replace(self, known=False)

    def only_answered(self, answered: bool) -> Domain:
        """Leave only answers, or only blank."""
        return replace(self, blank=False) if answered else replace(self, sentinel=False, known=False)

    def among(self, codes: frozenset[str]) -> Domain:
        """Leave, of the known answers, only these."""
        left = self.codes & codes
        return replace(self, codes=left, known=self.known and bool(left))

    def tick(self, codes: frozenset[str]) -> Domain:
        """Leave, of the known answers, only those with these choices ticked."""
        return self._checked(replace(self, ticked=self.ticked | codes))

    def untick(self, codes: frozenset[str]) -> Domain:
        """Leave, of the known answers, only those with these choices not ticked."""
        return self._checked(replace(self, unticked=self.unticked | codes))

    @staticmethod
    def _checked(domain: Domain) -> Domain:
        """A known answer has one choice ticked at least, and none that must not be."""
        possible = not domain.ticked & domain.unticked and not domain.unticked >= domain.codes
        return domain if possible or not domain.known else replace(domain, known=False)
