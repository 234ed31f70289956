"""`roles:` and `applies:`: who is asked, and at which units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from checklist_kit.diagnostics import Diagnostic, did_you_mean
from checklist_kit.logic import Scope, Symbol, analyse
from checklist_kit.logic.tree import And
from checklist_kit.model import Attribute, ChoiceList, Expression
from checklist_kit.source.lists import ListBuilder
from checklist_kit.source.nodes import Map, Seq
from checklist_kit.source.texts import words
from checklist_kit.source.xpaths import form_names


@dataclass
class Audience:
    """What a document says of roles and attributes. With a `chosen` role, its form is made, and not that of all.

    To be asked a question for some roles is to be asked it if the role is one of these, so `roles` becomes a part of
    `relevant`, and every channel knows what to do.
    """

    document: Map
    lists: Mapping[str, ChoiceList]
    symbols: Mapping[str, Symbol]
    nodes: Mapping[str, Map]
    language: str
    builder: ListBuilder
    chosen: str | None = None
    findings: list[Diagnostic] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.attributes = self._attributes()
        self.role = self._role()

    def leaves_out(self, node: Map) -> bool:
        """Whether the form of the chosen role is without an item."""
        roles = self.roles_of(node)
        return self.chosen is not None and bool(roles) and self.chosen not in roles

    def roles_of(self, node: Map) -> tuple[str, ...]:
        """Return the roles that an item is for, empty for everybody."""
        value = node.get("roles")
        return tuple(value.texts()) if isinstance(value, Seq) else ()

    def relevance(self, node: Map, own: Expression | None, here: Symbol) -> Expression | None:
        """Return the relevance of an item: its own, and that the observer has one of its roles."""
        test = self._test(node, here)
        if test is None or own is None:
            return own or test
        source = f"({own.source.strip()}) and {test.source}"
        return Expression(source, And((own.condition, test.condition)), own.span)

    def verbatim(self, node: Map, xpaths: Mapping[str, str]) -> Mapping[str, str]:
        """Return the XPaths of an item; its roles are a part of a relevance that was given as one."""
        roles = self.roles_of(node)
        if "relevant" not in xpaths or not roles or self.role is None or self.chosen is not None:
            return xpaths
        name = next((form for form, own in form_names(self.nodes).items() if own == self.role), self.role)
        test = " or ".join(f"${{{name}}} = '{role}'" for role in roles)
        return {**xpaths, "relevant": f"({xpaths['relevant']}) and ({test})"}

    def applies_to(self, node: Map) -> dict[str, tuple[str, ...]]:
        """Return the values of attributes that an item applies to."""
        value = node.get("applies")
        found: dict[str, tuple[str, ...]] = {}
        for name, given in value.items() if isinstance(value, Map) else ():
            assert isinstance(value, Map)
            attribute = self.attributes.get(name)
            if attribute is None:
                help_ = did_you_mean(name, self.attributes) or "declare it under `attributes`"
                self._find("name-unknown-attribute", f"there is no attribute `{name}`", value, name, help_)
                continue
            codes = tuple(given.texts()) if isinstance(given, Seq) else (value.text(name) or "",)
            for code in codes:
                if code not in attribute.choices.codes:
                    help_ = did_you_mean(code, attribute.choices.codes) or _one_of(attribute.choices)
                    message = f"the attribute `{name}` has no value `{code}`"
                    self._find("name-unknown-attribute", message, value, name, help_)
            found[name] = codes
        return found

    def offered(self, choices: ChoiceList) -> ChoiceList:
        """Return the choices of the question for the role on the form of the chosen one: that role alone."""
        left = tuple(choice for choice in choices.choices if choice.code == self.chosen)
        return ChoiceList(name=f"{self.role}/choices", choices=left, span=choices.span)

    def _attributes(self) -> dict[str, Attribute]:
        value = self.document.get("attributes")
        found: dict[str, Attribute] = {}
        for name, node in value.items() if isinstance(value, Map) else ():
            if not isinstance(node, Map) or not isinstance(value, Map):
                continue
            given = node.get("choices")
            choices = self.lists.get(node.text("choices") or "")
            if isinstance(given, Map):
                choices = self.builder.build(f"{name}/attribute", given)
            elif choices is None and isinstance(given, str):
                known = [known for known in self.lists if "/" not in known]
                help_ = did_you_mean(given, known)
                self._find("name-unknown-list", f"there is no choice list `{given}`", node, "choices", help_)
            if choices is not None:
                label = words(node, "label", self.language) or {self.language: name}
                found[name] = Attribute(name=name, label=label, choices=choices, span=value.key_span(name))
        return found

    def _role(self) -> str | None:
        name = self.document.text("role")
        if name is None:
            return None
        node, symbol = self.nodes.get(name), self.symbols.get(name)
        if node is None or symbol is None or node.text("type") != "select_one" or symbol.repeats:
            known = [one for one, node in self.nodes.items() if node.text("type") == "select_one"]
            message = f"`{name}` is no select_one outside of repeats, whose choices could be roles"
            self._find("name-unknown-role", message, self.document, "role", did_you_mean(name, known))
            return None
        return name

    def _test(self, node: Map, here: Symbol) -> Expression | None:
        """That the observer has one of the roles of an item."""
        roles = self.roles_of(node)
        if not roles or self.chosen is not None:
            return None
        if self.role is None:
            if "role" not in self.document:
                help_ = "write `role: …` on top, with the name of the select_one that asks for it"
                self._find("name-unknown-role", "nothing tells which role an observer has", node, "roles", help_)
            return None
        known = self.symbols[self.role].codes
        for role in roles:
            if role not in known:
                message = f"`{role}` is no choice of `{self.role}`"
                help_ = did_you_mean(role, known) or f"roles are {', '.join(known)}"
                self._find("name-unknown-role", message, node, "roles", help_)
                return None
        listed = ", ".join(f"'{role}'" for role in roles)
        source = f"{self.role} in ({listed})"
        result = analyse(source, Scope(self.symbols, here), condition=True)
        for fault in result.faults:
            self._find(fault.code, fault.message, node, "roles", fault.help)
        return None if result.tree is None else Expression(source, result.tree, node.value_span("roles"))

    def _find(self, code: str, message: str, node: Map, key: str, help_: str | None) -> None:
        self.findings.append(Diagnostic.of(code, message, node.value_span(key), help=help_))


def _one_of(choices: ChoiceList) -> str:
    return f"it is one of {', '.join(choices.codes)}"
