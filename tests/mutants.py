"""Break the Python core in 200 places, one at a time, and see whether a test turns red.

`make mutants` runs it and writes tests/mutants.json. The operators are those of cosmic-ray; the
sample is drawn with a fixed seed from all places but annotations. A mutant that changes nothing
anybody can observe is an equivalent: write why into its "equivalent" in the record, and it stays
there as long as the mutant is the same.
"""

import argparse
import ast
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from queue import Queue
from time import monotonic

from cosmic_ray import plugins
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code

ROOT = Path(__file__).parents[1]
RECORD = Path(__file__).with_suffix(".json")
SEED, SAMPLE = 20261127, 200
PATIENCE = 8  # times what the unbroken code takes: a mutant that loops for ever is found out
# Tests that concern a module, the quickest first: the first failure ends a mutant.
ATTENTION = ["attention_options", "attention_transforms", "attention_layers", "attention_torch"]
TESTS = {
    "schedule": ["schedule", "transform"],
    "cost": ["cost", "attention_options"],
    "transform": ["transform", "fft"],
    "attention/reference": ["attention_reference"],
    "attention/matrices/arrays": ["attention_matrix"],
    "attention/matrices/tensors": ["attention_layers"],
    "attention/capacity": ["attention_capacity"],
    "attention/dropin": ["attention_dropin", "attention_options"],
    "attention/published_names": ["attention_dropin"],
    "attention/backends/compiled": ["attention_compile"],
    "attention/backends/blocks": ["attention_radix"],
    "attention/checks": ["attention_reference", *ATTENTION],
    "attention/__init__": ["lazy_names"],
    "attention/swap": ["attention_swap", "attention_transformers"],
    "attention/families": ["attention_transformers", "attention_swap"],
    "attention/masks": ["attention_transformers", "attention_dropin", "attention_swap"],
    "attention": [*ATTENTION, "attention_matrix", "attention_compile", "attention_dropin"],
}
COPIED = ("fftia_lab", "tests", "book", "notebooks", "pyproject.toml", "README.md")


def tests_of(module):
    """The test files of a module, by the longest beginning of its path that is known."""
    known = max((key for key in TESTS if module.startswith(key)), key=len)
    files = [f"test_{name}" for name in TESTS[known]]
    return [str(path) for name in files for path in sorted((ROOT / "tests").rglob(f"{name}*.py"))]


def modules():
    found = [*(ROOT / "fftia_lab").glob("[cs]*.py")]
    for room in ("cost", "transform", "attention"):
        found += (ROOT / "fftia_lab" / room).rglob("*.py")
    names = (path.relative_to(ROOT / "fftia_lab").with_suffix("").as_posix() for path in found)
    return sorted(name for name in names if any(name.startswith(key) for key in TESTS))


class Bare(ast.NodeTransformer):
    """What is left of a module without annotations and docstrings: what runs."""

    def visit_arg(self, node):
        node.annotation = None
        return node

    def visit_FunctionDef(self, node):
        node.returns = None
        return self.generic_visit(node)

    def visit_AnnAssign(self, node):
        return ast.Assign([node.target], node.value) if node.value else None

    def visit_Assign(self, node):  # Block = tuple[...]: an alias of a type
        return None if "[" in ast.unparse(node.value)[:9] else node


def runs(code):
    """What a module does when it runs, or None if it cannot be read."""
    try:
        return ast.dump(Bare().visit(ast.parse(code)))
    except SyntaxError:  # a lone * between arguments is no product
        return None


def places(module):
    """Every place where an operator can break a module: (module, operator, occurrence, line)."""
    tree = get_ast((ROOT / "fftia_lab" / f"{module}.py").read_text("utf-8"))
    nodes = list(ast_nodes(tree))
    for name in sorted(plugins.operator_names()):
        kind = plugins.get_operator(name)
        if not kind.arguments():
            starts = [start for node in nodes for start, _ in kind().mutation_positions(node)]
            yield from ((module, name, number, line) for number, (line, _) in enumerate(starts))


