"""A small encyclopedia about a harbour; no model is needed to understand it."""

from index.entry import Entry, Question, Related, Section

_TERMS = {
    "Anchor": ("Ground tackle", "An iron hook that holds a ship to the sea floor.", ("hook",)),
    "Buoy": ("Signs", "A floating mark moored to show a channel or a danger.", ()),
    "Crane": ("Quay", "A tall machine that lifts cargo between ship and quay.", ("gantry",)),
    "Dock": ("Quay", "A basin where ships lie while cargo is moved.", ("wharf", "berth")),
    "Ebb tide": ("Water", "The falling water between high and low sea level.", ("ebb",)),
    "Foghorn": ("Signs", "A loud horn that warns ships when nobody can see.", ()),
    "Gangway": ("Quay", "A movable bridge by which people board a ship.", ()),
    "Hawser": ("Ground tackle", "A thick rope for mooring or towing a ship.", ("mooring rope",)),
    "Lighthouse": ("Signs", "A tower whose lamp shows sailors where the coast is.", ()),
    "Pilot": ("People", "A sailor who knows the harbour and guides ships into it.", ()),
    "Quay": ("Quay", "A stone edge along the water where ships are tied.", ()),
    "Tugboat": ("People", "A small strong boat that pulls large ships.", ("tug",)),
}


def harbour() -> list[Entry]:
    """Return twelve entries with sections, questions and related terms."""
    terms = list(_TERMS)
    entries = []
    for at, (term, (category, definition, aliases)) in enumerate(_TERMS.items()):
        after = terms[(at + 1) % len(terms)]
        entries.append(
            Entry(
                id=term.casefold().replace(" ", "-"),
                term=term,
                definition=definition,
                category=category,
                aliases=aliases,
                sections=(Section("What it is", f"Every harbour needs a {term.casefold()}."),),
                example=f"The {term.casefold()} was painted green last summer.",
                related=(Related(after, "often seen beside it"), Related("Whale", "outside")),
                faq=(Question(f"Who looks after a {term.casefold()}?", "The harbour master."),),
                source="harbour",
            )
        )
    return entries
