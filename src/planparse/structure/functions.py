"""The title of a section → what it is for: review, situation, principles, goals, tasks, safeguards, monitoring."""

from planparse.grammar import Grammar
from planparse.models.nodes import Function

LOOKING_BACK = ("review", "situation")
SHORT_TITLE = 10
"""Characters of a title that is the name of a part of plans (发展目标, 保障措施) and not a sentence about the matter."""


def title_to_function(title: str, above: Function, grammar: Grammar) -> Function:
    """What a section is for: by its title, else as the section `above` it; a title that only says what is done is a task.

    1. Under what looks back all looks back, and under what does not nothing does (取得显著成效 under goals is a goal).
    2. Under tasks and safeguards a long title with a word of another function in it stays what they are
       (完善支持保障条件，推动事业发展 among tasks); short ones (发展目标) tell.
    """
    words = "".join(title.split())
    found = grammar.match("functions", words, gives="function")
    if found is None:
        told = grammar.match("functions", words, gives="function_by_verb") if above == "other" else None
        return told.fields["function"] if told else above  # type: ignore[return-value]
    own: Function = found.fields["function"]  # type: ignore[assignment]
    if above != "other" and (own in LOOKING_BACK) != (above in LOOKING_BACK):
        return above
    if above in ("tasks", "safeguards") and len(words) > SHORT_TITLE and (above, own) != ("safeguards", "monitoring"):
        return above
    return own
