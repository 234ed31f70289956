"""The web form: JSON for survey-core 2.5, the engine of SurveyJS. It needs no code of ours where it is shown.

One page a section, all languages at once. A repeat over a list is a dynamic panel whose instances are named under
`_instance`. Text of the checklist is data: it stands only where the engine shows plain text.
"""

from __future__ import annotations

import json

from checklist_kit.diagnostics import DefinitionError, Diagnostic
from checklist_kit.model import Checklist, Section
from checklist_kit.protocols import Artifact
from checklist_kit.targets.surveyjs.survey import Form
from checklist_kit.targets.surveyjs.texts import Texts

_BREAKS_THE_ENGINE = "constructor"


def build(checklist: Checklist, languages: tuple[str, ...]) -> Artifact:
    """Return `<id>.surveyjs.json`, which begins in the first of `languages`.

    Raises DefinitionError for the one name that breaks the engine.
    """
    broken = [entry.item for entry in checklist.entries if entry.item.name == _BREAKS_THE_ENGINE]
    if broken and not isinstance(broken[0], Section):
        message = f"the web form cannot hold an item named `{_BREAKS_THE_ENGINE}`, which every JavaScript object has"
        raise DefinitionError([Diagnostic.of("surveyjs-name", message, broken[0].span, help="give it another name")])
    form = Form(checklist, Texts(checklist))
    survey = form.survey(languages[0] if languages else checklist.default_language)
    text = json.dumps(survey, ensure_ascii=False, indent=1)
    return Artifact({f"{checklist.id}.surveyjs.json": (text + "\n").encode()}, tuple(form.losses))
