// The project's lists of bad input and of faults by number, and those of it that cannot be tested here, each with why.

/** Every number, by the letter of its group. */
const NUMBERS: Record<string, string> = {
  W: "01 02 04 05 07 08 10 11 13 14 16 17 19 20 22 23 25 26",
  T: "01 02 04 05 07 08 10 11 13 14 16 17 19 20",
  O: "01 02 04 05 07 08 10 11 13 14 16 17 19 20",
  S: "01 02 04 05 07 08 10 11 13 14 16 17 19 20 22 23 25 26",
  F: "01 02 04 05 07 08 10 11 13 14 16",
  C: "01 02 04 05 07 08 10 11 13 14 16 17",
  A: "01 02 04 05 07 08 10 11 13 14 16 17",
  H: "01 02 04 05 07 08 10 11 13 14",
  Y: "01 02 04 05 07 08 10",
};

/** Faults of processes, time, stores and third parties, by their numbers. */
const FAULTS = "01 02 04 05 07 08 10 11 13 14 16 17 19 20 22 23 25 26 28 29 31 32 34 35";

const listed = (letter: string, numbers: string) => numbers.split(" ").map((number) => letter + number);

/** `W01` and so on. */
export const BAD_INPUT_CASES: readonly string[] = Object.entries(NUMBERS).flatMap(([letter, numbers]) => listed(letter, numbers));

/** `X01` and so on. */
export const FAULT_CASES: readonly string[] = listed("X", FAULTS);

/** Cases that cannot come up, or that the platform keeps from us. */
export const NOT_TESTED: Readonly<Record<string, string>> = {
  S17: "Between a look-up of ours and the platform's own, a name may move (docs/decisions/0010). No private network is attached at the edge.",
  A13: "Nothing takes an archive.",
};
