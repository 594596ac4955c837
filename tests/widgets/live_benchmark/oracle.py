"""What the figure `livebenchmark` must show: the committed records, read entry by entry."""

import math

from fftia_lab.bench import recorded
from fftia_lab.widgets import LiveBenchmark

WIDGET = LiveBenchmark
PLACE = ("book/on-your-machine", "livebenchmark")
RECORDS = {name: recorded(name) for name in ("attention", "mixing", "fft")}
# What this page's GPU measures: suite -> (series, contenders, the baseline first).
PAGE = {
    "attention": (
        "attention alone, float32",
        ["dense", "butterfly", "butterfly, a launch a stage"],
    ),
    "fft": ("64 sequences, complex64", ["fft, a launch a pass", "fft"]),
}
BESIDE = {"attention": ["forward, float32"]}  # recorded series over which its points lie
LENGTHS = [256, 512, 1024, 2048, 4096, 8192, 16384]


def spread(middle, part=0.05):
    return {"median": middle, "lower": middle * (1 - part), "upper": middle * (1 + part)}


def made(sizes, ratios, complete=True):
    """A run of attention on a GPU that nobody has, as a page would write it."""
    series, contenders = PAGE["attention"]
    times = {"dense": 1, "butterfly": 0, "butterfly, a launch a stage": 2.5}
    entries = [
        {
            "series": series,
            "contender": name,
            "baseline": "dense",
            "shape": [n],
            "dtype": "float32",
            "loops": 8,
            "rounds": 11,
            "error": 1e-6,
            "seconds": spread(n * 1e-7 * (times[name] or ratio)),
            "ratio": spread(times[name] or ratio),
        }
        for n, ratio in zip(sizes, ratios, strict=True)
        for name in contenders
    ]
    return {
        "name": "attention",
        "quick": False,
        "complete": complete,
        "date": "2026-11-30T12:00:00+00:00",
        "commit": None,
        "command": "LiveBenchmark, in a page",
        "device": {"kind": "webgpu", "name": "a GPU of a test", "cores": 0, "threads": None},
        "software": {"system": "Linux", "browser": "none"},
        "settings": {"rounds": 11, "warmup": 2, "sample_seconds": 0.01, "seed": 1},
        "entries": entries,
        "skipped": [],
        "conditions": {series: "made by hand"},
    }


MEASURED = made([256, 512, 1024, 2048, 4096], [1.4, 1.2, 1.0, 0.7, 0.5])
BARE = {"measured": [MEASURED], "n": 4096}
LARGEST = {
    "series": "mixing: forward, float32",
    "run": 0,
    "rival": "mixing, causal",
    "quantity": "ratio",
    "n": 16384,
}
NUDGES = {".fl-size": "ArrowLeft"}
HOSTILE = [
    "n=100",
    "n=%224096%22",
    "n=NaN",
    "series=attention",
    "series=constructor",
    "rival=nobody",
    "rival=dense",
    "run=3",
    "run=-1",
    "run=0.5",
    "quantity=bytes",
    "measured=[]",
    "tables={}",
    "rounds=99",
    "autoplay=true",
]


def entries(record, series):
    """contender -> size -> entry."""
    found = {}
    for one in record["entries"]:
        if one["series"] == series:
            found.setdefault(one["contender"], {})[one["shape"][-1]] = one
    return found


def contests(records):
    """suite -> its recorded series with a baseline, a rival and two sizes."""
    for name, record in records.items():
        for series in dict.fromkeys(one["series"] for one in record["entries"]):
            found = entries(record, series)
            if series.startswith("convolution, "):  # over taps, not over the length
                continue
            if len(found) > 1 and len({n for sizes in found.values() for n in sizes}) > 1:
                yield name, series, found


def boards(records):
    """key -> (suite, series, baseline, rivals, sizes, the record's entries or None)."""
    found = {}
    for suite, series, held in contests(records):
        baseline = next(iter(next(iter(held.values())).values()))["baseline"]
        names = sorted(held, key=lambda name: -len(held[name]))
        rivals = [name for name in names if name != baseline]
        sizes = sorted({n for each in held.values() for n in each})
        found[f"{suite}: {series}"] = suite, series, baseline, rivals, sizes, held
    for suite, (series, (baseline, *rivals)) in PAGE.items():
        found[f"{suite}: {series}"] = suite, series, baseline, rivals, LENGTHS, None
    return found


