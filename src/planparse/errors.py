"""What can go wrong, as exceptions; each message is one sentence that names the file and says what to do."""


class PlanparseError(Exception):
    """Anything that planparse reports to a user as one sentence."""

    code = "error"


class UnreadableFile(PlanparseError):
    """The file cannot be read as a document: damaged, empty, encrypted, over a limit or not a document at all.

    `code` is a word for ledgers and CI: `empty`, `damaged`, `encrypted`, `not-a-document`, `too-large`, `no-text`,
    `missing`, `unsupported`.
    """

    def __init__(self, message: str, *, code: str = "damaged") -> None:
        super().__init__(message)
        self.code = code


class MissingTool(PlanparseError):
    """Reading this file needs a program or a package that is not installed; the message says which."""

    code = "missing-tool"


class BadGrammar(PlanparseError):
    """A grammar file breaks the format or one of its own examples; the message names file and rule."""

    code = "bad-grammar"


class BadPlanFile(PlanparseError):
    """A JSON file is not a plan that this version can load."""

    code = "bad-plan"


class UnreadableOutput(PlanparseError):
    """An output cannot be written where the user asked for it."""

    code = "output"


class WrongUsage(PlanparseError):
    """The arguments of a command make no sense; exit status 2."""

    code = "usage"
