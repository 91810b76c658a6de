"""The table of all commands."""

from bot.commands.admin_catalog import ADMIN_VERBS
from bot.commands.defaults import NEIGHBOURS, WALK_SEED, WALK_STEPS
from bot.commands.spec import Command, CommandName, Option, Request, Verb

MAX_SEED = 999_999  # of a random walk
MAX_PAGE = 100_000  # of a list
MAX_NEIGHBOURS = 20
COMMANDS = (
    Command(
        "ask",
        "Ask a question in your own words",
        "the answer quotes an entry",
        examples=("why does the model make things up?", "difference between RAG and fine-tuning"),
        own_examples=("what is {0}?", "difference between {0} and {1}"),
        slack=False,
        spoken=True,
    ),
    Command(
        "near",
        "TEXT",
        "the entries nearest to a text",
        (
            Option(
                "n",
                "10",
                f"how many neighbours, 1 to {MAX_NEIGHBOURS} ({NEIGHBOURS} when not given)",
                (1, MAX_NEIGHBOURS),
                synonyms=("count", "limit", "max", "number", "results", "top"),
            ),
            Option(
                "in",
                "CATEGORY",
                "only entries in this category; a word from its name is enough",
                spaces=True,
                synonyms=("cat", "category", "categories", "topic"),
            ),
            Option(
                "from", "SOURCE", "only entries from this glossary", synonyms=("glossary", "source")
            ),
            Option(
                "why",
                "yes",
                "also show the match, cosine, percentile, generation and model",
                synonyms=("explain", "reasons"),
            ),
        ),
        ("/near the bot invents papers that don't exist", "/near token n=10 in=architecture"),
        ("/near {0}", "/near {1} n=10"),
    ),
    Command(
        "define",
        "TERM",
        "an entry; TERM = DEFINITION suggests a new entry to the glossary's owners",
        (
            Option(
                "from",
                "SOURCE",
                "the entry in this glossary, if several have the term",
                synonyms=("glossary", "source"),
            ),
            Option("whole", "yes", "show the whole entry", synonyms=("all", "full", "long")),
            Option(
                "section",
                "HEADING",
                "only this part of the entry; a word from its heading is enough",
                spaces=True,
            ),
        ),
        ("/define RAG", "/define Zeppelin = A rigid airship."),
        ("/define {0}", "/define Zeppelin = A rigid airship."),
    ),
    Command(
        "explain",
        "TEXT",
        "the entries that a text names, each with its meaning, and undefined abbreviations",
        examples=("explain: we moved the bot from fine-tuning to RAG",),
        own_examples=("explain: how do {0} and {1} go together?",),
        slack=False,
        colon=True,
    ),
    Command(
        "list",
        "[CATEGORY]",
        "the entries in alphabetical order, by category or letter if given",
        (
            Option("letter", "A", "only terms that begin with this letter"),
            Option("page", "2", "which page, from 1 (1 when not given)", (1, MAX_PAGE)),
        ),
        ("list: retrieval", "list: letter=R"),
        ("list: page=2", "list: letter=R"),
        slack=False,
        colon=True,
    ),
    Command(
        "latent",
        "SUBCOMMAND",
        "explore the embedding space: compare, shift, path, map and more",
        examples=("/latent compare dog | puppy", "/latent path Embedding -> Hallucination"),
        own_examples=("/latent compare dog | puppy", "/latent path {0} -> {1}"),
        verbs=(
            Verb(
                "compare",
                "A | B",
                "the similarity of two texts, and the entries near both; a table for more texts",
                examples=(
                    "/latent compare bank account | river bank",
                    "/latent compare dog | puppy | cat",
                ),
            ),
            Verb(
                "shift",
                "BEFORE -> AFTER",
                "how far and where an edit moves a prompt, and the words that moved it; "
                "TEXT + MORE WORDS appends words",
                (
                    Option(
                        "tone",
                        "premium",
                        "apply a tone instead: formal, warmer, technical, playful, premium, …",
                    ),
                ),
                (
                    "/latent shift Describe this cream. + Premium. Effortlessly elegant.",
                    "/latent shift a short answer -> a long, careful answer",
                ),
            ),
            Verb(
                "path",
                "A -> B",
                "a path from one text to another through neighbouring entries",
                examples=("/latent path Embedding -> Hallucination",),
                own_examples=("/latent path {0} -> {1}",),
            ),
            Verb(
                "map",
                "[TEXT]",
                "a picture of the neighbourhoods and the position of a text; separate several "
                "texts with |; in Slack it comes as a direct message, or in the thread you ask in",
                (
                    Option(
                        "in",
                        "NAME",
                        "only this category or neighbourhood; a word from its name is enough",
                        spaces=True,
                        synonyms=("cat", "category", "neighbourhood", "neighborhood"),
                    ),
                    Option("theme", "dark", "light or dark (light when not given)"),
                    Option("to", "me", "also in a thread, send the picture as a direct message"),
                ),
                (
                    "/latent map why does the model make things up",
                    "/latent map in=retrieval theme=dark",
                ),
                ("/latent map {0}", "/latent map theme=dark"),
            ),
            Verb(
                "wander",
                "TEXT",
                "a random walk from a text; a higher temperature takes it farther",
                (
                    Option(
                        "t",
                        "1.0",
                        "the temperature, above 0 and up to 100 (1 when not given)",
                        synonyms=("temp", "temperature"),
                    ),
                    Option(
                        "seed",
                        "42",
                        f"another seed gives another walk ({WALK_SEED} when not given)",
                        (0, MAX_SEED),
                    ),
                    Option(
                        "steps",
                        "6",
                        f"how many stops, 1 to 20 ({WALK_STEPS} when not given)",
                        (1, 20),
                        synonyms=("n", "stops"),
                    ),
                ),
                ("/latent wander hallucination t=0.3",),
                ("/latent wander {0} t=0.3",),
            ),
            Verb(
                "models",
                "TEXT",
                "the entries nearest to a text in several embedding models, side by side",
                examples=("/latent models split a document into parts",),
                own_examples=("/latent models {0}",),
            ),
            Verb(
                "about",
                "",
                "the size and shape of the embedding space",
                examples=("/latent about",),
            ),
        ),
    ),
    Command(
        "near-admin",
        "SUBCOMMAND",
        "for admins: index status, reindexing, rollback, editing",
        examples=("/near-admin status", "/near-admin reindex --dry-run"),
        verbs=ADMIN_VERBS,
    ),
    Command(
        "help",
        "[COMMAND]",
        "the commands and their usage",
        examples=("help near",),
        slack=False,
    ),
    Command(
        "forget",
        "delete my data",
        "delete your questions, votes, drafts and suggestions; as a command: /near delete my data",
        examples=("delete my data",),
        slack=False,
        spoken=True,
    ),
)


def command_named(name: CommandName) -> Command:
    return next(command for command in COMMANDS if command.name == name)


def form_of(request: Request) -> Verb:
    """Return the command or verb that defines a request's options."""
    return verb_of(request) or command_named(request.command)


def is_known(request: Request) -> bool:
    """Return whether the verb and options of a request exist, with possible values."""
    if (verb_of(request) is None) == bool(command_named(request.command).verbs or request.verb):
        return False
    options = {option.key: option for option in form_of(request).options}
    return all(
        key in options and _is_possible(value, options[key])
        for key, value in request.options.items()
    )


def _is_possible(value: str | int, option: Option) -> bool:
    if option.bounds is None:
        return isinstance(value, str) and (option.value != "yes" or value in ("yes", "no"))
    low, high = option.bounds
    return type(value) is int and low <= value <= high


def verb_of(request: Request) -> Verb | None:
    verbs = command_named(request.command).verbs
    return next((verb for verb in verbs if verb.name == request.verb), None)
