"""Train the parameters of `index.search.text_similarity` on WordNet."""