def sample(count):
    """Draw mutants: (module, operator, line, code) of those that run and run differently."""
    found = [place for module in modules() for place in places(module)]
    random.Random(SEED).shuffle(found)
    drawn = []
    for module, name, occurrence, line in found:
        code = (ROOT / "fftia_lab" / f"{module}.py").read_text("utf-8")
        mutated = mutate_code(code, plugins.get_operator(name)(), occurrence)
        if mutated is not None and runs(mutated) not in (None, runs(code)):
            drawn.append((module, name, line, mutated))
        if len(drawn) == count:
            break
    return drawn


def copy_to(folder):
    for name in COPIED:
        source = ROOT / name
        ignored = shutil.ignore_patterns("__pycache__")
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=ignored)
        else:
            shutil.copy(source, folder / name)


def judge(folder, module, code, limit=None):
    """Return "killed" or "survived" for a mutant in a copy of the project; limit in seconds."""
    path = folder / "fftia_lab" / f"{module}.py"
    right = path.read_text("utf-8")
    files = [str(folder / Path(test).relative_to(ROOT)) for test in tests_of(module)]
    places = {
        "PYTHONPATH": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *files]
    path.write_text(code, "utf-8")
    try:
        done = subprocess.run(
            command, cwd=folder, env=os.environ | places, capture_output=True, timeout=limit
        )
        return "survived" if done.returncode == 0 else "killed"
    except subprocess.TimeoutExpired:
        return "killed"
    finally:
        path.write_text(right, "utf-8")


def limits(folder, broken):
    """Seconds that a mutant may take, by its tests; refuse to count if they fail on their own."""
    found = {}
    for module in sorted(broken):
        files = tuple(tests_of(module))
        if files in found:
            continue
        right, start = (ROOT / "fftia_lab" / f"{module}.py").read_text("utf-8"), monotonic()
        if judge(folder, module, right) != "survived":
            raise RuntimeError(f"the tests of {module} fail before anything is broken")
        found[files] = PATIENCE * (monotonic() - start)
    return found


def changed(module, code):
    """The line as the mutant has it."""
    before = (ROOT / "fftia_lab" / f"{module}.py").read_text("utf-8").splitlines()
    after = code.splitlines()
    different = [new.strip() for old, new in zip(before, after, strict=False) if old != new]
    return different[0] if different else ""


def run(count, workers):
    drawn = sample(count)
    known = {}
    if RECORD.exists():
        known = {(m["module"], m["becomes"]): m for m in json.loads(RECORD.read_text())["survived"]}
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(workers) as pool:
        free = Queue()
        for number in range(workers):
            copy_to(Path(scratch, str(number)))
            free.put(Path(scratch, str(number)))

        limit = limits(Path(scratch, "0"), {one[0] for one in drawn})

        def one(mutant):
            module, operator, line, code = mutant
            folder = free.get()
            outcome = judge(folder, module, code, limit[tuple(tests_of(module))])
            free.put(folder)
            becomes = changed(module, code)
            print(f"{outcome:8} {module}:{line} {becomes}", flush=True)
            why = known.get((module, becomes), {}).get("equivalent", "")
            return outcome, {
                "module": module,
                "line": line,
                "operator": operator.rpartition("/")[2],
                "becomes": becomes,
                "equivalent": why,
            }

        found = list(pool.map(one, drawn))
    lived = sorted(
        (entry for outcome, entry in found if outcome == "survived"),
        key=lambda entry: (entry["module"], entry["line"]),
    )
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": subprocess.check_output(
            ["git", "rev-parse", "HEAD"], cwd=ROOT, text=True
        ).strip(),
        "software": {"python": sys.version.split()[0], "cosmic-ray": version("cosmic-ray")},
        "seed": SEED,
        "sampled": count,
        "killed": count - len(lived),
        "survived": lived,
    }


def rate(record):
    """The share of mutants that a test notices, of those that anybody could."""
    equivalents = sum(bool(one["equivalent"]) for one in record["survived"])
    return record["killed"] / (record["sampled"] - equivalents)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sample", type=int, default=SAMPLE)
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args()
    record = run(chosen.sample, chosen.workers)
    if chosen.sample == SAMPLE:
        RECORD.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(f"{rate(record):.1%} of the mutants that are no equivalents were killed")
