"""Words around a name in a question about its meaning, such as "what does RAG stand for?"."""

_BEFORE = """
a about abbreviation acronym all an and anyone are but by can concept could define definition
describe did do does don't dont exactly expand explain for form full give hello hey hi how i idea in
is it know knows look mean meaning meanings means meant me might not of ok out please pls quick
question show so somebody someone sorry spell tell term than thank thanks that the they this to us
up want we what what's whats where which who who's why with word would you your
"""
_AFTER = """
a about again ai all an and are called context definition do does exactly for here in is it llm
llms me mean meaning meanings means model models now or our pls please refer refers short stand
company stands supposed team thanks that the this thx term to us what work works
"""
BEFORE_NAME, AFTER_NAME = frozenset(_BEFORE.split()), frozenset(_AFTER.split())
