"""Search a generation of the index: neighbours, entries, lists, answers, explorations."""
