"""The recorded runs of mixing and of sparse spectra, and what the chapters say of them."""

import pytest
from paths import ROOT

from fftia_lab.bench import load
from fftia_lab.bench.mixing import LENGTHS, PROJECTED, REMEMBERED, TAPS
from fftia_lab.bench.sparse import REMEMBERED_BLOCKS, SIZES
from fftia_lab.mixing.convolution import DIRECT_TO

MIXING, SPARSE = (load(ROOT / f"book/results/{name}.json") for name in ("mixing", "sparse"))


def prose(chapter):
    return (ROOT / "notebooks" / f"{chapter}.ipynb").read_text("utf-8")


def gains(job, contender):
    """tokens -> how many times as long dense attention takes, medians of ratios."""
    return {
        one["shape"][0]: 1 / one["ratio"]["median"]
        for one in MIXING["entries"]
        if (one["series"], one["contender"]) == (f"{job}, float32", contender)
    }


def mebibytes(job, n):
    return {
        one["contender"]: one["bytes"]["median"] / 2**20
        for one in MIXING["memory"]
        if (one["series"], one["shape"]) == (f"{job}, float32", [n])
    }


@pytest.mark.parametrize("job", ["forward", "training"])
def test_mixing_takes_a_tenth_of_dense_attention_at_512_and_a_thirtieth_at_4096(job):
    found = gains(job, "mixing")
    assert (
        tuple(found)
        == tuple(gains(job, PROJECTED))
        == LENGTHS
        == tuple(1 << k for k in range(7, 15))
    )
    assert found[512] >= 10 and found[4096] >= 30
    for n in LENGTHS:
        assert set(mebibytes(job, n)) == set(REMEMBERED), "peaks of processes of their own"


def test_chapter_10_says_the_recorded_times_in_words():
    said = prose("10-spectral-mixing")
    assert "Forty times less, and with projections seven" in said
    assert round(gains("forward", "mixing")[4096]) == 40
    assert round(gains("forward", PROJECTED)[4096]) == 7
    assert "With gradients it is fifty-four, and eight." in said
    assert round(gains("training", "mixing")[4096]) == 54
    assert round(gains("training", PROJECTED)[4096]) == 8
    assert "it took a twelfth of the time, and six tenths" in said
    assert round(gains("forward", "mixing")[512]) == 12
    assert round(1 / gains("forward", PROJECTED)[512], 1) == 0.6
    assert "At 128 tokens nothing is left" in said
    for job in ("forward", "training"):
        assert gains(job, PROJECTED)[128] < 1 < gains(job, PROJECTED)[256]


def test_chapter_10_says_the_recorded_peaks_in_words():
    peaks = mebibytes("training", 4096)
    assert "it takes 45 MiB, mixing 36, causal mixing 63" in prose("10-spectral-mixing")
    assert [round(peaks[who]) for who in REMEMBERED[:3]] == [45, 36, 63]


def test_a_causal_filter_takes_well_over_twice_the_time():
    assert "well over twice the time" in prose("10-spectral-mixing")
    for job in ("forward", "training"):
        circular, causal = gains(job, "mixing"), gains(job, "mixing, causal")
        assert all(2.1 < circular[n] / causal[n] < 4.5 for n in LENGTHS)


@pytest.mark.parametrize(("job", "wants"), [("forward", 0), ("training", 1)])
def test_the_convolution_changes_its_way_where_it_was_measured(job, wants):
    ratios = {
        (one["contender"], one["shape"][1]): one["ratio"]["median"]
        for one in MIXING["entries"]
        if one["series"] == f"convolution, {job}"
    }
    quick = [taps for taps in TAPS if ratios["direct", taps] < 1]
    assert max(quick) == DIRECT_TO["cpu"][wants] < TAPS[-1]
    assert quick == list(TAPS[: len(quick)]), "one crossing"
    blocks = {taps: ratio for (who, taps), ratio in ratios.items() if who == "blocks"}
    assert blocks and all(ratio > min(1, ratios["direct", n]) for n, ratio in blocks.items())


def test_a_streamed_product_takes_memory_by_its_block_and_no_less_time():
    for size in SIZES[2:]:
        peaks = {
            one["contender"]: one["bytes"]["median"]
            for one in SPARSE["memory"]
            if one["shape"][1] == size
        }
        streamed = [peaks[f"streamed, {block}"] for block in REMEMBERED_BLOCKS]
        assert streamed == sorted(streamed, reverse=True) and len(set(streamed)) == 5
        assert streamed[-1] < peaks["dense"] / 2 < peaks["unpacked"] / 2
    for one in SPARSE["entries"]:
        if one["contender"] != one["baseline"]:
            assert one["ratio"]["median"] > 1, "chapter 11: memory, and no time"


def test_chapter_11_says_the_recorded_price_of_a_block_in_words():
    said = "Less than a third of the memory; nearly ten times the time for few tokens, and 1.6"
    assert said in prose("11-sparse-spectra")
    (peak,) = (
        one["ratio"]
        for one in SPARSE["memory"]
        if (one["contender"], one["shape"][1]) == ("streamed, 128", 4096)
    )
    few, many = (
        one["ratio"]["median"]
        for tokens in (16, 512)
        for one in SPARSE["entries"]
        if (one["contender"], one["shape"]) == ("streamed, 128", [tokens, 4096, 4096])
    )
    assert peak < 1 / 3 and 9.4 < few < 10 and round(many, 1) == 1.6
