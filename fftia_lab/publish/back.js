// The browser's Back closes what is enlarged: one entry of the history, however many slides follow
// each other in it.
(() => {
  // Where the reader is: "page"; "stage", in an entry of its own; "turning", between two slides of
  // it; "leaving", closed by hand, before the history has gone back; "again", opened before it has.
  let at = "page", close = null, left = "";
  const isEntry = () => Boolean(history.state?.stage);

  function push() {
    history.scrollRestoration = "manual"; // the page stays where the last slide stands
    history.pushState({ ...history.state, stage: true }, "");
  }
  // The stage is open, and `closing` closes it. Returns what is done once it is closed.
  function enter(closing) {
    close = closing;
    at = at === "leaving" ? "again" : "stage";
    if (!isEntry()) push();
    return () => {
      if (at === "stage") history.back();
      if (at !== "page" && at !== "turning") at = "leaving";
    };
  }
  function wentBack() {
    const was = at;
    history.scrollRestoration = "auto";
    left = location.href;
    at = "page";
    if (was === "stage" || was === "turning") close();
    if (was !== "again") return;
    push();
    at = "stage";
  }
  addEventListener("popstate", () => at === "page" || isEntry() || wentBack());

  // What was set on the stage is in its address, and stays: nothing has to be followed.
  addEventListener("hashchange", (event) => {
    const stays = event.newURL === left && location.href === left;
    left = "";
    if (!stays) return;
    event.stopImmediatePropagation();
    history.replaceState(history.state, "", event.oldURL);
  }, { capture: true });

  // A link leads on from the page, not from the stage.
  addEventListener("click", (event) => {
    left = "";
    const link = event.target.closest?.('.fl-enlarged a[href^="#"]');
    if (!link || at === "page") return;
    event.preventDefault();
    addEventListener("popstate", () => location.hash = link.hash, { once: true });
    close();
  }, { capture: true });

  window.fftiaBack = {
    enter,
    turn: () => at = at === "stage" ? "turning" : at,
    // A page that is loaded anew shows nothing enlarged.
    begin: () => isEntry() && history.replaceState({ ...history.state, stage: false }, ""),
  };
})();
