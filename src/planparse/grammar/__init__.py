"""The rules as data: grammars/*.yaml read strictly, compiled once, asked by every stage. It knows no plan."""

from planparse.grammar.compiled import CompiledRule, Match
from planparse.grammar.load import find_grammars, load_grammar
from planparse.grammar.match import Grammar
from planparse.grammar.schema import Example, GrammarFile, Order, Rule

__all__ = ["CompiledRule", "Example", "Grammar", "GrammarFile", "Match", "Order", "Rule", "find_grammars", "load_grammar"]
