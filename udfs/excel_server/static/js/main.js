// The task pane: find a function, fill in its arguments, see the result, put the formula into the selected cell.
import { readArgument, textOf, wordsOf } from "./arguments.js";

const el = (id) => document.getElementById(id);
const base = new URL(".", location.href);
const { functions, companies, scenarios, sheets, synonyms, errors } = await (await fetch(new URL("static/pane.json", base))).json();
let chosen = null;

function make(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

const capital = (text) => text[0].toUpperCase() + text.slice(1);

function list(search) {
  const words = wordsOf(search, synonyms);
  const matching = functions.filter((f) => words.every((same) => same.some((word) => textOf(f).includes(word))));
  const chapters = [...new Set(matching.map((f) => f.chapter))];
  el("function").replaceChildren(
    ...chapters.map((chapter) =>
      make(
        "optgroup",
        { label: capital(chapter) },
        ...matching.filter((f) => f.chapter === chapter).map((f) => make("option", { value: f.name, textContent: f.name })),
      ),
    ),
  );
  el("matches").textContent = matching.length
    ? `${matching.length} of ${functions.length} functions`
    : `No function matches '${search}'. Try capex, layoffs, payback or power.`;
  for (const id of ["found", "chosen"]) el(id).hidden = !matching.length;
  if (matching.length && !matching.includes(chosen)) show(matching[0]);
  if (chosen) el("function").value = chosen.name;
}

const typed = () =>
  chosen.arguments.map((argument) => readArgument(argument, el(`argument-${argument.name}`).value.trim()));

function formula(given) {
  const texts = given.map((one) => one.formula);
  while (texts.length && texts.at(-1) === "") texts.pop();
  return `=${chosen.name}(${texts.join(",")})`;
}

// Return the values of a cell or a range of the open workbook.
async function cells(reference) {
  return Excel.run(async (context) => {
    const [address, sheet] = reference.split("!").reverse();
    const { worksheets } = context.workbook;
    const owner = sheet ? worksheets.getItem(sheet.replace(/^'|'$/g, "")) : worksheets.getActiveWorksheet();
    const range = owner.getRange(address);
    range.load("values");
    await context.sync();
    return range.values;
  });
}

async function valueOf(one) {
  if (one.problem) throw new Error(one.problem);
  if (one.reference === undefined) return one.value === null ? null : [[one.value]];
  try {
    return await cells(one.reference);
  } catch {
    throw new Error(`${one.reference} cannot be read here; the formula reads it once it stands in a cell`);
  }
}

// Ask as a cell does, through the function that the server generated for Excel.
async function ask(given) {
  const values = await Promise.all(given.map(valueOf));
  const reply = await fetch(new URL("xlwings/custom-functions-call", base), {
    method: "POST",
    headers: { "Content-Type": "application/json", ...(await credentials()) },
    body: JSON.stringify({
      client: "Office.js", func_name: chosen.name, args: values, caller_address: "[pane]Pane!A1", session_id: "pane",
      culture_info_name: "en-US", date_format: "m/d/yyyy", version: "pane", content_language: "en-US",
      runtime: "1.4", // numbers come with their format, which has the unit
    }),
  });
  if (!reply.ok) throw new Error(reason(await reply.text()));
  return (await reply.json()).result;
}

// The server says what is wrong as text, and whoever signs users in as JSON.
function reason(text) {
  try {
    return String(JSON.parse(text).detail ?? text);
  } catch {
    return text;
  }
}

async function credentials() {
  const auth = typeof globalThis.getAuth === "function" ? await globalThis.getAuth() : null;
  return { Authorization: auth?.token || "", "Auth-Provider": auth?.provider || "" };
}

// A number as people read it, with the unit that its format names before and after the digits; shares are percentages.
function shown(cell) {
  if (cell?.type === "Error") return errors[cell.errorType];
  if (cell?.type !== "FormattedNumber") return typeof cell === "number" ? text(cell) : String(cell);
  const [, before, digits, after] = /^(?:"([^"]*)" )?([^"]*)(?:"([^"]*)")?$/.exec(cell.numberFormat);
  if (digits.endsWith("%")) return `${text(cell.basicValue * 100, 4)}%`;
  return `${text(cell.basicValue)} ${before ?? ""}${after?.trim() ?? ""}`.trim();
}

