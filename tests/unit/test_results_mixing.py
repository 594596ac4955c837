"""The recorded runs of mixing and of sparse spectra, and what the chapters say of them."""

import pytest
from paths import ROOT

from fftia_lab.bench import find, find_peak, load
from fftia_lab.bench.compression import REMEMBERED_BLOCKS, SIZES
from fftia_lab.bench.mixing import LENGTHS, PROJECTED, REMEMBERED, TAPS
from fftia_lab.implementations import CONVOLUTIONS
from fftia_lab.mixing.convolution import DIRECT_TO

MIXING, SPARSE = (load(ROOT / f"book/results/{name}.json") for name in ("mixing", "compression"))


def prose(chapter):
    return (ROOT / "notebooks" / f"{chapter}.ipynb").read_text("utf-8")


def gains(job, contender):
    """tokens -> how many times as long dense attention takes, medians of ratios."""
    return {n: 1 / ratio(MIXING, contender, n, f"{job}, float32") for n in LENGTHS}


def ratio(record, contender, size, series):
    return find(record, contender, size, series)["ratio"]["median"]


@pytest.mark.parametrize("job", ["forward", "training"])
def test_mixing_takes_a_tenth_of_dense_attention_at_512_and_a_thirtieth_at_4096(job):
    found = gains(job, "mixing")
    assert list(found) == list(gains(job, PROJECTED)) == [1 << digits for digits in range(7, 15)]
    assert found[512] >= 10 and found[4096] >= 30
    for n in LENGTHS:
        peaks = [find_peak(MIXING, who, n, f"{job}, float32") for who in REMEMBERED]
        assert all(one["bytes"]["lower"] > 0 for one in peaks), "of processes of their own"


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
    who = "dense", "mixing", "mixing, causal"
    found = [find_peak(MIXING, one, 4096, "training, float32")["bytes"]["median"] for one in who]
    assert "it takes 45 MiB, mixing 36, causal mixing 63" in prose("10-spectral-mixing")
    assert [round(one / 2**20) for one in found] == [45, 36, 63]


def test_a_causal_filter_takes_more_than_twice_the_time():
    assert "more than twice the time" in prose("10-spectral-mixing")
    for job in ("forward", "training"):
        circular, causal = gains(job, "mixing"), gains(job, "mixing, causal")
        assert all(2 < circular[n] / causal[n] < 4.5 for n in LENGTHS)


@pytest.mark.parametrize(("job", "wants"), [("forward", 0), ("training", 1)])
def test_the_convolution_changes_its_way_where_it_was_measured(job, wants):
    series = f"convolution, {job}"
    direct = {taps: ratio(MIXING, "direct", taps, series) for taps in TAPS}
    quick = [taps for taps in TAPS if direct[taps] < 1]
    assert quick == [taps for taps in TAPS if taps <= DIRECT_TO["cpu"][wants]] != list(TAPS)
    for taps in TAPS[: TAPS.index(CONVOLUTIONS["blocks"].longest) + 1]:
        assert ratio(MIXING, "blocks", taps, series) > min(1, direct[taps])


def test_a_streamed_product_takes_memory_by_its_block_and_no_less_time():
    for size in SIZES[2:]:
        dense, unpacked, *streamed = (
            find_peak(SPARSE, who, size, "product, float32")["bytes"]["median"]
            for who in ("dense", "unpacked", *(f"streamed, {block}" for block in REMEMBERED_BLOCKS))
        )
        assert streamed == sorted(set(streamed), reverse=True)
        assert streamed[-1] < dense / 2 < unpacked / 2
    for one in SPARSE["entries"]:
        if one["contender"] != one["baseline"]:
            assert one["ratio"]["median"] > 1, "memory, and no time"


def test_chapter_11_says_the_recorded_price_of_a_block_in_words():
    said = "Less than a third of the memory; nearly ten times the time for few tokens, and 1.6"
    assert said in prose("11-sparse-spectra")
    assert find_peak(SPARSE, "streamed, 128", 4096, "product, float32")["ratio"] < 1 / 3
    few, many = (ratio(SPARSE, "streamed, 128", 4096, f"{n} tokens") for n in (16, 512))
    assert 9.4 < few < 10 and round(many, 1) == 1.6
