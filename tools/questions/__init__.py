"""Train `index.search.question_adapter` on questions with their entries."""
