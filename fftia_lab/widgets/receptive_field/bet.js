// A bet before the future is forbidden: what will the last token hear, and the one in the middle?
import { popcount } from "../shared/news.js";
import { depthOf, hearing } from "./model.js";
import { html, press } from "../kit/kit.js";

const asked = (n) => [n - 1, n / 2]; // the tokens, in the order of the questions
const likely = (n, most) =>
  [...new Set([2, Math.log2(n) + 1, Math.ceil(most / 2), most])].sort((a, b) => a - b);

export function makeGuess({ model, state }, act) {
  const question = html("span"),
    answers = html("span", {
      class: "fl-answers",
      role: "group",
      "aria-label": "how many it will have heard",
    });
  const root = html("div", { class: "fl-bet" }, question, answers);
  let drawn = "";

  function offer({ n, bet }) {
    const token = asked(n)[bet.length];
    if (token === undefined) {
      return [press("No peeking", () => act({ causal: true, stage: depthOf(state.read()) }))];
    }
    return likely(n, token + 1).map((guess) =>
      press(String(guess), () => act({ bet: [...state.read().bet, guess] }))
    );
  }
  function ask({ n, bet, causal, schedule }) {
    if (!causal && bet.length === 2) {
      return `You say ${bet[0]} and ${bet[1]}. Now forbid the future:`;
    }
    const first = bet.length ? "And" : "Soon nobody may hear a later token. How many will";
    if (!causal) {
      return bet.length
        ? `And token ${n / 2}, in the middle?`
        : `${first} token ${n - 1}, the last, still have heard in the end?`;
    }
    const { heard, depth } = hearing({ schedule, n, causal, length: n });
    const truth = asked(n).slice(0, bet.length).map((token, i) =>
      `token ${token} hears ${popcount(heard[depth][token])}, you said ${bet[i]}`
    );
    return `In the end ${truth.join("; ")}.`;
  }
  return {
    root,
    show(now) {
      root.hidden = !model.get("ask") || now.length < now.n || (now.causal && !now.bet.length);
      const wanted = JSON.stringify([now.n, now.bet, now.causal, now.schedule]);
      if (root.hidden || wanted === drawn) return;
      drawn = wanted;
      const inside = answers.contains(document.activeElement);
      question.textContent = ask(now);
      answers.replaceChildren(...(now.causal ? [] : offer(now)));
      if (inside) answers.querySelector("button")?.focus({ preventScroll: true });
    },
  };
}
