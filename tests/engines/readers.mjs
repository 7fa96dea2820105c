// Opens xlsx files with SheetJS and ExcelJS and prints, as one JSON object, what each sees of them:
// by file and program, the sheets with [number of texts, number of numbers, sum of numbers, charts or pictures].
import { createRequire } from "node:module";

const [modules, ...files] = process.argv.slice(2);
const require = createRequire(modules + "/");
const ExcelJS = require("exceljs");
const XLSX = require("xlsx");

function sum(values) {
  const texts = values.filter((v) => typeof v === "string" && v !== "");
  const numbers = values.filter((v) => typeof v === "number");
  return [texts.length, numbers.length, numbers.reduce((a, b) => a + b, 0)];
}

const found = {};
for (const file of files) {
  const sheetjs = {};
  const book = XLSX.readFile(file);
  for (const name of book.SheetNames) {
    const cells = Object.entries(book.Sheets[name]).filter(([at]) => at[0] !== "!");
    sheetjs[name] = sum(cells.filter(([, c]) => c.t !== "e").map(([, c]) => c.v));
  }
  const exceljs = {};
  const other = new ExcelJS.Workbook();
  await other.xlsx.readFile(file);
  other.eachSheet((sheet) => {
    const values = [];
    sheet.eachRow((row) =>
      row.eachCell((cell) => {
        if (cell.type === ExcelJS.ValueType.Merge) return;
        let value = cell.value;
        if (value && typeof value === "object" && "hyperlink" in value) value = value.text;
        if (value && typeof value === "object" && !(value instanceof Date)) value = "result" in value ? value.result : 0; // ExcelJS keeps no 0
        values.push(value);
      }),
    );
    exceljs[sheet.name] = sum(values);
  });
  found[file] = { SheetJS: sheetjs, ExcelJS: exceljs };
}
console.log(JSON.stringify(found));
