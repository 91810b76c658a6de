# make run   the main job: serve Slack when its tokens are in .env, else chat in the terminal
# make test  the whole test suite, in an environment of its own
# make check lint, format, spelling, layers, types, links of the documentation, known vulnerabilities
# make docs  writes the reference pages and the transcripts, and the documentation as a site to site/
# make packages, make release  builds the wheel and tests it; then also tags the version
# make bench retrieval on your own documents, compared with other methods
# make bench-answers  how often replies answer judged questions and follow-ups
# make bench-speed  times, rates and memory, compared with other systems

PYTHON ?= python3
RUN := .venv
TEST := .venv-test
TOOLS := .venv-tools
MKDOCS = $(TOOLS)/bin/mkdocs build --strict --quiet
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Empty is off: the many processes that tests start would compile every module again.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run serve slack index bench bench-answers bench-speed test test-fast test-slow coverage check docs audit
.PHONY: sbom lock vectors packages release clean

run: $(RUN)/.installed
	@$(RUN)/bin/nearsay

serve: $(RUN)/.installed
	@$(RUN)/bin/nearsay serve

# A Slack workspace on this machine, in a browser, to try the Slack side without Slack.
slack: $(TEST)/.installed
	@$(TEST)/bin/python -m tests.fake_slack $(ARGS)

index: $(RUN)/.installed
	@$(RUN)/bin/nearsay index

# Retrieval measured on a folder of documents, queries and judgements: make bench DATA=folder
ifdef DATA
bench: $(TEST)/.installed
	@$(TEST)/bin/python -m tests.benchmarks.beir search --data "$(DATA)" $(ARGS)
else
bench:
	@echo "Give the folder to measure on, of BEIR layout: make bench DATA=folder" >&2; exit 1
endif

# How often replies answer judged lines: make bench-answers ARGS="--reporting"
bench-answers: $(TEST)/.installed
	@$(TEST)/bin/python -m tests.benchmarks.answers $(ARGS)

# Speed on generated glossaries: make bench-speed ARGS="--passages 1000"
bench-speed: $(TEST)/.installed
	@$(TEST)/bin/python -m tests.benchmarks.speed $(ARGS)

test: $(TEST)/.installed
	nice -n 19 $(TEST)/bin/python -m pytest -m "not slow" -n 4 --dist loadfile --no-loadscope-reorder \
		--durations=10

test-fast: $(TEST)/.installed
	$(TEST)/bin/python -m pytest --fast -n 2 --dist worksteal

# Line coverage, child processes included.
coverage: $(TEST)/.installed
	$(TEST)/bin/python -m pytest -m "not slow" -n 4 --dist loadfile --cov --cov-report=term:skip-covered

test-slow: $(TEST)/.installed
	$(TEST)/bin/python -m pytest -m slow
	$(TEST)/bin/python -m pytest -m "hypothesis and not slow" --hypothesis-profile=many
	$(TEST)/bin/python -m pytest -m "not slow" --server-mode tests/slack tests/terminal

check: $(TEST)/.installed audit
	$(TEST)/bin/ruff check .
	$(TEST)/bin/ruff format --check .
	$(TOOLS)/bin/codespell
	$(TOOLS)/bin/lint-imports
	$(TEST)/bin/mypy
	$(MKDOCS)

# tests/test_documentation.py compares the reference pages with the code, and
# tests/terminal/test_transcripts.py the transcripts with what is printed.
docs: $(TEST)/.installed $(TOOLS)/.installed
	@$(TEST)/bin/python -m tests.reference_pages
	@$(TEST)/bin/python -m tests.transcripts
	$(MKDOCS)

audit: $(TOOLS)/.installed
	@$(TOOLS)/bin/python .ci/audit

# What is installed for `make run`, with the model, as a CycloneDX file.
sbom: $(RUN)/.installed $(TOOLS)/.installed
	$(TOOLS)/bin/cyclonedx-py environment --pyproject pyproject.toml \
		--output-file sbom.cdx.json $(RUN)/bin/python
	$(RUN)/bin/python .ci/sbom sbom.cdx.json

# Both environments install the versions of constraints.txt. The output of pip goes to standard error,
# so that the answers of `make run` can be piped. --no-compile: compiling all packages takes a minute.
$(RUN)/.installed: pyproject.toml constraints.txt
	@echo "Making the environment (first use only; this takes a few minutes) ..." >&2
	@$(PYTHON) -m venv $(RUN)
	@$(RUN)/bin/pip install --quiet --no-compile --constraint constraints.txt --editable . >&2
	@touch $@

$(TEST)/.installed: pyproject.toml constraints.txt
	@echo "Making the test environment (first use only; this takes a few minutes) ..." >&2
	@$(PYTHON) -m venv $(TEST)
	@$(TEST)/bin/pip install --quiet --upgrade 'pip>=25.1' >&2  # knows dependency groups
	@$(TEST)/bin/pip install --quiet --no-compile --constraint constraints.txt --editable . \
		--group test >&2
	@touch $@

$(TOOLS)/.installed: pyproject.toml
	@$(PYTHON) -m venv $(TOOLS)
	@$(TOOLS)/bin/pip install --quiet --upgrade 'pip>=25.1' >&2
	@$(TOOLS)/bin/pip install --quiet --no-compile --group tools >&2
	@touch $@

# Updates constraints.txt from the test environment, and requirements.lock (versions and hashes for a
# deployment) from it. torch remains a range (pyproject.toml), since the names of its builds differ;
# requirements-torch.lock has the build of the package index, with the tested version.
lock: $(TEST)/.installed $(TOOLS)/.installed
	$(TEST)/bin/pip freeze --exclude-editable --exclude torch --exclude triton | \
		grep -v '^nvidia-\|^cuda-\|@' > constraints.txt
	echo torch > $(TOOLS)/apart.txt
	$(TOOLS)/bin/uv pip compile --quiet --no-config --universal --python-version 3.11.5 \
		--extra postgres --constraint constraints.txt --excludes $(TOOLS)/apart.txt \
		--generate-hashes --no-annotate --custom-compile-command 'make lock' \
		--upgrade --output-file requirements.lock pyproject.toml
	$(TEST)/bin/python -c \
		'import torch; print("torch==" + torch.__version__.partition("+")[0])' > $(TOOLS)/torch.in
	$(TOOLS)/bin/uv pip compile --quiet --no-config --universal --python-version 3.11.5 \
		--constraint constraints.txt --generate-hashes --no-annotate \
		--custom-compile-command 'make lock' --output-file requirements-torch.lock \
		$(TOOLS)/torch.in

# Embeds the bundled encyclopedia into index/storage/bundled_vectors.npz, so that first use need not.
vectors: $(TEST)/.installed
	$(TEST)/bin/python -m tools.bundled_vectors

packages: $(TOOLS)/.installed
	@PYTHON=$(PYTHON) .ci/packages

release: $(TOOLS)/.installed
	@PYTHON=$(PYTHON) .ci/release

clean:
	rm -rf $(RUN) $(TEST) $(TOOLS) site
