// What is typed into a field of the task pane: a number, a word or a cell.
const NUMBER = /^[-+]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?(e[-+]?\d+)?%?$/i;
const CELL = String.raw`\$?[A-Za-z]{1,3}\$?\d{1,7}`;
const REFERENCE = new RegExp(String.raw`^=?(('[^']+'|[\w.]+)!)?${CELL}(:${CELL})?$`);

// Return how it stands in a formula, and its value or the cell that it refers to; `problem` says what is wrong with it.
export function readArgument(argument, text) {
  if (text === "") return { formula: "", value: null };
  if (REFERENCE.test(text) && (!argument.text || text.startsWith("="))) {
    const reference = text.replace(/^=/, "");
    return { formula: reference, reference };
  }
  if (argument.text) return { formula: `"${text.replaceAll('"', '""')}"`, value: text };
  const digits = text.replaceAll(",", "").replace(/%$/, "");
  if (!NUMBER.test(text) || digits === "") {
    return { formula: text, problem: `${argument.name}: ${text} is not a number; write 10000, 10,000, 2.5, 5% or a cell as B2` };
  }
  const value = Number(digits) / (text.endsWith("%") ? 100 : 1);
  return { formula: text.replaceAll(",", ""), value };
}

// Return the words of a search, each with the words that mean the same.
export function wordsOf(search, synonyms) {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return words.map((word) => [word, ...(synonyms[word] ?? synonyms[word.replace(/s$/, "")] ?? "").split(" ").filter(Boolean)]);
}

// Return everything that a function can be found by.
export const textOf = (f) =>
  [f.name, f.help, f.chapter, f.unit, ...f.arguments.flatMap((a) => [a.name, a.name.replaceAll("_", " "), a.help])].join(" ").toLowerCase();
