# `make book` and `make test` set up everything they need. `make help` lists the rest.

PYTHON ?= python3
VENV ?= .venv
LOCK ?= requirements.lock
OUTPUT ?= .
# Or student: without solutions, in a folder of its own. Not ?=, or any EDITION of a shell would do.
EDITION := full
BROWSER := tests/book tests/kit tests/widgets
# The newest PyTorch with which everything has been run; Colab's is in colab-constraints.txt.
TORCH := 2.13.0
# Without an NVIDIA GPU PyTorch's CPU build does: a tenth of the size.
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu
COLAB_PYTHON ?= $(shell for p in python3.13 "$$HOME"/.pyenv/versions/3.13*/bin/python; do "$$p" -c "" 2>/dev/null && echo "$$p" && exit; done; echo $(PYTHON))

# The runtime 2026.07 of Colab, to which a reader can go back: Python 3.12, an older NumPy.
PINNED_PYTHON ?= $(shell for p in python3.12 "$$HOME"/.pyenv/versions/3.12*/bin/python; do "$$p" -c "" 2>/dev/null && echo "$$p" && exit; done; echo $(PYTHON))

BIN := $(VENV)/bin
READY := $(VENV)/installed
# Counts stay, because nbval takes a kept output without one for a cell that was never run.
STRIP := --keep-id --keep-count --extra-keys metadata.language_info.version
# Several test workers share the cores, and OpenBLAS would take all of them for each.
PYTEST := OPENBLAS_NUM_THREADS=1 $(BIN)/pytest --durations=5
TIMED := tests/timed.sh
# The clean build that the tests open, and what its figures are on a page of their own.
TESTED := _build/tested/$(notdir $(VENV))
COLAB := $(MAKE) VENV=.venv-colab LOCK=requirements-colab.lock PYTHON=$(COLAB_PYTHON)
PINNED := $(MAKE) VENV=.venv-colab-2026-07 LOCK=requirements-colab-2026-07.lock PYTHON=$(PINNED_PYTHON)
# What computes and draws without PyTorch, which is the same version there as in Colab today.
NUMPY := $(addprefix tests/unit/test_,$(addsuffix .py,attention_capacity attention_matrix attention_reference \
	cost cost_transforms exercises exercises_attention exercises_bounds exercises_convolution \
	exercises_dft exercises_fusing exercises_machines exercises_measuring exercises_pairs \
	exercises_reach exercises_recursion exercises_sparse fft figures_attention figures_growth \
	figures_levels odd_arguments palette records runtime schedule signals timing_figure transform))
# With other versions of Python's packages the pages and the saved states may differ; the modules
# that draw and answer hands are the same text. A figure that differs gets its whole battery again.
AGAIN := $(addprefix tests/,$(addprefix book/test_,pages.py freshness.py) $(addprefix kit/test_,battery.py lab.py))
ONCE := -k "not phone and not disk and not axe"
# The book is made by the same tools there (test_packaging), and colab-built makes it.
ONLY_HERE := --ignore tests/book/test_publish.py
FIRST :=
export PYTHONSAFEPATH := 1
export DENO_NO_UPDATE_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help announce book serve zip lab check lint units kernels test cells built browsers colab colab-built colab-again colab-pinned pinned bench gpu resources sanitize frames mutants clean refresh lock

help: ## list these targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

# Measured with a clock on two cores, and with du, in a clone on a machine without a GPU.
TAKES = about 2 minutes on two cores, after the downloads; on the disk $(VENV) takes about 3 GB, _build 60 MB
announce:
	@test -e $(READY) && test -e $(OUTPUT)/_build/html/index.html || echo "The first time takes $(TAKES)."

PUBLISH = $(BIN)/python -m fftia_lab.publish
book: announce $(READY) ## build the book into _build/html; EDITION=student leaves the solutions out
	@$(PUBLISH) build --output $(OUTPUT) --edition $(EDITION)

serve: book ## build, then show the book at http://127.0.0.1:8000
	@$(PUBLISH) serve --output $(OUTPUT) --edition $(EDITION)

