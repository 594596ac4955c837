"""No bare speed figure in prose: each is in this table, with where it comes from.

Prose pages take numbers from runs by `lab-measured`, notebooks by their cells. What stands in a
sentence nevertheless is checked here against the run, counted again, or a quotation. "Twice" and
fractions are not caught.
"""

import re

import pytest
from book.chapters import cells, source
from paths import ROOT

from fftia_lab import cost
from fftia_lab.bench import find, recorded
from fftia_lab.bench.mixing import PROJECTED
from fftia_lab.bench.published_figures import published_figures

ONES = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
TENS = "twenty thirty forty fifty sixty seventy eighty ninety hundred thousand"
NUMBER = rf"(?:\d[\d,.]*|(?:{'|'.join((ONES + TENS).split())})(?:-\w+)?)\$?"
UNIT = r"(?:[mµn]?s|(?:milli|micro|nano)?seconds?|[KMGT]B/s|[GT]FLOPS)\b"
OF_ITSELF = re.compile(rf"\b\d[\d,.]*\$? ?{UNIT}")
MULTIPLE = re.compile(
    rf"{NUMBER}(?: times|-?fold|×(?!\d)| % (?:longer|less time|faster|slower))", re.I
)
SPEED = re.compile(r"\b(?:fast\w*|slow\w*|speed\w*|as long|longer|times? less|time|took)\b", re.I)


def figures(text):
    """What looks like a speed: seconds, rates, and multiples in a paragraph about time."""
    text = re.sub(r"```.*?```", "", text, flags=re.S).replace("{,}", ",")
    for paragraph in re.split(r"\n\n|\n(?=[|-])", text):
        yield from OF_ITSELF.findall(paragraph)
        if SPEED.search(paragraph):
            yield from MULTIPLE.findall(paragraph)


NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def pages():
    """Name -> what a reader reads on it."""
    prose = {path.stem: "\n\n".join(map(source, cells(path, "markdown"))) for path in NOTEBOOKS}
    return prose | {path.stem: path.read_text("utf-8") for path in ROOT.glob("book/*.md")}


# ---- where they come from ----------------------------------------------------------------------
def times(run, contender, size, series):
    """How many times as long the baseline takes."""
    return 1 / find(recorded(run), contender, size, series)["ratio"]["median"]


def seconds(contender, size, series):
    return find(recorded("attention"), contender, size, series)["seconds"]["median"]


def product_rate(dtype):
    return 2 * 1024**3 / seconds("torch.mm", 1024, f"product, {dtype}")


def beyond_products(name, size):
    """How many per cent longer than its matrix products alone a layer takes."""
    layers = {"dense": cost.dense_layer, "butterfly": cost.butterfly_layer}
    least = layers[name](size, 256, 4, 64).product_floor(product_rate("float32"))
    return 100 * (seconds(name, size, "forward, float32") / least - 1)


def radix(of):
    """How many times as long stages of another radix take as pairs."""
    took = {
        one["contender"]: one["seconds"]["median"]
        for one in recorded("wirings")["entries"]
        if one["series"] == "radix, stages, forward"
    }
    return took[f"radix {of}"] / took["radix 2"]


