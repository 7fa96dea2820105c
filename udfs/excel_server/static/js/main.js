// The task pane: find a function, fill in its arguments, see the result, put the formula into the selected cell.
const el = (id) => document.getElementById(id);
const base = new URL(".", location.href);
const { functions, companies } = await (await fetch(new URL("static/catalogue.json", base))).json();
let chosen = null;

function make(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

function list(filter) {
  const words = filter.toLowerCase().split(/\s+/);
  const found = functions.filter((f) => words.every((w) => `${f.name} ${f.help} ${f.chapter}`.toLowerCase().includes(w)));
  const chapters = [...new Set(found.map((f) => f.chapter))];
  el("function").replaceChildren(
    ...chapters.map((chapter) =>
      make(
        "optgroup",
        { label: chapter[0].toUpperCase() + chapter.slice(1) },
        ...found.filter((f) => f.chapter === chapter).map((f) => make("option", { value: f.name, textContent: f.name })),
      ),
    ),
  );
  if (found.length && !found.includes(chosen)) show(found[0]);
  if (chosen) el("function").value = chosen.name;
}

function typed() {
  return [...el("chosen").querySelectorAll("input")].map((input) => input.value.trim());
}

function formula() {
  const given = chosen.arguments.map((argument, i) => {
    const value = typed()[i];
    return argument.text && value ? `"${value.replaceAll('"', '""')}"` : value;
  });
  while (given.length && given.at(-1) === "") given.pop();
  return `=${chosen.name}(${given.join(",")})`;
}

// Ask as a cell does, through the function that the server generated for Excel.
async function ask() {
  const cells = chosen.arguments.map((argument, i) => {
    const value = typed()[i];
    if (value === "") return null;
    return [[argument.text || value === "" || Number.isNaN(Number(value)) ? value : Number(value)]];
  });
  const reply = await fetch(new URL("xlwings/custom-functions-call", base), {
    method: "POST",
    headers: { "Content-Type": "application/json", ...(await credentials()) },
    body: JSON.stringify({
      client: "Office.js", func_name: chosen.name, args: cells, caller_address: "[pane]Pane!A1", session_id: "pane",
      culture_info_name: "en-US", date_format: "m/d/yyyy", version: "pane", content_language: "en-US", runtime: "1.3", // plain numbers: the unit stands beside them
    }),
  });
  if (!reply.ok) throw new Error(await reply.text());
  return (await reply.json()).result;
}

async function credentials() {
  const found = typeof globalThis.getAuth === "function" ? await globalThis.getAuth() : null;
  return { Authorization: found?.token || "", "Auth-Provider": found?.provider || "" };
}

const shown = (cell) => (typeof cell === "number" ? cell.toLocaleString("en-US", { maximumSignificantDigits: 10 }) : String(cell));

let asked = 0;
async function update() {
  const mine = ++asked;
  el("formula").textContent = formula();
  const out = el("result");
  try {
    const rows = await ask();
    if (mine !== asked) return;
    const one = rows.length === 1 && rows[0].length === 1;
    out.className = "result";
    out.textContent = one ? `${shown(rows[0][0])} ${chosen.unit}` : `fills ${rows.length} x ${rows[0].length} cells, the first ${shown(rows[0][0])}`;
  } catch (error) {
    if (mine !== asked) return;
    out.className = "result wrong";
    out.textContent = error.message;
  }
}

function show(f) {
  chosen = f;
  const fields = f.arguments.flatMap((argument) => {
    const id = `argument-${argument.name}`;
    const label = make("label", { htmlFor: id }, `${argument.name} `, make("small", { textContent: argument.help }));
    const input = make("input", { id, placeholder: String(argument.default), autocomplete: "off" });
    input.addEventListener("input", update);
    return [label, input];
  });
  const insert = make("button", { className: "main", id: "insert", textContent: "Insert formula into the selected cell" });
  insert.addEventListener("click", insertFormula);
  el("chosen").replaceChildren(
    make("h2", { textContent: f.signature }), make("p", { textContent: f.help }),
    make("p", { className: "note", textContent: `Example: ${f.example}` }), ...fields,
    make("code", { className: "formula", id: "formula" }), make("p", { className: "result", id: "result" }), insert,
  );
  update();
}

async function insertFormula() {
  await Excel.run(async (context) => {
    context.workbook.getSelectedRange().getCell(0, 0).formulas = [[formula()]];
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
el("search").addEventListener("input", ({ target }) => list(target.value));
el("function").addEventListener("change", ({ target }) => show(functions.find((f) => f.name === target.value)));
list("");