zip: book ## build, then pack the book, its notebooks and its package into one file
	@$(PUBLISH) zip --output $(OUTPUT) --edition $(EDITION)

lab: $(READY) ## open your copies of the notebooks in JupyterLab, in my-notebooks/
	@$(PUBLISH) lab

check: lint units ## the part of the tests that takes under three minutes

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/deno fmt --check --quiet
	$(BIN)/deno lint --quiet
	$(BIN)/nbstripout --verify $(STRIP) notebooks/*.ipynb

units: $(READY)
	$(PYTEST) -n 2 -m "not browser and not lab" --ignore tests/kernels $(WITHOUT)

# Triton reads once, when it is imported, whether it interprets: its tests have processes of their own.
kernels: $(READY) ## Triton's kernels: interpreted, and compiled ahead of time for GPUs
	$(PYTEST) -n 2 --dist worksteal -m "not gpu" tests/kernels

# What uses one core goes two at a time; pytest takes both.
test: ## everything: checks, notebooks, a clean build, browsers, then again with Colab's versions
	@rm -f _build/times.txt
	$(TIMED) "install, lint, types, both clean builds" $(MAKE) -j2 lint built colab-built
	$(TIMED) "units" $(MAKE) units
	$(TIMED) "kernels, interpreted and compiled" $(MAKE) kernels
	$(TIMED) "notebooks, cell by cell" $(MAKE) cells
	$(TIMED) "pages, figures, JupyterLab" $(MAKE) browsers
	$(MAKE) colab-again FIRST=_build/tested/.venv/bare
	$(MAKE) colab-pinned
	@cat _build/times.txt

# Notebook cells run in a kernel; the warnings of the process that talks to it are not ours.
cells: $(READY)
	PYTHONPATH=tests $(BIN)/python tests/book/quoted.py restore notebooks _build/quoted
	$(PYTEST) -n 2 --dist loadscope -W default --nbval-lax --nbval-current-env _build/quoted

# The build runs every notebook; the browser stage compares what they wrote with what is kept.
built: $(READY)
	$(PUBLISH) build --clean --output $(TESTED)
	PYTHONPATH=tests $(BIN)/python tests/kit/bare.py $(TESTED)/bare

browsers: $(READY)
	CHROMIUM="$$($(BIN)/python tests/kit/chromium.py)" LAB_SITE=$(TESTED)/_build/html \
	LAB_FIRST=$(FIRST) $(PYTEST) -n 2 --dist worksteal -m "browser or lab" $(BROWSER)

colab: colab-built colab-again colab-pinned ## all that needs no GPU and may differ, with Google Colab's versions

colab-built:
	$(COLAB) built

colab-again:
	$(TIMED) "Colab's versions: units" $(COLAB) units WITHOUT='$(ONLY_HERE)'
	$(TIMED) "Colab's versions: kernels" $(COLAB) kernels
	$(TIMED) "Colab's versions: pages, notebook" $(COLAB) browsers BROWSER='$(AGAIN) $(ONCE)'

colab-pinned:
	$(TIMED) "Colab's runtime 2026.07: NumPy, a notebook" $(PINNED) pinned

# The third chapter has figures, checkers and numbers that the prose quotes, and needs no PyTorch.
pinned: $(READY)
	$(PYTEST) -n 2 -k "not every_length" $(NUMPY)
	PYTHONPATH=tests $(BIN)/python tests/book/quoted.py restore notebooks _build/quoted-2026-07
	$(PYTEST) -p no:xdist -W default --nbval-lax --nbval-current-env _build/quoted-2026-07/03-the-butterfly.ipynb

frames: book ## measure how long each widget takes to draw a frame
	PYTHONPATH=tests $(BIN)/python tests/kit/frame_cost.py

mutants: $(READY) ## break the Python core in 200 places and count what the tests notice (half an hour)
	$(BIN)/python -m pip install --disable-pip-version-check --no-build-isolation -e '.[mutation]'
	$(BIN)/python tests/mutants.py

bench: $(READY) ## measure everything anew, into book/results (two hours; commit first)
	for suite in fft crossing attention wirings mixing rates compression memory published; do \
	$(BIN)/python -m fftia_lab.bench run $$suite --output book/results/$$suite.json || exit; done

# With a PyTorch for CUDA that is there already, and pytest: pip install --no-deps -e . into it, then
# make gpu READY= BIN=/folder/of/its/python
gpu: $(READY) ## on a CUDA GPU: test the kernels, then measure what is not measured yet (commit first)
	$(PYTEST) --confcutdir=tests/kernels -m gpu tests/kernels/test_on_gpu.py
	$(BIN)/python -m fftia_lab.bench run kernels --resume --output book/results/kernels.json
	$(BIN)/python -m fftia_lab.bench.floors book/results/kernels.json

resources: $(READY) ## compile the kernels for every GPU and write the table of what they take
	$(BIN)/python -m fftia_lab.kernels compile --write fftia_lab/kernels/resources.json

# triton-viz reads the interpreter of Triton 3.6: a place of its own, which nothing else uses.
SANITIZER := .venv-sanitizer
sanitize: $(SANITIZER)/installed ## ask a solver whether kernels reach beyond their tensors
	PYTHONPATH=tests TRITON_INTERPRET=1 $(SANITIZER)/bin/python tests/kernels/sanitize.py

PLACE := python -c "import sysconfig; print(sysconfig.get_path('purelib'))"
# All else it takes from .venv, by a line in a file that Python reads when it starts.
$(SANITIZER)/installed: pyproject.toml $(READY)
	$(BIN)/python -m venv $(SANITIZER)
	echo "import site; site.addsitedir('$$($(BIN)/$(PLACE))')" > $$($(SANITIZER)/bin/$(PLACE))/base.pth
	$(SANITIZER)/bin/python -m pip install --disable-pip-version-check $$($(BIN)/python -c "import tomllib; \
		print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['optional-dependencies']['sanitizer'])")
	@touch $@

clean: ## remove what was built and installed here
	rm -rf _build .venv .venv-colab .venv-colab-2026-07 $(SANITIZER) *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis

refresh: $(READY) ## run the notebooks and keep only what the prose quotes
	PLOTLY_RENDERER=plotly_mimetype $(BIN)/jupyter nbconvert --to notebook --execute --inplace notebooks/*.ipynb
	PYTHONPATH=tests $(BIN)/python tests/book/quoted.py keep notebooks
	$(BIN)/nbstripout $(STRIP) notebooks/*.ipynb

lock: $(READY) ## choose the versions anew (needs the network)
	$(BIN)/pip install uv
	echo torch==$(TORCH) > _build/torch.txt
	$(COMPILE) --extra test --extra lab -c _build/torch.txt -o requirements.lock
	$(COMPILE) --extra test --extra classic -c colab-constraints.txt -o requirements-colab.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.12 --no-header --annotation-style line pyproject.toml \
		--extra pinned -c colab-constraints-2026-07.txt -o requirements-colab-2026-07.lock
	sed -i -E '/^(nvidia-|cuda-)/d' requirements.lock requirements-colab.lock

# What PyTorch's CUDA build brings along stays out: pip finds it where that build is taken.
COMPILE = $(BIN)/uv pip compile -q --universal --python-version 3.11 --no-header --annotation-style line pyproject.toml

$(READY): pyproject.toml $(LOCK)
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing. Debian: apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed, this is $$($(PYTHON) -V). Try: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing. Debian: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	-@command -v nvidia-smi >/dev/null || ! grep -q '^torch==' $(LOCK) || $(BIN)/python -m pip install --disable-pip-version-check --no-deps \
		--retries 0 --timeout 10 --extra-index-url $(TORCH_INDEX) $$(grep -oE '^torch==[0-9.]+' $(LOCK))
	@! grep -q '^torch==' $(LOCK) || $(BIN)/python -m pip freeze 2>/dev/null | grep -q '^torch==.*cpu' || echo "No CPU build of PyTorch here: pip will fetch 3 GB of CUDA libraries with it."
	$(BIN)/python -m pip install --disable-pip-version-check -r $(LOCK)
	$(BIN)/python -m pip install --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)
