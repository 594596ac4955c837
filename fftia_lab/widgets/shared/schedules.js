// Whom each token meets, keyed "kind/size/causal/decreasing". Python writes the tables in.
export const SCHEDULES = {};
