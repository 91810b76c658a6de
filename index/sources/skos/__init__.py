"""Read vocabularies in SKOS (www.w3.org/TR/skos-reference): Turtle, RDF/XML and JSON-LD."""
