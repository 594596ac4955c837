"""What a figure's sentence must say of a state, computed with Python: {class name: facts of it}."""

from decimal import ROUND_HALF_UP, Decimal
from math import factorial

import numpy as np
from widgets.attention_flow import oracle as flow
from widgets.bit_reversal import oracle as deck
from widgets.bottleneck import oracle as necks
from widgets.butterfly import oracle as network
from widgets.corners import oracle as corners
from widgets.cost_explorer import oracle as costs
from widgets.factor_product import oracle as factors
from widgets.filter_lab import oracle as filters
from widgets.fusion_plan import oracle as fusion
from widgets.live_benchmark import oracle as benchmarks
from widgets.receptive_field import oracle as field
from widgets.six_meetings import oracle as cover
from widgets.sparse_spectrum import oracle as sparse
from widgets.squared_points import oracle as squares
from widgets.trips import oracle as travel
from widgets.two_scores import oracle as pair
from widgets.winding import oracle as winding


def fixed(value, digits=2):
    """Decimals as the figures write them: halves up, a true minus."""
    rounded = Decimal(round(value, 9)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return str(rounded).replace("-", "\u2212")


def of_butterfly(state):
    n, schedule, done = state["n"], network.schedule_of(state), int(state["stage"] + 1e-9)
    shown = network.show(state)
    if state["twist"]:
        stage, _, turns = state["twist"]
        named = f"in stage {stage + 1:.0f} is turned by {360 * turns:.0f}°"
        wrong = f"{len(shown['wrong'])} of {n} outputs" if shown["wrong"] else "No output is wrong"
        return [named, wrong]
    facts = []
    if state["weights"] == "fft":
        counts = done * n // 2, schedule.depth * n // 2
        facts.append(f"At stage {done}, {counts[0]} of {counts[1]} multiplications are done")
    if state["weights"] == "gates":
        facts.append("softmax over 8 times the products")
    if state["weights"] == "learned":
        entry = network.learned_of(n)
        facts.append(f"{entry['numbers']} numbers, learned to clean slow waves")
        facts += [f"{100 * share:.0f}\u00a0%" for share in (entry["left"], entry["best"])]
    if state["node"]:
        column, row = state["node"]
        who = f"{'row' if state['weights'] == 'fft' else 'token'} {row}"
        known = f"heard {len(shown['heard'])} of the {n}"
        if state["weights"] == "fft" and column:
            stride = schedule.strides[column - 1]
            facts.append(f"Rows {row & ~stride} and {row | stride} need one product: w")
        return [*facts, f"After {column} of {schedule.depth} stages", who, known]
    counts = np.unique(schedule.reach(done).sum(axis=1))
    heard = f"{counts[0]}" if len(counts) == 1 else f"between {counts[0]} and {counts[-1]}"
    return [*facts, f"After {done} of {schedule.depth} stages", f"heard {heard} of the {n}"]


def of_winding(state):
    shown, n, f = winding.show(state), state["n"], state["f"]
    size = fixed(abs(shown["total"]))
    if state["mode"] == "walk":
        facts = [f"the {n} turned samples end at", f"{size} from the start"]
        facts.append(f"laid straight they would reach {fixed(shown['longest'])}")
    elif state["mode"] == "halves":
        facts = ["the half that winds forward has its centre of mass at"]
    elif f == int(f):
        turns = f"{f:.0f}".replace("-", "\u2212")
        facts = [f"Wound {turns} time{'s' * (abs(f) != 1)} round", f"the {n} samples sum to"]
    else:
        facts = [f"At f = {fixed(f)}, between two lines of the DFT"]
    if state["mode"] != "walk":
        facts.append(f"{fixed(abs(shown['centre']))} from the middle")
    if f > n / 2 and f == int(f):
        facts.append(f"k = {f:.0f} and k = \u2212{n - f:.0f} are one drawing")
    if state["seen"][0] <= 0 and state["seen"][1] >= n / 2:
        facts.append(f"from k = 0 to {n // 2}, {shown['above']} ")
        if shown["kinds"]:
            own, leak = (shown["kinds"].count(kind) for kind in ("own", "leak"))
            facts += [f"{own} {'is' if own == 1 else 'are'} the wave’s own", f" {leak} leakage"]
    return facts


def of_bitreversal(state):
    n, done = state["n"], int(state["deals"])
    cards = deck.cards_after(n, done)
    if done == 2 * deck.depth_of(n):
        assert (cards == np.arange(n)).all()
        return [f"Dealt twice, all {n} cards lie where they began"]
    if not done:
        return [f"Nothing is dealt yet: all {n} cards lie where they began"]
    place = int(np.argsort(cards)[state["card"]])
    if done > deck.depth_of(n):
        again = f"Dealt again, after deal {done - deck.depth_of(n)} of {deck.depth_of(n)}"
        return [again, f"{(cards == np.arange(n)).sum()} of the {n} cards lie where they began"]
    back = "is back where it began" if done == deck.depth_of(n) else "lies at"
    lies = back if place == state["card"] else f"lies at place {place}"
    home = int((cards == np.arange(n)).sum())
    swaps = deck.fewest_swaps(cards)
    named = [f"Card {state['card']} {lies}"] if state["card"] >= 0 else []
    return [
        *named,
        f"After {done} of {deck.depth_of(n)} deals",
        f"{home} of the {n} cards lie where they began",
        f"{swaps} swaps would undo it",
    ]


def of_factorproduct(state):
    n, done = state["n"], int(state["stage"])
    nonzero = np.count_nonzero(factors.multiplied(state)[done])
    facts = [f"After {done} of {n.bit_length() - 1} factors", f"nonzero: {nonzero} of {n * n}"]
    if state["weights"] == "gates":
        facts.append("each row sums to 1")
    if done == n.bit_length() - 1 and not state["change"]:
        free = {"twiddles": 0, "gates": n * done, "learned": 2 * n * done}[state["weights"]]
        facts.append(f"{free} numbers are free" if free else "numbers is free")
    if state["change"]:
        stage, row, column = state["weight"]
        place = f"{'₁₂₃₄'[stage]}[{row}, {column}]"
        turned = state["weights"] != "gates"
        degrees = f"{360 * state['change']:.0f}".replace("-", "\u2212")
        facts.append(f"{place} is turned by {degrees}°" if turned else place)
        count = len(factors.changed_entries(state))
        facts.append(f"{count} of {n * n} entr" if done > stage else "no entry changes")
    elif state["entry"]:
        for _, numbers in factors.path_numbers(state):  # none while no path leads there
            place = f"Entry ({state['entry'][0]}, {state['entry'][1]})"
            counts = ["has met no factor yet", "is one number", f"is {len(numbers)} numbers"]
            facts.append(f"{place} {counts[min(len(numbers), 2)]}")
    return facts


def of_receptivefield(state):
    depth, done = field.schedule_of(state).depth, int(state["stage"] + 1e-9)
    reach, last = field.pairs_of(state, done), field.pairs_of(state, depth)
    length, token = state["length"], state["token"]
    allowed = int(np.tri(length).sum()) if state["causal"] else length**2
    may, heard = token + 1 if state["causal"] else length, int(reach[token].sum())
    listenings, relayed = field.listenings_of(state, done)
    facts = [
        f"After {done} of {depth} stages, token {token}",
        "only itself" if heard == 1 else f"has heard {heard} of {may}:",
        f"In all {reach.sum():,} of {allowed:,} pairs",
        f"Listenings: {listenings:,}" + (f", {relayed} of them by relays." if relayed else "."),
    ]
    lost = allowed - int(last.sum())
    if done == depth:
        facts.append(f"{lost:,} are missed" if lost else "nobody is missed")
    return facts


def of_attentionflow(state):
    values, _, products = flow.butterfly(state)
    done, token, flags = int(state["stage"]), state["token"], state["flags"]
    facts = [f"Token {token} hears"]
    if done == 4:
        shares = flow.says(values[0], values[4], flow.MODELS["butterfly"])
        facts.append(f"says {flow.LETTERS[shares[token].argmax()]}")
    if not flags:
        return [*facts, "Nobody carries a flag"]
    heard = int((products[done][:, flags].sum(axis=1) > 0.5).sum())
    return [*facts, f"After {done} of 4 stages, {heard} of 16 tokens listen mostly to"]


def of_squaredpoints(state):
    n, level = state["n"], squares.level_of(state)
    m, calls = len(set((squares.point(state, np.arange(n)) + 0).round(9))), 2**level
    points = f"{m} point{'s' * (m > 1)}"
    if state["fold"] > level:
        way = f"{100 * (state['fold'] - level):.0f}\u00a0% of the way"
        return [way, f"each of {points} doubles its angle"]
    facts = [f"{points}, {calls} call{'s' * (calls > 1)} of {m} sample"]
    if m == 1:
        alone = f"{n} values and no product", f"The tree has {sum(n >> i for i in range(5))} calls"
        return [*facts, *alone]
    facts.append(f"{n} values from {calls * m // 2} products" if level else "One product")
    if state["k"] == int(state["k"]):
        k, raised = int(state["k"]), str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
        powers = [str((k + more) % m * calls).translate(raised) for more in (0, m // 2)]
        facts.append("z = w{} and −z = w{}".format(*powers))
    return facts


def of_twoscores(state):
    scores, gates = pair.met(state)
    bank, river = (f"{gate:.3f}" for gate in gates)
    facts = [f"Bank gives river {bank} of its 1, river gives bank {river}"]
    if state["step"] < 1:
        facts.append(f"{100 * state['step']:.0f}\u00a0% of the step is taken")
    if state["k"][0] == state["k"][1]:
        return [*facts, "no question can tell them apart"]
    silent = [word for word, q in zip(("Bank", "River"), state["q"], strict=True) if not any(q)]
    if silent:
        return [*facts, "Both ask" if len(silent) > 1 else f"{silent[0]} asks", "for nothing"]
    own, other = scores.diagonal(), scores[[0, 1], [1, 0]]
    bank, river = map(fixed, other - own)
    return [*facts, f"Partner’s score less own score: {bank} and {river}."]


def of_bottleneck(state):
    n, done, schedule = state["n"], int(state["stage"] + 1e-9), necks.schedule_of(state)
    whole = done == schedule.depth
    if state["mode"] == "block":
        cut, place = state["node"]
        rows, columns = necks.rank_one_blocks(schedule, cut)[place]
        facts = [f"place {place} ", f"fter {cut} stage", str(columns[-1])]
        if whole:
            size = f"{len(rows)} row{'s' * (len(rows) > 1)} by {len(columns)} column"
            facts += [size, f"ow{'s' * (len(rows) > 1)} ", f"{rows[-1]} hear", "rank 1"]
        return facts
    counts = {mode: len(necks.makeable(mode, n)) for mode in ("pass", "benes")}
    clashes = necks.clashes_of(state) if state["mode"] == "pass" else []
    met = [clash for clash in clashes if clash[0] <= done]
    if met:
        column, place, (one, other) = met[0]
        facts = [
            f"After {column} stage",
            f"the values of {one} and {other} both want place {place}",
        ]
        facts += [f"{len(met) - 1} other place"] * (len(met) > 1)
        count = f"make {counts['pass']:,} of {factorial(n):,} orders, and not this one"
        return facts + [count] * whole
    if not whole:
        return [f"After {done} of {schedule.depth} stages, every value has a place of its own"]
    share = {"pass": f"{counts['pass']:,} of", "benes": "all"}[state["mode"]]
    return [f"All {n} values arrive", f"{share} {factorial(n):,} orders of {n} values"]


def of_sixmeetings(state):
    if state["carry"] == "mixing":
        _, left, entry = cover.mixing_of(state)
        if state["meeting"] < 6:
            return [f"of {entry['numbers']} learned numbers are used"]
        shares = [f"{100 * share:.0f}\u00a0%" for share in (left, entry["left"], entry["best"])]
        others = f"On {cover.recorded_blocks()['settings']['waves']['examples']:,} new slow ones"
        bends = ["know slow waves only"] if left > 1 else []
        return [f"{entry['numbers']} learned numbers", others, *shares, *bends]
    if state["carry"] != "news":
        word = {"fft": "multiplications", "attention": "attention"}
        return [word[state["carry"]]]
    shown = (cover.reach_of(state) & cover.painted_of(state)).sum()
    allowed = int(np.tri(64).sum()) if state["causal"] else 64 * 64
    facts = [f"{shown:,} of {allowed:,}"]
    if state["painted"] == "f" * 16 and shown < allowed:
        facts.append(f"{100 * (1 - shown / allowed):.0f} % of the past is lost")
    return facts


def of_corners(state):
    kept, unsaid = corners.those(state, "in"), corners.those(state, "open")
    count = len(corners.NAMES)
    if not corners.demanded(state):
        return [f"all {count} methods remain"]
    facts = [corners.COLUMNS[key][1] for key in corners.COLUMNS if state[key]]
    facts.append(f"{len(kept)} of {count} keep" if kept else f"None of {count} is said to keep")
    if 0 < len(kept) < 8:
        facts += [corners.NAMES[place] for place in kept]
    return [*facts, f"For {len(unsaid)} the sources leave it open"] if unsaid else facts


def of_filterlab(state):
    shown = filters.show(state)
    place, felt = shown["place"], shown["felt"]
    if state["ask"] in ("seam", "future") and not state["bet"]:
        return [f"What input {place} changes is shown after your guess"]
    if not shown["reached"]:
        return [f"input {place} changes no output"]
    facts = [f"Input {place} changes {shown['reached']} of {state['n']} outputs"]
    strongly = sum(felt.values())
    if strongly < shown["reached"]:
        facts.append(f"{strongly} of them by more than 1\u00a0% of the largest weight")
    before = f"{felt['earlier']} lie{'s' * (felt['earlier'] == 1)} before it"
    if state["edge"] == "causal":
        facts.append("No output before it changes.")
        if shown["lost"] > 0.0005:
            facts.append(f"by up to {fixed(shown['miss'])} (dashed)")
    elif felt["earlier"]:
        facts.append(before)
    if felt["round"]:
        facts.append(f"{felt['round']} lie{'s' * (felt['round'] == 1)} across the seam")
    return facts


def of_sparsespectrum(state):
    x, kept, published = sparse.thing_of(state), state["kept"], state["published"]
    order, _ = sparse.order_of(x)
    ranks, dense = order[:kept], 4 * x.size
    whole = sum(sparse.whole_bytes(x, ranks, state["precision"]))
    size = sum(sparse.published_bytes(x, ranks)) if published else whole
    ratio = dense / size
    factor = fixed(max(ratio, 1 / ratio), 1)
    than = f"{factor} times {'fewer' if ratio > 1 else 'more'}"
    facts = [
        f"{kept} of {len(order)} coefficients of",
        f"{size:,} bytes for {dense:,}",
        than if factor != "1.0" else "about as many",
        f"an error of {share(sparse.relative(x, sparse.rebuilt(x, ranks, state['precision'])))}",
        f"{share(sparse.int8(x, x.ndim > 1)[1])}.",
    ]
    return [*facts, "as FFT-Tensor does"] if published else facts


def of_fusionplan(state):
    plan, (number, launch) = fusion.plan_of(state), fusion.launch_of(state)
    done, place, stride = int(state["stage"] + 1e-9), state["place"], 1 << fusion.stage_of(state)
    held = [f"{one:,}" for one in fusion.held_with(launch, place)]
    if len(held) == state["n"]:
        places = f"holds all {len(held)} places"
    elif launch.step == 1:
        places = f"holds {len(held)} places in a row, {held[0]} to {held[-1]}"
    else:
        ends = f"{held[0]}, {held[1]} … {held[-1]}"
        places = f"holds {len(held)} places {launch.step:,} apart, {ends}"
    return [
        f"After {done} of {state['n'].bit_length() - 1} stages, in launch {number + 1}",
        f"of {len(plan)}, the program of place {place:,} {places}.",
        f"At stride {stride:,} place {place:,} meets {place ^ stride:,}, which it holds too.",
    ]


def of_trips(state):
    n, stage, found = state["n"], state["stage"], travel.trips_of(state)
    if not stage:
        return [f"Nothing has moved yet: {n:,} samples, {bytes_text(16 * n)}, lie in memory"]
    count = len(found.fetches)
    moved = f"of {count} trip{'s' * (count > 1)} through memory, {bytes_text(32 * n * stage)}"
    facts = [f"{moved} have gone between memory and cache"]
    if stage == count:
        facts.append(f"{bytes_text(32 * n * len(found.passes))} between cache and registers")
    if n <= travel.HELD:
        return [*facts, f"All {n:,} samples fit into the cache, for {len(found.passes)} passes"]
    if state["order"] == "depth" and stage < count:
        return facts
    fetch = found.fetches[max(int(np.ceil(stage)) - 1, 0)]
    where = "in a row" if fetch.step == 1 else f"{fetch.step:,} apart"
    passes = f"{fetch.passes} pass{'es' * (fetch.passes > 1)}"
    return [*facts, f"{fetch.count:,} samples {where} are fetched together, for {passes}."]


def bytes_text(size):
    """Bytes with three digits that count."""
    power = next(each for each in (3, 2, 1, 0) if size >= 0.9995 * 1000**each)
    value = size / 1000**power
    digits = 2 if value < 9.995 else 1 if value < 99.95 else 0
    return f"{value:.{digits}f}\u00a0{('bytes', 'kB', 'MB', 'GB')[power]}"


def of_costexplorer(state):
    n, bounds, measured = state["n"], costs.bounds(state, state["n"]), costs.points(state)
    dense, butterfly = (
        f"at least {costs.time_text(bounds[name].seconds)}, set by {bounds[name].by}"
        for name in ("dense", "butterfly")
    )
    facts = [f"At {n:,} tokens of {state['dim']:,} channels", f"{dense};", f"{butterfly}."]
    for name, words in (("butterfly", "dense attention"), ("projected", "between projections")):
        cross = costs.crossing(state, name)
        where = "at no length here" if cross is None else f"from {cross:,} tokens on"
        where = "at every length here" if cross == costs.SIZES[0] else where
        facts.append(f"{words} {where}")
    times = {
        name: costs.time_text(measured[name, n]["seconds"]["median"])
        for name in ("dense", "butterfly")
        if (name, n) in measured
    }
    facts += [f"{name} attention {time}" for name, time in times.items()]
    if times:
        return [*facts, "Measured: "]
    return [*facts, "Attention of this length is not" if measured else "Not yet measured on a"]


def of_livebenchmark(state):
    *_, baseline, _, _, held = benchmarks.EVERY[state["series"]]
    rival, n = benchmarks.shown(state)
    facts = [f"At N = {n:,} "]
    for name in (rival, baseline) if held else ():
        if n in held[name]:
            facts.append(f"{name} takes {seconds(held[name][n]['seconds']['median'])}")
        elif n in held[rival] or n in held[baseline]:
            facts.append(f"{name} was not measured")
    return facts


def seconds(value):
    """A time with three digits that count, of the decimal text that a record holds."""
    units = (1, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")
    scale, unit = next(one for one in units if float(f"{value:.3g}") >= one[0])
    part = Decimal(repr(value)) / Decimal(repr(scale))
    rounded = part.quantize(Decimal(1).scaleb(part.adjusted() - 2), ROUND_HALF_UP)
    return f"{float(rounded):,g}\u00a0{unit}"


def share(error):
    """An error in percent with as many digits as it has worth reading."""
    if 0 < error < 0.00005:
        return "under 0.01\u00a0%"
    digits = 0 if error >= 0.0995 or not error else 1 if error >= 0.00995 else 2
    return f"{fixed(100 * error, digits)}\u00a0%"


FACTS = {name.removeprefix("of_"): made for name, made in globals().items() if name[:3] == "of_"}
