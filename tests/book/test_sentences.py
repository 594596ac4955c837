"""What the book says and no cell shows: measured here; its sources; its words as Markdown."""

import json
import re

import numpy as np
import pytest
import torch
from paths import NOTEBOOKS, ROOT
from pybtex.database import parse_file
from widgets.attention_flow import oracle as flow

from fftia_lab import BenesSchedule, ButterflySchedule
from fftia_lab.attention import reference
from fftia_lab.attention.capacity import fit_gates

PAGES = [*NOTEBOOKS, *sorted((ROOT / "book").glob("*.md"))]


def prose(path):
    """The Markdown of a page, a paragraph an entry."""
    text = path.read_text("utf-8")
    if path.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        text = "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    return re.split(r"\n\s*\n", text)


def says(chapter, words):
    """Whether a chapter says these words: what is measured below is what is printed."""
    (path,) = (p for p in NOTEBOOKS if p.stem.startswith(chapter))
    return any(words in paragraph for paragraph in prose(path))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_no_sentence_is_taken_for_an_item_of_a_list(path):
    for paragraph in prose(path):
        assert not re.match(r"\d+[.)] ", paragraph) or paragraph.startswith("1. "), paragraph


# ---- sources -----------------------------------------------------------------------------------

ENTRIES = parse_file(str(ROOT / "book" / "references.bib")).entries
DOI = re.compile(r"\bdoi:(10\.\d{4,}/[^\s\]`]*[^\s\]`.,;:)]|10\.\d{4,}/[^\s\]`]*\)[\d-]+)")
ARXIV = re.compile(r"\barXiv:(\d{4}\.\d{4,5})")
LINK = re.compile(r"\[(doi|arXiv):([^\]]+)\]\(([^\s]+)\)(?=[,.;\s]|$)", re.M)


def known():
    return {e.fields.get("doi") or e.fields.get("eprint") for e in ENTRIES.values()}


def named(text):
    return set(DOI.findall(text)) | set(ARXIV.findall(text))


def test_every_source_that_a_page_or_a_module_names_is_in_the_references():
    modules = sorted((ROOT / "fftia_lab").rglob("*.py"))
    missing = {p.name: named(p.read_text("utf-8")) - known() for p in [*PAGES, *modules]}
    assert {name: ids for name, ids in missing.items() if ids} == {}


def test_a_source_is_given_by_name_and_year_and_a_link():
    found = 0
    for path in PAGES:
        for paragraph in prose(path):
            assert "{cite" not in paragraph, "one style: name (year), [doi:…](…)"
            for kind, identifier, address in LINK.findall(paragraph):
                home = {"doi": "https://doi.org/", "arXiv": "https://arxiv.org/abs/"}[kind]
                plain = address.replace("%28", "(").replace("%29", ")")
                assert plain == home + identifier, paragraph
                found += 1
    assert found > 30


def test_the_years_in_the_sources_are_those_of_the_references():
    given = [piece for path in PAGES for part in prose(path) for piece in part.split(";")]
    checked = 0
    for entry in ENTRIES.values():
        identifier = entry.fields.get("doi") or entry.fields.get("eprint") or "none"
        name = str(entry.persons["author"][0].rich_last_names[-1])
        for piece in given:
            before, found, _ = piece.partition(f":{identifier}](")
            if found:
                assert name in before, before
                assert re.findall(r"\((\d{4})\)", before)[-1:] == [entry.fields["year"]], before
                checked += 1
    assert checked > 25


def test_the_words_that_readers_search_for_are_in_the_prose():
    for chapter, word in (("01", "orthogonal"), ("01", "Nyquist"), ("03", "bit reversal")):
        assert says(chapter, word), (chapter, word)


# ---- numbers -----------------------------------------------------------------------------------


def test_whoever_hears_of_the_flag_takes_nearly_all():
    assert says("08", "with a gate above 0.98:")
    rng, least = np.random.default_rng(0), 1.0
    for _ in range(1000):
        letters = "".join(rng.choice(list(flow.LETTERS), 16))
        state = {"letters": letters, "flags": [int(rng.integers(16))]}
        knows = np.arange(16) == state["flags"][0]
        for stage, gates in enumerate(flow.butterfly(state)[1]):
            told = knows[flow.SCHEDULE.partners(stage)]
            least = min(least, gates[told & ~knows].min())
            knows = knows | told
    assert 0.98 < least < 0.99


def test_large_weights_keep_three_quarters_of_the_size():
    assert says("08", "the upper line ends at three quarters, that of random weights at a fiftieth")
    heights = []
    for strength in (4.0, 1.0):
        rng = np.random.default_rng(4096)
        x = rng.normal(size=(1, 1, 4096, 64))
        w = strength * rng.normal(size=(2, 12, 64, 64)) / 8
        y, _ = reference.butterfly_attention(x, *w, ButterflySchedule(4096))
        heights.append(np.sqrt((y**2).mean()))
    assert abs(heights[0] - 0.75) < 0.02 and abs(heights[1] - 0.02) < 0.005


def descended(target, wiring, seed):
    """The relative error that L-BFGS reaches from random gates: a fit that shares no code."""
    goal = torch.tensor(target)
    partners = [torch.tensor(wiring.partners(stage)) for stage in range(wiring.depth)]
    start = torch.Generator().manual_seed(seed)
    free = torch.randn(wiring.depth, len(goal), generator=start, dtype=torch.float64)
    free.requires_grad_()
    walk = torch.optim.LBFGS([free], max_iter=600, line_search_fn="strong_wolfe")

    def missing():
        walk.zero_grad()
        whole = torch.eye(len(goal), dtype=torch.float64)
        for gates, partner in zip(torch.sigmoid(free), partners, strict=True):
            whole = whole + gates[:, None] * (whole[partner] - whole)
        loss = ((whole - goal) ** 2).sum()
        loss.backward()
        return loss

    walk.step(missing)
    return float(missing().detach() ** 0.5 / goal.norm())


def test_descent_finds_nearer_products_for_benes_and_none_for_the_butterfly():
    assert says("08", "from twenty random starts brings Beneš to 19 % at 8 tokens")
    best, listed = np.zeros((2, 3)), np.zeros((2, 3))
    for seed in range(3):
        scores = np.random.default_rng(seed).normal(size=(8, 8))
        target = np.exp(2 * scores) / np.exp(2 * scores).sum(axis=1, keepdims=True)
        for row, wiring in enumerate((ButterflySchedule(8), BenesSchedule(8))):
            best[row, seed] = min(descended(target, wiring, start) for start in range(20))
            listed[row, seed] = fit_gates(target, wiring).error
    assert np.allclose(best[0], listed[0], atol=1e-3), "the butterfly's are as near as can be"
    assert round(best[1].mean(), 2) == 0.19 and best[1].mean() < listed[1].mean() - 0.04
