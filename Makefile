# make run   the main job: serve Slack when its tokens are in .env, else chat in the terminal
# make test  the whole test suite, in an environment of its own
# make check lint, format and types
# make bench retrieval measured on your own documents, beside what one would use without Nearsay
# make bench-speed  times, rates and memory, beside the same

PYTHON ?= python3
RUN := .venv
TEST := .venv-test
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run serve slack index bench bench-speed test test-slow check lock clean

run: $(RUN)/.installed
	@$(RUN)/bin/nearsay

serve: $(RUN)/.installed
	@$(RUN)/bin/nearsay serve

# A Slack workspace on this machine, in a browser, to try the Slack side without Slack.
slack: $(TEST)/.installed
	@$(TEST)/bin/python -m tests.workspace $(ARGS)

index: $(RUN)/.installed
	@$(RUN)/bin/nearsay index

# Retrieval measured on a folder of documents, queries and judgements: make bench DATA=folder
ifdef DATA
bench: $(RUN)/.installed
	@$(RUN)/bin/nearsay bench search --data "$(DATA)" $(ARGS)
else
bench:
	@echo "Give the folder to measure on, of BEIR layout: make bench DATA=folder" >&2; exit 1
endif

# How fast it is, on glossaries that are made for it: make bench-speed ARGS="--passages 1000"
bench-speed: $(RUN)/.installed
	@$(RUN)/bin/nearsay bench speed $(ARGS)

test: $(TEST)/.installed
	$(TEST)/bin/python -m pytest -m "not slow" -n 3 --dist loadfile --no-loadscope-reorder

test-slow: $(TEST)/.installed
	$(TEST)/bin/python -m pytest -m slow

check: $(TEST)/.installed
	$(TEST)/bin/ruff check .
	$(TEST)/bin/ruff format --check .
	$(TEST)/bin/mypy

# Both environments install the versions of constraints.txt. What pip says goes to standard
# error, so that the answers of `make run` can be piped.
$(RUN)/.installed: pyproject.toml constraints.txt
	@echo "Making the environment (first use only; this takes a few minutes) ..." >&2
	@$(PYTHON) -m venv $(RUN)
	@$(RUN)/bin/pip install --quiet --constraint constraints.txt --editable . >&2
	@touch $@

$(TEST)/.installed: pyproject.toml constraints.txt
	@echo "Making the test environment (first use only; this takes a few minutes) ..." >&2
	@$(PYTHON) -m venv $(TEST)
	@$(TEST)/bin/pip install --quiet --constraint constraints.txt --editable '.[test]' >&2
	@touch $@

# Writes constraints.txt anew from what the test environment holds. torch stays a range
# (pyproject.toml), since its builds are named differently from place to place.
lock: $(TEST)/.installed
	$(TEST)/bin/pip freeze --exclude-editable --exclude torch --exclude torchvision \
		--exclude triton | grep -v '^nvidia-\|^cuda-\|@' > constraints.txt

clean:
	rm -rf $(RUN) $(TEST)
