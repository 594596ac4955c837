// Who hears whom where only the first `length` places hold a token: what Schedule.meetings and
// Schedule.places of fftia_lab.schedule say of a sentence that ends early.
import { range } from "../kit/numbers.js";
import { wiring } from "./wiring.js";

// Stage by stage whom each place hears, itself where nobody, and which hold something before it.
export function meetings({ schedule, n, causal, length, padding }) {
  const { strides, partners } = wiring(schedule, n, causal);
  const circle = schedule === "shift" && !causal; // it closes after the last token
  let holds = range(n).map((i) => i < length);
  return strides.map((stride, stage) => {
    const meets = circle ? holds.map((_, i) => onward(i, stride, length)) : partners[stage];
    const before = holds, hears = (i) => hearsSome(i, meets[i], before, padding);
    holds = before.map((held, i) => held || hears(i));
    return { partners: meets.map((partner, i) => (hears(i) ? partner : i)), holds: before };
  });
}

const hearsSome = (i, partner, holds, padding) =>
  partner !== i && holds[partner] && (holds[i] || padding === "relay");

const onward = (i, stride, length) => i < length && stride < length ? (i + stride) % length : i;

// How many places take part: a relay is one where somebody real may hear it.
export const places = ({ schedule, n, causal, length, padding }) =>
  padding === "relay" && schedule !== "shift" && !causal ? n : length;