BOARDS = boards(RECORDS)
# The page of recorded runs shows these besides.
MORE = {name: recorded(name) for name in ("wirings", "compression", "published")}
EVERY = boards({**RECORDS, **MORE})


def random_state(rng):
    """A state that can be, anywhere in the space of them."""
    keys = list(BOARDS)
    return {
        "series": str(rng.choice(keys)),
        "run": int(rng.integers(len(RECORDS))),
        "rival": str(rng.choice(BOARDS[str(rng.choice(keys))][3])),
        "quantity": str(rng.choice(["time", "ratio"])),
        "n": int(rng.choice(BOARDS[str(rng.choice(keys))][4])),
    }


def shown(state):
    """(rival, size) that a state leads to: those that the series has."""
    _, _, _, rivals, sizes, _ = EVERY[state["series"]]
    rival = state["rival"] if state["rival"] in rivals else rivals[0]
    return rival, min(sizes, key=lambda n: abs(math.log(n / state["n"])))


def verdict(one):
    return "faster" if one["upper"] < 1 else "slower" if one["lower"] > 1 else "even"


def told(held, rival, baseline):
    """What a run says of a pair, size by size, where it divides by this baseline."""
    return [
        [n, verdict(one["ratio"])]
        for n, one in held.get(rival, {}).items()
        if one["baseline"] == baseline
    ]


def check(state, view):
    """Assert that a view is what Python computes for the state."""
    suite, series, baseline, rivals, sizes, held = BOARDS[state["series"]]
    rival, n = shown(state)
    assert (view["rival"], view["baseline"], view["n"]) == (rival, baseline, n), state
    wanted = {"suite": suite, "series": series, "rivals": rivals, "sizes": sizes}
    assert view["board"] == wanted, state
    runs = {"recorded": held, "own": None}
    here = series in (PAGE.get(suite, [None])[0], *BESIDE.get(suite, []))
    if suite == "attention" and here:
        runs["own"] = entries(MEASURED, PAGE["attention"][0])
    for kind, found in runs.items():
        if found is None:
            assert view[kind] is None, (kind, state)
        else:
            check_run(found, view[kind], rival, baseline)
    check_agreement(view, runs, rival, baseline)
    if suite not in PAGE:
        assert view["page"] is None
    else:
        assert (view["page"]["key"], view["page"]["here"]) == (f"{suite}: {PAGE[suite][0]}", here)
        check_launches(suite, n, view["page"]["launches"])
        fused = (runs["own"] or {}).get("butterfly", {}).get(n)
        slower = 2.5 / fused["ratio"]["median"] if fused else 0
        assert math.isclose(view["page"]["slower"], slower, rel_tol=1e-9), state


def check_run(held, run, rival, baseline):
    points = {
        name: [
            [n, *(one[what][part] for what in ("seconds", "ratio") for part in PARTS)]
            for n, one in sizes.items()
        ]
        for name, sizes in held.items()
    }
    assert run["contenders"] == points
    verdicts = told(held, rival, baseline)
    assert run["verdicts"] == verdicts
    ways = [way for _, way in verdicts]
    faster = len(ways) - next((i for i, way in enumerate(ways[::-1]) if way != "faster"), len(ways))
    assert run["from"] == (verdicts[faster][0] if faster < len(verdicts) else 0)


PARTS = "lower", "median", "upper"


def check_agreement(view, runs, rival, baseline):
    both = [dict(map(tuple, told(run or {}, rival, baseline))) for run in runs.values()]
    if not all(both):
        assert view["agreement"] is None
        return
    shared = [n for n in both[1] if n in both[0]]
    differing = [n for n in shared if both[0][n] != both[1][n]]
    assert view["agreement"] == {"shared": shared, "differing": differing}


def check_launches(suite, n, launches):
    """Six stages of a butterfly share a launch; 2,048 complex numbers of an FFT."""
    bits = math.ceil(math.log2(n))
    if suite == "attention":
        assert launches == {"fused": -(-bits // 6), "single": bits}
    elif n & (n - 1):
        assert launches is None, "powers of two alone"
    else:
        passes, beyond = -(-bits // 2), max(-(-(math.log2(n) - 11) // 2), 0)
        assert launches == {"fused": 1 + beyond, "single": passes}, n