LENGTHS = [512 << digits for digits in range(7)]
SIZES = [1 << digits for digits in range(10, 21)]
FORWARD, STREAMED = "forward, float32", "streamed, 128"
NOT_A_TIME = {
    ("01-dft-by-definition", "four times"): "turns of a winding",
    ("02-divide-and-conquer", "four times"): "work, by n²",
    ("04-fast-on-real-machines", "2,047 times"): "calls, which the chapter counts",
    ("15-measuring-honestly", "1000$ µs"): "of a device that the chapter makes up",
    ("15-measuring-honestly", "1 µs"): "of that device",
    ("15-measuring-honestly", "four times"): "work, by n²",
    ("three-weighings", "three times"): "passes through a figure",
}
PUBLISHED = {
    ("15-measuring-honestly", "113.79 ms"): "FFT-Tensor, its other table",
    ("recorded-runs", "215 times"): "FFT-Tensor, in the table of the suite",
    ("related-work", "19×"): "FFT-IA, quoted",
}
# What stands for each figure, and between which bounds it may be said so.
FOUND = {
    ("02-divide-and-conquer", "205 times"): (lambda: 1024**2 / (1024 / 2 * 10), 204.5, 205.5),
    ("04-fast-on-real-machines", "thirty times"): (
        lambda: (
            times("fft", "fft_stockham", 1024, "single")
            / times("fft", "fft_recursive", 1024, "single")
        ),
        30,
        40,
    ),
    ("04-fast-on-real-machines", "3 times"): (
        lambda: max(1 / times("fft", "fft", size, "single") for size in SIZES),
        1,
        3,
    ),
    ("04-fast-on-real-machines", "2.4 times"): (
        lambda: max(1 / times("fft", "fft", size, "single") for size in SIZES),
        2.35,
        2.45,
    ),
    ("07-attention-on-pairs", "thirteen times"): (lambda: radix(4096), 12.5, 13.5),
    ("08-butterfly-attention", "18 times"): (
        lambda: (
            cost.dense_layer(8192, 256, 4, 64).operations
            / cost.butterfly_layer(8192, 256, 4, 64).operations
        ),
        18,
        19,
    ),
    ("08-butterfly-attention", "fifteen times"): (
        lambda: times("attention", "butterfly", 8192, FORWARD),
        14.5,
        15,
    ),
    ("08-butterfly-attention", "20 % longer"): (
        lambda: max(beyond_products("dense", size) for size in LENGTHS),
        19.5,
        20.5,
    ),
    ("08-butterfly-attention", "65 % longer"): (
        lambda: max(beyond_products("butterfly", size) for size in LENGTHS),
        64,
        66,
    ),
    ("08-butterfly-attention", "four times"): (
        lambda: product_rate("bfloat16") / product_rate("float32"),
        4,
        4.7,
    ),
    ("10-spectral-mixing", "177 times"): (
        lambda: 2 * (4096 + 2 * 256) / (4 * (12 + 1)),
        176.5,
        177.5,
    ),
    ("10-spectral-mixing", "Forty times"): (
        lambda: times("mixing", "mixing", 4096, FORWARD),
        39.5,
        40.5,
    ),
    ("11-sparse-spectra", "ten times"): (
        lambda: 1 / times("compression", STREAMED, 4096, "16 tokens"),
        9.4,
        10,
    ),
    ("11-sparse-spectra", "1.6 times"): (
        lambda: 1 / times("compression", STREAMED, 4096, "512 tokens"),
        1.55,
        1.65,
    ),
    ("related-work", "15 times"): (
        lambda: times("attention", "butterfly", 8192, FORWARD),
        14.5,
        15,
    ),
    ("related-work", "12 times"): (
        lambda: times("mixing", "mixing", 512, FORWARD),
        11.5,
        12.5,
    ),
    ("related-work", "1.6 times"): (
        lambda: times("mixing", PROJECTED, 512, FORWARD),
        1.55,
        1.65,
    ),
}


def test_every_speed_figure_in_prose_says_where_it_is_from():
    seen = {(page, one) for page, text in pages().items() for one in figures(text)}
    assert seen == {*NOT_A_TIME, *PUBLISHED, *FOUND}


@pytest.mark.parametrize("where", FOUND, ids=": ".join)
def test_what_prose_says_was_found(where):
    found, low, high = FOUND[where]
    assert low <= found() <= high


def test_what_was_published_stands_in_the_table():
    """53 times is the published 113.79 ms over mixing's 2.16 ms in the table of the suite."""
    (mixing,) = (
        one.subject for one in published_figures() if (one.series, one.tokens) == ("speed", 2048)
    )
    assert round(0.11379 / mixing) == 53


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("It takes 3.5 ms.", ["3.5 ms"]),
        ("Our FFT is **twelve times** faster.", ["twelve times"]),
        ("At $N = 4{,}096$ it is 2,000 times as fast.", ["2,000 times"]),
        ("It is 20 % slower.", ["20 % slower"]),
        ("Forty-two times the time.", ["Forty-two times"]),
        ("800 GB/s and 19.5 TFLOPS", ["800 GB/s", "19.5 TFLOPS"]),
        ("It is counted three times.", []),
        ("A 2×2 matrix, and its time.", []),
        ("```\ntakes 3 ms\n```", []),
        ("It takes about 45 minutes.", []),
        ("{what} against {against}: {times} times, so fast.", []),
    ],
)
def test_a_speed_figure_is_recognised(text, wanted):
    assert [*figures(text)] == wanted


def test_chapter_8_says_the_least_as_well():
    prose = pages()["08-butterfly-attention"]
    least = {
        name: min(beyond_products(name, n) for n in LENGTHS) for name in ("dense", "butterfly")
    }
    assert "takes 13 to 20 % longer" in prose and 12.5 < least["dense"] < 13.5
    assert "the butterfly 40 to 65 % longer" in prose and 39 < least["butterfly"] < 41