const text = (number, digits = 10) => number.toLocaleString("en-US", { maximumSignificantDigits: digits });

let latest = 0;
async function update() {
  const mine = ++latest;
  const given = typed();
  const wrong = given.some((one) => one.problem);
  el("formula").textContent = wrong ? "" : formula(given);
  el("insert").disabled = wrong;
  const out = el("result");
  try {
    const rows = await ask(given);
    if (mine !== latest) return;
    const one = rows.length === 1 && rows[0].length === 1;
    out.className = "result";
    out.textContent = one ? shown(rows[0][0]) : `fills ${rows.length} x ${rows[0].length} cells; the first cell is ${shown(rows[0][0])}`;
  } catch (error) {
    if (mine !== latest) return;
    out.className = "result wrong";
    out.textContent = error.message;
  }
}

function field(argument) {
  const id = `argument-${argument.name}`;
  const help = make("small", { textContent: argument.help });
  const input = make("input", { id, placeholder: argument.default.toLocaleString("en-US", { maximumSignificantDigits: 15 }), autocomplete: "off" });
  input.addEventListener("input", update);
  const parts = [make("label", { htmlFor: id }, `${argument.name} `, help), input];
  if (argument.choices.length) {
    input.setAttribute("list", `${id}-words`);
    parts.push(make("datalist", { id: `${id}-words` }, ...argument.choices.map((value) => make("option", { value }))));
  }
  return parts;
}

function show(f) {
  chosen = f;
  const insert = make("button", { className: "main", id: "insert", textContent: "Insert formula into the selected cell" });
  insert.addEventListener("click", insertFormula);
  el("chosen").replaceChildren(
    make("h2", { textContent: f.signature }),
    make("p", { textContent: f.help }),
    make("p", { className: "note", textContent: `Example: ${f.example}` }),
    ...f.arguments.flatMap(field),
    make("code", { className: "formula", id: "formula" }),
    make("p", { className: "result", id: "result", role: "status" }),
    insert,
  );
  update();
}

async function insertFormula() {
  await Excel.run(async (context) => {
    context.workbook.getSelectedRange().getCell(0, 0).formulas = [[formula(typed())]];
    await context.sync();
  });
}

function select(tab) {
  for (const other of document.querySelectorAll("[role=tab]")) {
    const on = other === tab;
    other.setAttribute("aria-selected", on);
    other.tabIndex = on ? 0 : -1;
    el(other.getAttribute("aria-controls")).hidden = !on;
  }
  tab.focus();
}

for (const tab of document.querySelectorAll("[role=tab]")) {
  tab.addEventListener("click", () => select(tab));
  tab.addEventListener("keydown", ({ key }) => {
    if (key === "ArrowRight" || key === "ArrowLeft") select(document.querySelector("[role=tab][aria-selected=false]"));
  });
}
globalThis.showModel = () => select(el("tab-model")); // for the ribbon
for (const id of ["company", "scenario"]) {
  el(id).addEventListener("change", () =>
    el("insert-model").setAttribute("xw-args", JSON.stringify([el("company").value, el("scenario").value])),
  );
}
if (typeof config !== "undefined" && config.authProviders?.includes("custom")) {
  el("sign-in").hidden = false;
  el("token").addEventListener("change", ({ target }) => {
    localStorage.setItem("xl-aicost-token", target.value);
    update();
  });
}
el("company").append(...companies.map(([value, textContent]) => make("option", { value, textContent })));
el("scenario").append(...scenarios.map(([value, textContent]) => make("option", { value, textContent })));
el("scenario").value = "base";
el("sheets").textContent = sheets;
el("search").addEventListener("input", ({ target }) => list(target.value));
el("function").addEventListener("change", ({ target }) => show(functions.find((f) => f.name === target.value)));
list("");
