"""Which of six properties each method keeps, and how, in a few words.

A cell begins with + for kept, - for given up, ? where neither the method itself nor what was read
of its source decides.
"""

from __future__ import annotations

from typing import Any

# Column -> (its head in the figure, the property in a sentence).
COLUMNS = {
    "cost": ("cost", "fewer than N² operations"),
    "exact": ("softmax", "one softmax over all that a layer reads"),
    "reach": ("reach", "all tokens in one layer"),
    "data": ("data", "weights from the data"),
    "causal": ("causal", "a causal form"),
    "length": ("length", "any length"),
}
STATES = {"+": "kept", "-": "lost", "?": "unsaid"}
MARKS = {"kept": "●", "lost": "○", "unsaid": "?"}

ASKED = "+ queries and keys"
UNSAID = "? not said"

# Family -> rows of (name, key in book/references.bib, authors and year, one cell a column).
FAMILIES = {
    "The definition": [
        (
            *("Dense attention", "vaswani2017", "Vaswani and others (2017)"),
            *("- N²", "+ over all", "+ all", ASKED, "+ a mask", "+ any"),
        ),
    ],
    "Fixed mixing": [
        (
            *("FNet", "leethorp2021", "Lee-Thorp and others (2021)"),
            *("+ N log N", "- none", "+ all", "- a fixed transform"),
            *("- each output sums all places", "+ any"),
        ),
        (
            *("GFNet", "rao2021", "Rao and others (2021)"),
            *("+ N log N", "- none", "+ all", "- a filter that stays as trained"),
            *("- its filter is circular", "- a filter for one size"),
        ),
        (
            *("AFNO", "guibas2021", "Guibas and others (2021)"),
            *("+ N log N", "- none", "+ all", "+ an MLP at every frequency"),
            *("- its filter is circular", "+ any"),
        ),
        (
            *("Hyena", "poli2023", "Poli and others (2023)"),
            *("+ N log N", "- none", "+ all the past", "+ gates"),
            *("+ padded convolutions", "+ any"),
        ),
        (
            *("StripedHyena 2", "ku2025", "Ku and others (2025)"),
            *("- N² in its attention layers", "- in its attention layers alone"),
            *("- in some of its layers", "+ gates", "+ by construction", UNSAID),
        ),
    ],
    "A low rank, a kernel, a state": [
        (
            *("Linformer", "wang2020", "Wang and others (2020)"),
            *("+ N", "- approximated at low rank", "+ all", ASKED),
            *("- its projection mixes all places", "- a projection for one length"),
        ),
        (
            *("Performer", "choromanski2021", "Choromanski and others (2021)"),
            *("+ N", "- approximated by random features", "+ all", ASKED),
            *("+ running sums", "+ any"),
        ),
        (
            *("Linear attention", "katharopoulos2020", "Katharopoulos and others (2020)"),
            *("+ N", "- another kernel", "+ all", ASKED, "+ running sums", "+ any"),
        ),
        (
            *("S4", "gu2022", "Gu, Goel and Ré (2022)"),
            *("+ N log N", "- none", "+ all the past", "- a system that stays as trained"),
            *("+ by construction", "+ any"),
        ),
        (
            *("Mamba", "gu2023", "Gu and Dao (2023)"),
            *("+ N", "- none", "+ all the past", "+ a state that the data steer"),
            *("+ by construction", "+ any"),
        ),
        (
            *("MEGA in chunks", "ma2023", "Ma and others (2023)"),
            *("+ N", "- inside a chunk; beyond it, a moving average"),
            *("+ all, through the average", ASKED, "+ a mask", UNSAID),
        ),
    ],
    "Chosen pairs": [
        (
            *("Sparse Transformer", "child2019", "Child and others (2019)"),
            *("+ N√N", "+ over what it reads", "- the last √N and every √N-th", ASKED),
            *("+ by construction", UNSAID),
        ),
        (
            *("Axial attention", "ho2019", "Ho and others (2019)"),
            *("+ N√N for a square", "+ over what it reads", "- a row or a column", ASKED),
            *("+ autoregressive models", UNSAID),
        ),
        (
            *("Reformer", "kitaev2020", "Kitaev, Kaiser and Levskaya (2020)"),
            *("+ N log N", "+ over its bucket", "- a bucket", "+ shared queries and keys"),
            *("+ a mask", UNSAID),
        ),
        (
            *("Longformer", "beltagy2020", "Beltagy, Peters and Cohan (2020)"),
            *("+ N", "+ over what it reads", "- a window and a few global tokens", ASKED),
            *("+ a mask", "+ any"),
        ),
        (
            *("BigBird", "zaheer2020", "Zaheer and others (2020)"),
            *("+ N", "+ over what it reads", "- a window, a few global and random tokens"),
            *(ASKED, UNSAID, UNSAID),
        ),
        (
            *("LogSparse", "li2019", "Li and others (2019)"),
            *("+ N log N", "+ over what it reads", "- tokens 1, 2, 4, … back", ASKED),
            *("+ by construction", "+ any"),
        ),
        (
            *("PowerAttention", "chen2025", "Chen and others (2025)"),
            *(
                "+ near a sliding window's",
                "+ over what it reads",
                "- 2^d tokens after d layers",
                ASKED,
            ),
            *("+ by construction", UNSAID),
        ),
        (
            *("Combiner", "ren2021", "Ren and others (2021)"),
            *("+ N log N", "- approximated by factors", "+ all, some as a summary", ASKED),
            *("+ autoregressive tasks", UNSAID),
        ),
    ],
    "One row for all": [
        (
            *("Autoformer", "wu2021", "Wu and others (2021)"),
            *("+ N log N", "+ over the lags that it keeps", "- the few lags that fit best", ASKED),
            *("- its circle is closed", "+ any"),
        ),
        (
            *("CAT", "yamada2025", "Yamada (2025)"),
            *("+ N log N", "+ over all lags", "+ all", "+ a score from each token"),
            *("- N² where it is causal", "+ any"),
        ),
        (
            *("Circulant attention", "han2025", "Han and others (2025)"),
            *("+ N log N", "+ over all lags", "+ all", ASKED),
            *("- its circle is closed", "+ any"),
        ),
    ],
    "Trees and multipoles": [
        (
            *("H-Transformer-1D", "zhu2021", "Zhu and Soricut (2021)"),
            *("+ N", "- far blocks are averaged", "+ all, far ones as averages", ASKED),
            *("+ language models", UNSAID),
        ),
        (
            *("Fast Multipole", "kang2023", "Kang, Tran and De Sterck (2023)"),
            *("+ N log N, or N", "- far groups are summarised", "+ all, far ones in groups"),
            *(ASKED, "+ autoregressive tasks", UNSAID),
        ),
        (
            *("Log-linear attention", "guo2025", "Guo and others (2025)"),
            *("+ N log N", "- none", "+ all the past", ASKED, "+ by construction", "+ any"),
        ),
    ],
    "Butterflies": [
        (
            *("Butterfly matrices", "dao2019", "Dao and others (2019)"),
            *("+ N log N", "- none", "+ all", "- weights that stay as trained"),
            *("- each output sums all places", "- weights for one N"),
        ),
        (
            *("Kaleidoscope", "dao2020", "Dao and others (2020)"),
            *("+ N log N", "- none", "+ all", "- weights that stay as trained"),
            *("- each output sums all places", "- weights for one N"),
        ),
        (
            *("Monarch", "dao2022monarch", "Dao and others (2022)"),
            *("+ N√N", "- none", "+ all", "- weights that stay as trained"),
            *("- each output sums all places", "- weights for one N"),
        ),
        (
            *("Pixelated Butterfly", "chen2021", "Chen and others (2021)"),
            *("+ a sparse pattern and a low rank", UNSAID, UNSAID, UNSAID),
            *("+ a language model", UNSAID),
        ),
        (
            *("FABNet", "fan2022", "Fan and others (2022)"),
            *("+ 10 to 66 times fewer", "- approximated by butterflies"),
            *(UNSAID, UNSAID, UNSAID, UNSAID),
        ),
        (
            *("MonarchAttention", "yaras2025", "Yaras and others (2025)"),
            *("+ N√N", "- approximated by a Monarch matrix", "+ all", ASKED, UNSAID),
            "+ any, padded",
        ),
        (
            *("ChordMixer", "khalitov2023", "Khalitov and others (2023)"),
            *("+ N log N", "- none", "- tokens 1, 2, 4, … away"),
            *("- an MLP after fixed rotations", "- its circle is closed", "+ any"),
        ),
        (
            *("PSF-Attn", "khalitov2022", "Khalitov and others (2022)"),
            *("+ N log² N", "- none", "+ all", "+ links from an MLP"),
            *("- its circle is closed", "- a network for one length"),
        ),
        (
            *("Paramixer", "yu2022", "Yu and others (2022)"),
            *("+ N log N, or N log² N", "- none", "+ all", "+ links from an MLP"),
            *("- its circle is closed", "- a network for one length"),
        ),
    ],
    "The nearest": [
        (
            *("Shuffle-Exchange", "freivalds2019", "Freivalds, Ozoliņš and Šostaks (2019)"),
            *("+ N log N", "- none", "+ all", "+ gates from both of a pair"),
            *("- a pair mixes both ways", "- powers of two"),
        ),
        (
            *("Dimension Mixer", "sapkota2025", "Sapkota and Bhattarai (2025)"),
            *("+ N times the block", "+ over its block", "- a block", ASKED, UNSAID),
            "- multiples of the block",
        ),
        (
            *("Shift mixing", "forchheimer2026", "Forchheimer (2026)"),
            *("+ N", "? any mixing function", "- spread over the layers"),
            *("? any mixing function", "+ language models", UNSAID),
        ),
        (
            *("Compressed Butterfly", "bown2026", "Bown (2026)"),
            *("+ N times the window", "- means stand for blocks"),
            *("- a window and one block", ASKED, "+ looks back", UNSAID),
        ),
        (
            *("FFT-IA", "tantisukarom2025", "Tantisukarom (2025)"),
            *("+ N log N", "- over two, stage by stage", "+ all", ASKED, UNSAID),
            "- powers of two",
        ),
        (
            *("The layer of this book", "", "chapters 6 to 8"),
            *("+ N log N", "- over two, stage by stage", "+ all", ASKED),
            *("+ a prefix, or a shift", "+ places that relay, or a shift or prefix"),
        ),
    ],
}


def parted(cell: str) -> tuple[str, str]:
    """Return a cell as its state and its words.

    >>> parted("- N²")
    ('lost', 'N²')
    """
    mark, _, words = cell.partition(" ")
    return STATES[mark], words


def method_tables() -> dict[str, Any]:
    """Return columns and methods as plain JSON, for the figure.

    >>> method_tables()["methods"][0]["cells"][0]
    ['lost', 'N²']
    """
    columns = [{"key": key, "head": head, "want": want} for key, (head, want) in COLUMNS.items()]
    methods = [
        {
            "name": name,
            "family": family,
            "source": source,
            "cells": [list(parted(cell)) for cell in cells],
        }
        for family, rows in FAMILIES.items()
        for name, _, source, *cells in rows
    ]
    return {"columns": columns, "methods": methods}


def markdown(family: str) -> str:
    """Return the rows of a family as a table for the page, which a test compares with it."""
    lines = [["method", *(head for head, _ in COLUMNS.values())], ["---"] * (1 + len(COLUMNS))]
    for name, _, _, *cells in FAMILIES[family]:
        states = [parted(cell) for cell in cells]
        lines.append([name, *(f"{MARKS[state]} {words}" for state, words in states)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
