// A suite on this page's GPU: every answer is checked before anything is timed.
import { deviation } from "./answers.js";
import { CONTESTS, LIMIT } from "./contests.js";
import { outcome, prepare } from "./device.js";
import { begin, entriesOf, goneOn, skippedOf, withClock } from "./record.js";
import { inTurns } from "./timing.js";
import { thousands } from "../kit/numbers.js";

const LONGEST = 0.5; // seconds of a call: browsers take the device from who computes for long

const breath = () => new Promise((done) => setTimeout(done));

// Measures a suite at each of the lengths; returns its record, finished or as far as it came.
// `tell(record, words, part)` hears of everything: words about what goes on, part from 0 to 1.
export async function measureSuite(opened, suite, { lengths, rounds, tell, signal, before }) {
  let record = before ? goneOn(before) : begin(suite, opened, rounds);
  const done = new Set(record.entries.map(({ shape }) => shape.at(-1)));
  for (const [number, n] of lengths.entries()) {
    if (done.has(n)) continue;
    const why = tooLong(record, n, CONTESTS[suite].growth);
    if (why) {
      const rest = lengths.slice(number).flatMap((left) => skippedOf(suite, left, why));
      record = { ...record, skipped: rest };
      break;
    }
    const say = (words, part) => tell(record, words, (number + part) / lengths.length);
    const found = await measureSize(opened, suite, n, { rounds, say, signal });
    if (!found) return record;
    record = withClock({ ...record, entries: [...record.entries, ...found.entries] }, found.clock);
    tell(record, `N = ${thousands(n)} is measured`, (number + 1) / lengths.length);
  }
  return { ...record, complete: record.entries.length > 0 };
}

// Why a size is left out: by the time of the slowest at the last one.
function tooLong(record, n, growth) {
  const slowest = record.entries.reduce(
    (worst, one) => one.seconds.median > (worst?.seconds.median ?? 0) ? one : worst,
    null,
  );
  if (!slowest) return "";
  const last = slowest.shape.at(-1), seconds = slowest.seconds.median;
  if (seconds * (n / last) ** growth <= LONGEST) return "";
  const took = `${slowest.contender} took ${seconds.toPrecision(2)} s at N = ${thousands(last)}`;
  return `${took}; a call of more than ${LONGEST} s may cost the page its device`;
}

async function measureSize(opened, suite, n, { rounds, say, signal }) {
  const contenders = CONTESTS[suite].make(n), ready = {}, errors = {}, size = thousands(n);
  try {
    for (const [name, { job, answer }] of Object.entries(contenders)) {
      say(`N = ${size}: checking ${name}`, 0);
      ready[name] = await prepare(opened, job);
      errors[name] = checked(
        name,
        n,
        deviation(await outcome(opened, ready[name]), await answer(breath)),
      );
      if (signal.aborted) return null;
    }
    const tell = (part) => say(`N = ${size}: measuring`, part);
    const found = await inTurns(opened, ready, { rounds, tell, signal });
    return found && { clock: found.clock, entries: entriesOf(suite, n, found, errors) };
  } finally {
    for (const one of Object.values(ready)) one.release();
  }
}

function checked(name, n, error) {
  if (error <= LIMIT) return error; // NaN is wrong as well
  const [found, allowed] = [error, LIMIT].map((one) => one.toExponential(1));
  const where = `${name} is wrong at N = ${thousands(n)}`;
  throw new Error(`${where}: relative error ${found}, allowed ${allowed}. It is not timed.`);
}
