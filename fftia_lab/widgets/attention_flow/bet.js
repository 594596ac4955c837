// A bet before a second flag is given out: how many different letters will be said?
import { LETTERS, STAGES, TOKENS } from "./model.js";
import { html, press } from "../kit/kit.js";

export const GUESSES = [1, 2, 3, 4];
export const secondOf = (first) => (first + 5) % TOKENS;
const lettersOf = (says) => [...new Set(says.map(({ letter }) => LETTERS[letter]))];
const joined = (
  items,
) => (items.length > 1 ? `${items.slice(0, -1).join(", ")} and ${items.at(-1)}` : items[0]);

export function makeBet({ model, state }, act) {
  const question = html("span"),
    answers = html("span", { class: "fl-answers", role: "group", "aria-label": "your guess" });
  const root = html("div", { class: "fl-bet" }, question, answers);
  let drawn = "";

  const give = () => {
    const { flags } = state.read();
    act({ flags: [flags[0], secondOf(flags[0])], stage: STAGES });
  };
  const offer = (
    { bet },
  ) => (bet
    ? [press("Give it the flag", give)]
    : GUESSES.map((guess) => press(String(guess), () => act({ bet: guess }))));
  function ask({ bet, flags, letters }, view) {
    const second = secondOf(flags[0]);
    if (flags.length === 1) {
      return bet
        ? `You say ${bet}.`
        : `Soon token ${second}, letter ${
          letters[second]
        }, carries a flag too. How many different letters will the ${TOKENS} tokens say then?`;
    }
    const [said, dense] = [view.says[STAGES], view.dense.says].map(lettersOf);
    return `They say ${joined(said)}; after dense attention ${joined(dense)}.${
      bet ? ` You said ${bet} letter${bet > 1 ? "s" : ""}.` : ""
    }`;
  }
  return {
    root,
    show(now, view) {
      root.hidden = !model.get("ask") || !now.flags.length ||
        (now.flags.length === 2 && view.done < STAGES);
      if (root.hidden) return;
      question.textContent = ask(now, view);
      const wanted = `${now.flags.length}/${Boolean(now.bet)}`;
      if (wanted === drawn) return;
      drawn = wanted;
      const inside = answers.contains(document.activeElement);
      answers.replaceChildren(...(now.flags.length === 1 ? offer(now) : []));
      if (inside) {
        (answers.querySelector("button") ?? root.parentElement.querySelector(".fl-flag"))?.focus({
          preventScroll: true,
        });
      }
    },
  };
}
